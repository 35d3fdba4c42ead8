"""What the list of players can be narrowed down by.

Each is a condition on the player's own row, or one that an index answers.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters.fields import RangeField
from wagtail.admin.filters import (
    DateRangePickerWidget,
    NumberRangeWidget,
    WagtailFilterSet,
)
from wagtail.admin.widgets import AdminDateInput

from wagtail_gamification.actions.totals import done_by_players
from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    GamificationInterface,
    Level,
)

from .people import players_in, user_field
from .rows import all_levels

# More than any balance; the databases have no room for numbers that are any longer.
MOST_POINTS = 2**62


class PointsField(RangeField):
    """Two whole numbers, either of which may be left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        limits = {"min_value": -MOST_POINTS, "max_value": MOST_POINTS}
        fields = (forms.IntegerField(**limits), forms.IntegerField(**limits))
        super().__init__(fields, *args, **kwargs)


class PointsFilter(django_filters.RangeFilter):
    field_class = PointsField


class PlayerFilterSet(WagtailFilterSet):
    level = django_filters.ModelMultipleChoiceFilter(
        label=_("Level"),
        queryset=lambda request: Level.objects.live().originals(),
        method="filter_level",
        widget=forms.CheckboxSelectMultiple,
    )
    badge = django_filters.ModelChoiceFilter(
        label=_("Has the badge"),
        queryset=lambda request: BadgeDefinition.objects.originals().ever_published(),
        method="filter_badge",
        empty_label=_("Any"),
    )
    # Not who has none: the database would have to look at every badge of everybody.
    earned = django_filters.ChoiceFilter(
        label=_("Has a badge"),
        method="filter_earned",
        choices=[("yes", _("Yes"))],
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    group = django_filters.ModelMultipleChoiceFilter(
        label=_("Group"),
        queryset=lambda request: Group.objects.order_by("name"),
        method="filter_group",
        widget=forms.CheckboxSelectMultiple,
    )
    points = PointsFilter(label=_("Points"), widget=NumberRangeWidget)
    last_active = django_filters.DateFromToRangeFilter(
        label=_("Last active"),
        method="filter_last_active",
        widget=DateRangePickerWidget,
    )
    active_on = django_filters.DateFilter(
        label=_("Active on"), method="filter_active_on", widget=AdminDateInput
    )

    class Meta:
        model = GamificationInterface
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user_field("groups") is None:
            del self.filters["group"]

    def filter_level(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        # Nothing ticked means all of them.
        if not value:
            return queryset
        wanted = {level.pk for level in value}
        levels = all_levels()
        reached = Q(pk__in=[])
        for level, following in zip(levels, [*levels[1:], None], strict=True):
            if level.pk in wanted:
                own = Q(points_earned__gte=level.points_required)
                if following is not None:
                    own &= Q(points_earned__lt=following.points_required)
                reached |= own
        return queryset.filter(reached)

    def filter_badge(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        earned = Badge.objects.acquired().filter(
            badge_definition=value, interface=OuterRef("pk")
        )
        return queryset.filter(Exists(earned.order_by()))

    def filter_earned(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        # As the dashboard counts them: of those that have ended, too.
        earned = Badge._base_manager.filter(acquired=True, interface=OuterRef("pk"))
        return queryset.filter(Exists(earned.order_by()))

    def filter_group(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        if not value:
            return queryset
        return queryset.filter(players_in(value))

    def filter_last_active(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        if value.start is not None:
            queryset = queryset.filter(last_active_day__gte=_day(value.start))
        if value.stop is not None:
            queryset = queryset.filter(last_active_day__lte=_day(value.stop))
        return queryset

    def filter_active_on(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        # In a day of their own time zones, which events are recorded with.
        done = done_by_players().filter(day=value.toordinal())
        return queryset.filter(pk__in=done.values("interface"))


def _day(moment: Any) -> int:
    return timezone.localtime(moment).date().toordinal()
