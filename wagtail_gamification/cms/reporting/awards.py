"""The report of awards: who got which badge, when, from whom and why."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import (
    BaseColumn,
    Column,
    DateColumn,
    StatusTagColumn,
    TitleColumn,
)

from wagtail_gamification.cms.columns import OptionalNumberColumn
from wagtail_gamification.cms.reports import NAMESPACE
from wagtail_gamification.models import Award, BadgeDefinition, Category

from .base import LargeReport
from .columns import GiverColumn
from .people import name_of
from .permissions import award_policy
from .ranges import DaysFilter

State = Award.State


class GivenFilterSet(WagtailFilterSet):
    """What any list of awards can be narrowed down by."""

    awarded = DaysFilter(label=gettext_lazy("Awarded"), field_name="awarded_at")
    given = django_filters.ChoiceFilter(
        label=gettext_lazy("Given"),
        method="filter_given",
        choices=[
            ("by_hand", gettext_lazy("By hand")),
            ("by_itself", gettext_lazy("By itself")),
        ],
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        method="filter_state",
        choices=State.choices,
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Award
        fields: list[str] = []

    def filter_given(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(awarded_by__isnull=value == "by_itself")

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == State.REVOKED:
            return queryset.filter(revoked_at__isnull=False)
        now = timezone.now()
        ends = {
            State.COUNTS: Q(expires_at=None) | Q(expires_at__gt=now),
            State.EXPIRED: Q(expires_at__lte=now),
        }
        return queryset.filter(ends[State(value)], revoked_at=None)


class AwardFilterSet(GivenFilterSet):
    badge = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Badge"),
        queryset=BadgeDefinition.objects.originals().order_by("name", "pk"),
        field_name="badge_definition",
    )
    category = django_filters.ModelMultipleChoiceFilter(
        label=gettext_lazy("Category"),
        queryset=Category.objects.originals(),
        method="filter_category",
        widget=forms.CheckboxSelectMultiple,
    )
    revoked = DaysFilter(label=gettext_lazy("Revoked"), field_name="revoked_at")

    def filter_category(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        # Nothing ticked means all of them.
        if not value:
            return queryset
        return queryset.filter(badge_definition__category__in=value)


class AwardReport(LargeReport):
    """All awards, the newest first."""

    model = Award
    permission_policy = award_policy
    any_permission_required = {"view"}
    page_title = gettext_lazy("Badges awarded")
    header_icon = "gamification-badge"
    index_url_name = f"{NAMESPACE}:awards"
    index_results_url_name = f"{NAMESPACE}:awards_results"
    filterset_class = AwardFilterSet
    default_ordering = ("-awarded_at", "-pk")
    player_path = "badge__interface"
    nothing_yet = gettext_lazy("No badge has been awarded yet.")
    export_filename = "badges-awarded"
    list_export = [
        "player",
        "badge_definition.name",
        "badge_definition.category",
        "number",
        "awarded_at",
        "awarded_by",
        "reason",
        "points",
        "state.label",
        "expires_at",
        "revoked_at",
        "revoked_by",
        "revoke_reason",
    ]
    export_headings = {
        "player": gettext_lazy("Player"),
        "badge_definition.name": gettext_lazy("Badge"),
        "badge_definition.category": gettext_lazy("Category"),
        "state.label": gettext_lazy("State"),
    }

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn(
                "player",
                label=_("Player"),
                accessor=player_of,
                get_url=self.get_player_url,
            ),
            Column("badge", label=_("Badge"), accessor="badge_definition.name"),
            DateColumn("awarded_at", label=_("Awarded"), sort_key="awarded_at"),
            GiverColumn("awarded_by", label=_("By"), blank_display_name=_("By itself")),
            Column("reason", label=_("Reason"), classname="gamification-details"),
            OptionalNumberColumn("points", label=_("Points")),
            StatusTagColumn(
                "state", label=_("State"), accessor="state.label", primary=_counts
            ),
        ]

    def get_base_queryset(self) -> QuerySet:
        return Award.objects.select_related(
            "badge__interface__user",
            "badge_definition__category",
            "awarded_by__wagtail_userprofile",
            "revoked_by",
        )

    def to_row_dict(self, item: Award) -> Any:
        item.player = player_of(item)  # type: ignore[attr-defined]
        return super().to_row_dict(item)


def player_of(award: Award) -> str:
    return name_of(award.badge.interface)


def _counts(award: Award) -> bool:
    return award.state == State.COUNTS
