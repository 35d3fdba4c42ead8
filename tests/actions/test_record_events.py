"""Recording: counted once, paid once, awarded at once."""

from datetime import datetime, timedelta, timezone

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from wagtail_gamification import Event, InvalidEvent, UnknownEvent
from wagtail_gamification.actions.record_events import record_events
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    EventReceipt,
    GamificationInterface,
    PointChange,
    Streak,
)
from wagtail_gamification.testing import (
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db

LESSONS = {"kind": "event", "event": "lesson_completed"}


def seen_today(player):
    """Give the user of a player whose first event of the day was recorded before."""
    tomorrow = datetime.now(timezone.utc).date().toordinal() + 1
    GamificationInterface.objects.filter(pk=player.pk).update(last_active_day=tomorrow)
    return player.user


def points_of(player):
    points = GamificationInterface.objects.get(pk=player.pk).points
    ledger = PointChange.objects.filter(interface=player)
    assert points == sum(ledger.values_list("amount", flat=True))
    return points


def test_an_event_is_counted_for_its_day_and_object(lesson_completed, done):
    player, lesson = create_player(), Group.objects.create(name="Birds")

    done(lesson_completed.record, player.user, target=lesson, quantity=2)
    done(lesson_completed.record, player.user, target=lesson)

    activity = Activity.objects.get()
    assert activity.count == 3
    assert activity.object_key == f"auth.group:{lesson.pk}"
    assert activity.interface == player


def test_a_second_delivery_changes_nothing(
    lesson_completed, done, badge_for, point_rule
):
    badge_for({**LESSONS, "target": 3})
    point_rule(points=7)
    player = create_player()

    for _ in range(2):
        done(lesson_completed.record, player.user, quantity=2, key="Lesson 1")
    # Some databases take these for the same.
    done(lesson_completed.record, player.user, key="lesson 1")

    assert Activity.objects.get(event="lesson_completed").count == 3
    assert Badge.objects.get().progress == 3
    assert points_of(player) == 21


@pytest.mark.parametrize(
    "wrong",
    [
        {"user": 5},
        {"user": "ann"},
        {"quantity": 0},
        {"quantity": 1.5},
        {"quantity": True},
        {"key": ""},
        {"key": "x" * 101},
        {"key": 5},
        {"target": "birds"},
        {"target": Group(name="not saved")},
        {"at": datetime(2026, 1, 1)},  # noqa: DTZ001
        {"at": datetime.now(timezone.utc) + timedelta(hours=1)},
        {"at": "yesterday"},
    ],
)
def test_what_cannot_be_right_is_refused_at_once(lesson_completed, wrong):
    player = create_player()

    with pytest.raises(InvalidEvent, match=r"lesson_completed|target"):
        lesson_completed.record(**{"user": player.user, **wrong})

    assert not Activity.objects.exists()


def test_the_target_is_of_the_model_that_was_named(done):
    with_model = Event("with_model", "Does it", target_model="auth.Group")
    player = create_player()

    with pytest.raises(InvalidEvent, match=r"is not a auth\.Group"):
        with_model.record(player.user, target=player)


@pytest.mark.parametrize("kind", ["anonymous", "nobody", "inactive", "excluded"])
def test_who_is_not_counted(lesson_completed, done, kind):
    user = create_player().user
    if kind == "inactive":
        user.is_active = False
        user.save()
    if kind == "excluded":
        user.groups.add(Group.objects.create(name="Staff"))
    user = {"anonymous": AnonymousUser(), "nobody": None}.get(kind, user)

    with override_settings(WAGTAIL_GAMIFICATION_EXCLUDED_GROUPS=["Staff"]):
        done(lesson_completed.record, user)

    assert not Activity.objects.exists()


def test_an_unknown_event_is_an_error_that_lists_the_known():
    payload = {
        "event": "gone",
        "interface": 1,
        "at": "2026-01-01T00:00:00+00:00",
        "key": "1",
    }

    with pytest.raises(UnknownEvent, match="logged_in"):
        record_events([payload])


@pytest.mark.parametrize(
    ("zone", "day"), [("", 1), ("Pacific/Auckland", 2), ("America/New_York", 1)]
)
def test_a_day_is_one_of_the_user(lesson_completed, done, zone, day):
    from wagtail.users.models import UserProfile

    player = create_player()
    if zone:
        profile = UserProfile.get_for_user(player.user)
        profile.current_time_zone = zone
        profile.save()
    # London has summer time: 22:30 there is 21:30 UTC.
    at = datetime(2026, 7, 1, 21, 30, tzinfo=timezone.utc)

    done(lesson_completed.record, player.user, at=at)

    assert Activity.objects.get().date.day == day


@pytest.mark.parametrize(
    ("once_per", "counted"), [("player", 1), ("object", 2), ("day", 2), (None, 9)]
)
def test_what_counts_once(done, once_per, counted):
    from wagtail_gamification.events import temporary_events

    with temporary_events():
        event = Event("once", "Does it", once_per=once_per)
        player = create_player()
        groups = [Group.objects.create(name=name) for name in "AB"]
        today = datetime.now(timezone.utc)
        for at, group in [(0, 0), (0, 1), (1, 0)]:
            moment = today - timedelta(days=at)
            done(event.record, player.user, groups[group], quantity=3, at=moment)

        total = sum(Activity.objects.values_list("count", flat=True))

    assert total == counted


def test_a_badge_is_earned_with_points_level_and_unlock(
    lesson_completed, done, badge_for
):
    definition = badge_for({**LESSONS, "target": 2}, points=50)
    create_unlockable_definition("Garden", points_required=50)
    create_level("Bird", 40)
    player = create_player()

    done(lesson_completed.record, player.user)
    badge = Badge.objects.get(badge_definition=definition)
    assert (badge.progress, badge.acquired) == (1, False)
    assert badge.progression.target == 2
    done(lesson_completed.record, player.user)

    badge.refresh_from_db()
    assert (badge.progress, badge.acquired, badge.rounds) == (2, True, 1)
    award = Award.objects.get()
    assert (award.points, award.number) == (50, 1)
    assert points_of(player) == 50
    assert player.has_unlocked("garden")
    done(lesson_completed.record, player.user)
    assert Award.objects.count() == 1


def test_a_badge_that_can_be_earned_again_starts_over(
    lesson_completed, done, badge_for
):
    badge_for({**LESSONS, "target": 2}, points=5, max_awards=3)
    player = create_player()

    done(lesson_completed.record, player.user, quantity=5)

    badge = Badge.objects.get()
    assert (badge.times_awarded, badge.rounds, badge.progress) == (2, 2, 1)
    done(lesson_completed.record, player.user, quantity=10)
    badge.refresh_from_db()
    assert badge.times_awarded == 3
    assert points_of(player) == 15


def test_toggling_pays_once(lesson_completed, done, badge_for, point_rule):
    badge_for({**LESSONS, "target": 2}, points=100)
    point_rule(points=10)
    player, lesson = create_player(), Group.objects.create(name="Birds")

    for _ in range(5):
        done(lesson_completed.record, player.user, lesson)
        done(lesson_completed.retract, player.user, lesson)
    done(lesson_completed.record, player.user, lesson)

    assert points_of(player) == 10
    assert not Award.objects.exists()
    assert Badge.objects.get().progress == 1


def test_a_retraction_takes_back_what_its_key_counted_once(
    lesson_completed, done, point_rule
):
    point_rule(points=10)
    player = create_player()
    at = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
    done(lesson_completed.record, player.user, at=at, key="a")
    done(lesson_completed.record, player.user, key="b")

    for _ in range(2):
        done(lesson_completed.retract, player.user, key="a")

    assert sorted(Activity.objects.values_list("count", flat=True)) == [0, 1]
    assert Activity.objects.get(count=0).date.month == 3
    assert points_of(player) == 10


def test_what_was_paid_once_is_taken_back_once(lesson_completed, done, point_rule):
    point_rule(points=10, once_per_object=True)
    player, lesson = create_player(), Group.objects.create(name="Birds")
    for day in (1, 2):
        at = datetime(2026, 3, day, 12, tzinfo=timezone.utc)
        done(lesson_completed.record, player.user, lesson, at=at)

    done(lesson_completed.retract, player.user, lesson, quantity=2)

    assert points_of(player) == 0


def test_every_level_that_is_passed_counts(lesson_completed, done, point_rule):
    for number in (1, 2, 3):
        done(create_level, f"Level {number}", number * 10)
    point_rule(points=30)
    player = create_player()

    done(lesson_completed.record, player.user)

    assert Activity.objects.filter(event="level_reached").count() == 3


def test_a_retraction_that_comes_first_refuses_what_it_takes_back(
    lesson_completed, done, point_rule
):
    point_rule(points=10)
    player = create_player()

    done(lesson_completed.retract, player.user, key="a")
    done(lesson_completed.record, player.user, key="a")

    assert not Activity.objects.exists()
    assert points_of(player) == 0


def test_what_is_taken_back_can_count_again_once(done):
    from wagtail_gamification.events import temporary_events

    with temporary_events():
        event = Event("liked", "Likes something", once_per="object")
        player, group = create_player(), Group.objects.create(name="A")
        done(event.record, player.user, group, key="first")
        done(event.retract, player.user, group)
        done(event.record, player.user, group, key="first")
        assert sum(Activity.objects.values_list("count", flat=True)) == 0
        done(event.record, player.user, group, key="second")
        done(event.record, player.user, group, key="third")

    assert sum(Activity.objects.values_list("count", flat=True)) == 1


def test_what_owners_do_with_their_own_is_not_counted(done):
    from wagtail_gamification.events import temporary_events

    with temporary_events():
        event = Event("read", "Reads a profile", owner="user")
        mine, other = create_player(), create_player()
        done(event.record, mine.user, mine)
        done(event.record, mine.user, other)

    assert Activity.objects.get().object_key.endswith(f":{other.pk}")


def test_a_loop_ends(lesson_completed, done, badge_for, point_rule):
    badge_for({"kind": "points", "target": 10}, points=10, max_awards=50)
    for name in ("Meta", "Other meta"):
        badge_for(
            {"kind": "event", "event": "badge_earned"},
            name=name,
            points=10,
            max_awards=9,
        )
    point_rule("badge_earned", points=10)
    point_rule(points=10, slug="start")
    player = create_player()

    done(lesson_completed.record, player.user)

    # The first once, for nothing of what it asks is used up; the others, which make
    # each other due, as often as they can be had.
    assert Award.objects.count() == 1 + 9 + 9
    assert points_of(player) == 10 + 19 * 10 + 19 * 10


def test_badges_follow_from_badges_levels_and_membership(
    lesson_completed, done, badge_for
):
    first = badge_for(LESSONS, name="First", points=100)
    level = create_level("Bird", 100)
    badge_for(
        {"kind": "badge", "badge": first}, {"kind": "level", "level": level}, name="All"
    )
    badge_for({"kind": "membership", "target": 30}, LESSONS, name="Old")
    player = create_player()

    done(lesson_completed.record, player.user)

    earned = Badge.acquired_objects.values_list("badge_definition__name", flat=True)
    assert sorted(earned) == ["All", "First"]
    old = Badge.objects.get(badge_definition__name="Old")
    assert (old.progress, old.progression.target) == (1, 2)


def test_what_an_editor_awards_by_hand_is_followed_too(
    lesson_completed, done, badge_for
):
    gift = badge_for(name="Gift", points=100)
    badge_for({"kind": "points", "target": 100}, name="Rich")
    badge_for({"kind": "badge", "badge": gift}, name="Given")
    player = create_player()

    done(gift.award, player)

    assert Badge.acquired_objects.count() == 3


def test_a_streak_is_kept_with_its_rest_day(lesson_completed, done, badge_for):
    badge_for(
        {**LESSONS, "target": 4, "counting": "days_in_a_row", "allows_rest_days": True}
    )
    player = create_player()
    # Monday, Tuesday, (Wednesday missed), Thursday; Friday arrives late.
    for day in (2, 3, 5):
        at = datetime(2026, 11, day, 12, tzinfo=timezone.utc)
        done(lesson_completed.record, player.user, at=at)

    streak = Streak.objects.get()
    assert (streak.current, streak.longest) == (3, 3)
    assert streak.rested_on == datetime(2026, 11, 4).toordinal()  # noqa: DTZ001
    assert not Award.objects.exists()
    at = datetime(2026, 11, 6, 12, tzinfo=timezone.utc)
    done(lesson_completed.record, player.user, at=at, key="late")
    assert Award.objects.exists()
    done(lesson_completed.retract, player.user, key="late")
    assert Streak.objects.get().current == 3


def test_a_revoked_badge_stays_revoked_and_a_reset_starts_afresh(
    lesson_completed, done, badge_for
):
    definition = badge_for(LESSONS)
    player = create_player()
    done(lesson_completed.record, player.user)
    definition.revoke(player)
    done(lesson_completed.record, player.user)
    assert not Badge.acquired_objects.exists()

    player.reset()
    assert not Activity.objects.exists()
    done(lesson_completed.record, player.user)

    assert Badge.acquired_objects.count() == 1


def test_a_user_without_an_interface_gets_one(lesson_completed, done):
    user = create_player().user
    GamificationInterface.objects.all().delete()

    done(lesson_completed.record, user)

    assert Activity.objects.get().interface.user == user
    assert EventReceipt.objects.count() == 1


def test_an_event_that_no_requirement_names_takes_three_statements(
    lesson_completed, done, badge_for, assert_max_statements
):
    badge_for({"kind": "event", "event": "visited"})
    player = create_player()

    user = seen_today(player)
    with assert_max_statements(3):
        done(lesson_completed.record, user)

    assert Activity.objects.exists()


@pytest.mark.parametrize("counting", ["every", "objects", "days_in_a_row"])
def test_an_event_that_moves_a_badge_takes_six_statements(
    lesson_completed, done, badge_for, assert_max_statements, counting
):
    badge_for({**LESSONS, "target": 2, "counting": counting})
    player, group = create_player(), Group.objects.create(name="A")

    user = seen_today(player)
    with assert_max_statements(6):
        done(lesson_completed.record, user, group)

    assert Badge.objects.get().progress == 1


def test_an_event_that_earns_a_badge_takes_sixteen_statements(
    lesson_completed, done, badge_for, assert_max_statements
):
    badge_for({**LESSONS, "target": 1}, points=50)
    done(create_unlockable_definition, "Garden", points_required=50)
    player = create_player()

    user = seen_today(player)
    with assert_max_statements(16):
        done(lesson_completed.record, user)

    assert Badge.acquired_objects.exists()
    assert player.has_unlocked("garden")


def test_ten_thousand_events_take_sixty_statements(
    lesson_completed, done, badge_for, point_rule, assert_max_statements
):
    countings = ["every", "objects", "days", "days_in_a_row"]
    for number in range(20):
        counting = countings[number % 4]
        target = 1 if counting.startswith("day") else 1 + number // 2
        badge_for(
            {**LESSONS, "target": target, "counting": counting},
            name=f"Badge {number}",
            points=number,
        )
    point_rule(points=1, daily_limit=5)
    done(create_unlockable_definition, "Garden", points_required=50)
    players = GamificationInterface.objects.bulk_create(
        [GamificationInterface() for _ in range(1000)]
    )
    players = list(GamificationInterface.objects.all())
    groups = [Group.objects.create(name=str(number)) for number in range(10)]

    with assert_max_statements(60):
        done(
            lesson_completed.record_many,
            [
                {"user": player, "target": group}
                for player in players
                for group in groups
            ],
        )

    lessons = Activity.objects.filter(event="lesson_completed")
    assert lessons.count() == 10_000
    assert Award.objects.count() == 20_000
    points = set(GamificationInterface.objects.values_list("points", flat=True))
    assert points == {sum(range(20)) + 5}


def test_what_was_just_awarded_is_found_by_keys(lesson_completed, done, badge_for):
    """By a query for its badges, PostgreSQL compares each with each: it has no numbers
    yet of what this transaction has written."""
    badge_for({**LESSONS, "target": 1}, points=5)
    players = [create_player() for _number in range(3)]

    with CaptureQueriesContext(connection) as captured:
        done(
            lesson_completed.record_many, [{"user": player.user} for player in players]
        )

    award, badge = (
        connection.ops.quote_name(model._meta.db_table) for model in (Award, Badge)
    )
    following = [
        query["sql"]
        for query in captured
        if query["sql"].startswith("INSERT") and f"FROM {award}" in query["sql"]
    ]
    # The points and the notices.
    assert len(following) == 2
    assert not [sql for sql in following if f"FROM {badge}" in sql]
