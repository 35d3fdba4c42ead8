"""What readers of a leaderboard get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from wagtail_gamification.models.leaderboards import Measure


class ViewerState(str, Enum):
    """Where who looks stands on a board."""

    NOBODY = "nobody"
    """Nobody is logged in."""

    LISTED = "listed"
    """They have a rank."""

    NO_SCORE = "no_score"
    """They have no score yet."""

    LEFT = "left"
    """They chose to leave the boards, or not to be public."""

    OUTSIDE = "outside"
    """The board isn't about them: staff, say, or not a member of the team."""


@dataclass(frozen=True, kw_only=True)
class LeaderboardEntry:
    """One player on a board."""

    rank: int
    """1 for the first. Players with the same score share a rank: 1, 2, 2, 4."""

    name: str
    score: int
    interface_id: int
    """The key of the player's interface."""

    is_viewer: bool = False
    profile_id: UUID | None = None
    """The public id of the player's profile, where they have one."""

    profile_url: str = ""
    """Its address, empty where there is none."""

    is_apart: bool = False
    """Whether players between the one before and this one aren't shown."""


@dataclass(frozen=True, kw_only=True)
class Leaderboard:
    """A board as it stands: some of its players, and who looks."""

    definition_id: int
    slug: str
    name: str
    description: SafeString
    language: str
    """The language of the name and the description."""

    measure: str
    """What is compared: ``points``, ``badges`` or ``event``."""

    window: str
    """Which time counts: ``all_time``, ``year``, ``month``, ``week``, ``dates``."""

    starts_on: date | None
    """The first day that counts, None where all days do."""

    ends_on: date | None
    """The last day that counts."""

    entries: tuple[LeaderboardEntry, ...]
    own: LeaderboardEntry | None
    """The place of who looks, where they have one, whether it is in the list or not."""

    viewer_state: ViewerState
    is_ready: bool = True
    """False until the scores of a board that was just published are counted."""

    total: int | None = None
    """How many players have a place, where pages were asked for."""

    page: int | None = None
    pages: int | None = None

    @property
    def unit(self) -> str:
        """What the scores are, to head their column."""
        if self.measure == Measure.POINTS:
            return gettext("Points")
        if self.measure == Measure.BADGES:
            return gettext("Badges")
        return gettext("Times")

    @property
    def own_is_listed(self) -> bool:
        """Whether the list shows the place of who looks."""
        return any(entry.is_viewer for entry in self.entries)

    @property
    def has_left(self) -> bool:
        """Whether who looks chose not to take part."""
        return self.viewer_state is ViewerState.LEFT
