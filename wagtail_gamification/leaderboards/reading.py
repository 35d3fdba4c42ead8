"""Read a board: one query for its first places and who looks, more for other places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Any

from django.db import router
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    FilteredRelation,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from wagtail.models import Locale

from wagtail_gamification.models.leaderboards import MOST_PLACES, Score
from wagtail_gamification.models.managers import owner
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.profiles import profile_url
from wagtail_gamification.public_names import public_name
from wagtail_gamification.score_index import Series, Span

from .boards import Board, find_board
from .items import Leaderboard, LeaderboardEntry, ViewerState
from .ranks import ask_for_markers, known_size, own_rank, rank_now
from .taking_part import belongs, is_for_somebody, listed_scores

NEIGHBOURS = 2


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
        state = _Viewer(viewer).state_elsewhere
        is_ready = not is_for_somebody(board) or bool(series and series.is_built)
        return _made(board, span, [], None, state, is_ready=is_ready)
    reading = _Reading(board, series, _Viewer(viewer))
    if page is not None:
        return reading.page(_number("page", page, 1, least=1), places)
    return reading.top(places, near)


@dataclass(frozen=True)
class _Row:
    interface: GamificationInterface
    score: int
    rank: int | None


class _Viewer:
    """Who looks: a user, an interface or nobody."""

    def __init__(self, viewer: Any) -> None:
        self.condition: Q | None = None
        if isinstance(viewer, GamificationInterface):
            self.condition = Q(pk=viewer.pk)
        elif getattr(viewer, "is_authenticated", False):
            self.condition = owner(viewer)

    @property
    def state_elsewhere(self) -> ViewerState:
        return ViewerState.NOBODY if self.condition is None else ViewerState.OUTSIDE


class _Reading:
    def __init__(self, board: Board, series: Series, viewer: _Viewer) -> None:
        self.board = board
        self.series = series
        self.span = series.current_span()
        self.viewer = viewer
        self.listed = listed_scores(board, series, self.span.first_day)
        ask_for_markers(board)

    def top(self, places: int, near: int) -> Leaderboard:
        """Give the first places, and those next to who looks."""
        rows, own, state = self._read([self.listed[:places]] if places else [])
        entries = list(self._ranked(rows[:places], 1))
        if own and near:
            entries += self._neighbours(own, near, entries)
        return self._made(entries, own, state)

    def page(self, number: int, places: int) -> Leaderboard:
        """Give one page of all places."""
        total = known_size(self.board.definition_id, self.span.first_day)
        total = self.listed.count() if total is None else total
        start = (number - 1) * places
        rows, own, state = self._read([self.listed[start : start + places]])
        if own and len(rows) > max(0, min(places, total - start)):
            # Who looks was read besides, and has a place on another page.
            rows = [row for row in rows if row.interface.pk != own.interface.pk]
        first_rank = 1
        if rows and start:
            first_rank = rank_now(
                self.board, self.listed, self.span.first_day, rows[0].score
            )
        entries = list(self._ranked(rows[:places], start + 1, first_rank))
        return replace(
            self._made(entries, own, state),
            total=total,
            page=number,
            pages=max(1, ceil(total / places)),
        )

    def _read(
        self, chosen: Sequence[QuerySet[Score]]
    ) -> tuple[list[_Row], _Row | None, ViewerState]:
        """Read these scores' players, best first, and who looks, in one query."""
        is_own = self.viewer.condition
        keys: list[QuerySet] = [each.values("interface") for each in chosen]
        if is_own is not None:
            keys.append(GamificationInterface.objects.filter(is_own).values("pk")[:1])
        if not keys:
            return [], None, self.viewer.state_elsewhere
        players: Any = self._players(keys)
        no_rank = Value(None, output_field=BigIntegerField())
        no = Value(False)
        if is_own is None:
            players = players.annotate(own_rank=no_rank, is_own=no, is_meant=no)
        else:
            rank = own_rank(
                self.board, self.listed, self.series, self.span.first_day, is_own
            )
            meant = is_own & belongs(self.board)
            listed = Q(held__score__gt=0, on_boards=True, is_public=True)
            players = players.annotate(
                own_rank=Case(When(meant & listed, then=rank), default=no_rank),
                is_own=Case(When(is_own, then=Value(True)), default=no),
                is_meant=Case(When(meant, then=Value(True)), default=no),
            )
        rows, own, state = [], None, self.viewer.state_elsewhere
        for player in players:
            row = _Row(player, player.score or 0, player.own_rank)
            if player.is_own:
                state = self._state(player, row)
                own = row if row.rank else None
            if row.rank or not player.is_own:
                rows.append(row)
        rows.sort(key=lambda row: (-row.score, row.interface.pk))
        return rows, own, state

    def _players(self, keys: Sequence[QuerySet]) -> QuerySet[GamificationInterface]:
        """Give the players of these keys with their scores, in one query for all."""
        alias = router.db_for_read(Score)
        selects: list[str] = []
        params: list[Any] = []
        for number, each in enumerate(keys):
            select, own_params = each.using(alias).query.sql_with_params()
            # Not every database takes an order or a limit in a part of a union.
            selects.append(f"SELECT * FROM ({select}) part_{number}")  # noqa: S608 (nothing that anybody types in)
            params += own_params
        held = FilteredRelation(
            "scores",
            condition=Q(
                scores__series=self.series.pk, scores__first_day=self.span.first_day
            ),
        )
        return (
            GamificationInterface.objects.using(alias)
            .filter(pk__in=RawSQL(" UNION ALL ".join(selects), params))  # noqa: S611
            .annotate(held=held, score=F("held__score"))
            .select_related("user", "preferences")
            .order_by()
        )

    def _state(self, player: Any, row: _Row) -> ViewerState:
        if not (player.on_boards and player.is_public):
            return ViewerState.LEFT
        if not player.is_meant:
            return ViewerState.OUTSIDE
        return ViewerState.LISTED if row.rank else ViewerState.NO_SCORE

    def _ranked(
        self, rows: Sequence[_Row], first_place: int, first_rank: int | None = None
    ) -> Iterator[LeaderboardEntry]:
        """Number rows that follow upon each other; equal scores share a rank."""
        rank, before = first_rank or first_place, None
        for place, row in enumerate(rows, first_place):
            if before is not None and row.score != before:
                rank = place
            before = row.score
            yield self._entry(row, rank)

    def _neighbours(
        self, own: _Row, near: int, shown: Sequence[LeaderboardEntry]
    ) -> list[LeaderboardEntry]:
        """Give who looks and those next to them, as far as they aren't shown."""
        pk, score = own.interface.pk, own.score
        ahead = Q(score__gt=score) | Q(score=score, interface__lt=pk)
        behind = Q(score__lt=score) | Q(score=score, interface__gt=pk)
        keys = [
            # One more than is shown says whether there are some between.
            self.listed.filter(ahead).order_by("score", "-interface")[: near + 1],
            self.listed.filter(behind)[:near],
        ]
        players: Any = self._players([each.values("interface") for each in keys])
        rows = [_Row(player, player.score, None) for player in players]
        rows.append(own)
        rows.sort(key=lambda row: (-row.score, row.interface.pk))
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

    def _ranks_near(self, own: _Row, scores: Sequence[int]) -> dict[int, int]:
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

    def _entry(self, row: _Row, rank: int) -> LeaderboardEntry:
        player: Any = row.interface
        url = profile_url(player)
        return LeaderboardEntry(
            rank=rank,
            name=public_name(player),
            score=row.score,
            interface_id=player.pk,
            is_viewer=getattr(player, "is_own", False),
            profile_id=player.preferences.public_id if url else None,
            profile_url=url,
        )

    def _made(
        self, entries: list[LeaderboardEntry], own: _Row | None, state: ViewerState
    ) -> Leaderboard:
        own_entry = None
        if own:
            # Where the list shows it, that is what was counted last.
            listed = (entry for entry in entries if entry.is_viewer)
            own_entry = next(listed, None) or self._entry(own, own.rank or 0)
        return _made(self.board, self.span, entries, own_entry, state)


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
