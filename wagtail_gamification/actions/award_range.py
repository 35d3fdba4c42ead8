"""Award one badge to thousands, where nothing follows that has to be looked at singly.

It does what :mod:`.award_many` and :mod:`.follow` do, in statements that name no
player. Who reaches a level by it, unlocks something, or has a day of their own now, is
left to those; so is everybody, where badges or point rules ask for badges or points.
"""

from __future__ import annotations

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
from .follow import follow_players
from .player_range import PlayerRange
from .players import time_zone_named


def award_range(players: PlayerRange, reason: str, *, tells: bool) -> int:
    """Award the badge to those of a measured range to whom it is due; give how many.

    Unless it ``tells``, no signal is sent.
    """
    definition, due = players.definition, players.due()
    awarded = 0
    if not tells and _can_be_had_at_once(definition):
        singly = _with_consequences(definition, due)
        at_once = due.exclude(interface__in=sorted(singly)) if singly else due
        awarded = _award_at_once(players, at_once, reason)
    else:
        singly = set(due.values_list("interface", flat=True))
    if singly:
        keys = [definition.pk]
        awarded += follow_players(singly, definitions=keys, reason=reason, tells=tells)
    return awarded


def _can_be_had_at_once(definition: BadgeDefinition) -> bool:
    """Whether no other badge and no rule looks at who gets this one."""
    index = rule_index()
    events = {"badge_earned", "points_reached"}
    is_followed = any(index.point_rules.get(event) for event in events)
    return not (
        is_followed or index.badges_of(events) or definition.can_be_earned_again
    )


def _award_at_once(players: PlayerRange, due: QuerySet[Badge], reason: str) -> int:
    definition = players.definition
    # As in award_many: never twice the same moment for one row.
    now = timezone.now() + timedelta(microseconds=1)
    definitions = {definition.pk: definition}
    awarded = claim(due.order_by(), definitions, now)
    if not awarded:
        return 0
    held = players.rows.filter(acquired_at=now)
    write_awards(held, definitions, reason, now)
    if definition.points:
        players.players.filter(pk__in=held.values("interface")).update(
            points=F("points") + definition.points
        )
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
        add_up=["count"],
        unique=UNIQUE,
    )


def _with_consequences(definition: BadgeDefinition, due: QuerySet[Badge]) -> set[int]:
    """Give those for whom more follows than the award and its points."""
    interfaces = due.order_by().values("interface")
    found = _of_another_day(interfaces)
    if definition.points:
        found |= _that_reach_something(definition.points, interfaces)
    return found


def _of_another_day(interfaces: QuerySet) -> set[int]:
    """Give those for whom it is another day than for the site."""
    if not apps.is_installed("wagtail.users"):
        return set()
    profiles = apps.get_model("wagtailusers", "UserProfile")._base_manager.filter(
        user__gamification_interface__in=interfaces
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


def _that_reach_something(points: int, interfaces: QuerySet) -> set[int]:
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
        pk__in=interfaces,
    )
    return set(reached.values_list("pk", flat=True))
