"""What is open to a player, and what opens it to those to whom it isn't."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.catalogue.entries import ShelfLevel
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import Level, Progression

from .items import ShelfBadge, ShelfUnlockable
from .selecting import named

if TYPE_CHECKING:
    from .reader import ShelfReader


class GateKind(models.TextChoices):
    """What a gate asks for. Each is also a ``str``."""

    BADGE = "badge", _("A badge")
    UNLOCKABLE = "unlockable", _("An unlockable")
    LEVEL = "level", _("A level")


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Whether something is open to a player, and what opens it."""

    is_open: bool = False
    is_broken: bool = False
    """What it asks for is gone, or was never chosen: then it is closed to everybody."""

    badge: ShelfBadge | None = None
    unlockable: ShelfUnlockable | None = None
    level: ShelfLevel | None = None
    progression: Progression | None = None
    """How far the player is, where that can be counted."""

    @property
    def missing(self) -> int:
        """Points that are missing, 0 where points don't open it."""
        if self.is_open or self.badge is not None or self.progression is None:
            return 0
        return max(0, self.progression.target - self.progression.progress)

    @property
    def slug(self) -> str:
        """What is asked for; empty where nobody may know it."""
        asked = self.badge or self.unlockable or self.level
        return asked.slug if asked else ""


BROKEN = Gate(is_broken=True)


def gate_of(
    reader: ShelfReader, kind: str, key: str | int | None, *, steps: bool = False
) -> Gate:
    """Say whether what asks for this is open to the reader's player.

    ``key`` is a slug, or the key of the original. ``steps`` measures what a badge that
    is missing asks for, in one more query. A gate that asks for nothing that there is
    stays closed.
    """
    try:
        return open_gate(reader, kind, key, steps=steps) if key else BROKEN
    except UnknownDefinition:
        return BROKEN


def open_gate(
    reader: ShelfReader, kind: str, key: str | int, *, steps: bool = False
) -> Gate:
    """Do the same, and complain.

    :raises UnknownDefinition: where there is no such thing to ask for
    """
    if kind == GateKind.BADGE:
        badge = reader.badge(key)
        if badge is not None and steps and not badge.is_earned:
            badge = reader.badge(key, steps=True)
        is_open = badge is not None and badge.is_earned
        progress = badge.progression if badge else None
        return Gate(is_open=is_open, badge=badge, progression=progress)
    if kind == GateKind.UNLOCKABLE:
        unlockable = reader.unlockable(key)
        return Gate(
            is_open=unlockable is not None and unlockable.is_unlocked,
            unlockable=unlockable,
            progression=unlockable.progression if unlockable else None,
        )
    level = named(key, reader.levels(), Level)
    return _level_gate(reader, level)


def numbered_level_gate(reader: ShelfReader, number: int) -> Gate:
    """Say whether the player has reached the level with this number, from 1 up.

    :raises UnknownDefinition: where there are fewer levels
    """
    levels = reader.levels()
    if not 1 <= number <= len(levels):
        known = [str(place) for place, _level in enumerate(levels, 1)]
        raise UnknownDefinition(Level._meta.verbose_name_raw, str(number), known)
    return _level_gate(reader, levels[number - 1])


def _level_gate(reader: ShelfReader, level: ShelfLevel) -> Gate:
    required, earned = level.points_required, reader.points_earned
    return Gate(
        is_open=reader.is_somebody and earned >= required,
        level=level,
        progression=Progression(max(0, earned), required) if required else None,
    )
