"""What was booked for a player and what was awarded: the lists of all of it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import (
    BaseColumn,
    Column,
    DateColumn,
    NumberColumn,
    Table,
)

from wagtail_gamification.cms.reporting.ranges import DaysFilter
from wagtail_gamification.cms.reports import GamificationReport
from wagtail_gamification.events.registry import label_of
from wagtail_gamification.models import Award, GamificationInterface, PointChange

from .base import MEDIA, NAMESPACE, PlayerMixin, url_of


class AmountColumn(NumberColumn):
    """Points with their sign."""

    cell_template_name = "wagtail_gamification/cms/players/amount_cell.html"


class SourceColumn(Column):
    """What points were for, and why."""

    cell_template_name = "wagtail_gamification/cms/players/source_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"reason": reason_of(instance)}


class AwardReasonColumn(BaseColumn):
    """Who gave it and why, and who took it back."""

    cell_template_name = "wagtail_gamification/cms/players/award_reason_cell.html"


class AwardStateColumn(BaseColumn):
    """Whether an award counts now."""

    cell_template_name = "wagtail_gamification/cms/players/award_state_cell.html"


def changes_of(player: GamificationInterface) -> QuerySet:
    """Give what was booked for a player, the latest first."""
    return PointChange.objects.filter(interface=player).select_related(
        "award__badge__badge_definition", "rule", "unlockable"
    )


def awards_of(player: GamificationInterface) -> QuerySet:
    """Give a player's awards, the latest first, those taken back too."""
    return Award.objects.filter(badge__interface=player).select_related(
        "badge__badge_definition", "awarded_by", "revoked_by"
    )


def source_of(change: PointChange) -> str:
    """Say what points were for: the badge, the rule, the unlockable, the event."""
    if change.award is not None:
        return _("Badge: %(name)s") % {"name": change.award.badge.name}
    if change.rule is not None:
        return _("Point rule: %(name)s") % {"name": change.rule.name}
    if change.unlockable is not None:
        return _("Bought: %(name)s") % {"name": change.unlockable.name}
    if change.event:
        return label_of(change.event)
    return ""


def reason_of(change: PointChange) -> str:
    """Give the reason, where it says more than what the points were for."""
    award = change.award
    if award is not None and change.reason == award.badge.name:
        return ""
    return "" if change.unlockable is not None else change.reason


def change_columns() -> list[BaseColumn]:
    return [
        DateColumn("time", label=_("When")),
        AmountColumn("amount", label=_("Points")),
        SourceColumn("source", label=_("What for"), accessor=source_of),
    ]


def award_columns() -> list[BaseColumn]:
    return [
        Column("badge", label=_("Badge"), accessor="badge.name"),
        DateColumn("awarded_at", label=_("When")),
        AwardReasonColumn("reason", label=_("Who and why")),
        NumberColumn("points", label=_("Points")),
        AwardStateColumn("state", label=_("State")),
    ]


def change_table(changes: Any) -> Table:
    """Give a table of bookings."""
    return Table(change_columns(), list(changes))


def award_table(awards: Any) -> Table:
    """Give a table of awards."""
    return Table(award_columns(), list(awards))


class PlayerRecords(PlayerMixin, GamificationReport):
    """A list of one player's records, with filters and exports."""

    any_permission_required = None
    is_searchable = False

    def get_index_url(self) -> str:
        return reverse(self.index_url_name, args=[self.player.pk])

    def get_index_results_url(self) -> str:
        return reverse(self.index_results_url_name, args=[self.player.pk])

    def get_parent_items(self) -> list[dict[str, Any]]:
        url = url_of("player", self.player.pk)
        return [{"url": url, "label": self.people.name}]

    def get_filename(self) -> str:
        return f"{self.export_filename}-{self.player.pk}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["media"] = context["media"] + MEDIA
        return context


class LedgerFilterSet(WagtailFilterSet):
    time = DaysFilter(label=gettext_lazy("When"))

    class Meta:
        model = PointChange
        fields: list[str] = []


class LedgerView(PlayerRecords):
    """All points that a player got or lost."""

    model = PointChange
    page_title = gettext_lazy("Points ledger")
    index_url_name = f"{NAMESPACE}:ledger"
    index_results_url_name = f"{NAMESPACE}:ledger_results"
    filterset_class = LedgerFilterSet
    export_filename = "points"
    list_export = ["time", "amount", "source", "reason"]
    export_headings = {
        "time": gettext_lazy("When"),
        "amount": gettext_lazy("Points"),
        "source": gettext_lazy("What for"),
        "reason": gettext_lazy("Reason"),
    }

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return change_columns()

    def get_base_queryset(self) -> QuerySet:
        return changes_of(self.player)

    def to_row_dict(self, item: Any) -> Any:
        item.source = source_of(item)
        return super().to_row_dict(item)


class AwardFilterSet(WagtailFilterSet):
    awarded_at = DaysFilter(label=gettext_lazy("When"))

    class Meta:
        model = Award
        fields: list[str] = []


class AwardsView(PlayerRecords):
    """All awards of a player, those taken back too."""

    model = Award
    page_title = gettext_lazy("Award history")
    index_url_name = f"{NAMESPACE}:awards"
    index_results_url_name = f"{NAMESPACE}:awards_results"
    filterset_class = AwardFilterSet
    export_filename = "awards"
    list_export = [
        "badge.name",
        "number",
        "awarded_at",
        "awarded_by",
        "reason",
        "points",
        "expires_at",
        "revoked_at",
        "revoked_by",
        "revoke_reason",
    ]
    export_headings = {"badge.name": gettext_lazy("Badge")}

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return award_columns()

    def get_base_queryset(self) -> QuerySet:
        return awards_of(self.player)
