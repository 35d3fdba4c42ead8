"""What the lists can be narrowed down by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets import BooleanRadioSelect

from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)

STATUSES = [
    ("live", _("Published")),
    ("draft", _("Not published")),
    ("changed", _("Published, with a draft of changes")),
    ("scheduled", _("Scheduled to be published")),
]


class _CountedFilterMixin:
    """Ask the original for what a translation doesn't decide."""

    def filter_counted(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset.filter(
            Q(original__isnull=True, **{name: value})
            | Q(original__isnull=False, **{f"original__{name}": value})
        )


class CategoryFilterSet(WagtailFilterSet):
    """Categories: one's own language is all there is to choose."""

    is_translation = django_filters.BooleanFilter(
        field_name="original",
        lookup_expr="isnull",
        exclude=True,
        label=_("Translation"),
        widget=BooleanRadioSelect,
    )

    class Meta:
        model = Category
        fields: list[str] = []


class DefinitionFilterSet(_CountedFilterMixin, WagtailFilterSet):
    """What all drafted definitions can be narrowed down by."""

    status = django_filters.ChoiceFilter(
        label=_("Status"),
        method="filter_status",
        choices=STATUSES,
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    is_translation = django_filters.BooleanFilter(
        field_name="original",
        lookup_expr="isnull",
        exclude=True,
        label=_("Translation"),
        widget=BooleanRadioSelect,
    )

    def filter_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        conditions = {
            "live": Q(live=True),
            "draft": Q(live=False),
            "changed": Q(live=True, has_unpublished_changes=True),
            "scheduled": Q(_approved_schedule=True),
        }
        return queryset.filter(conditions[value])


class BadgeFilterSet(DefinitionFilterSet):
    category = django_filters.ModelMultipleChoiceFilter(
        label=_("Category"),
        queryset=Category.objects.originals(),
        method="filter_category",
        widget=forms.CheckboxSelectMultiple,
    )
    is_secret = django_filters.BooleanFilter(
        label=_("Secret"), method="filter_counted", widget=BooleanRadioSelect
    )
    has_target = django_filters.BooleanFilter(
        field_name="progression_target__isnull",
        label=_("Has a target"),
        method="filter_has_target",
        widget=BooleanRadioSelect,
    )

    class Meta:
        model = BadgeDefinition
        fields: list[str] = []

    def filter_category(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        # Nothing ticked means all of them.
        if not value:
            return queryset
        return self.filter_counted(queryset, "category__in", value)

    def filter_has_target(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return self.filter_counted(queryset, name, not value)


class UnlockableFilterSet(DefinitionFilterSet):
    class Meta:
        model = UnlockableDefinition
        fields: list[str] = []


class LevelFilterSet(DefinitionFilterSet):
    class Meta:
        model = Level
        fields: list[str] = []
