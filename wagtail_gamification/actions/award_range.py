"""Award one badge to thousands, where nothing follows that has to be looked at singly.

It does what :mod:`.award_many` and :mod:`.follow` do, in statements that name no
player. Who reaches a level by it, unlocks something, or has a day of their own now, is
left to those; so is everybody, where badges or point rules ask for badges or points.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.apps import apps
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.utils import timezone

from wagtail_gamification.events.builtin import is_switched_on
from wagtail_gamification.events.objects import object_key_of
from wagtail_gamification.models.achievements import Award, Badge
from wagtail_gamification.models.activity import Activity
from wagtail_gamification.models.definitions import (
    BadgeDefinition,
    UnlockableDefinition,
)
from wagtail_gamification.models.levels import Level
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import insert_from_select
from wagtail_gamification.requirements.index import rule_index

from .activities import FIELDS, UNIQUE
from .award_many import claim, write_awards, write_ledger
from .players import time_zone_named


def split_due(
    definition: BadgeDefinition, due: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Give the players that :func:`award_range` can do, and the others."""
    index = rule_index()
    events = {"badge_earned", "points_reached"}
    is_followed = any(index.point_rules.get(event) for event in events)
    if is_followed or index.badges_of(events) or definition.can_be_earned_again:
        return [], list(due)
    singly = _of_another_day(due)
    if definition.points:
        singly |= _that_reach_something(definition.points, due)
    return [key for key in due if key not in singly], sorted(singly)


def award_range(definition: BadgeDefinition, due: Collection[int], reason: str) -> int:
    """Award the badge to these players, who are locked; give how many got it.

    Nobody is told.
    """
    if not due:
        return 0
    # As in award_many: never twice the same moment for one row.
    now = timezone.now() + timedelta(microseconds=1)
    definitions = {definition.pk: definition}
    rows = Badge._base_manager.filter(
        badge_definition=definition.pk,
        interface__gte=min(due),
        interface__lte=max(due),
    )
    awarded = claim(rows.filter(interface__in=due), definitions, now)
    held = rows.filter(acquired_at=now)
    write_awards(held, definitions, reason, now)
    if definition.points:
        players = GamificationInterface.objects.filter(
            pk__gte=min(due), pk__lte=max(due), pk__in=held.values("interface")
        )
        players.update(points=F("points") + definition.points)
        awards = Award.objects.filter(badge__in=held.values("pk"), awarded_at=now)
        write_ledger(awards.order_by(), now)
    if is_switched_on("badge_earned"):
        _count_as_activity(definition, held)
    return awarded


def _count_as_activity(definition: BadgeDefinition, held: QuerySet[Badge]) -> None:
    key = Value(object_key_of(definition), output_field=CharField())
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    insert_from_select(
        Activity,
        FIELDS,
        held.order_by().values_list(
            Value("badge_earned"),
            "interface_id",
            Value(today.toordinal()),
            key,
            Value(1),
        ),
        add_up="count",
        unique=UNIQUE,
    )


def _of_another_day(due: Collection[int]) -> set[int]:
    """Give those for whom it is another day than for the site."""
    if not apps.is_installed("wagtail.users"):
        return set()
    profiles = apps.get_model("wagtailusers", "UserProfile")._base_manager.filter(
        user__gamification_interface__in=due
    )
    zones = profiles.values_list("current_time_zone", flat=True).distinct().order_by()
    now = timezone.now()
    today = now.astimezone(time_zone_named(None)).date()
    others = [
        name for name in zones if now.astimezone(time_zone_named(name)).date() != today
    ]
    if not others:
        return set()
    elsewhere = profiles.filter(current_time_zone__in=others)
    return set(elsewhere.values_list("user__gamification_interface", flat=True))


def _that_reach_something(points: int, due: Collection[int]) -> set[int]:
    """Give those whose new balance reaches a level or something to unlock."""
    between = {
        "live": True,
        "original": None,
        "points_required__gt": OuterRef("points"),
        "points_required__lte": OuterRef("points") + points,
    }
    reached = GamificationInterface.objects.filter(
        Exists(Level.objects.filter(**between).order_by())
        | Exists(UnlockableDefinition.objects.filter(**between).order_by()),
        pk__in=due,
    )
    return set(reached.values_list("pk", flat=True))
