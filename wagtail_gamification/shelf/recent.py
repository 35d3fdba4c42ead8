"""Who has earned something lately, for everybody to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from wagtail_gamification import catalogue
from wagtail_gamification.actions.players import left_out
from wagtail_gamification.catalogue.entries import (
    BadgeCatalogue,
    BadgeEntry,
    ShelfCategory,
)
from wagtail_gamification.models import Award
from wagtail_gamification.public_names import public_name

from .selecting import find_category


@dataclass(frozen=True, kw_only=True)
class RecentAward:
    """One award that everybody may read about."""

    player: str
    """What the player is called where others read it."""

    interface_id: int
    badge: BadgeEntry
    awarded_at: datetime


@dataclass(frozen=True, kw_only=True)
class RecentAwards:
    """The latest first."""

    awards: tuple[RecentAward, ...]
    category: ShelfCategory | None = None


def get_recent_awards(
    *,
    limit: int = 5,
    category: Any = None,
    size: str = "small",
    badges: BadgeCatalogue | None = None,
) -> RecentAwards:
    """Give the latest awards of the site: one query.

    Only of players who are public, take part in leaderboards and are counted; of
    badges that are published and not secret, and that the player doesn't hide.
    Whoever looks sees the same. ``badges`` is the catalogue where that is at hand.

    :raises UnknownDefinition: where there is no such category
    :raises ValueError: for a limit that isn't a number from 1 to 100
    """
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= 100:
        raise ValueError(f"limit must be a whole number from 1 to 100, not “{limit}”.")
    found = badges or catalogue.badges(catalogue.active_language(), size)
    wanted = find_category(category, found.categories) if category is not None else None
    entries = {
        entry.definition_id: entry
        for entry in found.badges
        if entry.is_live and not entry.is_secret
        if wanted is None or entry.category == wanted
    }
    awards = _shown().select_related("badge__interface__user")
    if wanted is not None:
        awards = awards.filter(badge_definition__in=list(entries))
    return RecentAwards(
        awards=tuple(
            RecentAward(
                player=public_name(award.badge.interface),
                interface_id=award.badge.interface_id,
                badge=entries[award.badge_definition_id],
                awarded_at=award.awarded_at,
            )
            for award in awards.order_by("-awarded_at", "-pk")[:limit]
            # One that was published since the catalogue was read comes soon.
            if award.badge_definition_id in entries
        ),
        category=wanted,
    )


def _shown() -> Any:
    return Award.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
        revoked_at=None,
        badge__revoked=False,
        badge__is_hidden=False,
        badge_definition__live=True,
        badge_definition__is_secret=False,
        badge__interface__is_public=True,
        badge__interface__on_boards=True,
    ).exclude(left_out("badge__interface__user"))
