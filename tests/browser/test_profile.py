"""Public pages, the settings and the sharing of awards in a browser, for everybody."""

import pytest
from django.urls import reverse
from wagtail.models import Collection

from tests.browser.accessibility import assert_fits, violations
from tests.shelf_data import locale, make_image, translate
from wagtail_gamification.models import Award, Badge, PlayerPreferences
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_NAME = "Walker" * 21
WINDOWS = {
    "narrow, light": {"width": 360, "color_scheme": "light"},
    "narrow, dark": {"width": 360, "color_scheme": "dark"},
    "wide, light": {"width": 1280, "color_scheme": "light"},
    "wide, dark": {"width": 1280, "color_scheme": "dark"},
    "forced colours": {"width": 1280, "forced_colors": "active"},
    "without JavaScript": {"width": 360, "java_script_enabled": False},
}


@pytest.fixture
def ada(settings):
    """A player who shows everything, and hides one badge."""
    settings.WAGTAIL_GAMIFICATION_PROFILES = True
    # What migrations make, and the flush after a test takes away.
    if not Collection.get_first_root_node():
        Collection.add_root(name="Root")
    locale("en")
    locale("ar")
    player = create_player(points=120, username="ada", first_name="Ada")
    create_level("Novice", 100)
    create_level("Master", 1000)
    create_unlockable_definition("Attic", 50)
    walker = create_badge_definition("Spring walker", image=make_image())
    translate(walker, "ar", name="مشاء الربيع")
    for definition in (
        walker,
        create_badge_definition(LONG_NAME, slug="long"),
        create_badge_definition("Night owl"),
    ):
        definition.award(player)
    Badge.objects.filter(badge_definition__slug="night-owl").update(is_hidden=True)
    PlayerPreferences.objects.create(
        interface=player,
        has_profile=True,
        profile_sections=["badges", "level", "points", "unlockables"],
    )
    return player


@pytest.fixture
def award(ada):
    return Award.objects.get(badge_definition__slug="spring-walker")


def url(name, *args):
    return reverse(f"wagtail_gamification:{name}", args=args)


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize("prefix", ["", "/ar"], ids=["left to right", "right to left"])
def test_every_page_passes_axe_and_fits(visit, ada, award, window, prefix):
    profile = url("profile", ada.preferences.public_id)
    shared = url("award", award.uuid)
    Award.objects.filter(pk=award.pk).update(is_shared=True)
    private = url("award", Award.objects.get(badge_definition__slug="long").uuid)
    pages = [
        (profile, None),
        (profile, ada.user),
        (url("settings"), ada.user),
        (f"{url('settings')}?saved", ada.user),
        (shared, None),
        (shared, ada.user),
        (private, ada.user),
        (url("awards"), ada.user),
    ]
    for address, user in pages:
        page = visit(f"{prefix}{address}", user=user, **window)
        assert page.get_by_role("heading", level=1).count() == 1, address
        if window.get("java_script_enabled", True):
            assert_fits(page)


def test_what_stands_in_the_way_is_said_beside_the_field(open_page, ada):
    page = open_page(url("settings"), user=ada.user)
    page.locator("select").evaluate(
        "(field) => { field.options[0].value = 'hourly'; field.selectedIndex = 0; }"
    )
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state("networkidle")

    assert page.get_by_role("alert").is_visible()
    field = page.locator("select")
    described = field.get_attribute("aria-describedby").split()
    assert page.locator(f"#{described[-1]}").get_by_text("Select a valid").is_visible()
    assert violations(page) == {}


@pytest.mark.parametrize("java_script_enabled", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_member_chooses_with_the_keyboard_and_others_see_it(
    expect, open_page, ada, java_script_enabled, width
):
    profile = url("profile", ada.preferences.public_id)
    page = open_page(
        url("settings"),
        user=ada.user,
        width=width,
        java_script_enabled=java_script_enabled,
    )
    hides = page.get_by_role("group", name="Badges that I hide")
    hides.get_by_label("Spring walker").press("Space")
    hides.get_by_label("Night owl").press("Space")
    shows = page.get_by_role("group", name="What my page shows")
    shows.get_by_label("Points").press("Space")
    page.get_by_label("I take part in leaderboards").press("Space")
    page.get_by_role("button", name="Save").press("Enter")

    expect(page.locator("main").get_by_role("status")).to_have_text(
        "Your choices are saved."
    )
    visitor = open_page(profile, java_script_enabled=java_script_enabled, width=width)
    expect(visitor.get_by_text("Night owl")).to_be_visible()
    expect(visitor.get_by_text("Spring walker")).to_have_count(0)
    expect(visitor.get_by_text("120 points")).to_have_count(0)
    expect(visitor.get_by_text("This is how others")).to_have_count(0)
    page.get_by_role("link", name="Your public page").press("Enter")
    expect(page.get_by_text("This is how others see your page.")).to_be_visible()
    ada.refresh_from_db()
    assert not ada.on_boards


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_member_shares_an_award_and_stops(
    expect, open_page, ada, award, java_script_enabled
):
    address = url("award", award.uuid)
    options = {"width": 360, "java_script_enabled": java_script_enabled}
    page = open_page(url("settings"), user=ada.user, **options)
    page.get_by_role("link", name="Pages of your awards").press("Enter")
    page.get_by_role("link", name="Spring walker").press("Enter")
    visitor = open_page(address, **options)
    assert visitor.get_by_text("Spring walker").count() == 0

    page.get_by_role("button", name="Share this page").press("Enter")

    expect(page.get_by_label("Address")).to_have_value(page.url)
    visitor.reload()
    expect(visitor.get_by_role("heading", name="Spring walker")).to_be_visible()
    expect(visitor.get_by_role("button")).to_have_count(0)
    image = visitor.locator("meta[property='og:image']").get_attribute("content")
    visitor.goto(image)
    assert visitor.locator("img").evaluate("(image) => image.naturalWidth") == 1200
    page.get_by_role("button", name="Stop sharing").press("Enter")
    page.wait_for_load_state("networkidle")
    visitor.goto(page.url)
    assert visitor.get_by_text("Spring walker").count() == 0


def test_the_address_is_copied(expect, open_page, ada, award):
    Award.objects.update(is_shared=True)
    page = open_page(
        url("award", award.uuid),
        user=ada.user,
        permissions=["clipboard-read", "clipboard-write"],
    )

    page.get_by_role("button", name="Copy").press("Enter")

    expect(page.locator("main").get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_without_javascript_no_button_does_nothing(expect, open_page, ada, award):
    Award.objects.update(is_shared=True)
    page = open_page(url("award", award.uuid), user=ada.user, java_script_enabled=False)

    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    expect(page.get_by_label("Address")).to_have_value(page.url)
    expect(page.get_by_role("link", name="Send by e-mail")).to_be_visible()


def test_nothing_comes_from_elsewhere(chromium, live_server, ada, award):
    Award.objects.update(is_shared=True)
    page = chromium.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for name, key in [("profile", ada.preferences.public_id), ("award", award.uuid)]:
        page.goto(f"{live_server.url}{url(name, key)}", wait_until="networkidle")
    page.close()

    assert asked
    assert all(address.startswith(live_server.url) for address in asked)
