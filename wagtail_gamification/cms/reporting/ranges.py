"""A range of days that reports can be narrowed down to."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.fields import DateRangeField
from wagtail.admin.filters import DateRangePickerWidget

from wagtail_gamification.days import bounds_of, start_of

# The first year that every time zone and every database has.
FIRST_YEAR = 1900
LAST_YEAR = 9000


def check_range(first: date | None, last: date | None) -> None:
    """Refuse a range that ends before it begins, or that no calendar has.

    :raises ValidationError: for the person who typed it
    """
    if first and last and last < first:
        raise ValidationError(
            _("The last day lies before the first. Swap them, or clear one.")
        )
    for day in filter(None, [first, last]):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(
                _("Choose a day between the years %(first)s and %(last)s.")
                % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )


class _DaysField(DateRangeField):
    def compress(self, data_list: list[date | None]) -> slice | None:
        first, last = data_list or (None, None)
        check_range(first, last)
        return slice(first, last) if first or last else None


class DaysFilter(django_filters.DateFromToRangeFilter):
    """Rows whose time is on these days of the site, both included."""

    field_class = _DaysField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DateRangePickerWidget)
        super().__init__(*args, **kwargs)

    def filter(self, queryset: QuerySet, value: slice | None) -> QuerySet:
        if value is None:
            return queryset
        if value.start:
            start = start_of(value.start)
            queryset = queryset.filter(**{f"{self.field_name}__gte": start})
        if value.stop:
            _start, end = bounds_of(value.stop, value.stop)
            queryset = queryset.filter(**{f"{self.field_name}__lt": end})
        return queryset
