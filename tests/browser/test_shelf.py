"""The shelf in a real browser: on every screen, for everybody."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from PIL import Image as PillowImage
from wagtail.models import Collection, Page, Site

from tests.browser.accessibility import overflow, violations
from tests.shelf_data import locale, make_badge, make_image, make_user, translate
from tests.testapp.models import ProfilePage
from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Category,
    GamificationInterface,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.shelf import sample_badge
from wagtail_gamification.testing import create_badge_definition

pytestmark = pytest.mark.browser

LONG_NAME = "x" * 128

WINDOWS = {
    "narrow, light": {"width": 360, "color_scheme": "light"},
    "narrow, dark": {"width": 360, "color_scheme": "dark"},
    "wide, light": {"width": 1280, "color_scheme": "light"},
    "wide, dark": {"width": 1280, "color_scheme": "dark"},
    "narrowest": {"width": 320},
    "forced colours": {"width": 1280, "forced_colors": "active"},
    "reduced motion": {"width": 800, "reduced_motion": "reduce"},
}


@pytest.fixture
def user(transactional_db):
    """A player with badges in all states, on a site with a page for them."""
    # An earlier test may have emptied the database, with what migrations put there.
    if not Collection.get_first_root_node():
        Collection.add_root(name="Root")
    english = locale("en")
    root = Page.objects.filter(depth=1).first() or Page.add_root(
        title="Root", slug="root", locale=english
    )
    home = root.add_child(
        instance=ProfilePage(title="Your profile", slug="profile", locale=english)
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    locale("ar")
    arabic = home.copy_for_translation(locale("ar"), copy_parents=True)
    arabic.title = "ملفك الشخصي"
    arabic.save_revision().publish()
    return _player()


def _player():
    user = make_user()
    interface = GamificationInterface.objects.for_user(user)
    reading = Category.objects.create(name="Reading")
    silver = make_badge("Silver reader", points=10, image=make_image("Silver", 0.6))
    bronze = make_badge(
        "Bronze reader",
        points=50,
        image=make_image("Bronze"),
        category=reading,
        next_badge=silver,
        expires_after=90,
        description='<p>Read <b>ten</b> chapters and <a href="/x">a poem</a>.</p>',
    )
    bronze.award(user)
    make_badge("Night owl", progression_target=10, category=reading)
    interface.increment("night-owl", by=7)
    make_badge(LONG_NAME, slug="long", description="<ul><li>One</li><li>Two</li></ul>")
    make_badge("Whisperer", is_secret=True)
    make_badge("Regular", max_awards=5, progression_target=3)
    interface.increment("regular", by=8)
    create_badge_definition(
        "All-rounder",
        requirements=[
            {"kind": "badge", "badge": bronze},
            {"kind": "points", "target": 900, "group": 1},
            {"event": "logged_in", "target": 7, "counting": "days", "group": 1},
        ],
    )
    translate(bronze, "ar", name="قارئ برونزي", description="<p>اقرأ.</p>")
    Level.objects.create(name="Novice", points_required=0, image=make_image("Novice"))
    Level.objects.create(name=f"Master {LONG_NAME[:110]}", points_required=500)
    UnlockableDefinition.objects.create(name="Attic", points_required=20)
    UnlockableDefinition.objects.create(name="Cellar", points_required=900)
    Badge.objects.filter(acquired=True).update(
        acquired_at=timezone.now() - timedelta(days=3)
    )
    return user


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize("path", ["/", "/ar/"], ids=["left to right", "right to left"])
def test_axe_finds_nothing_and_nothing_sticks_out(open_page, user, window, path):
    page = open_page(path, user=user, **window)

    assert page.locator(".gamification-badge").count() > 15
    assert violations(page) == {}
    assert overflow(page) == 0
    sticking_out = page.evaluate(
        """[...document.querySelectorAll(".gamification-badge, .gamification-level")]
            .filter((card) => card.scrollWidth > card.clientWidth).length"""
    )
    assert sticking_out == 0


def test_anonymous_visitors_get_the_same_care(open_page, user):
    page = open_page("/", width=360)

    assert page.locator(".gamification-badge--earned").count() == 0
    assert violations(page) == {}
    assert overflow(page) == 0


def test_each_state_looks_different_without_colours(open_page, user):
    page = open_page("/", user=user, forced_colors="active")

    shapes = {
        state: page.locator(f".gamification-badge--{state} .gamification-medal")
        .first.locator("svg, .gamification-medal__shape")
        .last.inner_html()
        for state in ["earned", "in-progress", "locked", "secret"]
    }
    assert len(set(shapes.values())) == 4


def test_states_are_read_out(open_page, user):
    page = open_page("/", user=user)

    shelf = page.get_by_role("region", name="Badges")
    items = [text.strip() for text in shelf.get_by_role("listitem").all_inner_texts()]
    assert any(re.search(r"Bronze reader\s+Earned", text) for text in items)
    assert any(re.search(r"Night owl\s+In progress", text) for text in items)
    bar = shelf.get_by_role("progressbar", name="Progress: Night owl")
    assert bar.get_attribute("value") == "7"
    assert shelf.get_by_text("7 of 10").is_visible()
    assert shelf.get_by_text("Secret badge").is_visible()
    steps = shelf.get_by_role("list", name="Steps to All-rounder")
    assert steps.get_by_text("Earns the badge “Bronze reader”").is_visible()
    either = steps.get_by_role("list", name="One of these")
    assert either.get_by_role("progressbar", name="Progress: Has 900 points").count()
    assert either.get_by_role("listitem").count() == 2
    # Pictures and marks repeat what the words say.
    assert shelf.get_by_role("img").count() == 0


def test_locked_pictures_are_grey(open_page, user):
    page = open_page("/", user=user)

    filters = {
        state: page.locator(
            f".gamification-badge--{state} .gamification-medal__image"
        ).first.evaluate("(image) => getComputedStyle(image).filter")
        for state in ["earned", "locked"]
    }

    assert filters == {"earned": "none", "locked": "grayscale(1)"}


def test_pictures_keep_their_size_in_each_size(open_page, user):
    page = open_page("/", user=user)

    widths = [
        page.locator(
            f".gamification-size--{size} .gamification-medal"
        ).last.bounding_box()["width"]
        for size in ["small", "medium", "large"]
    ]

    assert widths == [48, 96, 192]


def test_the_grid_fills_the_width(open_page, user):
    def columns(width):
        page = open_page("/", user=user, width=width)
        grid = page.locator(".gamification-shelf__list").first
        return len(
            grid.evaluate(
                "(list) => getComputedStyle(list).gridTemplateColumns"
            ).split()
        )

    assert [columns(320), columns(360), columns(1280)] == [2, 2, 5]


def test_marks_change_sides_from_right_to_left(open_page, user):
    def side(path):
        page = open_page(path, user=user)
        medal = page.locator(".gamification-badge--earned .gamification-medal").first
        mark = medal.locator(".gamification-mark").bounding_box()
        around = medal.bounding_box()
        middle = around["x"] + around["width"] / 2
        return "left" if mark["x"] < middle else "right"

    assert (side("/"), side("/ar/")) == ("right", "left")


@pytest.mark.parametrize(
    ("system", "theme", "surface"),
    [
        ("light", "", "rgb(255, 255, 255)"),
        ("dark", "", "rgb(30, 36, 46)"),
        ("dark", "gamification-theme-light", "rgb(255, 255, 255)"),
        ("light", "gamification-theme-dark", "rgb(30, 36, 46)"),
    ],
)
@pytest.mark.parametrize("where", ["html", "main"])
def test_a_site_decides_between_light_and_dark(
    open_page, user, system, theme, surface, where
):
    page = open_page("/", user=user, color_scheme=system)

    page.locator(where).evaluate("(element, name) => element.className = name", theme)

    card = page.locator(".gamification-badge--earned").first
    assert surface == card.evaluate("(card) => getComputedStyle(card).backgroundColor")


def test_a_site_sets_its_own_colours(open_page, user):
    page = open_page("/", user=user, color_scheme="dark")

    page.add_style_tag(content=":root { --gamification-surface: rgb(1, 2, 3); }")

    card = page.locator(".gamification-badge--earned").first
    colour = card.evaluate("(card) => getComputedStyle(card).backgroundColor")
    assert colour == "rgb(1, 2, 3)"


def test_progress_is_seen_with_forced_colours(open_page, user):
    page = open_page("/", user=user, forced_colors="active")

    bar = page.get_by_role("progressbar", name="Progress: Night owl").first

    picture = PillowImage.open(BytesIO(bar.screenshot())).convert("L")
    done, to_do = (
        picture.getpixel((picture.width * part // 10, picture.height // 2))
        for part in [3, 9]
    )
    assert abs(done - to_do) > 100


def test_nothing_is_loaded_from_elsewhere_and_nothing_fails(
    chromium, live_server, user
):
    page = chromium.new_page()
    asked = []
    page.on("response", lambda response: asked.append((response.url, response.status)))
    page.goto(live_server.url, wait_until="networkidle")
    page.close()

    assert asked
    assert all(url.startswith(live_server.url) for url, _ in asked)
    failed = [url for url, status in asked if status >= 400]
    assert [url for url in failed if not url.endswith("/favicon.ico")] == []


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("state", ["earned", "in_progress", "locked", "secret"])
def test_previews_pass_axe_too(open_page, user, state, colours):
    definition = BadgeDefinition.objects.get(slug="night-owl")
    html = render_to_string(
        "wagtail_gamification/previews/badge.html",
        {"object": definition, "badge": sample_badge(definition, state)},
    )
    page = open_page("/", width=360, color_scheme=colours)

    page.set_content(html, wait_until="networkidle")

    assert page.locator(".gamification-badge").count() == 3
    assert violations(page) == {}
    assert overflow(page) == 0
