"""The list of who has claimed which badge with which code."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn

from wagtail_gamification.cms.players.base import may_see_players
from wagtail_gamification.cms.players.base import url_of as player_url
from wagtail_gamification.cms.players.people import players_called
from wagtail_gamification.cms.reporting.ranges import DaysFilter
from wagtail_gamification.cms.reports import GamificationReport
from wagtail_gamification.models import Claim, GamificationInterface

from .base import ANY_PERMISSION, MEDIA, NAMESPACE, codes_of, policy, url_of
from .codes import badges, code_filter
from .columns import batch_name


def player_filter(text: str) -> Q:
    """Give the condition that a search for ``text`` puts on the players of claims."""
    players = GamificationInterface.objects.filter(players_called(text))
    return Q(interface__in=players)


class ClaimFilterSet(WagtailFilterSet):
    badge_definition = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Badge"),
        field_name="claim_code__badge_definition",
        queryset=badges,
    )
    claimed_at = DaysFilter(label=gettext_lazy("Claimed"))

    class Meta:
        model = Claim
        fields: list[str] = []


class ClaimReport(GamificationReport):
    """All claims with codes that the editor may see, the latest first."""

    model = Claim
    permission_policy = policy
    any_permission_required = ANY_PERMISSION
    page_title = gettext_lazy("Who claimed")
    header_icon = "group"
    index_url_name = f"{NAMESPACE}:claims"
    index_results_url_name = f"{NAMESPACE}:claims_results"
    filterset_class = ClaimFilterSet
    is_searchable = True
    default_ordering = ("-claimed_at", "-pk")
    list_export = [
        "interface",
        "claim_code.badge_definition",
        "claim_code.grouped",
        "claim_code.label",
        "claimed_at",
        "taken_back_at",
    ]
    export_headings = {
        "interface": gettext_lazy("Player"),
        "claim_code.badge_definition": gettext_lazy("Badge"),
        "claim_code.grouped": gettext_lazy("Code"),
        "claim_code.label": gettext_lazy("Label"),
        "taken_back_at": gettext_lazy("Taken back"),
    }

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn(
                "interface",
                label=_("Player"),
                get_url=player_page if may_see_players(self.request.user) else None,
            ),
            Column("claim_code.badge_definition", label=_("Badge")),
            Column(
                "claim_code.grouped", label=_("Code"), classname="gamification-code"
            ),
            TitleColumn(
                "batch",
                label=_("Batch"),
                accessor=lambda claim: batch_name(claim.claim_code),
                get_url=lambda claim: url_of("batch", claim.claim_code.batch),
            ),
            DateColumn("claimed_at", label=_("Claimed"), sort_key="claimed_at"),
            DateColumn("taken_back_at", label=_("Taken back")),
        ]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *items, last = super().get_breadcrumbs_items()
        above = {"url": url_of("index"), "label": _("Claim codes")}
        return [*items, above, last]

    def get_base_queryset(self) -> QuerySet:
        claims = Claim.objects.filter(claim_code__in=codes_of(self.request.user))
        return claims.select_related(
            "interface__user", "claim_code__badge_definition", "award"
        )

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        text = self.search_query
        return queryset.filter(code_filter(text, "claim_code__") | player_filter(text))

    @cached_property
    def no_results_message(self) -> Any:
        if self.is_filtering or self.is_searching:
            return super().no_results_message
        return _("Nobody has claimed a badge with a code yet.")

    def get_filename(self) -> str:
        return "claims"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["media"] = context["media"] + MEDIA
        return context


def player_page(claim: Claim) -> str:
    """Give the page of the player who has claimed."""
    return player_url("player", claim.interface_id)
