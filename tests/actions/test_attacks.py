"""What somebody tries to get points and badges for nothing, or to break recording."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F, Value
from django.db.models.expressions import RawSQL
from django.test import override_settings

from wagtail_gamification import Event, InvalidEvent, signals
from wagtail_gamification.events import (
    describe_object,
    object_key_of,
    temporary_events,
)
from wagtail_gamification.events.objects import describe_objects, find_object
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    Campaign,
    Category,
    Failure,
    GamificationInterface,
    PointChange,
    Requirement,
)
from wagtail_gamification.requirements import (
    RequirementKind,
    drop_index,
    register_requirement_kind,
    rule_index,
    temporary_kinds,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db

NOW = datetime.now(timezone.utc)
LESSONS = {"kind": "event", "event": "lesson_completed"}


def points_of(player):
    points = GamificationInterface.objects.get(pk=player.pk).points
    ledger = PointChange.objects.filter(interface=player)
    assert points == sum(ledger.values_list("amount", flat=True))
    return points


def times_of(player):
    return sum(player.activities.values_list("count", flat=True))


@pytest.fixture
def liked():
    with temporary_events():
        yield Event("liked", "Likes something", once_per="object")


@pytest.mark.parametrize(
    ("rule", "script", "points", "times"),
    [
        # The same thing with other keys, on other days, several times at once.
        ({"once_per_object": True}, "+a +a +b +b", 20, 4),
        ({"once_per_object": True}, "+a -a +a -a +a", 10, 1),
        ({"once_per_object": True}, "+a@2 +a@1 -a +a@1 -a -a +a", 10, 1),
        ({"once_per_object": True}, "+a*5 -a*2 +a*2 -a*4", 10, 1),
        ({"once_per_object": True}, "+a*5 -a*9", 0, 0),
        # Taken back in part.
        ({}, "+a*5 -a*2", 30, 3),
        ({}, "+a*5@3 +a -a*2", 40, 4),
        ({}, "-a -a +a", 10, 1),
        ({}, "+a -a -a -a +b", 10, 1),
        # A day's limit isn't got round by taking back, nor the total one by days.
        ({"daily_limit": 25}, "+a*5 -a*5 +a*5", 25, 5),
        ({"daily_limit": 25}, "+a +b +c -a -b -c", 0, 0),
        ({"daily_limit": 25}, "+a*9@2 +a*9@1 -a@2 +a@2", 50, 18),
        ({"total_limit": 35}, "+a*2@3 +b*2@2 +c*2@1 -c@1 +d", 35, 6),
    ],
)
def test_nothing_is_paid_twice(
    lesson_completed, done, point_rule, rule, script, points, times
):
    point_rule(points=10, **rule)
    player = create_player()
    lessons = {name: Group.objects.create(name=name) for name in "abcd"}
    for step in script.split():
        what, _at, days = step[1:].partition("@")
        name, _times, quantity = what.partition("*")
        at = {"at": NOW - timedelta(days=int(days))} if days else {}
        say = {"+": lesson_completed.record, "-": lesson_completed.retract}[step[0]]
        done(say, player.user, lessons[name], int(quantity or 1), **at)

    assert (points_of(player), times_of(player)) == (points, times)


def test_a_key_takes_back_all_that_it_was_recorded_for(
    lesson_completed, done, point_rule
):
    point_rule(points=10)
    player, other = create_player(), create_player()
    done(lesson_completed.record, player.user, quantity=3, key="order")
    done(lesson_completed.record, player.user, quantity=4, key="another")
    done(lesson_completed.record, other.user, key="order")

    done(lesson_completed.retract, player.user, key="order")
    done(lesson_completed.retract, player.user, quantity=9, key="order")
    done(lesson_completed.record, player.user, quantity=3, key="order")

    assert (points_of(player), times_of(player)) == (40, 4)
    assert points_of(other) == 10


def test_a_key_that_was_not_counted_takes_nothing_back(liked, done, point_rule):
    point_rule("liked", points=10)
    player, photo = create_player(), Group.objects.create(name="A")
    done(liked.record, player.user, photo, quantity=3, key="first")
    done(liked.record, player.user, photo, key="second")

    done(liked.retract, player.user, photo, key="second")

    assert (points_of(player), times_of(player)) == (10, 1)
    done(liked.retract, player.user, photo, key="first")
    assert (points_of(player), times_of(player)) == (0, 0)


def test_a_campaign_multiplies_within_the_limits(lesson_completed, done, point_rule):
    point_rule(points=10, daily_limit=25)
    done(Campaign.objects.create, name="May", multiplier=Decimal("2.5"))
    rule_index()
    player = create_player()

    for _ in range(3):
        done(lesson_completed.record, player.user)
        done(lesson_completed.record, player.user)
        assert points_of(player) == 25
        done(lesson_completed.retract, player.user, quantity=2)
        assert points_of(player) == 0


def test_after_a_reset_all_can_be_had_again_and_nothing_is_taken_twice(
    lesson_completed, liked, done, point_rule
):
    for event in ("liked", "lesson_completed"):
        point_rule(event, slug=event, points=10, once_per_object=True, total_limit=10)
    point_rule(slug="each", points=1)
    player, photo = create_player(), Group.objects.create(name="A")
    for times in (1, 2):
        done(lesson_completed.record, player.user, photo, key=f"{times}")
        done(liked.record, player.user, photo)
        assert points_of(player) == 21
        if times == 1:
            player.reset()
            assert points_of(player) == 0

    done(lesson_completed.retract, player.user, photo, key="2")
    done(liked.retract, player.user, photo)

    assert points_of(player) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))},
        {"at": datetime.max.replace(tzinfo=timezone(-timedelta(hours=12)))},
        {"key": "a\0b"},
        {"key": "half \ud83d of a smile"},
        {"quantity": 10**6 + 1},
    ],
)
def test_what_no_worker_could_store_is_refused_at_once(lesson_completed, wrong):
    with pytest.raises(InvalidEvent, match="lesson_completed"):
        lesson_completed.record(create_player().user, **wrong)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "America", "?"])
def test_the_most_that_can_be_said_is_stored(
    lesson_completed, done, badge_for, point_rule, zone
):
    from wagtail.users.models import UserProfile

    badge_for({**LESSONS, "target": 10**9})
    point_rule(points=10**6)
    done(Campaign.objects.create, name="May", multiplier=100)
    player = create_player()
    profile = UserProfile.get_for_user(player.user)
    profile.current_time_zone = zone
    profile.save()

    at = datetime(1900, 1, 1, tzinfo=timezone.utc)
    for key in "é" * 100, "e" * 100, "É" * 100:
        done(lesson_completed.record, player.user, None, 10**6, at, key)

    assert Badge.objects.get().progress == 3 * 10**6
    assert points_of(player) == 3 * 10**14


def test_keys_that_differ_only_in_case_are_different_objects(
    lesson_completed, done, badge_for, point_rule
):
    badge_for({**LESSONS, "target": 9, "counting": "objects"})
    point_rule(points=10, once_per_object=True)
    player = create_player()
    # Some databases take these for one: they are not all stored there.
    words = [Session(pk=text) for text in ("ab", "aB", "a b", "áb", "a%42")]
    Session.objects.create(pk="aB", expire_date=NOW)

    for word in words * 2:
        done(lesson_completed.record, player.user, word)

    assert Badge.objects.get().progress == len(words)
    assert points_of(player) == 10 * len(words)
    key = object_key_of(words[1])
    assert key == "sessions.session:a%42"
    assert find_object(key).pk == "aB"
    assert describe_objects([key])[key] == describe_object(key) == str(words[1])


@pytest.mark.parametrize("rows_are_prepared", [True, False])
def test_what_is_gone_is_never_met_and_stops_nothing(
    lesson_completed, done, badge_for, rows_are_prepared
):
    gone = done(create_badge_definition, "Gone")
    category, level = Category.objects.create(name="Gone"), create_level("Gone", 0)
    with override_settings(WAGTAIL_GAMIFICATION_PREPARE_ROWS=rows_are_prepared):
        for name, asked in {
            "badge": {"kind": "badge", "badge": gone},
            "category": {"kind": "badge", "category": category},
            "level": {"kind": "level", "level": level},
            "kind": {"kind": "no_more"},
            "event": {"kind": "event", "event": "no_more"},
            "object": {**LESSONS, "object_key": "no.model:7"},
            "page": {**LESSONS, "object_key": "wagtailcore.page:9", "is_below": True},
        }.items():
            badge_for(asked, {**LESSONS}, name=name)
        badge_for(LESSONS, name="There", points=5)
        for each in (gone, category, level):
            done(each.delete)
        player = create_player()

        done(lesson_completed.record, player.user)

    names = Badge.acquired_objects.values_list("badge_definition__name", flat=True)
    assert list(names) == ["There"]
    assert not Failure.objects.exists()


def test_a_badge_that_was_deleted_since_the_rules_were_read(
    lesson_completed, done, badge_for
):
    badge_for(LESSONS, name="There")
    gone = badge_for(LESSONS, name="Gone")
    player = create_player()
    rule_index()
    # As another process does that shares no cache with this one.
    Badge.objects.filter(badge_definition=gone).delete()
    Requirement.objects.filter(badge_definition=gone).delete()
    type(gone).objects.filter(pk=gone.pk).delete()

    done(lesson_completed.record, player.user)

    names = Badge.acquired_objects.values_list("badge_definition__name", flat=True)
    assert list(names) == ["There"]


def _raise(*_args):
    raise RuntimeError("Out of order")


BROKEN = {
    "events": {"events": _raise},
    "target": {"target": _raise},
    "is_used_up": {"is_used_up": _raise},
    "measure": {"measure": _raise},
    "sql": {"measure": lambda *_: RawSQL("no_such_column", ())},
    "in a row": {"measure": lambda *_: RawSQL("1 / 0", ())},
    "no number": {"measure": lambda *_: Value("many")},
    "field": {"measure": lambda *_: F("no_such_field")},
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_kind_of_the_site_that_raises_stops_no_other_badge(
    lesson_completed, done, badge_for, point_rule, how
):
    if how == "in a row" and connection.vendor != "postgresql":
        pytest.skip("Elsewhere 1 / 0 is no error.")
    works = {
        "code": "broken",
        "label": "Broken",
        "events": lambda *_: ["lesson_completed"],
        "measure": lambda *_: Value(1),
        "sentence": lambda *_: "Is broken",
    }
    with temporary_kinds():
        kind = type("Broken", (RequirementKind,), works)
        register_requirement_kind(kind)
        badge_for({"kind": "broken"}, name="Breaks")
        badge_for(LESSONS, name="Works")
        point_rule(points=10)
        for name, value in BROKEN[how].items():
            setattr(kind, name, value)
        done(drop_index)
        player = create_player()

        done(lesson_completed.record, player.user)
        done(lesson_completed.record, player.user)

    assert points_of(player) == 20
    names = Badge.acquired_objects.values_list("badge_definition__name", flat=True)
    assert list(names) == ["Works"]
    assert "Breaks (broken)" in set(Failure.objects.values_list("name", flat=True))


def test_a_kind_that_measures_more_than_any_column_holds(
    lesson_completed, done, badge_for
):
    with temporary_kinds():

        @register_requirement_kind
        class Endless(RequirementKind):
            code, label = "endless", "Endless"

            def events(self, requirement):
                return ["lesson_completed"]

            def measure(self, requirement):
                return RawSQL("1e30", ())

            def sentence(self, requirement):
                return "Never ends"

        badge_for({"kind": "endless"})

        done(lesson_completed.record, create_player().user)

    assert Award.objects.count() == 1
    assert not Failure.objects.exists()


def test_receivers_that_raise_stop_nothing(lesson_completed, done, badge_for):
    badge_for({**LESSONS, "target": 2}, points=50)
    done(create_unlockable_definition, "Garden", points_required=50)
    create_level("Bird", 40)
    player = create_player()
    sent = [
        signals.badge_progressed,
        signals.badge_awarded,
        signals.points_changed,
        signals.unlockable_unlocked,
        signals.level_reached,
    ]
    for signal in sent:
        signal.connect(_raise_for_signal)
    try:
        done(lesson_completed.record, player.user, quantity=2)
    finally:
        for signal in sent:
            signal.disconnect(_raise_for_signal)

    assert points_of(player) == 50
    assert Award.objects.count() == 1
    noted = Failure.objects.values_list("payload__signal", flat=True)
    assert len(noted) == len(set(noted)) == len(sent)


def _raise_for_signal(**_facts):
    raise RuntimeError("Out of order")


def test_who_and_what_is_gone_stops_nobody(lesson_completed, done):
    gone, player = create_player(), create_player()
    lesson = Group.objects.create(name="Birds")
    user = gone.user
    type(user).objects.filter(pk=user.pk).delete()
    target = Group.objects.get(name="Birds")
    lesson.delete()

    happenings = [{"user": each, "target": target} for each in (user, player.user)]
    happenings += [{"user": gone}]
    done(lesson_completed.record_many, happenings)
    done(lesson_completed.retract, user)

    assert Activity.objects.get().interface == player
    assert not Failure.objects.exists()
