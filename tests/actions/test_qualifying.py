"""Who would earn a badge now: what editors are told before they publish."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone

from wagtail_gamification.actions import qualifying
from wagtail_gamification.actions.qualifying import find_qualifying
from wagtail_gamification.models import (
    Activity,
    Badge,
    BadgeDefinition,
    GamificationInterface,
    Requirement,
)
from wagtail_gamification.models.requirements import Counting
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db

TEN = Requirement(event="lesson", target=10)


def player_with(lessons, **fields):
    player = create_player(**fields)
    Activity.objects.create(interface=player, event="lesson", day=9, count=lessons)
    return player


def test_a_draft_that_nobody_has_saved_is_counted():
    first = player_with(10)
    second = player_with(12)
    for lessons in (9, 6, 5, 0):
        player_with(lessons)

    found = find_qualifying(BadgeDefinition(name="Draft", points=5), [TEN])

    assert found.count == 2
    assert found.players == (first, second)
    assert found.above_half == 2
    assert found.points == 10
    assert found.is_complete


def test_groups_are_counted_as_steps():
    player_with(10, points=7)
    player_with(10)
    asked = [TEN, Requirement(kind="points", target=7)]

    found = find_qualifying(BadgeDefinition(), asked)

    # One step of two is half way, and not more.
    assert (found.count, found.above_half) == (1, 0)
    assert find_qualifying(BadgeDefinition(), []).count == 0


def test_those_who_have_it_or_cannot_get_it_are_left_out(settings):
    definition = create_badge_definition()
    has_it, lost_it, inactive, tester, qualifies = (player_with(10) for _ in range(5))
    definition.award(has_it)
    definition.award(lost_it)
    definition.revoke(lost_it)
    inactive.user.is_active = False
    inactive.user.save()
    tester.user.groups.add(Group.objects.create(name="Testers"))
    settings.WAGTAIL_GAMIFICATION_EXCLUDED_GROUPS = ["Testers"]
    team = GamificationInterface.objects.create()
    Activity.objects.create(interface=team, event="lesson", day=9, count=10)

    assert find_qualifying(definition, [TEN]).players == (qualifies, team)


def test_one_that_can_be_had_again_needs_what_was_not_used_up():
    definition = create_badge_definition(max_awards=2)
    once, twice, full = (player_with(lessons) for lessons in (15, 20, 40))
    badges = Badge.objects.filter(badge_definition=definition)
    badges.filter(interface__in=[once, twice]).update(
        rounds=1, times_awarded=1, acquired=True
    )
    badges.filter(interface=full).update(rounds=2, times_awarded=2, acquired=True)

    assert find_qualifying(definition, [TEN]).players == (twice,)
    # What has expired can be had again.
    badges.filter(interface=full).update(expires_at=timezone.now() - timedelta(1))
    assert find_qualifying(definition, [TEN]).players == (twice, full)


def test_ranges_count_everybody_once(monkeypatch):
    monkeypatch.setattr(qualifying, "FEWEST_AT_ONCE", 2)
    monkeypatch.setattr(qualifying, "MOST_AT_ONCE", 4)
    players = [player_with(10) for _ in range(11)]

    found = find_qualifying(BadgeDefinition(), [TEN], seconds=60, names=3)

    assert (found.count, found.is_complete) == (11, True)
    assert found.players == tuple(players[:3])


def test_what_was_found_is_given_when_the_time_is_up(monkeypatch):
    monkeypatch.setattr(qualifying, "FEWEST_AT_ONCE", 2)
    for _ in range(5):
        player_with(10)
    clock = iter([0, 0, 0, 0, 9, 9, 9, 9])
    monkeypatch.setattr(qualifying, "monotonic", lambda: next(clock))

    found = find_qualifying(BadgeDefinition(), [TEN], seconds=2)

    assert (found.count, found.is_complete) == (2, False)


@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="others can't break a query off"
)
def test_a_query_is_broken_off_and_leaves_the_transaction_as_it_was():
    player_with(10)

    def timeout():
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return cursor.fetchone()[0]

    before = timeout()
    with pytest.raises(qualifying._TimeIsUp), qualifying._no_longer_than(0.01):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
    assert find_qualifying(BadgeDefinition(), [TEN], seconds=60).count == 1
    assert timeout() == before


@pytest.mark.parametrize("counting", Counting.values)
@pytest.mark.parametrize("within_days", [None, 3])
def test_one_pass_counts_what_a_look_at_each_counts(counting, within_days, monkeypatch):
    definition = create_badge_definition()
    players = [create_player() for _number in range(12)]
    Activity.objects.bulk_create(
        Activity(
            interface=player,
            event="lesson",
            day=700_000 + day * (1 + number % 3),
            object_key=f"lesson:{day % 4}" if number % 2 else "",
            count=1 + number % 2,
        )
        for number, player in enumerate(players)
        for day in range(number)
    )
    definition.award(players[10])
    asked = Requirement(
        event="lesson", target=4, counting=counting, within_days=within_days
    )

    in_one_pass = find_qualifying(definition, [asked])
    monkeypatch.setattr(qualifying, "_activities_alone", lambda *args: None)

    assert in_one_pass == find_qualifying(definition, [asked])
    assert players[10] not in in_one_pass.players
