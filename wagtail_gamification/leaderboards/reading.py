"""Read a board: its first places, those around who looks, or a page of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from math import ceil
from typing import Any

from django.db.models import Count, Q
from wagtail.models import Locale

from wagtail_gamification.models.leaderboards import MOST_PLACES
from wagtail_gamification.profiles import profile_url
from wagtail_gamification.public_names import public_name
from wagtail_gamification.score_index import Series, Span

from .boards import Board, find_board
from .items import Leaderboard, LeaderboardEntry, ViewerState
from .ranks import ask_for_markers, known_size, rank_now
from .rows import Found, Row, Viewer, place_of, rows_of
from .taking_part import is_for_somebody

NEIGHBOURS = 2
_FURTHEST = 2**31


def get_leaderboard(
    slug: str | int,
    *,
    viewer: Any = None,
    limit: int | None = None,
    around: int | bool = False,
    page: int | None = None,
    locale: Locale | None = None,
) -> Leaderboard:
    """Give the board that ``slug``, or its key, names, as it stands.

    ``limit`` is how many places are given, the board's own number where it is left
    out; at most 100. ``around`` adds the players next to who looks, so many on each
    side (2 for True). ``page`` gives that page of all places instead, ``limit`` a
    page, and says how many there are.

    :raises UnknownDefinition: where no board of that slug is published
    :raises ValueError: for any other argument that isn't one of these
    """
    board = find_board(slug, locale.language_code if locale else None)
    places = _number("limit", limit, board.size, least=0 if around else 1)
    near = NEIGHBOURS if around is True else _number("around", around, 0, least=0)
    series = board.series
    if series is None or not series.is_built or not is_for_somebody(board):
        span = series.current_span() if series else None
        state = Viewer(viewer).state_elsewhere
        is_ready = not is_for_somebody(board) or bool(series and series.is_built)
        return _made(board, span, [], None, state, is_ready=is_ready)
    reading = _Reading(board, series, Viewer(viewer))
    if page is not None:
        return reading.page(_number("page", page, 1, least=1), places)
    return reading.top(places, near)


class _Reading:
    def __init__(self, board: Board, series: Series, viewer: Viewer) -> None:
        self.board = board
        self.span = series.current_span()
        self.viewer = viewer
        self.rows = rows_of(board, series, self.span)
        self.listed = self.rows.listed
        ask_for_markers(board)

    def top(self, places: int, near: int) -> Leaderboard:
        """Give the first places, and those next to who looks."""
        found = self.rows.top(places, self.viewer)
        entries = list(self._ranked(found.rows, 1))
        if found.own and near:
            entries += self._neighbours(found.own, near, entries)
        return self._made(entries, found)

    def page(self, number: int, places: int) -> Leaderboard:
        """Give one page of all places."""
        total = known_size(self.board.definition_id, self.span.first_day)
        total = self.listed.count() if total is None else total
        # No database goes further, and no board is as long.
        start = min((number - 1) * places, _FURTHEST)
        found = self.rows.slice(start, start + places, self.viewer)
        first_rank = 1
        if found.rows and start:
            first_rank = rank_now(
                self.board, self.listed, self.span.first_day, found.rows[0].score
            )
        entries = list(self._ranked(found.rows, start + 1, first_rank))
        return replace(
            self._made(entries, found),
            total=total,
            page=number,
            pages=max(1, ceil(total / places)),
        )

    def _ranked(
        self, rows: Sequence[Row], first_place: int, first_rank: int | None = None
    ) -> Iterator[LeaderboardEntry]:
        """Number rows that follow upon each other; equal scores share a rank."""
        rank, before = first_rank or first_place, None
        for place, row in enumerate(rows, first_place):
            if before is not None and row.score != before:
                rank = place
            before = row.score
            yield self._entry(row, rank)

    def _neighbours(
        self, own: Row, near: int, shown: Sequence[LeaderboardEntry]
    ) -> list[LeaderboardEntry]:
        """Give who looks and those next to them, as far as they aren't shown."""
        pk, score = own.interface.pk, own.score
        # Said so that the index begins at this score.
        ahead = Q(score__gte=score) & (Q(score__gt=score) | Q(interface__lt=pk))
        behind = Q(score__lte=score) & (Q(score__lt=score) | Q(interface__gt=pk))
        keys = [
            # One more than is shown says whether there are some between.
            self.listed.filter(ahead).order_by("score", "-interface")[: near + 1],
            self.listed.filter(behind)[:near],
        ]
        rows = sorted([*self.rows.among(keys), own], key=place_of)
        seen = {entry.interface_id for entry in shown}
        new = [row for row in rows if row.interface.pk not in seen]
        place = next(n for n, row in enumerate(rows) if row is own)
        if is_apart := place > near and new[:1] == rows[:1]:
            del new[0]
        ranks = self._ranks_near(own, [row.score for row in new])
        entries = [self._entry(row, ranks[row.score]) for row in new]
        if is_apart and shown:
            entries[0] = replace(entries[0], is_apart=True)
        return entries

    def _ranks_near(self, own: Row, scores: Sequence[int]) -> dict[int, int]:
        """Give the ranks of these scores, counted from that of who looks."""
        reach = [own.score, *scores]
        between = self.listed.filter(score__gt=min(reach), score__lte=max(reach))
        numbers = dict(
            between.order_by()
            .values("score")
            .annotate(players=Count("pk"))
            .values_list("score", "players")
        )
        ranks = {}
        for score in reach:
            behind = sum(n for at, n in numbers.items() if score < at <= own.score)
            ahead = sum(n for at, n in numbers.items() if own.score < at <= score)
            ranks[score] = (own.rank or 0) + behind - ahead
        return ranks

    def _entry(self, row: Row, rank: int) -> LeaderboardEntry:
        player: Any = row.interface
        url = profile_url(player)
        return LeaderboardEntry(
            rank=rank,
            name=public_name(player),
            score=row.score,
            interface_id=player.pk,
            is_viewer=row.is_own,
            profile_id=player.preferences.public_id if url else None,
            profile_url=url,
        )

    def _made(self, entries: list[LeaderboardEntry], found: Found) -> Leaderboard:
        own = None
        if found.own:
            # Where the list shows it, that is what was counted last.
            listed = (entry for entry in entries if entry.is_viewer)
            own = next(listed, None) or self._entry(found.own, found.own.rank or 0)
        return _made(self.board, self.span, entries, own, found.state)


def _made(
    board: Board,
    span: Span | None,
    entries: Sequence[LeaderboardEntry],
    own: LeaderboardEntry | None,
    state: ViewerState,
    *,
    is_ready: bool = True,
) -> Leaderboard:
    has_days = span is not None and span.first_day > 0
    return Leaderboard(
        definition_id=board.definition_id,
        slug=board.slug,
        name=board.name,
        description=board.description,
        language=board.language,
        measure=board.measure,
        window=board.window,
        starts_on=date.fromordinal(span.first_day) if span and has_days else None,
        ends_on=date.fromordinal(span.last_day) if span and has_days else None,
        entries=tuple(entries),
        own=own,
        viewer_state=state,
        is_ready=is_ready,
    )


def _number(name: str, value: Any, default: int, *, least: int) -> int:
    if value is None or value is False:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name}={value!r} isn't a whole number from {least} on.")
    return value if name == "page" else min(value, MOST_PLACES)
