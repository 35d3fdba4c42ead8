"""What the dashboard shows, read from the totals in a few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import FilteredRelation, Q, Sum

from wagtail_gamification.conf import app_settings
from wagtail_gamification.days import today
from wagtail_gamification.models import (
    BadgeDefinition,
    DailyTotal,
    LevelStanding,
    Summary,
)

# How many badges a ranking has.
MOST_RANKED = 10


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A badge, or a level, and the number that it has its place for."""

    pk: int
    name: str
    number: int
    """How often it was awarded, or how many players have it."""

    share: float | None = None
    """The per cent of active players who have it."""

    points_required: int = 0


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What happened in all on some days."""

    first: date
    last: date
    days: tuple[DailyTotal, ...]
    """Days on which nothing happened are left out."""

    @property
    def awards(self) -> int:
        return sum(day.awards for day in self.days)

    @property
    def revoked(self) -> int:
        return sum(day.revoked for day in self.days)

    @property
    def points_earned(self) -> int:
        return sum(day.points_earned for day in self.days)

    @property
    def points_spent(self) -> int:
        return sum(day.points_spent for day in self.days)

    def by_day(self, name: str) -> dict[date, int]:
        return {day.day: getattr(day, name) for day in self.days}


def read_totals(first: date, last: date) -> Totals:
    """Give what happened on these days, both included."""
    days = DailyTotal.objects.filter(day__gte=first, day__lte=last)
    return Totals(first=first, last=last, days=tuple(days))


@dataclass(frozen=True)
class BadgeNumbers:
    """One badge: how often it was awarded on some days, and who has it now."""

    pk: int
    name: str
    is_live: bool
    awards: int
    players: int
    active_players: int


def read_badges(first: date, last: date) -> list[BadgeNumbers]:
    """Give all badges with what happened on these days, in one query."""
    on_these_days = FilteredRelation(
        "daily_totals",
        condition=Q(daily_totals__day__gte=first, daily_totals__day__lte=last),
    )
    badges = (
        BadgeDefinition.objects.originals()
        .order_by("name", "pk")
        .annotate(on_these_days=on_these_days)
        .annotate(awards=Sum("on_these_days__awards"))
    )
    return [
        BadgeNumbers(pk, name, live, *(int(number or 0) for number in numbers))
        for pk, name, live, *numbers in badges.values_list(
            "pk",
            "name",
            "live",
            "awards",
            "standing__players",
            "standing__active_players",
        )
    ]


def most_awarded(badges: Iterable[BadgeNumbers]) -> list[Ranked]:
    """Give the badges that were awarded most often on these days."""
    awarded = [badge for badge in badges if badge.awards]
    awarded.sort(key=lambda badge: -badge.awards)
    return [
        Ranked(pk=badge.pk, name=badge.name, number=badge.awards)
        for badge in awarded[:MOST_RANKED]
    ]


def hardest(badges: Iterable[BadgeNumbers], summary: Summary) -> list[Ranked]:
    """Give the badges that somebody has, and the fewest of the active players."""
    earned = [badge for badge in badges if badge.is_live and badge.players]
    earned.sort(key=lambda badge: (badge.active_players, badge.players))
    active = summary.active_players
    return [
        Ranked(
            pk=badge.pk,
            name=badge.name,
            number=badge.players,
            share=badge.active_players * 100 / active if active else None,
        )
        for badge in earned[:MOST_RANKED]
    ]


def levels_reached() -> list[Ranked]:
    """Give how many players have reached each published level, the lowest first."""
    standings = LevelStanding.objects.filter(level__live=True)
    return [
        Ranked(pk=pk, name=name, number=players, points_required=points)
        for pk, name, points, players in standings.order_by(
            "level__points_required"
        ).values_list("level", "level__name", "level__points_required", "players")
    ]


def active_since() -> date:
    """Give the first day that makes those active who did something on it."""
    return today() - timedelta(days=app_settings.ACTIVE_DAYS - 1)
