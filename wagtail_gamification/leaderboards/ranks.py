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
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from wagtail_gamification.caching import shared_cache
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models.leaderboards import RankMarker, Score
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.score_index import Series

from .boards import LARGE, Board

_MOST = Value(2**63 - 1, output_field=BigIntegerField())
# A small board isn't large within an hour.
SMALL_SECONDS = 3600

_asked: dict[int, float] = {}


def rank_of(board: Board, listed: QuerySet[Score], first_day: int, column: str) -> Any:
    """Give the rank of a row whose score ``column`` holds: one more than are ahead."""
    nearest = _markers(board, first_day).filter(score__gte=OuterRef(OuterRef(column)))
    between = listed.filter(
        score__gt=OuterRef(column),
        score__lte=Coalesce(Subquery(nearest.values("score")[:1]), _MOST),
    )
    number = Func(F("pk"), function="COUNT", output_field=BigIntegerField())
    counted = between.order_by().annotate(number=number).values("number")
    marked = _markers(board, first_day).filter(score__gte=OuterRef(column))
    none = Value(0, output_field=BigIntegerField())
    above = Coalesce(Subquery(marked.values("above")[:1]), none)
    return ExpressionWrapper(
        Coalesce(Subquery(counted), none) + above + 1, output_field=BigIntegerField()
    )


def rank_now(board: Board, listed: QuerySet[Score], first_day: int, score: int) -> int:
    """Give the rank of who has ``score``, in two queries."""
    marker = _markers(board, first_day).filter(score__gte=score).first()
    ahead = listed.filter(score__gt=score)
    if marker is None:
        return ahead.count() + 1
    return ahead.filter(score__lte=marker.score).count() + marker.above + 1


def own_rank(
    board: Board, listed: QuerySet[Score], series: Series, first_day: int, owner: Q
) -> Any:
    """Give the rank of who looks, for a query that asks it of nobody else.

    In a large series the score and the marker are read before: a database that
    doesn't know them plans for thousands of times as many rows as there are.
    """
    if not board.is_large:
        return rank_of(board, listed, first_day, "score")
    marker = _markers(board, first_day).filter(score__gte=OuterRef("score"))
    own = Score.objects.filter(
        interface__in=GamificationInterface.objects.filter(owner),
        series=series.pk,
        first_day=first_day,
    ).annotate(
        marker=Subquery(marker.values("score")[:1]),
        above=Subquery(marker.values("above")[:1]),
    )
    found = own.values_list("score", "marker", "above").first()
    if found is None:
        return Value(None, output_field=BigIntegerField())
    score, nearest, above = found
    ahead = listed.filter(score__gt=score)
    if nearest is not None:
        ahead = ahead.filter(score__lte=nearest)
    number = Func(F("pk"), function="COUNT", output_field=BigIntegerField())
    counted = ahead.order_by().annotate(number=number).values("number")
    return ExpressionWrapper(
        Subquery(counted) + Value((above or 0) + 1, output_field=BigIntegerField()),
        output_field=BigIntegerField(),
    )


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
