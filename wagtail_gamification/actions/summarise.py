"""Bring the totals that reports and the dashboard read up to date."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from wagtail_gamification.conf import app_settings
from wagtail_gamification.days import day_of, start_of, today
from wagtail_gamification.models.achievements import Award, Badge
from wagtail_gamification.models.activity import Activity
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.levels import Level
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import insert_rows
from wagtail_gamification.models.totals import (
    BadgeStanding,
    DailyTotal,
    LevelStanding,
    Summary,
)

from .totals import fold_day, totals_locked

# No transaction is open for longer than this.
SETTLES_AFTER = timedelta(hours=1)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Source:
    """Where facts come from: what the summary calls them, and who did them."""

    name: str
    model: Any
    player: str
    field: str
    start_of: Callable[[date], Any] = start_of
    day_of: Callable[[Any], date] = day_of


_SOURCES = (
    _Source("award", Award, "badge__interface", "awarded_at"),
    _Source("award", Award, "badge__interface", "revoked_at"),
    _Source("change", PointChange, "interface", "time"),
    _Source("activity", Activity, "interface", "day", date.toordinal, date.fromordinal),
)
_COUNTED = _Source("total", DailyTotal, "", "day", lambda day: day, lambda day: day)


def summarise(*, everything: bool = False) -> int:
    """Count each day anew on which something has come about; give how many.

    These are the days since the one before the last summary, and days in the past
    that something was entered for meanwhile. With ``everything`` they are all days
    that there are. It may be run at any time, also twice at once.
    """
    now = timezone.now()
    summary, _created = Summary.objects.get_or_create(pk=Summary.ONLY)
    seen = {
        source.name: source.model._base_manager.aggregate(last=Max("pk"))["last"] or 0
        for source in _SOURCES
    }
    days = set() if everything else past_days()
    days.update(_days_since(None if everything else _open_since(summary)))
    for day in sorted(days):
        fold_day(day)
    take_standings()
    values: dict[str, Any] = {"summarised_at": now}
    if summary.seen_at is None or now - summary.seen_at >= SETTLES_AFTER:
        for name, last in seen.items():
            values[f"settled_{name}"] = getattr(summary, f"seen_{name}")
            values[f"seen_{name}"] = last
        values["seen_at"] = now
    Summary.objects.filter(pk=Summary.ONLY).update(**values)
    return len(days)


def past_days(*, among: Collection[int] | None = None) -> set[date]:
    """Give the days in the past that something was entered for since they were counted.

    ``among`` are the keys of players, where only what they did is asked for.
    """
    summary = Summary.objects.filter(pk=Summary.ONLY).first()
    since = _open_since(summary) if summary else None
    if summary is None or since is None:
        return set()
    days = set()
    for source in _SOURCES:
        settled = getattr(summary, f"settled_{source.name}")
        rows = source.model._base_manager.filter(pk__gt=settled).order_by()
        if among is not None:
            rows = rows.filter(**{f"{source.player}__in": among})
        late = rows.filter(**{f"{source.field}__lt": source.start_of(since)})
        moments = late.values_list(source.field, flat=True).distinct()
        days |= {source.day_of(moment) for moment in moments.iterator()}
    return days


def _open_since(summary: Summary) -> date | None:
    """Give the first day on which something may still come about by itself."""
    return summary.summarised_at and day_of(summary.summarised_at) - ONE_DAY


def _days_since(first: date | None) -> Iterator[date]:
    """Give the days that have something, one index probe each; None means from ever."""
    while True:
        found = []
        for source in (*_SOURCES, _COUNTED):
            rows = source.model._base_manager.all()
            if first is not None:
                rows = rows.filter(**{f"{source.field}__gte": source.start_of(first)})
            moment = rows.aggregate(first=Min(source.field))["first"]
            if moment is not None:
                found.append(source.day_of(moment))
        if not found:
            return
        yield min(found)
        first = min(found) + ONE_DAY


def take_standings() -> None:
    """Count how many players have each badge and each level now, and who is active."""
    first_day = today().toordinal() - app_settings.ACTIVE_DAYS + 1
    earned = Badge._base_manager.filter(acquired=True).order_by()
    players = GamificationInterface.objects.order_by()
    values = {
        "players": players.count(),
        "active_players": players.filter(last_active_day__gte=first_day).count(),
        "earning_players": players.filter(
            Exists(earned.filter(interface=OuterRef("pk")))
        ).count(),
    }
    of_all = _by_badge(earned)
    of_active = _by_badge(earned.filter(interface__last_active_day__gte=first_day))
    levels = _by_level(players)
    with totals_locked():
        Summary.objects.filter(pk=Summary.ONLY).update(**values)
        BadgeStanding.objects.all().delete()
        insert_rows(
            BadgeStanding,
            ["badge_definition", "players", "active_players"],
            [(pk, number, of_active.get(pk, 0)) for pk, number in of_all.items()],
        )
        LevelStanding.objects.all().delete()
        insert_rows(LevelStanding, ["level", "players"], levels)


def _by_badge(earned: QuerySet) -> dict[int, int]:
    counted = earned.values("badge_definition").annotate(number=Count("pk"))
    return dict(counted.values_list("badge_definition", "number"))


def _by_level(players: QuerySet) -> list[tuple[int, int]]:
    levels = Level.objects.filter(live=True, original=None).order_by("points_required")
    required = list(levels.values_list("pk", "points_required"))
    counted = players.aggregate(
        **{
            f"level_{pk}": Count("pk", filter=Q(points_earned__gte=points))
            for pk, points in required
        }
    )
    return [(pk, counted[f"level_{pk}"]) for pk, _points in required]
