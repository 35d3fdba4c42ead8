"""The blocks in a real browser: where editors choose them, and on the page."""

import re
from time import monotonic

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail.models import Collection, Page, Site

from tests.browser.accessibility import assert_fits, violations
from tests.shelf_data import locale, make_badge, make_image, make_user, translate
from tests.testapp.models import BlocksPage
from wagtail_gamification.models import (
    GamificationInterface,
    Level,
    UnlockableDefinition,
)

from .test_lazy import WINDOWS

pytestmark = pytest.mark.browser


@pytest.fixture
def home(transactional_db):
    """A page with every block on it."""
    if not Collection.get_first_root_node():
        Collection.add_root(name="Root")
    english = locale("en")
    root = Page.objects.filter(depth=1).first() or Page.add_root(
        title="Root", slug="root", locale=english
    )
    badge = make_badge(
        "Bookworm", image=make_image(), description="<p>Read <b>ten</b> books.</p>"
    )
    translate(badge, "ar", name="قارئ")
    owl = make_badge("Night owl", progression_target=10)
    Level.objects.create(name="Novice", points_required=0)
    Level.objects.create(name="Master", points_required=500)
    UnlockableDefinition.objects.create(name="Attic", points_required=20)
    user = make_user("ada", first_name="Ada", last_name="Lovelace")
    long = make_user("b" * 140)
    for player in (user, long):
        badge.award(player)
    GamificationInterface.objects.for_user(user).increment("night-owl", by=7)
    text = f'<p>Earn <embed embedtype="gamification-badge" id="{badge.pk}"/>.</p>'
    body = [
        ("text", text),
        ("badge_shelf", {"steps": True}),
        ("badge", {"badge": badge.pk}),
        ("progress", {"badge": owl.pk}),
        ("progress", {}),
        ("unlockables", {}),
        ("standing", {}),
        ("recent_awards", {"limit": 5}),
        ("claim_form", {}),
        ("claim_form", {"heading": "Once more"}),
    ]
    home = root.add_child(
        instance=BlocksPage(
            title="Home",
            slug="all-blocks",
            locale=english,
            body=[{"type": name, "value": value} for name, value in body],
        )
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    arabic = home.copy_for_translation(locale("ar"), copy_parents=True)
    arabic.title = "الصفحة"
    arabic.save_revision().publish()
    return home


@pytest.fixture
def user(home):
    return get_user_model().objects.get(username="ada")


@pytest.fixture
def editor(home):
    return get_user_model().objects.create_superuser("editor", "e@example.com", "x")


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize("path", ["/", "/ar/"], ids=["left to right", "right to left"])
def test_axe_finds_nothing_and_nothing_sticks_out(open_page, user, window, path):
    page = open_page(path, user=user, **window)

    assert page.locator(".gamification-recent__item").count() == 2
    assert page.locator(".gamification-inline img").count() == 1
    assert_fits(page)


def test_visitors_get_the_same_care(open_page, home):
    page = open_page("/", width=360)

    assert page.get_by_role("link", name="Sign in to claim").count() == 2
    assert violations(page) == {}


def test_without_javascript_everything_is_there(open_page, user, expect):
    page = open_page("/", user=user, java_script_enabled=False)

    assert page.get_by_text("Ada Lovelace has earned Bookworm").is_visible()
    page.get_by_label("Code").first.fill("nonsense")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This code can't be used.")).to_be_visible()


def test_an_editor_sees_a_block_before_choosing_it(open_page, home, editor, expect):
    page = open_page(reverse("wagtailadmin_pages:edit", args=[home.pk]), user=editor)

    page.get_by_role("button", name="Insert a block").first.click()
    picker = page.locator(".w-combobox")
    expect(picker.get_by_text("Gamification", exact=True)).to_be_visible()
    picker.get_by_role("button", name="Preview").first.click()

    expect(page.get_by_text("A player's badges: those earned")).to_be_visible()
    preview = page.frame_locator(".w-combobox-preview iframe")
    expect(preview.locator(".gamification-shelf")).to_be_visible()


def test_an_editor_puts_a_badge_into_a_text(open_page, home, editor, expect):
    page = open_page(reverse("wagtailadmin_pages:edit", args=[home.pk]), user=editor)
    text = page.locator("[data-contentpath='body'] .Draftail-Editor").first
    expect(text.locator(".TooltipEntity")).to_have_text("Bookworm")

    text.locator("[contenteditable=true]").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" And /bad")
    # First in the list: what goes into the text comes before blocks.
    chosen = page.locator(".w-combobox__option[aria-selected=true]")
    expect(chosen).to_have_text("Badge")
    page.keyboard.press("Enter")
    dialogue = page.get_by_role("dialog")
    dialogue.get_by_role("link", name="Night owl").click()

    expect(text.locator(".TooltipEntity")).to_have_count(2)
    expect(text).to_contain_text("And Night owl")
    # What is sent follows the editor a quarter of a second later.
    field = page.locator("[name='body-0-value']")
    expect(field).to_have_value(re.compile("And Night owl"))
    page.get_by_role("button", name="Save draft").click()
    # By the button, or by itself before that.
    deadline = monotonic() + 30
    while _badges_in_draft(home) != 2 and monotonic() < deadline:
        page.wait_for_timeout(200)
    assert _badges_in_draft(home) == 2


def _badges_in_draft(home):
    page = BlocksPage.objects.get(pk=home.pk)
    draft = page.get_latest_revision_as_object()
    return len(re.findall("<embed ", draft.body[0].value.source))


def test_an_editor_chooses_a_player_and_a_badge(open_page, home, editor, expect):
    page = open_page(reverse("wagtailadmin_pages:edit", args=[home.pk]), user=editor)
    block = page.locator("[data-contentpath='player']").first

    block.get_by_role("button", name="Choose a player").click()
    dialogue = page.get_by_role("dialog")
    dialogue.get_by_label("Search term").fill("lovelace")
    expect(dialogue.locator("tbody tr")).to_have_count(1)
    dialogue.locator("tbody a").first.click()

    expect(block).to_contain_text("Ada Lovelace")
