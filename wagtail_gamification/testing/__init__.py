"""Helpers for a site's own tests: definitions, players, events and signals.

Plain functions that need no other package::

    from wagtail_gamification.testing import create_badge_definition, create_player

    def test_the_tenth_lesson_earns_the_badge(django_user_model):
        create_badge_definition("Reader", progression_target=10)
"""

from .events import record_now
from .factories import (
    create_badge_definition,
    create_leaderboard,
    create_level,
    create_player,
    create_point_rule,
    create_team,
    create_unlockable_definition,
)
from .signals import CaughtSignals, catch_signals

__all__ = [
    "CaughtSignals",
    "catch_signals",
    "create_badge_definition",
    "create_leaderboard",
    "create_level",
    "create_player",
    "create_point_rule",
    "create_team",
    "create_unlockable_definition",
    "record_now",
]
