"""Keep the scores of leaderboards, in the transaction that changes what they count.

What one action adds is gathered and written in one statement; where no published board
asks for it, nothing is gathered. The players are locked by whoever calls this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, QuerySet, Value

from wagtail_gamification.days import day_of
from wagtail_gamification.models.leaderboards import Measure, Score
from wagtail_gamification.models.sql import insert_from_select, insert_rows
from wagtail_gamification.score_index import series_of

if TYPE_CHECKING:
    from wagtail_gamification.models.ledger import PointChange

    from .activities import Doing

FIELDS = ("series", "first_day", "interface", "score")
UNIQUE = ("series", "first_day", "interface")

Added = Counter[tuple[int, int, int]]

_gathered: ContextVar[Added | None] = ContextVar("gathered_scores", default=None)


@contextmanager
def scores_gathered() -> Iterator[None]:
    """Write what is added in this block at its end, or at that of the block around it.

    Within the transaction that it belongs to. Where the block raises, nothing of it is
    written.
    """
    around = _gathered.get()
    own: Added = Counter()
    token = _gathered.set(own)
    try:
        yield
    finally:
        _gathered.reset(token)
    if around is None:
        _write(own)
    else:
        around.update(own)


def add_points(rows: Iterable[tuple[int, int, int]]) -> None:
    """Count points: the player, the amount and the number of the day, for each."""
    _add(Measure.POINTS, "", rows)


def add_changes(changes: Iterable[PointChange]) -> None:
    """Count bookings. What is reversed counts on the day that it was booked for."""
    if not series_of(Measure.POINTS):
        return
    _add(
        Measure.POINTS,
        "",
        [
            (change.interface_id, change.amount, _day_of_change(change))
            for change in changes
            if change.unlockable_id is None
        ],
    )


def add_awards(awards: Iterable[tuple[int, datetime]], *, number: int = 1) -> None:
    """Count awards: the player, and when it was awarded, for each.

    Below zero where they are taken back.
    """
    if series_of(Measure.BADGES):
        _add(
            Measure.BADGES,
            "",
            [(key, number, day_of(time).toordinal()) for key, time in awards],
        )


def add_doings(quantities: Mapping[Doing, int]) -> None:
    """Count what was done, or below zero what was taken back."""
    by_event: dict[str, list[tuple[int, int, int]]] = {}
    for doing, number in quantities.items():
        rows = by_event.setdefault(doing.event, [])
        rows.append((doing.interface, number, doing.day))
    for event, rows in by_event.items():
        _add(Measure.EVENT, event, rows)


def add_to_all(
    rows: QuerySet,
    amount: Any,
    day: int,
    measure: str,
    event: str = "",
    *,
    player: str = "interface_id",
) -> None:
    """Count the same for each of thousands: the ``player`` of each of these rows."""
    for series in series_of(measure, event):
        if span := series.written_span(day):
            insert_from_select(
                Score,
                FIELDS,
                rows.order_by().values_list(
                    Value(series.pk, output_field=BigIntegerField()),
                    Value(span.first_day),
                    player,
                    Value(amount, output_field=BigIntegerField()),
                ),
                add_up=["score"],
                unique=UNIQUE,
            )


def _add(measure: str, event: str, rows: Iterable[tuple[int, int, int]]) -> None:
    found = series_of(measure, event)
    if not found:
        return
    added: Added = Counter()
    for interface, amount, day in rows:
        for series in found:
            if span := series.written_span(day):
                added[series.pk, span.first_day, interface] += amount
    around = _gathered.get()
    if around is None:
        _write(added)
    else:
        around.update(added)


def _write(added: Added) -> None:
    rows = [(*key, amount) for key, amount in sorted(added.items()) if amount]
    if rows:
        insert_rows(Score, FIELDS, rows, add_up=["score"], unique=UNIQUE)


def _day_of_change(change: Any) -> int:
    counted = change.reverses if change.reverses_id else change
    return counted.day or day_of(counted.time).toordinal()
