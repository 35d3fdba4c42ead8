"""Totals by day, and where players stand."""

from collections import Counter
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from wagtail_gamification.actions import summarise as module
from wagtail_gamification.actions.erase_player import ErasePlayerAction
from wagtail_gamification.actions.keep_totals import keep_totals_of
from wagtail_gamification.actions.request_summary import request_summary
from wagtail_gamification.actions.summarise import summarise
from wagtail_gamification.actions.totals import fold_day
from wagtail_gamification.days import day_of, start_of, today
from wagtail_gamification.models import (
    Activity,
    Award,
    BadgeStanding,
    DailyBadgeTotal,
    DailyTotal,
    GamificationInterface,
    LevelStanding,
    PointChange,
    Summary,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
)

pytestmark = pytest.mark.django_db

UTC = ZoneInfo("UTC")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def award(definition, player, at=None, revoked_at=None):
    given = definition.award(player)
    values = {"awarded_at": at or given.awarded_at, "revoked_at": revoked_at}
    Award.objects.filter(pk=given.pk).update(**values)
    return given


def book(player, amount, at=None):
    return PointChange.objects.create(
        interface=player, amount=amount, time=at or timezone.now()
    )


def did(player, day, count=1):
    Activity.objects.create(
        interface=player, event="visited", day=day.toordinal(), count=count
    )


def totals():
    """What is stored, by day."""
    return {
        total.day: [getattr(total, name) for name in DailyTotal.COUNTED]
        for total in DailyTotal.objects.all()
        if any(getattr(total, name) for name in DailyTotal.COUNTED)
    }


def badge_totals():
    return {
        (total.day, total.badge_definition_id): [total.awards, total.revoked]
        for total in DailyBadgeTotal.objects.all()
        if total.awards or total.revoked
    }


def in_plain_python():
    """The same, from each row by itself."""
    days, badges, seen = {}, {}, set()
    for given in Award.objects.select_related("badge"):
        for place, moment in enumerate([given.awarded_at, given.revoked_at]):
            if moment:
                day = day_of(moment)
                days.setdefault(day, [0] * 5)[place] += 1
                key = (day, given.badge.badge_definition_id)
                badges.setdefault(key, [0, 0])[place] += 1
    for change in PointChange.objects.all():
        place = 2 if change.amount > 0 else 3
        row = days.setdefault(day_of(change.time), [0] * 5)
        row[place] += abs(change.amount)
    for activity in Activity.objects.filter(count__gt=0):
        if activity.event == "badge_earned":
            continue
        key = (activity.day, activity.interface_id)
        if key not in seen:
            seen.add(key)
            days.setdefault(activity.date, [0] * 5)[4] += 1
    return days, badges


@pytest.fixture
def history():
    """Half a year of three players, two badges and points."""
    players = [create_player() for _ in range(3)]
    badges = [
        create_badge_definition(name, points=points, max_awards=50)
        for name, points in [("One", 10), ("Two", 0)]
    ]
    now = timezone.now()
    for number, player in enumerate(players):
        for step in range(0, 180, 37 + number):
            at = now - timedelta(days=step, hours=step % 24)
            award(badges[step % 2], player, at, at + 5 * DAY if step % 3 else None)
            book(player, 7 if step % 5 else -3, at)
            did(player, day_of(at), count=step % 4)
    return players


def test_each_day_says_what_a_plain_count_says(history):
    summarise()

    assert (totals(), badge_totals()) == in_plain_python()


def test_summarising_again_or_everything_changes_nothing(history):
    summarise()
    before = totals(), badge_totals()

    summarise()
    summarise(everything=True)
    fold_day(today())

    assert (totals(), badge_totals()) == before


