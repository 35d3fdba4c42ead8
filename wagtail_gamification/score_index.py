"""Which scores the published boards ask for, kept ready.

As with badges and rules (:mod:`.requirements.index`): each process keeps what it read
under the shared version, which publishing a board changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from wagtail_gamification.caching import KeptReading, SharedVersion
from wagtail_gamification.models.leaderboards import (
    Leaderboard,
    Measure,
    ScoreSeries,
    Window,
)

from .days import today

_version = SharedVersion("scores")

# The calendar ends there.
_LAST_DAY = date.max.toordinal()


@dataclass(frozen=True)
class Span:
    """The days of one window, as numbers; both ends are in it."""

    first_day: int
    """What scores of this window are found by; 0 for all time."""

    last_day: int

    @classmethod
    def of(cls, window: str, day: int) -> Span:
        """Give the window that a day is in; for two dates, see :class:`Series`."""
        on = date.fromordinal(day)
        if window == Window.WEEK:
            first = on - timedelta(days=on.weekday())
            last = min(first.toordinal() + 6, _LAST_DAY)
            return cls(first.toordinal(), last)
        if window == Window.MONTH:
            first = on.replace(day=1)
            after = first.toordinal() + 31
            following = date.fromordinal(min(after, _LAST_DAY)).replace(day=1)
            last = following.toordinal() - 1 if following > first else _LAST_DAY
            return cls(first.toordinal(), last)
        if window == Window.YEAR:
            last = on.replace(month=12, day=31).toordinal()
            return cls(on.replace(month=1, day=1).toordinal(), last)
        return cls(0, _LAST_DAY)


@dataclass(frozen=True)
class Series:
    """One series of scores that is kept, as :class:`ScoreSeries` stores it."""

    pk: int
    measure: str
    event: str
    window: str
    first_day: int
    last_day: int
    is_built: bool

    def span_of(self, day: int) -> Span | None:
        """Give the window that a day counts in, None where it counts in none."""
        if self.window != Window.DATES:
            return Span.of(self.window, day)
        span = Span(self.first_day, self.last_day)
        return span if span.first_day <= day <= span.last_day else None

    def current_span(self) -> Span:
        """Give the window that boards show today."""
        if self.window == Window.DATES:
            return Span(self.first_day, self.last_day)
        return Span.of(self.window, today().toordinal())

    def open_spans(self) -> list[Span]:
        """Give the windows that may still be shown: for some players it is tomorrow."""
        if self.window == Window.DATES:
            return [Span(self.first_day, self.last_day)]
        day = today().toordinal()
        spans = {Span.of(self.window, on) for on in (day, day + 1)}
        return sorted(spans, key=lambda span: span.first_day)

    def written_span(self, day: int) -> Span | None:
        """Give the window to write to for something of that day.

        None for those that are over: no board shows them again. Yesterday's isn't,
        for another process that still is in it.
        """
        span = self.span_of(day)
        if span is None or self.window == Window.DATES:
            return span
        return span if span.last_day >= today().toordinal() - 1 else None


SeriesKey = tuple[str, str, str, int, int]
SeriesIndex = Mapping[tuple[str, str], tuple[Series, ...]]


def series_index() -> SeriesIndex:
    """Give the series that are kept, by measure and event."""
    return _kept.get()


def series_of(measure: str, event: str = "") -> tuple[Series, ...]:
    """Give the series that something is counted in: mostly none."""
    return series_index().get((measure, event), ())


def all_series() -> list[Series]:
    return [series for found in series_index().values() for series in found]


def series_key(board: Leaderboard) -> SeriesKey:
    """Give what tells the scores of a board from others."""
    first = last = 0
    if board.window == Window.DATES and board.starts_on and board.ends_on:
        first, last = board.starts_on.toordinal(), board.ends_on.toordinal()
    event = board.event if board.measure == Measure.EVENT else ""
    return board.measure, event, board.window, first, last


def drop_series() -> None:
    """Read it anew once the running transaction is committed, everywhere."""
    _version.drop()


def version_of_boards() -> SharedVersion:
    """Give the version under which readers keep what boards are."""
    return _version


def forget_series() -> None:
    """Read it anew in this process, which may not have heard of a publication."""
    _kept.forget()


def series_from(row: ScoreSeries) -> Series:
    return Series(
        pk=row.pk,
        measure=row.measure,
        event=row.event,
        window=row.window,
        first_day=row.first_day,
        last_day=row.last_day,
        is_built=row.built_at is not None,
    )


def _read_index() -> SeriesIndex:
    found: dict[tuple[str, str], tuple[Series, ...]] = {}
    for row in ScoreSeries.objects.filter(is_kept=True).order_by("pk"):
        series = series_from(row)
        key = (series.measure, series.event)
        found[key] = (*found.get(key, ()), series)
    return found


_kept = KeptReading(_version, _read_index)
