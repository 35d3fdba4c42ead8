"""The report of points: each booking, with what it was for."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn

from wagtail_gamification.cms.columns import OptionalNumberColumn
from wagtail_gamification.cms.reports import NAMESPACE
from wagtail_gamification.events import label_of
from wagtail_gamification.models import PointChange, PointRule

from .base import LargeReport
from .people import name_of
from .permissions import ledger_policy
from .ranges import DaysFilter


class LedgerFilterSet(WagtailFilterSet):
    time = DaysFilter(label=gettext_lazy("Booked"))
    sign = django_filters.ChoiceFilter(
        label=gettext_lazy("Points"),
        method="filter_sign",
        choices=[
            ("given", gettext_lazy("Given")),
            ("taken", gettext_lazy("Taken")),
        ],
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    rule = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Point rule"), queryset=PointRule.objects.all()
    )
    event = django_filters.ChoiceFilter(
        label=gettext_lazy("Event"), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = PointChange
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["event"].extra["choices"] = _paid_events()

    def filter_sign(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "given":
            return queryset.filter(amount__gt=0)
        return queryset.filter(amount__lt=0)


class LedgerReport(LargeReport):
    """All bookings, the newest first."""

    model = PointChange
    permission_policy = ledger_policy
    any_permission_required = {"view"}
    page_title = gettext_lazy("Points ledger")
    header_icon = "gamification-trophy"
    index_url_name = f"{NAMESPACE}:ledger"
    index_results_url_name = f"{NAMESPACE}:ledger_results"
    filterset_class = LedgerFilterSet
    default_ordering = ("-time", "-pk")
    player_path = "interface"
    nothing_yet = gettext_lazy("No points have been booked yet.")
    export_filename = "points-ledger"
    list_export = [
        "player",
        "amount",
        "time",
        "reason",
        "badge",
        "rule",
        "event",
        "unlockable",
    ]
    export_headings = {
        "player": gettext_lazy("Player"),
        "badge": gettext_lazy("Badge"),
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
            OptionalNumberColumn("amount", label=_("Points")),
            DateColumn("time", label=_("Booked"), sort_key="time"),
            Column("reason", label=_("Reason"), classname="gamification-details"),
            Column("for", label=_("For"), accessor=what_for),
        ]

    def get_base_queryset(self) -> QuerySet:
        return PointChange.objects.select_related(
            "interface__user", "award__badge__badge_definition", "rule", "unlockable"
        )

    def to_row_dict(self, item: PointChange) -> Any:
        item.player = player_of(item)  # type: ignore[attr-defined]
        item.badge = badge_of(item)  # type: ignore[attr-defined]
        return super().to_row_dict(item)


def player_of(change: PointChange) -> str:
    return name_of(change.interface)


def badge_of(change: PointChange) -> str:
    return change.award.badge.badge_definition.name if change.award_id else ""


def what_for(change: PointChange) -> str:
    """Name the badge, the rule, the unlockable or the event that it was for."""
    if change.award_id:
        return badge_of(change)
    if change.rule_id:
        return change.rule.name
    if change.unlockable_id:
        return change.unlockable.name
    return str(label_of(change.event)) if change.event else ""


def _paid_events() -> list[tuple[str, Any]]:
    codes = PointRule.objects.order_by().values_list("event", flat=True).distinct()
    return sorted(
        ((code, label_of(code)) for code in codes if code),
        key=lambda choice: str(choice[1]),
    )
