"""Badges that end: the reminder, the end, and renewal."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from wagtail_gamification import badge_expired, badge_expires_soon
from wagtail_gamification.actions.expire_badges import Expired, expire_badges
from wagtail_gamification.expiries import badge_expiries
from wagtail_gamification.models import Award, Badge, Category
from wagtail_gamification.shelf import BadgeState, ShelfReader, get_badge, get_shelf
from wagtail_gamification.testing import (
    catch_signals,
    create_badge_definition,
    create_player,
)

pytestmark = pytest.mark.django_db


def let_pass(**time):
    """Let time pass for every award."""
    delta = timedelta(**time)
    for model, names in (
        (Award, ("awarded_at", "expires_at")),
        (Badge, ("acquired_at", "expires_at")),
    ):
        for row in model._base_manager.all():
            moved = {
                name: getattr(row, name) - delta for name in names if getattr(row, name)
            }
            model._base_manager.filter(pk=row.pk).update(**moved)


def run(*args):
    out = StringIO()
    call_command("gamification_expire", *args, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Give what a run of the command announces."""

    def tell():
        with catch_signals(badge_expired, badge_expires_soon) as caught:
            with django_capture_on_commit_callbacks(execute=True):
                run()
        return [(fact["signal"], fact["award"]) for fact in caught.facts]

    return tell


def test_a_reminder_is_sent_once_for_each_award_and_then_the_end(told):
    award = create_badge_definition(expires_after=30).award(create_player())
    let_pass(days=22)
    assert told() == []

    let_pass(days=2)
    assert told() == [(badge_expires_soon, award)]
    assert told() == []

    let_pass(days=7)
    assert told() == [(badge_expired, award)]
    assert told() == []
    award.refresh_from_db()
    assert award.reminded_at < award.expired_at


def test_the_signals_bring_what_it_is_about(django_capture_on_commit_callbacks):
    player = create_player()
    definition = create_badge_definition(expires_after=30)
    award = definition.award(player)
    let_pass(days=25)

    with catch_signals(badge_expires_soon) as caught:
        with django_capture_on_commit_callbacks(execute=True):
            expire_badges()

    fact = caught[0]
    assert (fact["award"], fact["interface"]) == (award, player)
    assert fact["badge"].name == definition.name


def test_points_stay_paid_and_the_row_stays_as_it_is():
    player = create_player()
    create_badge_definition(points=10, expires_after=30).award(player)
    let_pass(days=31)
    before = Badge.objects.values().get()

    assert expire_badges() == Expired(expired=1, reminded=0)

    assert Badge.objects.values().get() == before
    player.refresh_from_db()
    assert player.points == 10
    assert player.point_changes.count() == 1


@pytest.mark.parametrize("days", [0, -1])
def test_no_reminder_is_sent_where_the_site_wants_none(told, settings, days):
    settings.WAGTAIL_GAMIFICATION_EXPIRY_REMINDER_DAYS = days
    create_badge_definition(expires_after=30).award(create_player())
    let_pass(days=29)

    assert told() == []


def test_the_setting_says_how_long_before(told, settings):
    settings.WAGTAIL_GAMIFICATION_EXPIRY_REMINDER_DAYS = 20
    create_badge_definition(expires_after=30).award(create_player())
    let_pass(days=11)

    assert [signal for signal, _award in told()] == [badge_expires_soon]


def test_what_was_revoked_renewed_or_never_ends_is_not_announced(told):
    definition = create_badge_definition(expires_after=30)
    definition.award(revoked := create_player())
    first = definition.award(create_player())
    create_badge_definition("For good").award(create_player())
    definition.revoke(revoked)
    let_pass(days=20)
    second = first.renew()
    let_pass(days=11)

    # The first award has ended, and the badge goes on.
    assert told() == []
    first.refresh_from_db()
    assert first.expired_at
    let_pass(days=15)
    assert told() == [(badge_expires_soon, second)]


def test_who_was_reset_hears_nothing(told):
    player = create_player()
    create_badge_definition(expires_after=30).award(player)
    player.reset()
    let_pass(days=31)

    assert told() == []


def test_badges_that_ask_for_one_that_ended_are_measured_anew(badge_for, done):
    birds = Category.objects.create(name="Birds")
    heron = create_badge_definition("Heron", category=birds, expires_after=30)
    meta = badge_for({"kind": "badge", "category": birds, "target": 2}, name="Birder")
    player = create_player()
    done(heron.award, player)
    assert player.badges.get(badge_definition=meta).progress == 1
    let_pass(days=31)

    done(expire_badges)

    assert player.badges.get(badge_definition=meta).progress == 0


def test_the_command_says_how_many_and_a_dry_run_changes_nothing():
    definition = create_badge_definition(expires_after=30)
    definition.award(create_player())
    let_pass(days=6)
    definition.award(create_player())
    let_pass(days=24)
    said = ["1 badge has expired.", "1 badge expires soon."]

    assert run("--dry-run") == said
    assert not Award.objects.exclude(expired_at=None, reminded_at=None).exists()
    assert run() == said
    assert run() == ["0 badges have expired.", "0 badges expire soon."]


def test_a_thousand_awards_take_as_many_statements_as_one(assert_max_statements):
    definition = create_badge_definition(expires_after=30)
    for _number in range(12):
        definition.award(create_player())
    let_pass(days=31)

    with assert_max_statements(13):
        assert expire_badges().expired == 12


