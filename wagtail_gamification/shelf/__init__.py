"""What one player has, as plain data for templates, blocks and programs.

The definitions come from the cached :mod:`~wagtail_gamification.catalogue`. What the
player has costs one query for badges, and one for unlockables, points and level, each
only where it is asked for; what badges ask for (``steps=True``), one more. To show
several of these, use one :class:`ShelfReader`.

``user`` is a user or a gamification interface; an anonymous user or None has
nothing, and is no error. ``viewer`` is who looks: pass ``request.user`` wherever
somebody else's things are shown, and a player whom the viewer may not see looks
like one who has nothing. Without a viewer, players look at themselves. Texts are in
``locale``, or else in the active language.
"""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale

from wagtail_gamification.catalogue.entries import (
    ShelfCategory,
    ShelfImage,
    ShelfLevel,
)
from wagtail_gamification.models import Category, LevelProgress

from .gates import Gate, GateKind, gate_of
from .items import (
    BadgeState,
    NextBadge,
    Shelf,
    ShelfBadge,
    ShelfStep,
    ShelfUnlockable,
    UnlockableShelf,
    UnlockableState,
)
from .reader import ShelfReader
from .recent import RecentAward, RecentAwards, get_recent_awards
from .samples import sample_badge, sample_level, sample_unlockable

__all__ = [
    "BadgeState",
    "Gate",
    "GateKind",
    "NextBadge",
    "RecentAward",
    "RecentAwards",
    "Shelf",
    "ShelfBadge",
    "ShelfCategory",
    "ShelfImage",
    "ShelfLevel",
    "ShelfReader",
    "ShelfStep",
    "ShelfUnlockable",
    "UnlockableShelf",
    "UnlockableState",
    "gate_of",
    "get_badge",
    "get_level",
    "get_points",
    "get_recent_awards",
    "get_shelf",
    "get_unlockables",
    "sample_badge",
    "sample_level",
    "sample_unlockable",
]


def get_shelf(
    user: Any,
    *,
    category: Category | ShelfCategory | str | None = None,
    show: str = "all",
    limit: int | None = None,
    size: str = "medium",
    steps: bool = False,
    viewer: Any = None,
    locale: Locale | None = None,
) -> Shelf:
    """Give the badges of ``user``.

    ``category`` is one or its slug; ``show`` is ``all``, ``earned`` or ``locked``
    (all that aren't earned); ``limit`` is how many at most; ``size`` is one of
    ``WAGTAIL_GAMIFICATION_IMAGE_SIZES``; ``steps`` adds what each of them asks for and
    how far the player is with that, for one more query.

    :raises UnknownDefinition: where there is no such category
    :raises ValueError: for any other argument that isn't one of these
    """
    return _reader(user, viewer, locale).shelf(
        category=category, show=show, limit=limit, size=size, steps=steps
    )


def get_badge(
    user: Any,
    slug: str,
    *,
    size: str = "medium",
    steps: bool = False,
    viewer: Any = None,
    locale: Locale | None = None,
) -> ShelfBadge | None:
    """Give one badge of ``user``, None where it isn't published and not earned.

    :raises UnknownDefinition: where there is no such badge
    """
    return _reader(user, viewer, locale).badge(slug, size=size, steps=steps)


def get_unlockables(
    user: Any,
    *,
    show: str = "all",
    limit: int | None = None,
    size: str = "medium",
    viewer: Any = None,
    locale: Locale | None = None,
) -> UnlockableShelf:
    """Give the unlockables of ``user``; ``show`` is ``all``, ``unlocked``, ``locked``.

    :raises ValueError: for an argument that isn't one of these
    """
    return _reader(user, viewer, locale).unlockables(show=show, limit=limit, size=size)


def get_level(
    user: Any,
    *,
    size: str = "medium",
    viewer: Any = None,
    locale: Locale | None = None,
) -> LevelProgress:
    """Give the level of ``user`` and the next one, as :class:`ShelfLevel` objects."""
    return _reader(user, viewer, locale).level(size=size)


def get_points(user: Any, *, viewer: Any = None) -> int:
    """Give the points of ``user``."""
    return _reader(user, viewer, None).points


def _reader(user: Any, viewer: Any, locale: Locale | None) -> ShelfReader:
    language = locale.language_code if locale else None
    return ShelfReader(user, viewer=viewer, language=language)
