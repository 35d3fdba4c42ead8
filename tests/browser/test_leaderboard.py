"""Leaderboards in a real browser: on every screen, for everybody."""

import pytest
from wagtail.models import Collection, Page, Site

from tests.browser.accessibility import assert_fits, violations
from tests.shelf_data import locale, make_user
from tests.testapp.models import BlocksPage
from wagtail_gamification.actions.build_scores import build_scores
from wagtail_gamification.models import GamificationInterface, PlayerPreferences
from wagtail_gamification.testing import create_leaderboard, create_player

pytestmark = pytest.mark.browser

LONG_NAME = "x" * 100

WINDOWS = {
    "narrow, light": {"width": 360, "color_scheme": "light"},
    "narrow, dark": {"width": 360, "color_scheme": "dark"},
    "wide, light": {"width": 1280, "color_scheme": "light"},
    "wide, dark": {"width": 1280, "color_scheme": "dark"},
    "narrowest": {"width": 320},
    "forced colours": {"width": 1280, "forced_colors": "active"},
    "without JavaScript": {"width": 360, "java_script_enabled": False},
}


@pytest.fixture
def user(transactional_db, settings):
    """A member far behind, on a page with a board, an empty one and one of a week."""
    settings.WAGTAIL_GAMIFICATION_PROFILES = True
    if not Collection.get_first_root_node():
        Collection.add_root(name="Root")
    english = locale("en")
    root = Page.objects.filter(depth=1).first() or Page.add_root(
        title="Root", slug="root", locale=english
    )
    boards = [
        create_leaderboard("Most points", size=3),
        create_leaderboard("This week", window="week", size=10),
        create_leaderboard("Lessons", measure="event", event="visited"),
    ]
    build_scores()
    body = [{"type": "leaderboard", "value": {"board": each.pk}} for each in boards]
    body[0]["value"] |= {"limit": 2, "around": True}
    home = root.add_child(
        instance=BlocksPage(title="Boards", slug="boards", locale=english, body=body)
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    arabic = home.copy_for_translation(locale("ar"), copy_parents=True)
    arabic.save_revision().publish()
    players = [
        create_player(1000 - number * 10, username=f"player-{number}", first_name=name)
        for number, name in enumerate(["Ada", LONG_NAME, "ليلى", "Dora", "Emil", "Fay"])
    ]
    PlayerPreferences.objects.create(interface=players[0], has_profile=True)
    user = make_user()
    GamificationInterface.objects.for_user(user).change_points(5)
    return user


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize("path", ["/", "/ar/"], ids=["left to right", "right to left"])
def test_axe_finds_nothing_and_nothing_sticks_out(open_page, user, window, path):
    page = open_page(path, user=user, **window)
    if window.get("java_script_enabled", True):
        assert_fits(page)
        wide = page.evaluate(
            """[...document.querySelectorAll(".gamification-board")]
                .filter((board) => board.scrollWidth > board.clientWidth).length"""
        )
        assert wide == 0


def test_a_board_is_read_out_as_a_table(open_page, user):
    page = open_page("/", user=user)

    board = page.get_by_role("region", name="Most points")
    table = board.get_by_role("table")
    headers = [
        text.strip() for text in table.get_by_role("columnheader").all_inner_texts()
    ]
    assert headers == ["Rank", "Player", "Points"]
    assert "Ada" in table.get_by_role("rowheader").first.inner_text()
    own = table.locator("tr[aria-current=true]")
    assert own.count() == 1
    assert "You" in own.inner_text()
    assert table.get_by_text("Places in between aren't shown.").count() == 1


def test_a_profile_is_reached_with_the_keyboard_alone(open_page, user):
    page = open_page("/", user=user)

    for _number in range(30):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.textContent.trim()")
        if focused == "Ada":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/players/**")


def test_who_left_is_led_to_the_settings(open_page, user):
    GamificationInterface.objects.filter(user=user).update(on_boards=False)

    page = open_page("/", user=user, width=360)

    board = page.get_by_role("region", name="Most points")
    assert board.locator("tr[aria-current=true]").count() == 0
    link = board.get_by_role("link", name="Change your settings")
    assert "/settings/" in link.get_attribute("href")
    assert violations(page) == {}


def test_anonymous_visitors_have_no_place(open_page, user):
    page = open_page("/", width=360)

    assert page.locator("tr[aria-current=true]").count() == 0
    assert violations(page) == {}
