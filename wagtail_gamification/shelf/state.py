"""What the database says about one player, read once: two queries for all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet
from django.utils.functional import cached_property

from wagtail_gamification.models import Badge, GamificationInterface

from .making import BadgeRow


@dataclass(frozen=True)
class _Standing:
    """What comes in one query: points, and when what was unlocked."""

    points: int = 0
    earned: int = 0
    is_there: bool = False
    unlocked: dict[int, datetime | None] = field(default_factory=dict)


class PlayerState:
    """What one player has, as far as ``viewer`` may see it."""

    def __init__(self, user: Any, viewer: Any) -> None:
        self.user = user
        self.viewer = viewer

    @property
    def points(self) -> int:
        """The player's balance."""
        return self._standing.points

    @property
    def points_earned(self) -> int:
        """What levels go by: the balance, and what was spent of it."""
        return self._standing.earned

    @property
    def is_somebody(self) -> bool:
        """Whether there is a player here, and one whom the viewer may see."""
        return self._standing.is_there

    @cached_property
    def _interfaces(self) -> QuerySet | None:
        """The player's interface as a query, or None where nobody is meant."""
        interfaces = GamificationInterface.objects.order_by()
        if isinstance(self.user, GamificationInterface):
            interfaces = interfaces.filter(pk=self.user.pk)
        elif getattr(self.user, "is_authenticated", False):
            interfaces = interfaces.owned_by(self.user)
        elif not self.user or hasattr(self.user, "is_authenticated"):
            return None
        else:
            raise ValueError(
                f"{self.user!r} is neither a user nor a gamification interface."
            )
        if self.viewer is None or self.viewer == self.user:
            return interfaces
        return interfaces.visible_to(self.viewer)

    @cached_property
    def _is_own(self) -> bool:
        """Whether the players themselves look.

        What has ended is nobody else's business: to others it looks as if it had never
        been earned.
        """
        if self.viewer is None or self.viewer == self.user:
            return True
        if not isinstance(self.user, GamificationInterface):
            return False
        if not getattr(self.viewer, "is_authenticated", False):
            return False
        players = GamificationInterface.objects.filter(pk=self.user.pk)
        return players.owned_by(self.viewer).exists()

    @cached_property
    def _rows(self) -> dict[int, BadgeRow]:
        if self._interfaces is None:
            return {}
        rows = Badge._base_manager.filter(
            Q(acquired=True) | Q(progress__gt=0), interface__in=self._interfaces
        )
        return {
            definition_id: BadgeRow(*values)
            for definition_id, *values in rows.values_list(
                "badge_definition_id", *BadgeRow._fields
            )
        }

    @property
    def _unlocked(self) -> dict[int, datetime | None]:
        return self._standing.unlocked

    @cached_property
    def _standing(self) -> _Standing:
        if self._interfaces is None:
            return _Standing()
        # One row for each thing that is unlocked, and one where nothing is.
        held = FilteredRelation("unlockables", condition=Q(unlockables__acquired=True))
        rows = list(
            self._interfaces.annotate(held=held).values_list(
                "points",
                "points_earned",
                "held__unlockable_definition_id",
                "held__acquired_at",
            )
        )
        if not rows:
            return _Standing()
        points, earned, *_ = rows[0]
        unlocked = {key: moment for *_, key, moment in rows if key is not None}
        return _Standing(points, earned, True, unlocked)
