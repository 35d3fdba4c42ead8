"""Objects to test with. Each argument that a test doesn't give has a plain value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model

from wagtail_gamification.models import (
    BadgeDefinition,
    GamificationInterface,
    Leaderboard,
    Level,
    PointRule,
    Requirement,
    TeamMembership,
    UnlockableDefinition,
)

_numbers = count(1)


def create_badge_definition(
    name: str = "Explorer",
    *,
    requirements: Sequence[Mapping[str, Any]] = (),
    **fields: Any,
) -> BadgeDefinition:
    """Create a published badge definition; every player gets a row for it.

    ``requirements`` are the fields of what it asks for:
    ``[{"event": "lesson_completed", "target": 10}]``.
    """
    definition = BadgeDefinition.objects.create(name=name, **fields)
    for number, asked in enumerate(requirements):
        Requirement.objects.create(
            badge_definition=definition, sort_order=number, **asked
        )
    return definition


def create_point_rule(event: str, points: int = 10, **fields: Any) -> PointRule:
    """Create a published rule that pays for an event."""
    return PointRule.objects.create(
        event=event, points=points, **{"name": event} | fields
    )


def create_unlockable_definition(
    name: str = "Secret garden", points_required: int = 100, **fields: Any
) -> UnlockableDefinition:
    """Create a published unlockable; those who have the points get it."""
    return UnlockableDefinition.objects.create(
        name=name, points_required=points_required, **fields
    )


def create_level(name: str, points_required: int, **fields: Any) -> Level:
    """Create a published level that begins with ``points_required`` points."""
    return Level.objects.create(name=name, points_required=points_required, **fields)


def create_leaderboard(name: str = "Most points", **fields: Any) -> Leaderboard:
    """Create a published leaderboard; of everybody's points, of all time."""
    return Leaderboard.objects.create(name=name, **fields)


def create_team(
    name: str = "Year 7", members: Iterable[GamificationInterface] = ()
) -> GamificationInterface:
    """Create a team with these members."""
    team = GamificationInterface.objects.create(name=name)
    for member in members:
        TeamMembership.objects.create(team=team, member=member)
    return team


def create_player(points: int = 0, **user_fields: Any) -> GamificationInterface:
    """Create a user and give the user's interface, with ``points`` in the ledger."""
    user_model = get_user_model()
    username_field = user_model.USERNAME_FIELD
    user_fields.setdefault(username_field, f"player-{next(_numbers)}")
    user = user_model._default_manager.create_user(**user_fields)
    interface = GamificationInterface.objects.for_user(user)
    if points:
        interface.change_points(points)
    return interface
