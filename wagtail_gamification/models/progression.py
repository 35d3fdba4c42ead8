"""How far a player is, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .levels import Level


@dataclass(frozen=True)
class Progression:
    """Steps done of steps to do."""

    progress: int
    """Steps done. May exceed the target: every step is counted."""

    target: int
    """Steps that it takes, at least 1."""

    @property
    def finished(self) -> bool:
        return self.progress >= self.target

    @property
    def percent(self) -> int:
        """Whole per cent, 0 to 100. 100 only when it is finished."""
        return min(100, self.progress * 100 // self.target)

    @property
    def shown(self) -> int:
        """Steps done, but no more than the target: for “7 of 10”."""
        return min(self.progress, self.target)


@dataclass(frozen=True)
class LevelProgress:
    """Where the points that a player has earned stand among the levels."""

    points: int
    """Those that were earned, whether or not they were spent."""

    level: Level | None
    """The level that is reached, None below the lowest."""

    next_level: Level | None
    """The level to come, None at the highest."""

    @property
    def missing(self) -> int:
        """Points to the next level, 0 at the highest."""
        if self.next_level is None:
            return 0
        return self.next_level.points_required - self.points

    @property
    def progression(self) -> Progression | None:
        """Points since this level began of points between it and the next."""
        if self.next_level is None:
            return None
        start = self.level.points_required if self.level else 0
        steps = self.next_level.points_required - start
        if steps <= 0:
            # Below zero points, with a level that begins at zero.
            return None
        return Progression(max(0, self.points - start), steps)

    @classmethod
    def from_levels(cls, points: int, levels: Iterable[Level]) -> LevelProgress:
        """Place ``points`` among ``levels``, in whatever order they come."""
        reached: Level | None = None
        upcoming: Level | None = None
        for level in levels:
            required = level.points_required
            if required <= points:
                if reached is None or required > reached.points_required:
                    reached = level
            elif upcoming is None or required < upcoming.points_required:
                upcoming = level
        return cls(points, reached, upcoming)
