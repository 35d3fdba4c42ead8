"""Keep the scores that published boards ask for: no more, and from the first day on.

Publishing a board begins a series of scores, if no other board has begun it. From that
commit on, every change of a player is added to it. What was before is counted by a
task, range by range, with the players locked: who changes at the same time comes
before, and is on record, or after, and is added.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import router, transaction
from django.utils import timezone

from wagtail_gamification.models.leaderboards import (
    Leaderboard,
    RankMarker,
    Score,
    ScoreSeries,
)
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import database_settings
from wagtail_gamification.score_index import (
    SeriesKey,
    all_series,
    drop_series,
    forget_series,
    series_from,
    series_key,
)

from .count_scores import count_scores, wrong_scores
from .players import locked_rows
from .retroactive import end_of_range
from .stepping import try_step


def keep_series() -> None:
    """Begin the series that published boards ask for, and end those that none does."""
    with transaction.atomic():
        # Locked before the boards are read, or of two who publish at the same time one
        # would end what the other begins.
        series = ScoreSeries.objects.select_for_update().order_by("pk")
        rows = {_key_of(row): row for row in series}
        boards: Any = Leaderboard.objects
        wanted = {series_key(board) for board in boards.live().originals()}
        begun = []
        for key in sorted(wanted):
            row = rows.get(key)
            if row is None:
                asked: dict[str, Any] = dict(zip(_KEY, key, strict=True))
                row, _created = ScoreSeries.objects.get_or_create(**asked)
                begun.append(row.pk)
            elif not row.is_kept:
                begun.append(row.pk)
        ended = [row.pk for key, row in rows.items() if key not in wanted]
        ScoreSeries.objects.filter(pk__in=begun).update(
            is_kept=True, reached=0, built_at=None
        )
        ScoreSeries.objects.filter(pk__in=ended, is_kept=True).update(is_kept=False)
        # Before the task: what it counts, nobody may miss to add to.
        drop_series()
        if begun:
            transaction.on_commit(partial(_enqueue, begun), robust=True)


def build_scores(keys: list[int] | None = None) -> None:
    """Count what isn't counted yet of these series, or of all; each from where it is.

    Of two workers at one series, one moves it on and the other ends.
    """
    unbuilt = ScoreSeries.objects.filter(is_kept=True, built_at=None).order_by("pk")
    if keys is not None:
        unbuilt = unbuilt.filter(pk__in=keys)
    for pk in list(unbuilt.values_list("pk", flat=True)):
        while try_step(partial(_step, pk)):
            pass


def wrong_players() -> int:
    """Count, over all series, the players whose scores aren't what is on record."""
    forget_series()
    return sum(
        wrong_scores(series, span)
        for series in all_series()
        if series.is_built
        for span in series.open_spans()
    )


def rebuild_scores() -> None:
    """Count every series anew."""
    ScoreSeries.objects.filter(is_kept=True).update(reached=0, built_at=None)
    drop_series()
    build_scores()


def purge_scores() -> int:
    """Delete the scores of windows that are over, and of boards that are gone."""
    forget_series()
    kept = {
        (series.pk, span.first_day)
        for series in all_series()
        for span in (*series.open_spans(), series.current_span())
    }
    deleted = 0
    windows = Score.objects.order_by().values_list("series", "first_day").distinct()
    for window in list(windows):
        if window not in kept:
            series, first_day = window
            rows = Score.objects.filter(series=series, first_day=first_day)
            deleted += rows._raw_delete(rows.db)
    days = {first_day for _series, first_day in kept}
    RankMarker.objects.exclude(first_day__in=days).delete()
    return deleted


_KEY = ("measure", "event", "window", "first_day", "last_day")


def _key_of(row: ScoreSeries) -> SeriesKey:
    return row.measure, row.event, row.window, row.first_day, row.last_day


def _enqueue(keys: list[int]) -> None:
    from wagtail_gamification.tasks import build_scores

    build_scores.enqueue(keys)


def _step(pk: int) -> bool:
    """Count the next players; give whether there are more to do."""
    alias = router.db_for_write(ScoreSeries)
    with transaction.atomic(using=alias), database_settings(alias, jit="off"):
        current = ScoreSeries.objects.filter(pk=pk, is_kept=True, built_at=None)
        row = current.first()
        # Who is at it holds this row; a second worker waits, and finds it moved.
        if row is None or not current.filter(reached=row.reached).update(built_at=None):
            return False
        last = end_of_range(row.reached)
        if last is None:
            current.update(built_at=timezone.now())
            drop_series()
            return False
        players: dict[str, Any] = {
            "interface__gt": row.reached,
            "interface__lte": last,
        }
        among = GamificationInterface.objects.filter(pk__gt=row.reached, pk__lte=last)
        locked = locked_rows(among.order_by("pk"))
        if locked is not None:
            len(locked.values_list("pk", flat=True))
        count_scores(series_from(row), players)
        current.update(reached=last)
    return True
