"""What reports over very many rows have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.coreutils import multigetattr

from wagtail_gamification.cms.players.base import may_see_players, url_of
from wagtail_gamification.cms.players.pagination import BoundedPaginator
from wagtail_gamification.cms.reports import GamificationReport
from wagtail_gamification.cms.spreadsheets import filters_of, with_query

from .columns import grouped
from .people import MOST_FOUND, narrow_to_players

# A sheet of a workbook ends at 2^20 rows, its headings among them.
MOST_IN_WORKBOOK = 2**20 - 1
CHUNK = 2000


class Chunked:
    """The rows of an export, never all of them in memory."""

    def __init__(self, queryset: QuerySet) -> None:
        self.model = queryset.model
        self.queryset = queryset

    def __iter__(self) -> Iterator[Any]:
        return self.queryset.iterator(chunk_size=CHUNK)


class LargeReport(GamificationReport):
    """A report that answers at once, however many rows there are.

    It lists the first of what is found and says so; an export has all of it.
    """

    paginator_class = BoundedPaginator
    rows_class: Any = Chunked
    """What an export loops over."""
    is_searchable = True
    player_path: str
    """The attributes that lead from a row to its player: `badge__interface`."""

    finds_too_many = False

    def get_player_url(self, row: Any) -> str | None:
        """Give the player's page to those who may see it."""
        if not self.may_see_players:
            return None
        return url_of(
            "player", multigetattr(row, f"{self.player_path}_id".replace("__", "."))
        )

    @cached_property
    def may_see_players(self) -> bool:
        return may_see_players(self.request.user)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        # What was meant isn't known, and all of it certainly wasn't.
        if self.filters and not self.filters.is_valid():
            return queryset.none()
        return super().filter_queryset(queryset)

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        found = narrow_to_players(queryset, self.player_path, self.search_query)
        if found is None:
            self.finds_too_many = True
            return queryset.none()
        return found

    def get_filtered_queryset(self) -> QuerySet:
        return self.get_queryset()

    @cached_property
    def no_results_message(self) -> Any:
        if self.filters and not self.filters.is_valid():
            errors = self.filters.form.errors.values()
            return " ".join(str(error) for each in errors for error in each)
        if self.finds_too_many:
            return _(
                "More than %(number)s players are called that. Write more of the name."
            ) % {"number": grouped(MOST_FOUND)}
        if self.is_filtering or self.is_searching:
            return _("Nothing matches.")
        return self.nothing_yet

    nothing_yet: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        paginator = context["paginator"]
        if paginator is not None and paginator.is_bounded:
            context["capped_at"] = paginator.count
        return context

    def as_spreadsheet(self, queryset: QuerySet, spreadsheet_format: str) -> Any:
        if spreadsheet_format == self.FORMAT_XLSX and self._is_too_long(queryset):
            return self._refuse()
        return super().as_spreadsheet(self.rows_class(queryset), spreadsheet_format)

    def _is_too_long(self, queryset: QuerySet) -> bool:
        return queryset.order_by()[MOST_IN_WORKBOOK : MOST_IN_WORKBOOK + 1].exists()

    def _refuse(self) -> HttpResponseBase:
        messages.error(
            self.request,
            _(
                "A workbook holds no more than %(number)s rows. Narrow the report "
                "down, or download it as CSV."
            )
            % {"number": grouped(MOST_IN_WORKBOOK)},
        )
        return redirect(with_query(self.index_url, filters_of(self.request.GET)))
