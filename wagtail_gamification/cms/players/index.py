"""The list of all players."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, Column, NumberColumn, TitleColumn
from wagtail.admin.views import generic

from wagtail_gamification.cms.reports import SAFE_VALUES
from wagtail_gamification.models import GamificationInterface

from .base import MEDIA, NAMESPACE, PlayersMixin, url_of
from .filters import PlayerFilterSet
from .pagination import (
    BoundedPaginator,
    CountsPlayersMixin,
    KeyedPaginator,
    SearchPaginator,
)
from .people import players_called
from .rows import PlayerRow, RowsOf, rows_of


class PlayerColumn(TitleColumn):
    """The name, with what tells apart who has the same."""

    cell_template_name = "wagtail_gamification/cms/players/name_cell.html"


class DayColumn(Column):
    """A day, or nothing."""

    cell_template_name = "wagtail_gamification/cms/players/day_cell.html"


class PlayerIndexView(CountsPlayersMixin, PlayersMixin, generic.IndexView):
    """All players, to look for and to choose from.

    The database gives one page of them, and only those are asked about: the list
    takes as many queries for half a million players as for three.
    """

    model = GamificationInterface
    page_title = _("Players")
    paginate_by = 50
    index_url_name = f"{NAMESPACE}:index"
    index_results_url_name = f"{NAMESPACE}:index_results"
    results_template_name = "wagtail_gamification/cms/players/index_results.html"
    filterset_class = PlayerFilterSet
    is_searchable = True
    default_ordering = "-points"
    verbose_name_plural = _("players")
    list_export = [
        "pk",
        "people.name",
        "people.username",
        "people.email",
        "points",
        "level",
        "badges",
        "last_active",
        "is_public",
    ]
    export_headings = {
        "pk": _("Number"),
        "people.name": _("Name"),
        "people.username": _("Username"),
        "people.email": _("E-mail address"),
        "points": _("Points"),
        "level": _("Level"),
        "badges": _("Badges"),
        "last_active": _("Last active"),
        "is_public": _("Public"),
    }
    export_filename = "players"
    custom_value_preprocess = SAFE_VALUES

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            PlayerColumn("name", label=_("Player"), accessor=str, get_url=_page_of),
            NumberColumn("points", label=_("Points"), sort_key="points"),
            Column("level", label=_("Level")),
            NumberColumn("badges", label=_("Badges")),
            DayColumn("last_active", label=_("Last active"), sort_key="last_active"),
        ]

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        return queryset.filter(players_called(self.search_query))

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        # Players without points or days come last in either direction, and those who
        # have the same stay where they are from page to page.
        orders = {
            "points": [F("points").asc()],
            "-points": [F("points").desc()],
            "last_active": [F("last_active_day").asc(nulls_last=True)],
            "-last_active": [F("last_active_day").desc(nulls_last=True)],
        }
        return queryset.order_by(*orders[self.ordering], "pk")

    @property
    def paginator_class(self) -> Any:  # type: ignore[override]
        if self.is_searching:
            return SearchPaginator
        return BoundedPaginator if self.is_filtering else KeyedPaginator

    def paginate_queryset(self, queryset: QuerySet, page_size: int) -> Any:
        paginator, page, players, has_others = super().paginate_queryset(
            queryset, page_size
        )
        return paginator, page, rows_of(players), has_others

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        context["media"] = context["media"] + MEDIA
        return context

    def as_spreadsheet(self, queryset: QuerySet, spreadsheet_format: str) -> Any:
        return super().as_spreadsheet(RowsOf(queryset), spreadsheet_format)


def _page_of(row: PlayerRow) -> str:
    return url_of("player", row.pk)
