"""Giving by hand in a browser, as an editor with just the rights needed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, Locale

from tests.browser.accessibility import assert_fits, violations
from wagtail_gamification.models import Award, Badge, GamificationInterface
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WINDOWS = [{"width": 1280}, {"width": 420, "color_scheme": "dark"}]


@pytest.fixture
def editor_who(django_user_model):
    """Make an editor who may see players and do one thing to them."""
    # What migrations make, and the flush after a test takes away.
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")

    def make(*codenames):
        group = Group.objects.create(name="Community managers")
        group.permissions.add(
            Permission.objects.get(codename="access_admin"),
            *Permission.objects.filter(
                content_type__app_label="wagtail_gamification",
                codename__in=["view_gamificationinterface", *codenames],
            ),
        )
        editor = django_user_model.objects.create_user("edith", "edith@example.com")
        editor.groups.add(group)
        return editor

    return make


@pytest.fixture
def grace(db):
    """A player with a level, something unlocked, and badges of each kind."""
    Locale.objects.get_or_create(language_code="en")
    create_level("Novice", 0)
    create_level("Expert", 100)
    create_unlockable_definition("Secret garden", points_required=100, relock=True)
    player = create_player(username="grace", first_name="Grace", last_name="Hopper")
    create_badge_definition("Heron", points=40, max_awards=5)
    create_badge_definition("Volunteer", points=10, expires_after=30)
    create_badge_definition("First aid", expires_after=30)
    create_badge_definition("Kingfisher", points=25)
    player.award("heron", reason="For the first count")
    player.award("heron", reason="For the second count")
    player.award("volunteer")
    player.award("first-aid")
    ended = timezone.now() - timedelta(2)
    Badge.objects.filter(badge_definition__slug="first-aid").update(expires_at=ended)
    Award.objects.filter(badge__badge_definition__slug="first-aid").update(
        expires_at=ended
    )
    player.change_points(30, reason="Helped at the open day")
    return player


def url_of(name, *args):
    return reverse(f"wagtail_gamification_players:{name}", args=args)


def points_of(player):
    return GamificationInterface.objects.get(pk=player.pk).points


def choose_action(page, name):
    page.get_by_role("button", name="Actions").click()
    page.get_by_role("link", name=name).click()


def test_a_badge_is_awarded(expect, open_page, editor_who, grace):
    page = open_page(url_of("player", grace.pk), user=editor_who("award_badge"))
    choose_action(page, "Award a badge")
    page.get_by_label("Badge").select_option("Kingfisher")
    page.get_by_label("Reason").fill("Saw one at last")
    page.get_by_label("Internal note").fill("Photograph is with Ada")

    page.get_by_role("button", name="Award the badge").click()

    expect(page.get_by_text("“Kingfisher” is awarded to Grace Hopper.")).to_be_visible()
    expect(page.get_by_text("Saw one at last")).to_be_visible()
    expect(page.get_by_text("Photograph is with Ada")).to_be_visible()
    shelf = page.frame_locator("iframe[title*='shelf']")
    page.locator("iframe").scroll_into_view_if_needed()
    expect(shelf.get_by_text("Kingfisher").first).to_be_visible()
    expect(shelf.get_by_text("Photograph is with Ada")).to_have_count(0)
    assert points_of(grace) == 145


def test_what_was_typed_is_kept_beside_the_error(expect, open_page, editor_who, grace):
    page = open_page(url_of("award", grace.pk), user=editor_who("award_badge"))
    page.get_by_label("Badge").select_option("Kingfisher")
    page.get_by_label("Reason").fill("Saw one at last")
    grace.award("kingfisher", reason="Somebody was faster")

    page.get_by_role("button", name="Award the badge").click()

    expect(page.get_by_text("This player has this badge already")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("Saw one at last")
    expect(page.get_by_role("button", name="Award the badge")).to_be_enabled()
    assert violations(page) == {}


@pytest.mark.parametrize("badge", ["Volunteer", "First aid"])
def test_a_badge_that_ends_is_renewed(expect, open_page, editor_who, grace, badge):
    page = open_page(url_of("player", grace.pk), user=editor_who("award_badge"))
    page.get_by_role("link", name=f"Renew “{badge}”").click()
    expect(page.get_by_text("Renewed now, it lasts until")).to_be_visible()
    page.get_by_label("Reason").fill("Another month")

    page.get_by_role("button", name="Renew the badge").click()

    expect(page.get_by_text(f"“{badge}” of Grace Hopper is renewed.")).to_be_visible()
    expect(page.get_by_text("Another month")).to_be_visible()
    held = Badge.objects.acquired().filter(interface=grace)
    assert held.filter(badge_definition__name=badge).exists()


def test_a_badge_is_taken_back_once_it_is_read_what_goes(
    expect, open_page, editor_who, grace
):
    page = open_page(url_of("player", grace.pk), user=editor_who("revoke_badge"))
    page.get_by_role("link", name="Take back “Heron”").click()
    expect(page.get_by_text("80 points, which leaves 40")).to_be_visible()
    expect(page.get_by_text("“Novice” comes instead")).to_be_visible()
    expect(page.get_by_text("Secret garden")).to_be_visible()
    page.get_by_label("Reason").fill("It was a bittern")

    page.get_by_role("button", name="Take the badge back").click()

    expect(page.get_by_text("“Heron” is taken back from Grace Hopper.")).to_be_visible()
    expect(page.get_by_text("It was a bittern").first).to_be_visible()
    assert points_of(grace) == 40


def test_points_are_adjusted(expect, open_page, editor_who, grace):
    page = open_page(url_of("player", grace.pk), user=editor_who("adjust_points"))
    choose_action(page, "Adjust points")
    expect(page.get_by_text("Grace Hopper has 120 points.")).to_be_visible()
    page.get_by_label("Points").fill("-20")
    page.get_by_role("button", name="Adjust the points").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    page.get_by_label("Reason").fill("Counted twice")

    page.get_by_role("button", name="Adjust the points").click()

    expect(page.get_by_text("20 points are taken from Grace Hopper.")).to_be_visible()
    expect(page.get_by_text("Counted twice")).to_be_visible()
    assert points_of(grace) == 100


def test_a_player_is_reset_by_name(expect, open_page, editor_who, grace):
    page = open_page(url_of("player", grace.pk), user=editor_who("reset_player"))
    choose_action(page, "Reset player")
    expect(page.get_by_text("120 points, which leaves 0")).to_be_visible()
    page.get_by_label("Name").fill("Grace")
    page.get_by_role("button", name="Reset the player").click()
    expect(page.get_by_text("That isn't the name. Nothing was reset.")).to_be_visible()
    page.get_by_label("Name").fill("grace")

    page.get_by_role("button", name="Reset the player").click()

    expect(page.get_by_text("Grace Hopper is reset.")).to_be_visible()
    assert points_of(grace) == 0


@pytest.mark.parametrize("window", WINDOWS)
def test_the_screens_fit_and_pass_axe(visit, editor_who, grace, window):
    editor = editor_who("award_badge", "revoke_badge", "adjust_points", "reset_player")
    heron, volunteer = (
        Badge.objects.get(interface=grace, badge_definition__slug=slug)
        for slug in ("heron", "volunteer")
    )
    renew = f"?badge={volunteer.badge_definition_id}&renew=1"
    own = editor.gamification_interface.pk
    for address in [
        url_of("player", grace.pk),
        url_of("award", grace.pk),
        url_of("award", grace.pk) + renew,
        url_of("revoke", grace.pk, heron.badge_definition_id),
        url_of("adjust", grace.pk),
        url_of("adjust", own),
        url_of("reset", grace.pk),
    ]:
        assert_fits(visit(address, user=editor, **window))
