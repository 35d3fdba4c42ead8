"""The screens of players in a browser, as an editor with just the rights needed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, Locale

from tests.browser.accessibility import assert_fits
from wagtail_gamification.models import Activity, GamificationInterface, Streak
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_unlockable_definition,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAYERS = "wagtail_gamification_players"


@pytest.fixture
def editor(django_user_model):
    # What migrations make, and the flush after a test takes away.
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    group = Group.objects.create(name="Community managers")
    group.permissions.add(
        *Permission.objects.filter(
            codename__in=["access_admin", "view_gamificationinterface"]
        )
    )
    editor = django_user_model.objects.create_user("edith", "edith@example.com")
    editor.groups.add(group)
    return editor


@pytest.fixture
def grace(editor, django_user_model):
    """A player to whom much has happened, among others."""
    for name in ("First steps", "Bookworm"):
        create_badge_definition(name, points=40, max_awards=5)
    create_badge_definition(
        "Early bird",
        is_secret=True,
        requirements=[
            {"kind": "event", "event": "visited", "target": 100},
            {"kind": "points", "target": 50, "group": 2},
            {"kind": "event", "event": "logged_in", "target": 5, "group": 2},
        ],
    )
    create_badge_definition("Walker", progression_target=10)
    create_level("Novice", 0)
    create_level("Expert", 200)
    create_unlockable_definition("Secret garden", points_required=100)
    for number in range(60):
        user = django_user_model.objects.create_user(
            f"member{number}", f"member{number}@example.com"
        )
        GamificationInterface.objects.for_user(user).change_points(number)
    user = django_user_model.objects.create_user(
        "grace", "grace@example.com", first_name="Grace", last_name="Hopper"
    )
    player = GamificationInterface.objects.for_user(user)
    player.award("first-steps", by=editor, reason="For the first lesson of the course")
    player.award("bookworm", by=editor, reason="A mistake that was found out later")
    player.revoke("bookworm", by=editor, reason="It was somebody else")
    player.increment("walker", by=7)
    player.change_points(80, reason="Helped at the open day, from morning to evening")
    today = timezone.localdate()
    for day in range(0, 80, 3):
        Activity.objects.create(
            interface=player,
            event="visited",
            day=(today - timedelta(day)).toordinal(),
            count=1 + day % 5,
        )
    Streak.objects.create(
        interface=player,
        event="visited",
        current=3,
        longest=12,
        last_day=today.toordinal(),
    )
    GamificationInterface.objects.filter(pk=player.pk).update(
        last_active_day=today.toordinal()
    )
    return player


def url_of(name, *args):
    return reverse(f"{PLAYERS}:{name}", args=args)


def test_an_editor_finds_a_player_and_sees_how_far_they_are(
    expect, open_page, editor, grace
):
    page = open_page(reverse("wagtailadmin_home"), user=editor)
    page.get_by_role("button", name="Gamification").click()
    page.get_by_role("link", name="Players").click()
    expect(page.get_by_role("link", name="Grace Hopper")).to_be_visible()

    page.get_by_placeholder("Search").fill("hopper")
    expect(page.get_by_text("There is 1 match")).to_be_visible()
    page.get_by_role("link", name="Grace Hopper").click()

    expect(page.get_by_text("7 of 10")).to_be_visible()
    expect(page.get_by_text("It was somebody else")).to_be_visible()
    frame = page.frame_locator("iframe[title*='shelf']")
    page.locator("iframe").scroll_into_view_if_needed()
    expect(frame.get_by_text("Secret badge")).to_be_visible()
    page.get_by_role("link", name="All points of this player").click()
    expect(page.get_by_role("heading", name="Points ledger")).to_be_visible()


def test_an_editor_filters_the_list(expect, open_page, editor, grace):
    page = open_page(url_of("index"), user=editor)
    page.get_by_role("button", name="Show filters").click()

    page.get_by_role("button", name="Has the badge").click()
    page.get_by_role("combobox", name="Has the badge").select_option("First steps")

    expect(page.get_by_text("There is 1 match")).to_be_visible()
    expect(page.get_by_role("link", name="Grace Hopper")).to_be_visible()


def test_the_numbers_of_the_chart_open_below_it(expect, open_page, editor, grace):
    page = open_page(url_of("player", grace.pk), user=editor)
    expect(
        page.get_by_role("img", name="Activity in the last 13 weeks")
    ).to_be_visible()

    page.get_by_text("Show the numbers").click()

    expect(page.get_by_role("columnheader", name="Times")).to_be_visible()


@pytest.mark.parametrize(
    "window", [{"width": 1280}, {"width": 420, "color_scheme": "dark"}]
)
def test_the_screens_fit_and_pass_axe(visit, editor, grace, window):
    for address in [
        url_of("index"),
        url_of("player", grace.pk),
        url_of("ledger", grace.pk),
        url_of("awards", grace.pk),
    ]:
        assert_fits(visit(address, user=editor, **window))
