"""A player's page: what they have, how far they are, what happened."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from openpyxl import load_workbook

from wagtail_gamification import Event
from wagtail_gamification.events import temporary_events
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    GamificationInterface,
    PlayerPreferences,
    PointChange,
    Streak,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_point_rule,
    create_unlockable_definition,
)

from .conftest import url_of

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def grace(player_of):
    return player_of("grace", 120, first_name="Grace", last_name="Hopper")


@pytest.fixture
def lesson_completed():
    with temporary_events():
        yield Event("lesson_completed", "Completes a lesson")


def page_of(cms, player, name="player"):
    response = cms.get(url_of(name, player.pk))
    assert response.status_code == 200
    return response.content.decode()


def badge_rows(cms, player):
    """Give what the page says of each badge, by name."""
    rows = cms.get(url_of("player", player.pk)).context["badges"]
    return {row.badge.name: row for row in rows}


def do(player, day, event="visited", count=1, object_key=""):
    return Activity.objects.create(
        interface=player,
        event=event,
        day=day.toordinal(),
        count=count,
        object_key=object_key,
    )


def test_the_page_says_who_it_is_and_how_far(cms, grace):
    create_level("Novice", 100)
    create_level("Expert", 200)

    page = page_of(cms, grace)

    assert "Grace Hopper" in page
    assert "grace@example.com" in page
    assert "80 points to Expert" in page
    assert 'max="100" value="20"' in page


def test_progress_is_told_requirement_by_requirement(cms, grace, lesson_completed):
    create_badge_definition(
        "Scholar",
        requirements=[{"kind": "event", "event": "lesson_completed", "target": 10}],
    )
    do(grace, date(2024, 5, 6), "lesson_completed", 7)

    page = page_of(cms, grace)

    assert "Completes a lesson 10 times" in page
    assert "7 of 10" in page


def test_a_badge_with_a_target_tells_its_steps(cms, grace):
    definition = create_badge_definition("Walker", progression_target=10)
    grace.increment(definition.slug, by=3)

    assert "3 of 10" in page_of(cms, grace)


def test_an_editor_sees_what_is_secret_and_that_it_is(cms, grace):
    create_badge_definition("Hidden star", is_secret=True)
    create_badge_definition("Plain star")

    rows = badge_rows(cms, grace)

    assert rows["Hidden star"].is_secret
    assert not rows["Plain star"].is_secret


def test_the_shelf_is_what_the_player_sees(cms, grace):
    create_badge_definition("Hidden star", is_secret=True)
    create_badge_definition("Plain star").award(grace)
    create_unlockable_definition("Garden", points_required=100)
    create_level("Novice", 100)

    response = cms.get(url_of("shelf", grace.pk))

    page = response.content.decode()
    assert "Hidden star" not in page
    assert "Secret badge" in page
    assert "Plain star" in page
    assert "Garden" in page
    assert "Novice" in page
    # In a frame of the page it belongs to, and of no other site.
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert cms.get(url_of("player", grace.pk))["X-Frame-Options"] == "DENY"


def test_the_shelf_shows_what_has_ended_as_the_player_sees_it(cms, grace):
    badge = create_badge_definition("Guest", expires_after=1)
    badge.award(grace)
    grace.badges.update(expires_at=timezone.now() - timedelta(1))

    assert "Expired" in page_of(cms, grace, "shelf")
    assert badge_rows(cms, grace)["Guest"].badge.is_expired


def test_days_are_drawn_and_told(cms, grace):
    today = timezone.localdate()
    do(grace, today, count=2)
    do(grace, today, count=3, object_key="page:1")
    do(grace, today - timedelta(90))
    do(grace, today - timedelta(91), count=50)

    chart = cms.get(url_of("player", grace.pk)).context["chart"]

    assert len(chart.values) == 91
    assert chart.values[-1].value == 5
    assert chart.total == 6


def test_what_follows_from_doing_is_not_counted_as_doing(cms, grace, badge):
    badge.award(grace)
    assert Activity.objects.filter(event="badge_earned").exists()

    assert cms.get(url_of("player", grace.pk)).context["chart"].total == 0


def test_a_player_whose_day_has_begun_already_has_today(cms, grace):
    tomorrow = timezone.localdate() + timedelta(1)
    do(grace, tomorrow)
    GamificationInterface.objects.update(last_active_day=tomorrow.toordinal())

    chart = cms.get(url_of("player", grace.pk)).context["chart"]

    assert chart.values[-1].value == 1


def test_a_streak_that_has_broken_off_is_over(cms, grace):
    today = timezone.localdate().toordinal()
    for event, last_day in [("visited", today - 1), ("logged_in", today - 2)]:
        Streak.objects.create(
            interface=grace, event=event, current=4, longest=9, last_day=last_day
        )

    over, running = cms.get(url_of("player", grace.pk)).context["streaks"]

    assert (over.label, over.current, over.longest) == ("Logs in", 0, 9)
    assert (running.label, running.current, running.longest) == (
        "Visits the site",
        4,
        9,
    )


def test_an_award_says_who_when_and_why(cms, grace, badge):
    giver = get_user_model().objects.create_user("ada", first_name="Ada")
    badge.award(grace, by=giver, reason="For the garden")
    badge.revoke(grace, by=giver, reason="A mistake")

    page = page_of(cms, grace)

    assert "For the garden" in page
    assert "A mistake" in page
    assert "Ada" in page
    assert "Revoked" in page


def test_an_award_that_has_ended_is_said_to_have(cms, grace, badge):
    ended = timezone.now() - timedelta(days=1)
    award = badge.award(grace)
    Award.objects.filter(pk=award.pk).update(expires_at=ended)
    Badge._base_manager.filter(pk=award.badge_id).update(expires_at=ended)

    page = page_of(cms, grace, "awards")

    assert "Expired" in page
    assert "Counts" not in page


def test_points_say_what_they_were_for(cms, grace, badge):
    badge.award(grace)
    rule = create_point_rule("visited", 5, name="A visit")
    PointChange.objects.create(interface=grace, amount=5, rule=rule, event="visited")
    grace.change_points(-30, reason="Traded for a mug")

    page = page_of(cms, grace, "ledger")

    assert "Badge: First steps" in page
    assert "Point rule: A visit" in page
    assert "Traded for a mug" in page
    assert "<bdi>-30</bdi>" in page
    assert "<bdi>+5</bdi>" in page


def test_the_ledger_has_pages_and_the_days_that_are_asked_for(cms, grace):
    PointChange.objects.bulk_create(
        PointChange(interface=grace, amount=1) for _ in range(60)
    )
    old = timezone.now() - timedelta(100)
    PointChange.objects.filter(amount=120).update(time=old)

    first = cms.get(url_of("ledger", grace.pk))
    assert len(first.context["object_list"]) == 50
    second = cms.get(url_of("ledger", grace.pk), {"p": 2})
    assert len(second.context["object_list"]) == 11
    query = {"time_to": (old + timedelta(1)).date().isoformat()}
    found = cms.get(url_of("ledger", grace.pk), query)
    assert [each.amount for each in found.context["object_list"]] == [120]


def test_only_the_latest_are_on_the_page(cms, grace):
    for number in range(12):
        grace.change_points(1, reason=f"Reason {number}")

    response = cms.get(url_of("player", grace.pk))

    assert len(response.context["changes"].data) == 10
    assert url_of("ledger", grace.pk) in response.content.decode()


def test_nothing_of_anybody_else_is_there(cms, grace, player_of, badge):
    other = player_of("zoe", 5)
    badge.award(other, reason="Not hers")
    other.change_points(7, reason="Not hers")

    for name in ("player", "ledger", "awards", "shelf"):
        assert "Not hers" not in page_of(cms, grace, name)


def test_a_player_without_a_user_has_a_page(cms, team, badge):
    badge.award(team)

    for name in ("player", "ledger", "awards", "shelf"):
        assert f"Player {team.pk}" in page_of(cms, team, name)


def test_a_new_player_has_an_empty_page(cms, team):
    page = page_of(cms, team)

    assert "No points yet." in page
    assert "No badge was awarded yet." in page
    assert "No badge has been published yet." in page
    assert "Never" in page


def test_what_others_wrote_is_text(cms, player_of):
    evil = player_of("eve", first_name=EVIL, email="<b>@x.example")
    giver = get_user_model().objects.create_user("giver", first_name=EVIL)
    create_level(EVIL, 1)
    create_level(f"{EVIL} 2", 1000)
    badge = create_badge_definition(EVIL)
    badge.award(evil, by=giver, reason=EVIL)
    badge.revoke(evil, by=giver, reason=EVIL)
    evil.change_points(5, reason=EVIL)

    for name in ("player", "ledger", "awards", "shelf"):
        page = page_of(cms, evil, name)
        assert "<script>alert" not in page, name
        assert "<b>@x" not in page, name


def test_a_file_holds_no_formula(cms, grace):
    create_badge_definition("=Badge").award(grace, reason="=1+1")
    grace.change_points(5, reason="@SUM(A1)")

    for name, formulas in [("ledger", ["'@SUM(A1)"]), ("awards", ["'=Badge", "'=1+1"])]:
        file = cms.get(url_of(name, grace.pk), {"export": "csv"})
        text = b"".join(file.streaming_content).decode()
        assert all(each in text for each in formulas), text
    file = cms.get(url_of("awards", grace.pk), {"export": "xlsx"})
    workbook = load_workbook(BytesIO(b"".join(file.streaming_content)))
    assert "f" not in {cell.data_type for cell in workbook.active[2]}


def fill(player, number):
    """Give a player this many of everything, from users who are all different."""
    badge = create_badge_definition(f"Badge {number}", max_awards=100, points=1)
    for each in range(number):
        giver = get_user_model().objects.create_user(f"giver{number}-{each}")
        award = badge.award(player, by=giver)
        Award.objects.filter(pk=award.pk).update(
            revoked_by=giver, revoked_at=timezone.now()
        )
        player.change_points(1, reason=str(each))
        do(player, date(2024, 1, 1) + timedelta(each), f"event{number}")
        create_badge_definition(
            f"Asked {number} {each}",
            requirements=[{"kind": "event", "event": "visited", "target": each + 1}],
        )


@pytest.mark.parametrize(
    ("name", "statements"),
    [("player", 17), ("shelf", 12), ("ledger", 12), ("awards", 12)],
)
def test_a_page_costs_the_same_however_much_there_is(
    cms,
    grace,
    player_of,
    django_capture_on_commit_callbacks,
    assert_max_statements,
    name,
    statements,
):
    for number in (3, 30):
        with django_capture_on_commit_callbacks(execute=True):
            fill(grace, number)
        player_of(f"other{number}", 5)
        page_of(cms, grace, name)  # the catalogue is cached

        with assert_max_statements(statements):
            page_of(cms, grace, name)


@pytest.mark.parametrize(
    ("name", "field"), [("ledger", "time"), ("awards", "awarded_at")]
)
@pytest.mark.parametrize("query", ["from=0001-01-01", "to=9999-12-31"])
def test_days_that_no_calendar_has_are_refused(cms, grace, name, field, query):
    page = cms.get(f"{url_of(name, grace.pk)}?{field}_{query}").content.decode()

    assert "between the years 1900 and 9000" in page


def test_what_the_player_chose_is_there_to_be_read(cms, grace):
    page = page_of(cms, grace)
    assert "The player has no public page." in page
    assert "On leaderboards" in page
    assert "Hidden by the player" not in page

    create_badge_definition("Walker").award(grace)
    Badge.objects.update(is_hidden=True)
    GamificationInterface.objects.update(on_boards=False)
    PlayerPreferences.objects.create(interface=grace, has_profile=True, digest="weekly")

    page = page_of(cms, grace)
    assert "The player wants a public page." in page
    assert "Not on leaderboards" in page
    assert "E-mail: Weekly" in page
    assert "Hidden by the player" in page
