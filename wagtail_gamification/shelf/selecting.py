"""Which of the things on a shelf are meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from wagtail_gamification.catalogue.entries import Entry, ShelfCategory
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import Category

from .items import ShelfBadge, ShelfUnlockable

D = TypeVar("D", bound="Entry | ShelfCategory")
Item = TypeVar("Item", ShelfBadge, ShelfUnlockable)

BADGE_CHOICES: dict[str, Callable[[ShelfBadge], bool]] = {
    "all": lambda badge: True,
    "earned": lambda badge: badge.is_earned,
    "locked": lambda badge: not badge.is_earned,
}
UNLOCKABLE_CHOICES: dict[str, Callable[[ShelfUnlockable], bool]] = {
    "all": lambda unlockable: True,
    "unlocked": lambda unlockable: unlockable.is_unlocked,
    "locked": lambda unlockable: not unlockable.is_unlocked,
}


def named(slug: str | int, entries: Sequence[D], model: Any) -> D:
    """Give the entry with this slug, or with this key.

    :raises UnknownDefinition: with the slugs that exist
    """
    meant = [entry for entry in entries if slug in (entry.slug, entry.definition_id)]
    if not meant:
        raise UnknownDefinition(
            model._meta.verbose_name_raw, str(slug), [entry.slug for entry in entries]
        )
    return preferred(meant)


def find_category(category: Any, categories: Sequence[ShelfCategory]) -> ShelfCategory:
    """Give the category that an object, a slug or a key means.

    :raises UnknownDefinition: where there is none
    """
    if isinstance(category, Category):
        meant = [item for item in categories if item.definition_id == category.state_id]
    elif isinstance(category, ShelfCategory):
        wanted_id = category.definition_id
        meant = [item for item in categories if item.definition_id == wanted_id]
    elif isinstance(category, int):
        meant = [item for item in categories if item.definition_id == category]
    else:
        meant = [item for item in categories if item.slug == category]
    if not meant:
        raise UnknownDefinition(
            Category._meta.verbose_name_raw,
            getattr(category, "slug", str(category)),
            [item.slug for item in categories],
        )
    return preferred(meant)


def preferred(meant: Sequence[D]) -> D:
    """Choose as ``by_slug()`` does: the default language's comes first."""
    return min(meant, key=lambda item: (not item.is_default, item.definition_id))


def selected(
    found: Sequence[Item],
    choices: Mapping[str, Callable[[Item], bool]],
    show: str,
    limit: int | None,
) -> tuple[Item, ...]:
    if show not in choices:
        raise ValueError(
            f"There is nothing to show as “{show}”. Choose from: {', '.join(choices)}."
        )
    if limit is not None and (
        isinstance(limit, bool) or not isinstance(limit, int) or limit < 1
    ):
        raise ValueError(f"limit must be a whole number from 1 up, not “{limit}”.")
    return tuple(item for item in found if choices[show](item))[:limit]
