"""How a definition will look, for editors who preview it: no player is asked."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation

from wagtail_gamification import catalogue
from wagtail_gamification.catalogue.entries import (
    BadgeEntry,
    ShelfLevel,
    UnlockableEntry,
)
from wagtail_gamification.catalogue.reading import (
    badge_values,
    expand,
    filter_for,
    picture,
    read_categories,
)
from wagtail_gamification.models import (
    BadgeDefinition,
    Level,
    LevelProgress,
    UnlockableDefinition,
)

from .items import (
    BadgeState,
    NextBadge,
    ShelfBadge,
    ShelfUnlockable,
    UnlockableState,
)
from .making import BadgeRow, shelf_badge, shelf_unlockable


def sample_badge(
    definition: BadgeDefinition,
    state: BadgeState | str = BadgeState.EARNED,
    *,
    size: str = "large",
) -> ShelfBadge:
    """Show ``definition``, saved or not, as a player in ``state`` would see it.

    A badge without a target can't be in progress: it is shown locked.

    :raises ValueError: where there is no such state
    """
    state = BadgeState(state)
    source = definition.source
    target = source.progression_target
    if state == BadgeState.IN_PROGRESS and not target:
        state = BadgeState.LOCKED
    category = None
    if source.category_id:
        category = read_categories(definition.locale).get(source.category_id)
    entry = BadgeEntry(
        **_shared(definition, size), **badge_values(source, category), next_id=None
    )
    return shelf_badge(entry, state, _sample_row(source, state), _next_of(source))


def sample_unlockable(
    definition: UnlockableDefinition,
    state: UnlockableState | str = UnlockableState.UNLOCKED,
    *,
    size: str = "large",
) -> ShelfUnlockable:
    """Show ``definition``, saved or not, as a player in ``state`` would see it.

    :raises ValueError: where there is no such state
    """
    is_unlocked = UnlockableState(state) == UnlockableState.UNLOCKED
    required = definition.source.points_required or 0
    price = definition.source.price
    entry = UnlockableEntry(
        **_shared(definition, size), points_required=required, price=price
    )
    points = price or required
    return shelf_unlockable(
        entry,
        is_unlocked=is_unlocked,
        unlocked_at=timezone.now() if is_unlocked else None,
        points=points if is_unlocked else points * 2 // 3,
        earned=required if is_unlocked or price else required * 2 // 3,
    )


def sample_level(level: Level, *, size: str = "large") -> LevelProgress:
    """Show ``level``, saved or not, as a player who holds it would see it."""
    required = level.source.points_required or 0
    shown = ShelfLevel(**_shared(level, size), points_required=required)
    above = [
        other
        for other in catalogue.levels(level.locale.language_code, size)
        if other.points_required > required
    ]
    # Some way to the next one, so that the bar shows something.
    points = required
    if above:
        points += (above[0].points_required - required) * 2 // 3
    return LevelProgress.from_levels(points, [shown, *above])  # type: ignore[list-item]


def _sample_row(source: BadgeDefinition, state: BadgeState) -> BadgeRow:
    target = source.progression_target or 0
    if state == BadgeState.IN_PROGRESS:
        return BadgeRow(progress=max(1, target * 2 // 3))
    now = timezone.now()
    if state == BadgeState.EXPIRED:
        return BadgeRow(acquired=True, expires_at=now)
    if state != BadgeState.EARNED:
        return BadgeRow()
    return BadgeRow(
        progress=target,
        acquired=True,
        acquired_at=now,
        times_awarded=1,
        expires_at=source.expiry_from(now),
    )


def _next_of(source: BadgeDefinition) -> NextBadge | None:
    following = source.next_badge.source if source.next_badge else None
    if following is None or following.is_secret or not following.live:
        return None
    return NextBadge(
        following.pk, following.slug, following.name, state=BadgeState.LOCKED
    )


def _shared(definition: Any, size: str) -> dict[str, Any]:
    image = definition.image or definition.source.image
    language = definition.locale.language_code
    with translation.override(language):
        [description] = expand([definition.description or ""])
    return {
        "definition_id": definition.state_id,
        "slug": definition.slug,
        "name": definition.name,
        "description": description,
        "language": language,
        "image": picture(image, filter_for(size)),
        "is_live": True,
        "is_default": True,
    }
