"""What a player is about to lose, so that an editor reads it before it happens.

Asked of the same rows that revoking and resetting change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Locale

from wagtail_gamification.models.definitions import UnlockableDefinition
from wagtail_gamification.models.levels import Level
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.progression import LevelProgress
from wagtail_gamification.models.unlockables import Unlockable

from .balances import unlockables_above


@dataclass(frozen=True, kw_only=True)
class Loss:
    """What goes, and what is left."""

    badges: int
    """Badges that the player holds, ended ones too."""

    awards: int
    """Awards that nobody has taken back, ended ones too."""

    amount: int
    """What is added to the balance: mostly below zero."""

    points: int
    """The balance afterwards."""

    unlockables: tuple[UnlockableDefinition, ...]
    """Those that are locked again. Their ``texts`` are in the active language."""

    level: Level | None
    """The level of now, None below the lowest."""

    level_afterwards: Level | None

    @property
    def taken(self) -> int:
        """How many points go, below zero where a debt is forgiven."""
        return -self.amount

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take."""
        return not (self.awards or self.amount or self.unlockables)

    @property
    def changes_level(self) -> bool:
        return self.level != self.level_afterwards

    @property
    def digest(self) -> str:
        """What tells this from another loss, for a form to carry.

        The balance isn't in it: an active player's changes all the time.
        """
        named = [item.pk for item in self.unlockables]
        level = self.level_afterwards.pk if self.level_afterwards else 0
        told = [self.awards, self.amount, *sorted(named), f"level {level}"]
        return " ".join(map(str, told))


def loss_of(
    interface: GamificationInterface,
    amount: int,
    *,
    badges: int = 0,
    awards: int = 0,
    locked: QuerySet[Unlockable] | None = None,
    forgets_spending: bool = False,
) -> Loss:
    """Say what follows when ``amount`` is added to a player's balance.

    ``locked`` are the unlockables that go, where it isn't the points that decide. With
    ``forgets_spending``, what was spent doesn't count as earned any more.
    """
    players = GamificationInterface.objects.filter(pk=interface.pk)
    found = players.values_list("points", "points_earned").first()
    balance, earned = found or (0, 0)
    left = (balance if forgets_spending else earned) + amount
    if locked is None:
        locked = unlockables_above(left, [interface.pk])
        locked = locked if amount < 0 else locked.none()
    locale = Locale.get_active()
    known: Any = Level.objects
    levels = list(known.in_locale(locale).live())
    definitions = UnlockableDefinition.objects.in_locale(locale)
    return Loss(
        badges=badges,
        awards=awards,
        amount=amount,
        points=balance + amount,
        unlockables=tuple(definitions.filter(unlockables__in=locked)),
        level=LevelProgress.from_levels(earned, levels).level,
        level_afterwards=LevelProgress.from_levels(left, levels).level,
    )
