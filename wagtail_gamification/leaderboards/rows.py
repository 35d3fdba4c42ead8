"""The rows of a board with their players, and who looks, in one query or two."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import router
from django.db.models import (
    BigIntegerField,
    Case,
    F,
    FilteredRelation,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import RawSQL

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models.leaderboards import Score
from wagtail_gamification.models.managers import owner
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import whether
from wagtail_gamification.score_index import Series, Span

from .boards import Board
from .items import ViewerState
from .ranks import RankBelowMarker, marker_before, nearest_marker, rank_among
from .taking_part import belongs, deciding_settings, listed_scores


@dataclass(frozen=True)
class Row:
    """A player with a score; the rank is known of who looks, and of nobody else."""

    interface: GamificationInterface
    score: int
    rank: int | None = None
    is_own: bool = False


@dataclass(frozen=True)
class Found:
    """What was read: the chosen rows, best first, and who looks."""

    rows: list[Row]
    own: Row | None
    """None where who looks has no place on the board."""

    state: ViewerState


class Viewer:
    """Who looks: a user, an interface or nobody."""

    def __init__(self, viewer: Any) -> None:
        self.condition: Q | None = None
        if isinstance(viewer, GamificationInterface):
            self.condition = Q(pk=viewer.pk)
        elif getattr(viewer, "is_authenticated", False):
            self.condition = owner(viewer)

    @property
    def state_elsewhere(self) -> ViewerState:
        """What is said of them where they have no row."""
        return ViewerState.NOBODY if self.condition is None else ViewerState.OUTSIDE


def rows_of(board: Board, series: Series, span: Span) -> Rows:
    """Give what reads the rows of a board in one of its windows."""
    return _rows_of(board, series, span, deciding_settings())


# Building the queries takes longer than asking them.
@lru_cache
def _rows_of(board: Board, series: Series, span: Span, settings: Hashable) -> Rows:
    return Rows(board, series, span)


class Rows:
    """Reads rows of one board in one of its windows."""

    def __init__(self, board: Board, series: Series, span: Span) -> None:
        self.board = board
        self.series = series
        self.first_day = span.first_day
        # What names and addresses take.
        self.related = ("user", "preferences") if app_settings.PROFILES else ("user",)
        self.listed = listed_scores(board, series, span.first_day)
        self.belongs = belongs(board)
        self.anybody = self._players(Q()).annotate(
            is_meant=whether(self.belongs),
            marker=nearest_marker(board, span.first_day, "held__score"),
        )
        self.rank = RankBelowMarker(board, self.listed, span.first_day)

    def top(self, places: int, viewer: Viewer) -> Found:
        """Read the first rows and who looks: in one query, where the board is small."""
        if viewer.condition is None or self.board.is_large:
            return self.slice(0, places, viewer)
        return self._top_at_once(places, viewer.condition)

    def slice(self, start: int, stop: int, viewer: Viewer) -> Found:
        """Read rows from one place to another, and who looks before them."""
        related = (f"interface__{name}" for name in self.related)
        chosen = self._between(start, stop).select_related(*related)
        player = None if viewer.condition is None else self._find(viewer.condition)
        state = viewer.state_elsewhere if player is None else _state_of(player)
        if player is None or state != ViewerState.LISTED:
            return Found([_row(score) for score in chosen], None, state)
        rank = self.rank.of(player.score, player.marker)
        scores = list(chosen.annotate(rank_of_viewer=rank))
        own_score = self.listed.filter(interface=player.pk)
        ranked = scores or list(own_score.annotate(rank_of_viewer=rank))
        if not ranked:
            # Who looks has just left the board, and nobody else is asked for.
            return Found([], None, ViewerState.NO_SCORE)
        own = Row(player, player.score, ranked[0].rank_of_viewer, is_own=True)
        return Found([_row(score, player.pk) for score in scores], own, state)

    def _between(self, start: int, stop: int) -> QuerySet[Score]:
        """Give the scores of these places, counted from a marker where there is one."""
        marker = None
        if start and self.board.is_large:
            marker = marker_before(self.board, self.first_day, start)
        if marker is None:
            return self.listed[start:stop]
        behind = self.listed.filter(score__lte=marker.score)
        return behind[start - marker.above : stop - marker.above]

    def among(self, chosen: Sequence[QuerySet[Score]]) -> list[Row]:
        """Read several choices in one query, in no order."""
        keys = [each.values("interface") for each in chosen]
        return [Row(player, player.score) for player in self._players(_any_of(keys))]

    def _find(self, is_own: Q) -> Any:
        """Read who looks, with the score and its nearest marker."""
        return next(iter(self.anybody.filter(is_own)[:1]), None)

    def _top_at_once(self, places: int, is_own: Q) -> Found:
        own = GamificationInterface.objects.filter(is_own).values("pk")[:1]
        keys = [self.listed[:places].values("interface"), own] if places else [own]
        meant = is_own & self.belongs
        listed = Q(held__score__gt=0, on_boards=True, is_public=True)
        rank = rank_among(self.listed, "score")
        no_rank = Value(None, output_field=BigIntegerField())
        players = self._players(_any_of(keys)).annotate(
            own_rank=Case(When(meant & listed, then=rank), default=no_rank),
            is_own=whether(is_own),
            is_meant=whether(meant),
        )
        rows, own_row, state = [], None, ViewerState.OUTSIDE
        player: Any
        for player in players:
            row = Row(player, player.score or 0, player.own_rank, player.is_own)
            if row.is_own:
                state = _state_of(player)
                own_row = row if state == ViewerState.LISTED else None
            if own_row is row or not row.is_own:
                rows.append(row)
        # Who looks is last, where they weren't among the first.
        return Found(sorted(rows, key=place_of)[:places], own_row, state)

    def _players(self, condition: Q) -> QuerySet[GamificationInterface]:
        """Give these players with their scores."""
        kept = Q(scores__series=self.series.pk, scores__first_day=self.first_day)
        return (
            GamificationInterface.objects.filter(condition)
            .annotate(
                held=FilteredRelation("scores", condition=kept), score=F("held__score")
            )
            .select_related(*self.related)
            .order_by()
        )


def place_of(row: Row) -> tuple[int, int]:
    """Give what rows are sorted by, as the database sorts them."""
    return (-row.score, row.interface.pk)


def _row(score: Any, own: int | None = None) -> Row:
    player = score.interface
    return Row(player, score.score, is_own=player.pk == own)


def _state_of(player: Any) -> ViewerState:
    """Say why a player is on the board, or isn't, as these queries read them."""
    if not (player.on_boards and player.is_public):
        return ViewerState.LEFT
    if not player.is_meant:
        return ViewerState.OUTSIDE
    return ViewerState.LISTED if player.score else ViewerState.NO_SCORE


def _any_of(keys: Sequence[QuerySet]) -> Q:
    """Give the condition that a player is in any of these queries, cut as they are.

    Not every database takes an order or a limit in a part of a union.
    """
    selects: list[str] = []
    params: list[Any] = []
    for number, each in enumerate(keys):
        select, own_params = each.using(
            router.db_for_read(Score)
        ).query.sql_with_params()
        selects.append(f"SELECT * FROM ({select}) part_{number}")  # noqa: S608 (nothing that anybody types in)
        params += own_params
    return Q(pk__in=RawSQL(" UNION ALL ".join(selects), params))  # noqa: S611