def test_a_day_is_the_days_of_the_site_and_not_of_who_looks(settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    moment = start_of(date(2026, 4, 5)) - timedelta(seconds=1)
    book(create_player(), 5, moment)
    book(create_player(), 7, moment + timedelta(seconds=1))

    with timezone.override("America/New_York"):
        summarise()

    assert {day: row[2] for day, row in totals().items()} == {
        date(2026, 4, 4): 5,
        date(2026, 4, 5): 7,
    }


def test_days_of_23_and_of_25_hours_have_all_their_hours(settings):
    settings.TIME_ZONE = "Europe/London"
    player = create_player()
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        moment = start_of(day).astimezone(UTC)
        while moment < start_of(day + DAY):
            book(player, 1, moment)
            moment += HOUR

    summarise()

    assert [row[2] for row in totals().values()] == [23, 25]


def test_what_is_entered_for_a_past_day_is_found(history):
    summarise()
    past = timezone.now() - timedelta(days=400)

    player = history[0]
    award(create_badge_definition("Late"), player, past, past + DAY)
    book(player, 5, past - DAY)
    did(player, day_of(past) - 2 * DAY)
    summarise()

    assert (totals(), badge_totals()) == in_plain_python()


def test_a_row_that_is_committed_late_is_found(history, monkeypatch):
    """Its key is lower than that of the last row that was counted."""
    early = book(history[0], 5)
    book(history[0], 6)
    row = PointChange.objects.filter(pk=early.pk)
    PointChange.objects.filter(pk=early.pk)._raw_delete("default")
    summarise()
    assert not row.exists()
    early.time = timezone.now() - timedelta(days=400)
    PointChange.objects.bulk_create([early])
    GamificationInterface.objects.filter(pk=history[0].pk).update(points=0)

    summarise()

    assert (totals(), badge_totals()) == in_plain_python()


def test_keys_settle_after_an_hour(history, monkeypatch):
    summarise()
    summarise()
    summary = Summary.objects.get()
    assert summary.settled_change == 0
    last = PointChange.objects.latest("pk").pk
    assert summary.seen_change == last

    later = timezone.now() + HOUR
    monkeypatch.setattr(module.timezone, "now", lambda: later)
    summarise()

    assert Summary.objects.get().settled_change == last


def test_only_days_with_something_new_are_counted_anew(history, monkeypatch):
    summarise()
    Summary.objects.update(
        **{f"settled_{name}": 10**9 for name in ("award", "change", "activity")}
    )
    counted = []
    monkeypatch.setattr(module, "fold_day", counted.append)

    summarise()

    assert set(counted) <= {today() - DAY, today()}


def test_a_revocation_counts_on_its_day(history):
    badge = create_badge_definition("Taken")
    given = award(badge, history[0], timezone.now() - 10 * DAY)
    summarise()

    badge.revoke(history[0])
    summarise()

    assert badge_totals()[day_of(timezone.now() - 10 * DAY), badge.pk] == [1, 0]
    assert badge_totals()[today(), badge.pk] == [0, 1]
    assert given.pk


@pytest.mark.parametrize("summarised", [True, False])
def test_totals_stay_when_a_player_is_erased(history, summarised):
    expected = in_plain_python()
    if summarised:
        summarise()
        assert (totals(), badge_totals()) == expected

    user = history[0].user
    user.delete()
    assert not PointChange.objects.filter(interface=history[0].pk).exists()

    if summarised:
        assert (totals(), badge_totals()) == expected
    summarise(everything=True)
    assert (totals(), badge_totals()) == expected
    summarise(everything=True)
    assert (totals(), badge_totals()) == expected


def test_totals_stay_when_the_player_is_erased_and_the_user_stays(history):
    summarise()
    expected = totals(), badge_totals()

    ErasePlayerAction(history[0]).execute()
    summarise(everything=True)

    assert (totals(), badge_totals()) == expected


def test_totals_stay_when_many_users_are_deleted_at_once(history):
    expected = in_plain_python()
    summarise()

    get_user_model().objects.all().delete()
    summarise(everything=True)

    assert (totals(), badge_totals()) == expected


def test_what_an_erased_player_did_in_the_past_and_was_not_counted_yet_stays(history):
    summarise()
    book(history[0], 5, timezone.now() - timedelta(days=400))
    expected = in_plain_python()

    history[0].user.delete()
    summarise()

    assert (totals(), badge_totals()) == expected


def test_keeping_what_is_gone_keeps_nothing(history):
    summarise()
    before = totals()
    key = history[0].pk
    history[0].user.delete()

    keep_totals_of([key])
    summarise(everything=True)

    assert totals() == before


def test_standings_say_who_has_what_and_who_is_active(settings):
    settings.WAGTAIL_GAMIFICATION_ACTIVE_DAYS = 7
    badge = create_badge_definition("Explorer", points=60)
    nobody = create_badge_definition("Nobody's")
    level, high = create_level("One", 50), create_level("High", 5000)
    lately, long_ago, never = (create_player() for _ in range(3))
    for player, days in ((lately, 6), (long_ago, 7), (never, None)):
        day = None if days is None else today().toordinal() - days
        row = GamificationInterface.objects.filter(pk=player.pk)
        row.update(last_active_day=day)
    for player in (lately, long_ago):
        badge.award(player)

    summarise()

    summary = Summary.objects.get()
    assert summary.players == 3
    assert summary.active_players == 1
    assert summary.earning_players == 2
    standing = BadgeStanding.objects.get()
    assert standing.badge_definition == badge != nobody
    assert (standing.players, standing.active_players) == (2, 1)
    assert Counter(dict(LevelStanding.objects.values_list("level", "players"))) == {
        level.pk: 2,
        high.pk: 0,
    }


def test_statements_do_not_grow_with_players(
    history, assert_max_statements, django_user_model
):
    summarise(everything=True)
    days = len(totals())
    settled = dict.fromkeys(
        ["settled_award", "settled_change", "settled_activity"], 99999
    )
    Summary.objects.update(**settled)

    with assert_max_statements(41):
        summarise()
    for _ in range(20):
        player = create_player(5)
        did(player, today())
    with assert_max_statements(41):
        summarise()
    assert len(totals()) == days


def test_the_command_says_how_many_days_it_counted(history):
    out = StringIO()
    call_command("gamification_summarise", "--all", stdout=out)

    assert out.getvalue() == f"{len(totals())} days counted.\n"


def test_an_empty_site_has_nothing_to_count():
    assert summarise() == 0
    assert totals() == {}


def test_who_looks_at_old_totals_asks_for_new_ones_once(
    settings, history, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        request_summary()
    assert len(callbacks) == 1
    assert request_summary().summarised_at is not None

    with django_capture_on_commit_callbacks() as callbacks:
        request_summary()
    assert callbacks == []

    old = timezone.now() - timedelta(minutes=11)
    Summary.objects.update(summarised_at=old, requested_at=old)
    settings.WAGTAIL_GAMIFICATION_SUMMARY_MINUTES = 0
    with django_capture_on_commit_callbacks() as callbacks:
        request_summary()
    assert callbacks == []
    settings.WAGTAIL_GAMIFICATION_SUMMARY_MINUTES = 10
    with django_capture_on_commit_callbacks() as callbacks:
        request_summary()
        request_summary()
    assert len(callbacks) == 1


def test_start_of_a_day_is_aware():
    assert start_of(date(2026, 1, 1)) < datetime.now(tz=timezone.get_default_timezone())
