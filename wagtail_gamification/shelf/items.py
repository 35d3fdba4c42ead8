"""What is on a shelf: plain data, without HTML except in descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from wagtail_gamification.catalogue.entries import ShelfCategory, ShelfImage
from wagtail_gamification.models import Progression

_NO_TEXT = SafeString("")

# The states have contexts of their own: Wagtail says “Locked” of a page that nobody
# may edit, and in many languages the word has the gender of what it is said of.


class BadgeState(models.TextChoices):
    """How a badge stands with one player. Each is also a ``str``."""

    EARNED = "earned", pgettext_lazy("state of a badge", "Earned")
    IN_PROGRESS = "in_progress", pgettext_lazy("state of a badge", "In progress")
    LOCKED = "locked", pgettext_lazy("state of a badge", "Locked")
    EXPIRED = "expired", pgettext_lazy("state of a badge", "Expired")
    SECRET = "secret", pgettext_lazy("state of a badge", "Secret")

    @property
    def css(self) -> str:
        """The value as it is written in class names."""
        return self.value.replace("_", "-")


class UnlockableState(models.TextChoices):
    """How an unlockable stands with one player. Each is also a ``str``."""

    UNLOCKED = "unlocked", pgettext_lazy("state of an unlockable", "Unlocked")
    LOCKED = "locked", pgettext_lazy("state of an unlockable", "Locked")

    @property
    def css(self) -> str:
        """The value as it is written in class names."""
        return self.value


@dataclass(frozen=True)
class NextBadge:
    """The badge that comes after another one."""

    definition_id: int
    slug: str
    name: str
    state: BadgeState


@dataclass(frozen=True, kw_only=True)
class ShelfStep:
    """One thing that a badge asks for, and how far the player is with it."""

    sentence: str
    """What to do, without its subject: “Completes a lesson 10 times”."""

    progress: int
    """What counts towards it, since the last award where that used it up."""

    target: int
    is_met: bool
    alternatives: int | None = None
    """The number of its group, of which one step is enough; None where it has to be
    met in any case."""

    rested_on: date | None = None
    """The last missed day that the running streak was forgiven."""

    @property
    def progression(self) -> Progression:
        return Progression(self.progress, self.target)


@dataclass(frozen=True, kw_only=True)
class ShelfBadge:
    """One badge as it stands with one player.

    Where the state is ``secret``, all but the name is empty, and the name says
    nothing.
    """

    state: BadgeState
    name: str
    definition_id: int | None = None
    slug: str = ""
    description: SafeString = _NO_TEXT
    """HTML that Wagtail's rich text made."""

    language: str = ""
    """The language of name and description."""

    image: ShelfImage | None = None
    category: ShelfCategory | None = None
    points: int = 0
    progression: Progression | None = None
    """Steps done of steps to do, None where the badge has no target."""

    times_earned: int = 0
    can_be_earned_again: bool = False
    earned_at: datetime | None = None
    expires_at: datetime | None = None
    expired_at: datetime | None = None
    """When it ended, where the player looks and had it once."""

    next_badge: NextBadge | None = None
    is_hidden: bool = False
    """Whether the player hides it: then nobody else has it on a shelf."""

    steps: tuple[ShelfStep, ...] = ()
    """What it asks for, where that was wanted."""

    @property
    def is_earned(self) -> bool:
        return self.state == BadgeState.EARNED

    @property
    def is_in_progress(self) -> bool:
        return self.state == BadgeState.IN_PROGRESS

    @property
    def is_locked(self) -> bool:
        return self.state == BadgeState.LOCKED

    @property
    def is_expired(self) -> bool:
        return self.state == BadgeState.EXPIRED

    @property
    def is_secret(self) -> bool:
        return self.state == BadgeState.SECRET

    @property
    def initial(self) -> str:
        """What stands in for a missing image."""
        return self.name[:1].upper()

    @property
    def shows_progress(self) -> bool:
        """Whether there are steps to look at: on the way to it, or to it again."""
        steps = self.progression
        if steps is None or not steps.progress:
            return False
        is_again = self.is_expired or (self.is_earned and self.can_be_earned_again)
        return self.is_in_progress or (is_again and not steps.finished)

    @property
    def step_groups(self) -> tuple[tuple[ShelfStep, ...], ...]:
        """The steps, alternatives together, each by itself otherwise."""
        groups: dict[tuple[bool, int], list[ShelfStep]] = {}
        for number, step in enumerate(self.steps):
            is_alone = step.alternatives is None
            key = (is_alone, number if step.alternatives is None else step.alternatives)
            groups.setdefault(key, []).append(step)
        return tuple(map(tuple, groups.values()))

    @property
    def shows_steps(self) -> bool:
        """Whether there are steps to do, for the first time or again."""
        return bool(self.steps) and (not self.is_earned or self.can_be_earned_again)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A player's badges. Looping over it gives them."""

    badges: tuple[ShelfBadge, ...]
    earned: int
    """How many of ``total`` the player has, whatever ``show`` and ``limit`` leave."""

    total: int
    category: ShelfCategory | None = None

    def __iter__(self) -> Iterator[ShelfBadge]:
        return iter(self.badges)

    def __len__(self) -> int:
        return len(self.badges)


@dataclass(frozen=True, kw_only=True)
class ShelfUnlockable:
    """One unlockable as it stands with one player."""

    state: UnlockableState
    name: str
    definition_id: int
    slug: str
    description: SafeString
    """HTML that Wagtail's rich text made."""

    language: str
    image: ShelfImage | None
    points_required: int
    progression: Progression | None
    """Points of the points that it takes, None where it takes none: those of the price
    once as many are earned as it takes to buy it."""

    unlocked_at: datetime | None
    price: int | None = None
    """What it costs, None where it isn't for sale."""

    is_on_sale: bool = False
    """Whether whoever looks may buy it now, given the points."""

    @property
    def is_affordable(self) -> bool:
        """Whether whoever looks can buy it now."""
        return self.is_on_sale and self.missing == 0

    @property
    def missing(self) -> int:
        """Points to the price, or to what has to be earned; 0 where it is unlocked."""
        if self.is_unlocked or self.progression is None:
            return 0
        return max(0, self.progression.target - self.progression.progress)

    @property
    def is_unlocked(self) -> bool:
        return self.state == UnlockableState.UNLOCKED

    @property
    def initial(self) -> str:
        """What stands in for a missing image."""
        return self.name[:1].upper()


@dataclass(frozen=True, kw_only=True)
class UnlockableShelf:
    """A player's unlockables. Looping over it gives them."""

    unlockables: tuple[ShelfUnlockable, ...]
    unlocked: int
    """How many of ``total`` the player has, whatever ``show`` and ``limit`` leave."""

    total: int

    def __iter__(self) -> Iterator[ShelfUnlockable]:
        return iter(self.unlockables)

    def __len__(self) -> int:
        return len(self.unlockables)
