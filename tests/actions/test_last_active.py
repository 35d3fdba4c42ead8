"""The last day of a player is noted with the events."""

from datetime import datetime, timedelta, timezone

import pytest

from wagtail_gamification.models import GamificationInterface
from wagtail_gamification.requirements import rule_index
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 8, 12, tzinfo=timezone.utc)


def last_active(player):
    return GamificationInterface.objects.get(pk=player.pk).last_active


def test_a_new_player_was_never_active():
    assert last_active(create_player()) is None


def test_the_latest_day_is_noted_in_whatever_order_events_come(lesson_completed, done):
    player = create_player()

    for days in (0, 2, 1):
        at = MONDAY + timedelta(days)
        done(lesson_completed.record, player.user, at=at)

    assert last_active(player) == (MONDAY + timedelta(2)).date()


def test_each_player_of_a_batch_has_a_day_of_their_own(lesson_completed, done):
    ada, grace = create_player(), create_player()
    records = [
        (ada, MONDAY),
        (ada, MONDAY + timedelta(3)),
        (grace, MONDAY + timedelta(1)),
    ]

    done(
        lesson_completed.record_many,
        [{"user": player, "at": moment} for player, moment in records],
    )

    assert last_active(ada) == (MONDAY + timedelta(3)).date()
    assert last_active(grace) == (MONDAY + timedelta(1)).date()


def test_what_is_taken_back_leaves_the_day(lesson_completed, done):
    player = create_player()
    done(lesson_completed.record, player.user, at=MONDAY)

    done(lesson_completed.retract, player.user)

    assert last_active(player) == MONDAY.date()


def test_who_is_given_a_badge_was_not_active(done):
    player = create_player()

    done(create_badge_definition().award, player)

    assert last_active(player) is None


def test_only_the_first_event_of_a_day_writes_it(
    lesson_completed, done, assert_max_statements
):
    player = create_player()
    user = player.user
    rule_index()  # read once for all events
    with assert_max_statements(4):
        done(lesson_completed.record, user, at=MONDAY)

    with assert_max_statements(3):
        done(lesson_completed.record, user, at=MONDAY)
