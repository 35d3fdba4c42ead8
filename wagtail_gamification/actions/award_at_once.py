"""Award one badge to thousands, where nothing follows that has to be looked at singly.

It does what :mod:`.award_many` and :mod:`.follow` do, in statements that name no
player. Who reaches a level by it, unlocks something, or has a day of their own now, is
left to those; so is everybody, where badges or point rules ask for badges or points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.apps import apps
from django.db.models import CharField, F, Q, QuerySet, Value
from django.utils import timezone

from wagtail_gamification.days import day_of
from wagtail_gamification.events.builtin import is_switched_on
from wagtail_gamification.events.objects import object_key_of
from wagtail_gamification.models.achievements import Badge
from wagtail_gamification.models.activity import Activity
from wagtail_gamification.models.definitions import (
    BadgeDefinition,
    UnlockableDefinition,
)
from wagtail_gamification.models.leaderboards import Measure
from wagtail_gamification.models.levels import Level
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import insert_from_select
from wagtail_gamification.requirements.index import rule_index

from .activities import FIELDS, UNIQUE
from .award_many import Terms, awards_of, claim, settle, write_awards, write_ledger
from .players import time_zone_named
from .scoring import add_to_all

LOOKED_AT = frozenset({"badge_earned", "points_reached"})


def are_looked_at(events: Iterable[str] = LOOKED_AT) -> bool:
    """Whether a badge or a point rule looks at one of these events."""
    index = rule_index()
    is_paid = any(index.point_rules.get(event) for event in events)
    return bool(is_paid or index.badges_of(set(events)))


def award_at_once(
    due: QuerySet[Badge],
    rows: QuerySet[Badge],
    players: QuerySet[GamificationInterface],
    definition: BadgeDefinition,
    terms: Terms,
) -> int:
    """Award the badge to all whose rows are ``due``, pay its points; give how many.

    ``rows`` and ``players`` are where those are found afterwards, by the moment at
    which they were awarded: they may be more, such as all in a range of keys.
    The caller has locked them, and has left out who is among
    :func:`with_consequences`.
    """
    # As in award_many: never twice the same moment for one row.
    now = timezone.now() + timedelta(microseconds=1)
    definitions = {definition.pk: definition}
    awarded = claim(due.order_by(), definitions, now, terms)
    if not awarded:
        return 0
    held = rows.filter(acquired_at=now)
    write_awards(held, definitions, terms, now)
    day = day_of(terms.time(now)).toordinal()
    add_to_all(held, 1, day, Measure.BADGES)
    if definition.points:
        players.filter(pk__in=held.values("interface")).update(
            points=F("points") + definition.points
        )
        badges = held.order_by().values("pk")
        write_ledger(awards_of(badges, terms, now), terms.time(now))
        add_to_all(held, definition.points, day, Measure.POINTS)
    if is_switched_on("badge_earned"):
        _count_as_activity(definition, held)
    settle(held, terms)
    return awarded


def with_consequences(
    points: int, players: QuerySet[GamificationInterface]
) -> set[int]:
    """Give those for whom more follows than an award and its points."""
    found = _of_another_day(players.order_by().values("pk"))
    if points:
        found |= that_reach_something(points, players)
    return found


def that_reach_something(
    points: int, players: QuerySet[GamificationInterface]
) -> set[int]:
    """Give those whose points then reach a level or something to unlock."""
    required: set[int] = set()
    opening = UnlockableDefinition.objects.filter(price=None)
    for rows in (Level.objects.all(), opening):
        published: QuerySet = rows.filter(live=True, original=None)
        required.update(published.order_by().values_list("points_required", flat=True))
    if not required:
        return set()
    # So that players are compared with numbers, not each with rows of two tables.
    close = Q(pk__in=[])
    for first, last in _runs(sorted(required), points):
        close |= Q(points_earned__gte=first - points, points_earned__lt=last)
    return set(players.order_by().filter(close).values_list("pk", flat=True))


def _runs(numbers: list[int], distance: int) -> Iterator[tuple[int, int]]:
    """Give the first and last of those that are no further apart than that."""
    first = last = numbers[0]
    for number in numbers[1:]:
        if number - last > distance:
            yield first, last
            first = number
        last = number
    yield first, last


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
    add_to_all(held, 1, today.toordinal(), Measure.EVENT, "badge_earned")


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
