"""How a definition and what a player has of it become one thing on a shelf."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext

from wagtail_gamification.catalogue.entries import BadgeEntry, UnlockableEntry
from wagtail_gamification.models import Progression

from .items import BadgeState, NextBadge, ShelfBadge, ShelfUnlockable, UnlockableState


class BadgeRow(NamedTuple):
    """What the database says about one badge of the player."""

    progress: int = 0
    acquired: bool = False
    acquired_at: datetime | None = None
    revoked: bool = False
    times_awarded: int = 0
    expires_at: datetime | None = None
    rounds: int = 0
    is_hidden: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is earned now: not revoked, not expired."""
        return self._is_held and not self._has_ended

    @property
    def is_expired(self) -> bool:
        """Whether it was earned, and has ended since."""
        return self._is_held and self._has_ended

    @property
    def _is_held(self) -> bool:
        return self.acquired and not self.revoked

    @property
    def _has_ended(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


def shelf_badge(
    entry: BadgeEntry,
    state: BadgeState,
    row: BadgeRow,
    next_badge: NextBadge | None = None,
) -> ShelfBadge:
    """Put a badge and a player's row of it together."""
    if state == BadgeState.SECRET:
        return ShelfBadge(state=state, name=gettext("Secret badge"))
    is_earned = state == BadgeState.EARNED
    return ShelfBadge(
        state=state,
        name=entry.name,
        definition_id=entry.definition_id,
        slug=entry.slug,
        description=entry.description,
        language=entry.language,
        image=entry.image,
        category=entry.category,
        points=entry.points,
        progression=Progression(row.progress, entry.target) if entry.target else None,
        times_earned=row.times_awarded if is_earned else 0,
        can_be_earned_again=is_earned and row.times_awarded < entry.award_limit,
        earned_at=row.acquired_at if is_earned else None,
        expires_at=row.expires_at if is_earned else None,
        expired_at=row.expires_at if state == BadgeState.EXPIRED else None,
        next_badge=next_badge,
        is_hidden=row.is_hidden,
    )


def shelf_unlockable(
    entry: UnlockableEntry,
    *,
    is_unlocked: bool,
    unlocked_at: datetime | None,
    points: int,
    earned: int,
    is_offered: bool = False,
) -> ShelfUnlockable:
    """Put an unlockable and what a player has of it together.

    ``is_offered`` is whether the one who looks could buy it for this player.
    """
    state = UnlockableState.UNLOCKED if is_unlocked else UnlockableState.LOCKED
    required, price = entry.points_required, entry.price
    is_sold = price is not None and earned >= required
    has, target = (points, price) if is_sold else (earned, required)
    return ShelfUnlockable(
        state=state,
        name=entry.name,
        definition_id=entry.definition_id,
        slug=entry.slug,
        description=entry.description,
        language=entry.language,
        image=entry.image,
        points_required=required,
        price=price,
        is_on_sale=is_sold and is_offered and entry.is_live and not is_unlocked,
        progression=Progression(max(0, has), target) if target else None,
        unlocked_at=unlocked_at,
    )
