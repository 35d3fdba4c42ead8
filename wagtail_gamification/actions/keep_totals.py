"""Keep in the totals what players did who are about to be erased."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from wagtail_gamification.days import day_of
from wagtail_gamification.models.achievements import Award
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.totals import DailyBadgeTotal, DailyTotal

from .summarise import past_days
from .totals import add_to_totals, done_by_players, fold_day, totals_locked

AWARDS, REVOKED, EARNED, SPENT, ACTIVE = range(5)


def keep_totals_of(interfaces: Collection[int]) -> None:
    """Note what these players add to each day, by day and by badge.

    To be called once, in the transaction that deletes them, before their rows go;
    once these are gone there is nothing to note. Deleting a
    :class:`~wagtail_gamification.models.GamificationInterface` calls it by itself.
    """
    with totals_locked():
        # A day in the past that something was entered for isn't counted anew once
        # that is gone.
        for day in past_days(among=interfaces):
            fold_day(day)
        days: dict[Any, list[int]] = {}
        badges: dict[Any, list[int]] = {}
        for key, place, number in _facts_of(interfaces):
            days.setdefault(key[:1], [0] * 5)[place] += number
            if len(key) > 1:
                badges.setdefault(key, [0] * 2)[place] += number
        add_to_totals(DailyTotal, [], days, prefix="erased_")
        add_to_totals(DailyBadgeTotal, ["badge_definition"], badges, prefix="erased_")


def _facts_of(interfaces: Collection[int]) -> Iterator[tuple[Any, int, int]]:
    """Give each thing that players did: its day (and badge), which total, how many."""
    awards = Award.objects.filter(badge__interface__in=interfaces).order_by()
    for definition, awarded_at, revoked_at in awards.values_list(
        "badge_definition", "awarded_at", "revoked_at"
    ).iterator():
        yield (day_of(awarded_at), definition), AWARDS, 1
        if revoked_at:
            yield (day_of(revoked_at), definition), REVOKED, 1
    changes = PointChange.objects.filter(interface__in=interfaces).order_by()
    for time, amount in changes.values_list("time", "amount").iterator():
        yield (day_of(time),), EARNED if amount > 0 else SPENT, abs(amount)
    active = done_by_players().filter(interface__in=interfaces)
    for ordinal, _player in (
        active.values_list("day", "interface").distinct().iterator()
    ):
        yield (date.fromordinal(ordinal),), ACTIVE, 1
