"""Notice that badges have ended, or will end soon, and tell of it once.

Whether a badge counts is decided by its ``expires_at`` at every moment, whatever runs
when. What is done here is what has to be done about it: those who ask for the badge
are measured anew, and signals are sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.dispatch import Signal
from django.utils import timezone

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models.achievements import Award
from wagtail_gamification.signals import (
    badge_expired,
    badge_expires_soon,
    send_on_commit,
)

from .follow import follow, follow_events
from .messages import deliver_expiries
from .players import lock_players
from .stepping import try_step

AWARDS_AT_ONCE = 1000


@dataclass(frozen=True)
class Expired:
    """What there was to notice."""

    expired: int
    """Badges that have ended and weren't renewed."""

    reminded: int
    """Badges that end soon."""


def expire_badges(watch: Callable[[int, int], None] | None = None) -> Expired:
    """Announce what has ended and what ends soon, each once; give how many.

    Points stay paid, and what an award unlocked stays unlocked. Safe to be run twice,
    also at once: the statement that marks an award decides who announces it.
    ``watch`` is called with the awards done and all of them.
    """
    now = timezone.now()
    ended, ending = ended_awards(now), ending_awards(now)
    done, total = 0, ended.count() + ending.count()
    announced = []
    for rows, action in ((ended, _expire), (ending, _remind)):
        number = 0
        while keys := _next(rows):
            number += try_step(partial(action, keys, now))
            done += len(keys)
            if watch:
                watch(done, max(done, total))
        announced.append(number)
    return Expired(*announced)


def count_expiring() -> Expired:
    """Count what :func:`expire_badges` would announce now."""
    now = timezone.now()
    return Expired(
        expired=ended_awards(now).filter(_is_latest()).count(),
        reminded=ending_awards(now).count(),
    )


def ended_awards(now: datetime) -> QuerySet[Award]:
    """Give those whose end has come and which nobody has noticed."""
    return Award.objects.filter(
        expired_at=None, expires_at__lte=now, revoked_at=None
    ).order_by("expires_at", "pk")


def ending_awards(now: datetime) -> QuerySet[Award]:
    """Give those to remind of: of each badge the latest, where it ends soon."""
    days = app_settings.EXPIRY_REMINDER_DAYS
    if days <= 0:
        return Award.objects.none()
    return (
        Award.objects.filter(
            expired_at=None,
            expires_at__gt=now,
            expires_at__lte=now + timedelta(days=days),
            reminded_at=None,
            revoked_at=None,
        )
        .filter(_is_latest())
        .order_by("expires_at", "pk")
    )


def _is_latest() -> Q:
    """Leave out what was followed by another award: that one's end counts."""
    return Q(number=F("badge__last_award_number"))


def _next(rows: QuerySet[Award]) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:AWARDS_AT_ONCE])


def _expire(keys: Sequence[int], now: datetime) -> int:
    with transaction.atomic():
        players = lock_players(_players_of(keys))
        due = ended_awards(now).filter(pk__in=keys)
        lost = list(due.filter(_is_latest()).values_list("pk", flat=True))
        # Who waited for the players finds nothing left to mark.
        Award.objects.filter(
            pk__in=keys, expired_at=None, expires_at__lte=now, revoked_at=None
        ).update(expired_at=now)
        for award in _to_announce(badge_expired, lost):
            send_on_commit(
                badge_expired,
                Award,
                award=award,
                badge=award.badge,
                interface=award.badge.interface,
            )
        deliver_expiries(Award.objects.filter(pk__in=lost))
        # Other badges may ask for these.
        held_by = set(_players_of(lost))
        moved = {key: player for key, player in players.items() if key in held_by}
        follow(follow_events({"badge_earned"}, moved), moved)
    return len(lost)


def _remind(keys: Sequence[int], now: datetime) -> int:
    with transaction.atomic():
        lock_players(_players_of(keys))
        # An award that was renewed or revoked since has nobody to be reminded.
        due = ending_awards(now).filter(pk__in=keys)
        found = list(due.values_list("pk", flat=True))
        Award.objects.filter(pk__in=found, reminded_at=None).update(reminded_at=now)
        for award in _to_announce(badge_expires_soon, found):
            send_on_commit(
                badge_expires_soon,
                Award,
                award=award,
                badge=award.badge,
                interface=award.badge.interface,
            )
    return len(found)


def _players_of(awards: Sequence[int]) -> QuerySet:
    rows = Award.objects.filter(pk__in=awards).order_by()
    return rows.values_list("badge__interface", flat=True).distinct()


def _to_announce(signal: Signal, keys: Sequence[int]) -> list[Award]:
    """Read what a signal brings, where anybody listens."""
    if not signal.has_listeners(Award):
        return []
    awards = Award.objects.filter(pk__in=keys).select_related(
        "badge__badge_definition__category", "badge__interface__user"
    )
    return list(awards.order_by("expires_at", "pk"))
