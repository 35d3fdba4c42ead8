"""Who is where on a leaderboard, as plain data for templates, blocks and programs.

Players who don't take part are left out of everything here: of lists, numbers, pages
and ranks. Those are players who left the boards or aren't public, inactive users,
staff, and members of ``WAGTAIL_GAMIFICATION_EXCLUDED_GROUPS``. It makes no difference
who looks.

``viewer`` is who looks, a user or a gamification interface, whose own place is given
beside the list; nobody (None, an anonymous user) has none. Texts are in ``locale``, or
else in the active language.
"""

from __future__ import annotations

from .boards import is_published
from .items import (
    Leaderboard,
    LeaderboardEntry,
    ViewerState,
)
from .reading import get_leaderboard
from .samples import sample_leaderboard

__all__ = [
    "Leaderboard",
    "LeaderboardEntry",
    "ViewerState",
    "get_leaderboard",
    "is_published",
    "sample_leaderboard",
]
