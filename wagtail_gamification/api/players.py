"""What the API says of a player: plain data, the same for both versions."""

from __future__ import annotations

from typing import Any

from wagtail_gamification.catalogue.entries import ShelfCategory, ShelfLevel
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import Progression
from wagtail_gamification.shelf import (
    NextBadge,
    ShelfBadge,
    ShelfReader,
    ShelfStep,
    ShelfUnlockable,
)

from .entries import PublicEntries
from .listing import BadRequest

SHOWS = ("all", "earned", "locked")


def shelf(
    user: Any,
    entries: PublicEntries,
    *,
    category: str | None = None,
    show: str = "all",
    steps: bool = False,
) -> dict[str, Any]:
    """Give all that ``user`` has, as on the shelf that the user sees.

    ``entries`` say in which language and with images of which size.

    :raises BadRequest: where there is no such category
    """
    if show not in SHOWS:
        raise BadRequest(f"show must be one of: {', '.join(SHOWS)}")
    reader = ShelfReader(user, viewer=user, language=entries.language)
    try:
        badges = reader.shelf(
            category=category, show=show, size=entries.size, steps=steps
        )
    except UnknownDefinition as error:
        raise BadRequest("there is no such category") from error
    level = reader.level(size=entries.size)
    unlockables = reader.unlockables(size=entries.size)
    return {
        "points": reader.points,
        "level": {
            "current": _level(level.level, entries),
            "next": _level(level.next_level, entries),
            "missing": level.missing,
            "progression": _progression(level.progression),
        },
        "badges": {
            "earned": badges.earned,
            "total": badges.total,
            "items": [_badge(badge, entries) for badge in badges],
        },
        "unlockables": {
            "unlocked": unlockables.unlocked,
            "total": unlockables.total,
            "items": [_unlockable(item, entries) for item in unlockables],
        },
    }


def _badge(badge: ShelfBadge, entries: PublicEntries) -> dict[str, Any]:
    return {
        "id": badge.definition_id,
        "state": badge.state.value,
        "name": badge.name,
        "slug": badge.slug or None,
        "description": str(badge.description),
        "locale": badge.language or None,
        "image": entries.image(badge.image),
        "category": _category(badge.category),
        "points": badge.points,
        "progression": _progression(badge.progression),
        "times_earned": badge.times_earned,
        "can_be_earned_again": badge.can_be_earned_again,
        "is_hidden": badge.is_hidden,
        "earned_at": badge.earned_at,
        "expires_at": badge.expires_at,
        "expired_at": badge.expired_at,
        "next_badge": _next_badge(badge.next_badge),
        "steps": [_step(step) for step in badge.steps],
    }


def _unlockable(item: ShelfUnlockable, entries: PublicEntries) -> dict[str, Any]:
    return {
        "id": item.definition_id,
        "state": item.state.value,
        "name": item.name,
        "slug": item.slug,
        "description": str(item.description),
        "locale": item.language,
        "image": entries.image(item.image),
        "points_required": item.points_required,
        "price": item.price,
        "is_on_sale": item.is_on_sale,
        "missing": item.missing,
        "progression": _progression(item.progression),
        "unlocked_at": item.unlocked_at,
    }


def _level(level: Any, entries: PublicEntries) -> dict[str, Any] | None:
    if level is None:
        return None
    entry: ShelfLevel = level
    return {
        "id": entry.definition_id,
        "name": entry.name,
        "slug": entry.slug,
        "locale": entry.language,
        "image": entries.image(entry.image),
        "points_required": entry.points_required,
    }


def _step(step: ShelfStep) -> dict[str, Any]:
    return {
        "sentence": step.sentence,
        "progress": step.progress,
        "target": step.target,
        "is_met": step.is_met,
        "alternatives": step.alternatives,
        "rested_on": step.rested_on,
    }


def _progression(steps: Progression | None) -> dict[str, Any] | None:
    if steps is None:
        return None
    return {
        "progress": steps.progress,
        "target": steps.target,
        "finished": steps.finished,
        "percent": steps.percent,
    }


def _category(category: ShelfCategory | None) -> dict[str, Any] | None:
    if category is None:
        return None
    return {
        "id": category.definition_id,
        "slug": category.slug,
        "name": category.name,
    }


def _next_badge(badge: NextBadge | None) -> dict[str, Any] | None:
    if badge is None:
        return None
    return {
        "id": badge.definition_id,
        "slug": badge.slug,
        "name": badge.name,
        "state": badge.state.value,
    }
