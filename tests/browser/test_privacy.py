"""A player's data exported and erased in a browser, with just the rights needed."""

import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import Collection, Locale

from tests.browser.accessibility import assert_fits
from wagtail_gamification.models import Award, GamificationInterface
from wagtail_gamification.testing import create_badge_definition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor_with(django_user_model):
    """Make an editor who may see players, and these things besides."""
    # What migrations make, and the flush after a test takes away.
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")

    def make(*codenames):
        group = Group.objects.create(name="Data protection")
        wanted = ["access_admin", "view_gamificationinterface", *codenames]
        group.permissions.add(*Permission.objects.filter(codename__in=wanted))
        editor = django_user_model.objects.create_user("edith", "edith@example.com")
        editor.groups.add(group)
        return editor

    return make


@pytest.fixture
def grace(django_user_model):
    """A player of whom something is held, and who isn't the only one."""
    user = django_user_model.objects.create_user(
        "grace", "grace@example.com", first_name="Grace", last_name="Hopper"
    )
    other = django_user_model.objects.create_user("alan")
    badge = create_badge_definition("First steps", points=40)
    badge.award(user, reason="For the first lesson")
    badge.award(other)
    return GamificationInterface.objects.for_user(user)


def url_of(name, player):
    return reverse(f"wagtail_gamification_players:{name}", args=[player.pk])


def test_an_editor_downloads_what_is_held(
    expect, open_page, editor_with, grace, tmp_path
):
    page = open_page(url_of("player", grace), user=editor_with("export_player"))
    open_menu(page)
    expect(page.get_by_role("link", name="Erase player")).to_have_count(0)
    page.get_by_role("link", name="Export data").click()
    expect(page.get_by_role("heading", name="Export a player's data")).to_have_count(2)

    page.get_by_label("JSON, for programs").check()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").click()

    file = tmp_path / "player.json"
    downloading.value.save_as(file)
    assert downloading.value.suggested_filename == f"player-{grace.pk}.json"
    held = json.dumps(json.loads(file.read_text()))
    assert "For the first lesson" in held
    assert "alan" not in held


def test_an_editor_erases_a_player_whose_name_is_typed(
    expect, open_page, editor_with, grace
):
    page = open_page(url_of("player", grace), user=editor_with("erase_player"))
    open_menu(page)
    expect(page.get_by_role("link", name="Export data")).to_have_count(0)
    page.get_by_role("link", name="Erase player").click()
    expect(page.get_by_role("heading", name="What goes")).to_be_visible()

    erase = page.get_by_role("button", name="Erase the player")
    erase.click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    page.get_by_label("Name").fill("somebody else")
    erase.click()
    expect(page.get_by_text("That isn't the name. Nothing was erased.")).to_be_visible()
    assert Award.objects.count() == 2
    page.get_by_label("Name").fill(str(grace))
    erase.click()

    expect(page.get_by_text(f"Everything about player {grace.pk} is")).to_be_visible()
    expect(page.get_by_role("link", name="Grace Hopper")).to_have_count(0)
    assert [award.badge.interface.user.username for award in Award.objects.all()] == [
        "alan"
    ]


def test_an_editor_thinks_better_of_it(expect, open_page, editor_with, grace):
    page = open_page(url_of("erase", grace), user=editor_with("erase_player"))

    page.get_by_role("link", name="Keep the player").click()

    expect(page.get_by_text("Latest awards")).to_be_visible()
    assert Award.objects.count() == 2


@pytest.mark.parametrize(
    "window", [{"width": 1280}, {"width": 420, "color_scheme": "dark"}]
)
def test_the_screens_fit_and_pass_axe(visit, editor_with, grace, window):
    editor = editor_with("erase_player", "export_player")
    for name in ("export", "erase"):
        page = visit(url_of(name, grace), user=editor, **window)
        assert_fits(page)

    page.get_by_label("Name").fill("somebody else")
    page.get_by_role("button", name="Erase the player").click()
    page.get_by_text("That isn't the name.").wait_for()
    assert_fits(page)


def open_menu(page):
    """Open what is behind the three dots beside the player's name."""
    page.locator("header .w-dropdown__toggle").first.click()
