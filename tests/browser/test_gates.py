"""What is kept for some players, in a browser: buying it, reading it, doing without."""

import json
from uuid import uuid4

import pytest
from wagtail.models import Site

from tests.testapp.models import LessonPage
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

from .accessibility import overflow, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = [360, 1280]
LOOKS = [
    {},
    {"color_scheme": "dark"},
    {"forced_colors": "active"},
    {"java_script_enabled": False},
]


@pytest.fixture
def garden():
    from wagtail.models import Locale, Page

    locale, _made = Locale.objects.get_or_create(language_code="en")
    if not Page.objects.filter(depth=1).exists():
        root = Page.add_root(title="Root", slug="root", locale=locale)
        home = root.add_child(title="Home", slug="home", locale=locale)
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return create_unlockable_definition("Secret garden", 0, price=50)


def lesson(garden, **fields):
    content = [{"type": "text", "id": str(uuid4()), "value": "<p>Roses.</p>"}]
    value = {
        "badge": None,
        "unlockable": garden.pk,
        "level": None,
        "content": content,
        "teaser": "<p>Behind the wall.</p>",
    }
    body = json.dumps([{"type": "gated", "id": str(uuid4()), "value": value}])
    page = LessonPage(title="Walls", slug="walls", **{"body": body} | fields)
    return Site.objects.get().root_page.add_child(instance=page)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_member_buys_what_opens_a_block_and_comes_back(
    open_page, expect, garden, width, look
):
    player = create_player(80)
    page = open_page(lesson(garden).url, user=player.user, width=width, **look)
    if look.get("java_script_enabled", True):
        assert violations(page) == {}
    assert "Roses." not in page.content()

    page.get_by_role("link", name="Get it for 50 points").click()
    expect(page.get_by_text("Left afterwards")).to_be_visible()
    if look.get("java_script_enabled", True):
        assert violations(page) == {}
        assert overflow(page) == 0
    page.get_by_role("button", name="Spend 50 points").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("is yours")
    page.get_by_role("link", name="Back to the page").click()

    expect(page.get_by_text("Roses.")).to_be_visible()


def test_the_keyboard_is_enough(open_page, expect, garden):
    player = create_player(80)
    page = open_page(lesson(garden).url, user=player.user)

    page.get_by_role("link", name="Get it for 50 points").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Spend 50 points")).to_be_visible()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("is yours")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_closed_page_says_what_opens_it(open_page, expect, garden, width, look):
    badge = create_badge_definition(
        "Gardener", requirements=[{"event": "logged_in", "target": 3}]
    )
    create_level("Sprout", 100)
    address = lesson(garden, gate="badge", gate_badge=badge).url

    page = open_page(address, user=create_player(5).user, width=width, **look)

    expect(page.get_by_role("heading", level=1)).to_have_text("“Walls” is locked")
    expect(page.get_by_text("Opens with the badge “Gardener”.")).to_be_visible()
    if look.get("java_script_enabled", True):
        assert violations(page) == {}
        assert overflow(page) == 0


def test_it_is_mirrored_in_arabic(open_page, garden):
    page = open_page(
        f"/ar/badges/unlock/{garden.slug}/", user=create_player(80).user, width=360
    )

    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert violations(page) == {}
    assert overflow(page) == 0
