"""The list of all bulk awards, and of the players of one."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import (
    BaseColumn,
    Column,
    DateColumn,
    TitleColumn,
    UserColumn,
)
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.widgets.button import HeaderButton

from wagtail_gamification.actions.giving import PERMISSIONS
from wagtail_gamification.cms.reports import GamificationReport
from wagtail_gamification.models import GivingJob, GivingRow

from .base import NAMESPACE, REASONS, GiverMixin, url_of
from .jobs import classname_of, sentence_of


class StateColumn(BaseColumn):
    """The state as a tag, and how far it is."""

    cell_template_name = "wagtail_gamification/cms/bulk/state_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {
            "sentence": sentence_of(instance),
            "classname": classname_of(instance),
        }


class JobFilterSet(WagtailFilterSet):
    kind = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Kind"),
        choices=GivingJob.Kind.choices,
        widget=CheckboxSelectMultiple,
    )
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"),
        choices=GivingJob.State.choices,
        widget=CheckboxSelectMultiple,
    )

    class Meta:
        model = GivingJob
        fields: list[str] = []


class JobsReport(GiverMixin, GamificationReport):
    """One's own bulk awards, or all, the newest first."""

    model = GivingJob
    page_title = gettext_lazy("Bulk awards")
    header_icon = "gamification-badge"
    index_url_name = f"{NAMESPACE}:index"
    index_results_url_name = f"{NAMESPACE}:index_results"
    filterset_class = JobFilterSet
    default_ordering = "-created_at"
    list_export = [
        "title",
        "get_kind_display",
        "get_state_display",
        "players",
        "given",
        "has_it_already",
        "could_not",
        "undone",
        "reason",
        "started_by",
        "created_at",
        "finished_at",
        "undone_at",
    ]
    export_headings = {
        "get_kind_display": gettext_lazy("Kind"),
        "get_state_display": gettext_lazy("State"),
        "has_it_already": gettext_lazy("Had it already"),
        "could_not": gettext_lazy("Could not get it"),
    }

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn(
                "title",
                label=_("What"),
                get_url=lambda job: url_of("job", job.uuid),
                sort_key="title",
            ),
            Column("kind", label=_("Kind"), accessor="get_kind_display"),
            StateColumn("state", label=_("State"), sort_key="state"),
            Column("given", label=_("Given"), sort_key="given"),
            Column("has_it_already", label=_("Had it already")),
            Column("could_not", label=_("Could not")),
            UserColumn("started_by", label=_("Started by")),
            DateColumn("created_at", label=_("Started"), sort_key="created_at"),
        ]

    @cached_property
    def no_results_message(self) -> Any:
        if self.is_filtering:
            return super().no_results_message
        return _("Nothing has been given to many players yet.")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons = list(super().header_buttons)
        if self.request.user.has_perm(PERMISSIONS["award"]):
            buttons.append(
                HeaderButton(
                    label=_("Award from a list…"), url=url_of("list"), icon_name="plus"
                )
            )
        return buttons

    def get_base_queryset(self) -> QuerySet:
        jobs = GivingJob.objects.visible_to(self.request.user)
        return jobs.select_related("started_by__wagtail_userprofile")

    def get_filename(self) -> str:
        return "bulk-awards"


class OutcomeFilterSet(WagtailFilterSet):
    outcome = django_filters.ChoiceFilter(
        label=gettext_lazy("Outcome"),
        choices=[(code or "given", label) for code, label in REASONS.items()],
        method="filter_outcome",
    )

    class Meta:
        model = GivingRow
        fields: list[str] = []

    def filter_outcome(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(outcome="" if value == "given" else value)


class PlayersReport(GiverMixin, GamificationReport):
    """The players of one job, and what came of it for each."""

    model = GivingRow
    page_title = gettext_lazy("Players of a bulk award")
    header_icon = "user"
    filterset_class = OutcomeFilterSet
    default_ordering = "pk"
    is_searchable = False
    list_export = ["line", "player", "badge", "given_at", "outcome_label", "reason"]
    export_headings = {
        "player": gettext_lazy("Player"),
        "badge": gettext_lazy("Badge"),
        "outcome_label": gettext_lazy("Outcome"),
    }

    @cached_property
    def columns(self) -> list[BaseColumn]:
        line = [Column("line", label=_("Line"))]
        return [
            *(line if self.job.kind == GivingJob.Kind.LIST else []),
            Column("player", label=_("Player"), accessor=player_of),
            Column("badge", label=_("What"), accessor=self.what_of),
            Column("outcome", label=_("Outcome"), accessor=outcome_of),
            Column("reason", label=_("Reason")),
        ]

    def what_of(self, row: GivingRow) -> str:
        """Give what this player was to get."""
        return str(row.badge_definition or self.job.title)

    def get_base_queryset(self) -> QuerySet:
        # Whose turn is still to come has no outcome yet.
        job = self.job
        rows = GivingRow.objects.filter(job=job)
        if job.state != GivingJob.State.FINISHED and not job.is_undone:
            rows = rows.filter(Q(pk__lte=job.reached) | ~Q(outcome=""))
        return rows.select_related("interface__user", "badge_definition")

    def get_page_subtitle(self) -> str:
        return self.job.title

    def get_index_url(self) -> str:
        return url_of("players", self.job.uuid)

    def get_index_results_url(self) -> str:
        return url_of("players_results", self.job.uuid)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": url_of("index"), "label": JobsReport.page_title},
            {"url": url_of("job", self.job.uuid), "label": self.job.title},
            {"url": "", "label": self.page_title},
        ]

    def get_filename(self) -> str:
        return f"bulk-award-{self.job.uuid}"

    def to_row_dict(self, item: GivingRow) -> dict[str, Any]:
        return {
            "line": item.line,
            "given_at": item.given_at,
            "player": player_of(item),
            "badge": self.what_of(item),
            "outcome_label": outcome_of(item),
            "reason": item.reason or self.job.reason,
        }


def player_of(row: GivingRow) -> str:
    """Give who the player is, by name where there is one user."""
    if row.interface is None:
        return row.detail or _("Nobody")
    user = row.interface.user
    return get_user_display_name(user) if user else str(row.interface)


def outcome_of(row: GivingRow) -> str:
    """Give what came of it, in words."""
    return str(REASONS.get(row.outcome, row.outcome))
