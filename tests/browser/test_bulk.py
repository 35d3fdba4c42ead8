"""Awarding to many in a browser, as an editor with just the rights needed."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import Collection, Locale

from tests.browser.accessibility import overflow, violations
from wagtail_gamification.models import Award, GivingJob
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RIGHTS = (
    "access_admin",
    "change_user",
    "award_badge",
    "revoke_badge",
    "view_gamificationinterface",
)


@pytest.fixture
def editor(django_user_model):
    # What migrations make, and the flush after a test takes away.
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    user = django_user_model.objects.create_user("edith", password="secret")
    group = Group.objects.create(name="Community managers")
    group.permissions.add(*Permission.objects.filter(codename__in=RIGHTS))
    user.groups.add(group)
    return user


@pytest.fixture
def people(editor):
    create_badge_definition("Early bird", points=5)
    for name, first, last in (
        ("ann1", "Ann", "Lee"),
        ("ann2", "Ann", "Lee"),
        ("zoe", "Zoe", "Martin"),
    ):
        create_player(username=name, first_name=first, last_name=last)


def is_clean(page):
    """Whether axe finds nothing, in light and wide, in dark and narrow."""
    found = violations(page)
    page.set_viewport_size({"width": 420, "height": 900})
    page.emulate_media(color_scheme="dark")
    found |= violations(page)
    assert overflow(page) == 0
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found == {}, found


def assert_clean(page):
    clean, found = is_clean(page)
    assert clean, found


def test_users_are_selected_awarded_and_it_is_taken_back(
    expect, open_page, editor, people
):
    page = open_page(f"{reverse('wagtailusers_users:index')}?q=ann", user=editor)
    page.locator("[data-bulk-action-select-all-checkbox]").first.check()
    page.get_by_role("link", name="Award a badge to the selected users").click()

    expect(page.get_by_text("2 users are chosen")).to_be_visible()
    page.get_by_label("Badge").select_option(label="Early bird")
    page.get_by_label("Reason").fill("You were there.")
    assert_clean(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("2 players would get")).to_be_visible()
    assert not Award.objects.exists()
    assert_clean(page)
    page.get_by_role("button", name="Yes, give it to them").click()

    expect(page.get_by_text("Given to 2 players.")).to_be_visible()
    assert Award.objects.count() == 2
    assert_clean(page)
    page.get_by_role("link", name="Got it: 2").click()
    expect(page.get_by_role("cell", name="Ann Lee")).to_have_count(2)
    # Wagtail's heading of filtered results breaks a rule of its own.
    address, _, _ = page.url.partition("?")
    page.goto(address)
    assert_clean(page)
    page.goto(address.replace("/players/", "/"))
    page.get_by_role("link", name="Take it back…").click()
    expect(page.get_by_text("2 players lose")).to_be_visible()
    assert_clean(page)
    page.get_by_role("button", name="Take it back").click()

    expect(page.get_by_text("Taken back from 2 players.")).to_be_visible()
    assert not Award.objects.filter(revoked_at=None).exists()


def test_a_list_with_somebody_unknown_and_somebody_ambiguous(
    expect, open_page, editor, people
):
    page = open_page(reverse("wagtail_gamification_bulk:index"), user=editor)
    assert_clean(page)
    page.get_by_role("link", name="Award from a list…").first.click()
    page.get_by_label("Badge").select_option(label="Early bird")
    page.get_by_label("People").fill("zoe\nAnn Lee\nsomebody else")
    assert_clean(page)
    page.get_by_role("button", name="Check the list").click()

    expect(page.get_by_text("1 line can be awarded.")).to_be_visible()
    expect(page.get_by_text("Several people have that name")).to_be_visible()
    expect(page.get_by_text("Nobody of that name is known")).to_be_visible()
    assert_clean(page)
    page.get_by_label("Who is meant in line 2").select_option(label="Ann Lee · ann2")
    page.get_by_role("button", name="Award", exact=True).click()

    expect(page.get_by_text("Given to 2 players.")).to_be_visible()
    expect(page.get_by_text("Nobody of that name is known: 1")).to_be_visible()
    assert_clean(page)
    names = Award.objects.values_list("badge__interface__user__username", flat=True)
    assert set(names) == {"zoe", "ann2"}
    assert GivingJob.objects.get().started_by == editor
