"""Markers of ranks: how many stand above some thousand scores of a large board."""

from __future__ import annotations

from django.db import connections, router, transaction
from django.db.models import Count

from wagtail_gamification.models import leaderboards as models
from wagtail_gamification.models.leaderboards import RankMarker
from wagtail_gamification.models.sql import insert_rows

from .boards import LARGE, Board, published_boards
from .ranks import note_size
from .taking_part import is_for_somebody, listed_scores

MARKERS = 8000
# Those who care most read ranks that were counted as they looked.
EXACT = 1000


def mark_ranks(definition_id: int) -> None:
    """Note anew how many stand above the scores of a board, where it is large."""
    for board in published_boards():
        if board.definition_id == definition_id:
            _mark(board)


def _mark(board: Board) -> None:
    if board.series is None or not is_for_somebody(board):
        return
    first_day = board.series.current_span().first_day
    listed = listed_scores(board, board.series, first_day)
    total = listed.count()
    found = []
    if total > LARGE:
        alias = router.db_for_write(RankMarker)
        groups, params = (
            listed.order_by()
            .values("score")
            .annotate(players=Count("pk"))
            .values_list("score", "players")
            .using(alias)
            .query.sql_with_params()
        )
        step = max(total // MARKERS, 1)
        # The first score of each so many players.
        statement = (
            "SELECT MAX(score), MIN(above) FROM (SELECT score, "  # noqa: S608 (nothing that anybody types in)
            "SUM(players) OVER (ORDER BY score DESC) - players AS above "
            f"FROM ({groups}) grouped) ranked WHERE above >= %s "
            "GROUP BY above - MOD(above, %s)"
        )
        with connections[alias].cursor() as cursor:
            cursor.execute(statement, [*params, EXACT, step])
            found = cursor.fetchall()
    rows = [
        (board.definition_id, first_day, int(score), int(above))
        for score, above in found
    ]
    _replace(board, rows)
    note_size(board.definition_id, first_day, total)


def _replace(board: Board, rows: list[tuple[int, int, int, int]]) -> None:
    boards = models.Leaderboard._base_manager.filter(pk=board.definition_id)
    with transaction.atomic():
        # Two at once would write the same ones.
        if not boards.select_for_update().values_list("pk"):
            return
        RankMarker.objects.filter(leaderboard=board.definition_id).delete()
        insert_rows(RankMarker, ["leaderboard", "first_day", "score", "above"], rows)