def test_awards_are_gone_through_in_portions(monkeypatch):
    monkeypatch.setattr("wagtail_gamification.actions.expire_badges.AWARDS_AT_ONCE", 2)
    definition = create_badge_definition(expires_after=30)
    for _number in range(5):
        definition.award(create_player())
    let_pass(days=31)
    seen = []

    assert expire_badges(lambda *far: seen.append(far)).expired == 5

    assert seen == [(2, 5), (4, 5), (5, 5)]


class TestRenewing:
    def test_a_new_term_begins_before_the_end_of_the_old_one(self):
        player = create_player()
        award = create_badge_definition(points=5, expires_after=30).award(player)
        let_pass(days=25)
        award.refresh_from_db()
        editor = create_player().user

        renewed = award.renew(by=editor, reason="Took the course again")

        assert renewed.number == 2
        assert renewed.expires_at - renewed.awarded_at == timedelta(days=30)
        assert (renewed.awarded_by, renewed.reason) == (editor, "Took the course again")
        badge = player.badges.get()
        assert (badge.times_awarded, badge.expires_at) == (1, renewed.expires_at)
        player.refresh_from_db()
        assert player.points == 10

    def test_most_awards_do_not_stand_in_the_way(self):
        player = create_player()
        definition = create_badge_definition(max_awards=2, expires_after=30)
        definition.award(player)
        second = definition.award(player)
        assert definition.award(player) is None

        assert second.renew().number == 3

        assert player.badges.get().times_awarded == 2

    def test_an_award_is_renewed_once(self):
        award = create_badge_definition(expires_after=30).award(create_player())

        assert award.renew()
        assert award.renew() is None

    def test_an_award_that_has_ended_is_renewed_too(self):
        award = create_badge_definition(expires_after=30).award(create_player())
        let_pass(days=31)

        assert award.renew().number == 2

    def test_what_never_ends_or_was_revoked_is_not_renewed(self):
        player = create_player()
        for_good = create_badge_definition("For good").award(player)
        definition = create_badge_definition(expires_after=30)
        revoked = definition.award(player)
        definition.revoke(player)

        assert for_good.renew() is None
        assert revoked.renew() is None

    def test_a_shortened_term_takes_nothing_away(self):
        definition = create_badge_definition(expires_after=300)
        award = definition.award(create_player())
        definition.expires_after = 10
        definition.save()
        award.refresh_from_db()
        award.badge.refresh_from_db()

        assert award.renew().expires_at == award.expires_at

    def test_a_second_award_without_renewing_still_changes_nothing(self):
        definition = create_badge_definition(expires_after=30)
        player = create_player()
        definition.award(player)

        assert definition.award(player) is None


class TestShelf:
    @pytest.fixture
    def player(self):
        player = create_player()
        create_badge_definition("Heron", expires_after=30).award(player)
        let_pass(days=31)
        return player

    def test_the_owner_sees_that_it_has_expired(self, player):
        for viewer in (None, player.user):
            badge = get_badge(player.user, "heron", viewer=viewer)
            assert badge.is_expired
            assert badge.expired_at < timezone.now()
            assert (badge.earned_at, badge.expires_at) == (None, None)
        assert get_badge(player, "heron", viewer=player.user).is_expired

    def test_others_see_what_they_see_of_one_who_never_earned_it(
        self, player, admin_user, rf
    ):
        from django.contrib.auth.models import AnonymousUser

        never = create_player()
        for viewer in (create_player().user, admin_user, AnonymousUser()):
            for who in (player.user, player):
                seen = get_badge(who, "heron", viewer=viewer)
                assert seen == get_badge(never, "heron", viewer=viewer)
                assert seen.state == BadgeState.LOCKED

    def test_it_does_not_count_as_earned(self, player):
        shelf = get_shelf(player)

        assert (shelf.earned, shelf.total) == (0, 1)
        assert [badge.name for badge in get_shelf(player, show="locked")] == ["Heron"]
        assert not get_shelf(player, show="earned").badges

    def test_it_costs_no_query_more(self, player, assert_max_statements):
        reader = ShelfReader(player.user, viewer=player.user)
        reader.badge("heron")

        with assert_max_statements(0):
            assert reader.shelf().badges[0].is_expired

    def test_steps_to_earn_it_again_are_shown(self):
        player = create_player()
        create_badge_definition("Owl", progression_target=3, expires_after=30)
        player.increment("owl", by=3)
        let_pass(days=31)
        player.increment("owl", by=2)

        badge = get_badge(player, "owl")

        assert badge.is_expired
        assert badge.shows_progress
        assert badge.progression.progress == 2

    def test_it_is_said_in_words_with_the_day(self, player):
        from django.template import Context, Template

        template = Template(
            "{% load gamification_tags %}{% badge 'heron' user=who viewer=who %}"
        )
        page = template.render(Context({"who": player.user}))

        assert "gamification-badge--expired" in page
        assert "Expired <time datetime=" in page


def test_a_players_page_gets_the_ends(assert_max_statements):
    player = create_player()
    first = create_badge_definition("First", expires_after=30).award(player)
    second = create_badge_definition("Second", expires_after=60).award(player)
    create_badge_definition("For good").award(player)
    gone = create_badge_definition("Gone", expires_after=20)
    gone.award(player)
    gone.revoke(player)
    let_pass(days=31)

    with assert_max_statements(1):
        ends = badge_expiries(player)

    assert [(end.award, end.is_expired) for end in ends] == [
        (first, True),
        (second, False),
    ]
    assert ends[0].time_left == timedelta()
    assert timedelta(days=28) < ends[1].time_left < timedelta(days=29)
    assert ends[1].definition.name == "Second"
