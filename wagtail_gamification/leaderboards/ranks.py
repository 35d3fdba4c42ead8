"""How many are ahead: counted up to the nearest marker, where a board has some."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import (
    BigIntegerField,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import RawSQL

from wagtail_gamification.caching import shared_cache
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models.leaderboards import RankMarker, Score

from .boards import LARGE, Board

# A small board isn't large within an hour.
SMALL_SECONDS = 3600

_MOST = 2**63 - 1
# Stand for a score and a marker; no score is like them.
_SCORE, _MARKER = 2**62 + 1, 2**62 + 2

_asked: dict[int, float] = {}


def rank_among(listed: QuerySet[Score], column: str) -> Any:
    """Give the rank of a row whose score ``column`` holds, on a board that is small."""
    ahead = _number_of(listed.filter(score__gt=OuterRef(column)))
    return ExpressionWrapper(Subquery(ahead) + 1, output_field=BigIntegerField())


def nearest_marker(board: Board, first_day: int, column: str) -> Subquery:
    """Give the lowest score whose rank is known and that isn't below ``column``."""
    nearest = _markers(board, first_day).filter(score__gte=OuterRef(column))
    return Subquery(nearest.values("score")[:1])


class RankBelowMarker:
    """The rank of a score that is known, and its marker, on a board that is large.

    Written with numbers: a database that doesn't know them plans for thousands of times
    as many rows as there are. The statement is compiled once, with stand-ins for them.
    """

    def __init__(self, board: Board, listed: QuerySet[Score], first_day: int) -> None:
        ahead = listed.filter(score__gt=_SCORE, score__lte=_MARKER)
        above = _markers(board, first_day).filter(score=_MARKER).values("above")
        count, count_params = _number_of(ahead).query.sql_with_params()
        marked, marked_params = above.order_by().query.sql_with_params()
        self.sql = f"(({count}) + COALESCE(({marked}), 0) + 1)"
        self.params = (*count_params, *marked_params)

    def of(self, score: int, marker: int | None) -> RawSQL:
        """Give the rank for a query; without a marker all that are ahead count."""
        numbers = {_SCORE: score, _MARKER: _MOST if marker is None else marker}
        params = [numbers.get(each, each) for each in self.params]
        return RawSQL(self.sql, params, output_field=BigIntegerField())  # noqa: S611


def marker_before(board: Board, first_day: int, place: int) -> RankMarker | None:
    """Give the last marker that isn't behind a place, the first of which is 0."""
    rows = RankMarker.objects.filter(
        leaderboard=board.definition_id, first_day=first_day, above__lte=place
    )
    return rows.order_by("-above").first()


def rank_now(board: Board, listed: QuerySet[Score], first_day: int, score: int) -> int:
    """Give the rank of who has ``score``, in two queries at most."""
    ahead = listed.filter(score__gt=score)
    marker = None
    if board.is_large:
        marker = _markers(board, first_day).filter(score__gte=score).first()
    if marker is None:
        return ahead.count() + 1
    return ahead.filter(score__lte=marker.score).count() + marker.above + 1


def _number_of(scores: QuerySet[Score]) -> QuerySet:
    """Count scores within another query."""
    number = Func(F("pk"), function="COUNT", output_field=BigIntegerField())
    return scores.order_by().annotate(number=number).values("number")


def _markers(board: Board, first_day: int) -> QuerySet[RankMarker]:
    """Give the markers from the nearest on: the lowest score that isn't lower."""
    rows = RankMarker.objects.filter(
        leaderboard=board.definition_id, first_day=first_day
    )
    return rows.order_by("score")


def ask_for_markers(board: Board) -> None:
    """Have it counted anew where ranks begin, if that is a while ago.

    Of many who look at the same time, one asks; the others read what there is.
    """
    seconds = app_settings.RANK_SECONDS
    now = monotonic()
    if now - _asked.get(board.definition_id, -seconds) < seconds:
        return
    _asked[board.definition_id] = now
    if shared_cache().add(_cache_key(board.definition_id), 1, seconds):
        transaction.on_commit(partial(_enqueue, board.definition_id), robust=True)


def note_size(definition_id: int, first_day: int, size: int) -> None:
    """Note how many a board has, and leave a small one in peace for longer."""
    is_large = size > LARGE
    seconds = app_settings.RANK_SECONDS if is_large else SMALL_SECONDS
    cache = shared_cache()
    cache.set(_cache_key(definition_id), 1, seconds)
    if is_large:
        cache.set(f"{_cache_key(definition_id)}:{first_day}", size, SMALL_SECONDS)


def known_size(definition_id: int, first_day: int) -> int | None:
    """Give how many a large board has, as of a while ago; None for others."""
    return shared_cache().get(f"{_cache_key(definition_id)}:{first_day}")


def _cache_key(definition_id: int) -> str:
    return f"wagtail_gamification:ranks:{definition_id}"


def _enqueue(definition_id: int) -> None:
    from wagtail_gamification.tasks import mark_ranks

    mark_ranks.enqueue(definition_id)
