"""What players are told, in a real browser: a toast, or a message in the page."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from wagtail.models import Collection, Locale

from tests.browser.accessibility import assert_fits
from wagtail_gamification.cms.webhooks.base import ENDPOINTS, url_of
from wagtail_gamification.models import WebhookDelivery, WebhookEndpoint
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Any page with the tag in its base template.
PAGE = reverse("wagtail_gamification:claim")
LIST = reverse("wagtail_gamification:notices")
TELLS = "You have earned the badge “Heron”."
WINDOWS = {
    "narrow, light": {"width": 360},
    "narrow, dark": {"width": 360, "color_scheme": "dark"},
    "wide, light": {"width": 1280},
    "wide, dark": {"width": 1280, "color_scheme": "dark"},
    "forced colours": {"width": 1280, "forced_colors": "active"},
    "reduced motion": {"width": 360, "reduced_motion": "reduce"},
    "without JavaScript": {"width": 360, "java_script_enabled": False},
}


@pytest.fixture
def player():
    # What migrations make, and the flush after a test takes away.
    for code in ("en", "ar"):
        Locale.objects.get_or_create(language_code=code)
    return create_player(username="ada")


def earn(player, *names):
    for name in names:
        create_badge_definition(name).award(player)


def in_language(code, name):
    with translation.override(code):
        return reverse(f"wagtail_gamification:{name}")


def toast(page):
    return page.locator(".gamification-toast")


class TestToast:
    def test_it_is_shown_once_and_goes_with_its_button(self, expect, open_page, player):
        earn(player, "Heron")
        page = open_page(PAGE, user=player.user)
        status = page.get_by_role("status")
        expect(status).to_contain_text(TELLS)
        expect(toast(page)).to_have_css("position", "fixed")

        page.get_by_role("button", name="Dismiss").focus()
        page.keyboard.press("Enter")

        expect(toast(page)).to_have_count(0)
        page.reload()
        page.wait_for_timeout(300)
        expect(toast(page)).to_have_count(0)

    def test_escape_dismisses_it_and_the_focus_goes_back(
        self, expect, open_page, player
    ):
        earn(player, "Heron")
        page = open_page(PAGE, user=player.user)
        expect(toast(page)).to_be_visible()
        code = page.get_by_label("Code")
        code.focus()
        page.get_by_role("button", name="Dismiss").focus()

        page.keyboard.press("Escape")

        expect(toast(page)).to_have_count(0)
        expect(code).to_be_focused()

    def test_a_second_window_does_not_tell_it_again(self, expect, open_page, player):
        earn(player, "Heron")
        first = open_page(PAGE, user=player.user)
        second = open_page(PAGE, user=player.user)

        expect(toast(first)).to_be_visible()
        expect(toast(second)).to_have_count(0)

    def test_several_are_one(self, expect, open_page, player):
        earn(player, *[f"Badge {number}" for number in range(6)])
        page = open_page(PAGE, user=player.user)

        expect(toast(page)).to_have_count(1)
        expect(toast(page).get_by_role("listitem")).to_have_count(4)
        expect(toast(page)).to_contain_text("And 3 more.")

    def test_what_comes_while_the_page_is_open_is_fetched(
        self, expect, open_page, player
    ):
        page = open_page(PAGE, user=player.user)
        earn(player, "Heron")

        page.evaluate("document.dispatchEvent(new Event('gamification:notices'))")

        expect(page.get_by_role("status")).to_contain_text(TELLS)

    def test_it_goes_after_a_while_but_not_while_somebody_is_at_it(
        self, expect, open_page, player
    ):
        earn(player, "Heron")
        page = open_page(LIST, user=player.user)
        page.clock.install()
        earn(player, "Owl")
        page.goto(page.url.replace("notices/", "claim/"))
        page.clock.run_for(1000)
        expect(toast(page)).to_be_visible()
        toast(page).hover()
        page.clock.run_for(30_000)
        expect(toast(page)).to_be_visible()

        page.mouse.move(1, 1)
        page.clock.run_for(21_000)

        expect(toast(page)).to_have_count(0)

    def test_without_javascript_it_is_a_message_in_the_page(
        self, expect, open_page, player
    ):
        earn(player, "Heron")
        page = open_page(PAGE, user=player.user, java_script_enabled=False)

        expect(page.get_by_role("status")).to_contain_text(TELLS)
        expect(toast(page)).to_have_css("position", "static")
        expect(page.get_by_role("button", name="Dismiss")).to_be_hidden()
        page.get_by_role("link", name="All notices").click()
        expect(page.get_by_role("heading", name="Notices")).to_be_visible()
        expect(toast(page)).to_have_count(0)

    def test_it_stands_on_the_other_side_from_right_to_left(
        self, expect, open_page, player
    ):
        def side(language):
            earn(player, f"Heron {language}")
            page = open_page(in_language(language, "claim"), user=player.user)
            expect(toast(page)).to_be_visible()
            box = toast(page).bounding_box()
            return "left" if box["x"] + box["width"] / 2 < 640 else "right"

        assert (side("en"), side("ar")) == ("right", "left")

    def test_nothing_moves_where_that_is_not_wanted(self, expect, open_page, player):
        earn(player, "Heron")
        page = open_page(PAGE, user=player.user, reduced_motion="reduce")

        expect(toast(page)).to_have_css("animation-name", "none")


class TestList:
    @pytest.mark.parametrize("scripts", [True, False])
    def test_notices_are_marked_as_read(self, expect, open_page, player, scripts):
        earn(player, "Heron", "Owl")
        page = open_page(LIST, user=player.user, java_script_enabled=scripts)
        expect(page.get_by_text("2 unread notices")).to_be_visible()

        page.get_by_role("button", name="Mark as read").first.press("Enter")

        expect(page.get_by_text("1 unread notice")).to_be_visible()
        page.get_by_role("button", name="Mark all as read").press("Enter")
        expect(page.get_by_text(re.compile("unread"))).to_have_count(0)


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_and_nothing_sticks_out(visit, player, window, language):
    create_level("Master of " + "x" * 100, 10)
    earn(player, "Heron", "Owl")
    player.change_points(10)
    has_scripts = window.get("java_script_enabled", True)
    for name in ("claim", "notices"):
        page = visit(in_language(language, name), user=player.user, **window)
        if name == "claim":
            toast(page).wait_for()
        if has_scripts:
            assert_fits(page)
        else:
            assert page.locator(".gamification-notices").count() == 1


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (420, "dark"), (1280, "dark")]
)
def test_the_screens_of_web_hooks_pass_axe_and_fit(
    visit, player, admin_user, width, scheme
):
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    hook = WebhookEndpoint.objects.create(name="Register", url="https://example.org/")
    earn(player, "Heron")
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(error="x" * 500, status_code=500)
    pages = [
        reverse(f"{ENDPOINTS}:index"),
        reverse(f"{ENDPOINTS}:add"),
        reverse(f"{ENDPOINTS}:edit", args=[hook.pk]),
        url_of("secret", hook.pk),
        url_of("deliveries"),
        url_of("delivery", delivery.pk),
    ]
    for address in pages:
        page = visit(address, user=admin_user, width=width, color_scheme=scheme)
        assert_fits(page)
