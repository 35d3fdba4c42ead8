"""Who earned a badge, in a browser, as an editor with just the rights needed."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import Collection, Locale

from tests.browser.accessibility import assert_fits
from wagtail_gamification.models import Award, BadgeDefinition, GamificationInterface
from wagtail_gamification.testing import create_badge_definition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(django_user_model):
    # What migrations make, and the flush after a test takes away.
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    group = Group.objects.create(name="Community managers")
    group.permissions.add(
        *Permission.objects.filter(
            codename__in=[
                "access_admin",
                "view_badgedefinition",
                "view_gamificationinterface",
                "award_badge",
                "revoke_badge",
            ]
        )
    )
    editor = django_user_model.objects.create_user("edith", "edith@example.com")
    editor.groups.add(group)
    return editor


@pytest.fixture
def badge(editor, django_user_model):
    """A badge that many have, one of them no more."""
    badge = create_badge_definition("First steps", points=40, max_awards=3)

    def player_of(username, **names):
        user = django_user_model.objects.create_user(
            username, f"{username}@example.com", **names
        )
        return GamificationInterface.objects.for_user(user)

    for number in range(55):
        badge.award(player_of(f"member{number}"))
    grace = player_of("grace", first_name="Grace", last_name="Hopper")
    badge.award(grace, by=editor, reason="For the first lesson of the course")
    lost = player_of("lost", first_name="Ada", last_name="Lovelace")
    badge.award(lost, by=editor, reason="A mistake")
    badge.revoke(lost, by=editor, reason="It was somebody else, as we found out")
    player_of("alan", first_name="Alan", last_name="Turing")
    return badge


def url_of(name, badge):
    return reverse(f"wagtail_gamification_earners:{name}", args=[badge.pk])


def test_an_editor_finds_who_earned_it_and_awards_it_to_one_more(
    expect, open_page, editor, badge
):
    badges = reverse(BadgeDefinition.snippet_viewset.get_url_name("list"))
    page = open_page(badges, user=editor)
    page.get_by_role("button", name="More options for 'First steps'").click()
    page.get_by_role("link", name="Players who earned it").click()
    expect(page.get_by_text("member54@example.com")).to_be_visible()

    page.get_by_placeholder("Search").fill("hopper")
    expect(page.get_by_text("There is 1 match")).to_be_visible()
    expect(page.get_by_text("For the first lesson")).to_be_visible()

    page.get_by_role("link", name="Take back from Grace Hopper").click()
    page.get_by_label("Reason").fill("A mistake")
    page.get_by_role("button", name="Take the badge back").click()
    expect(page.get_by_text("Nothing matches.")).to_be_visible()

    page.get_by_role("link", name="Award to a player…").click()
    page.get_by_label("Player").fill("Alan Turin")
    page.get_by_label("Reason").fill("For the second lesson")
    page.get_by_role("button", name="Award", exact=True).click()
    expect(page.get_by_text("Nobody is called exactly that")).to_be_visible()
    page.get_by_label("Alan Turing").check()
    page.get_by_role("button", name="Award", exact=True).click()

    expect(page.get_by_text("“First steps” is awarded to Alan Turing.")).to_be_visible()
    assert Award.objects.get(reason="For the second lesson").awarded_by == editor


def test_an_editor_sees_whom_it_was_taken_back_from(expect, open_page, editor, badge):
    page = open_page(url_of("earners", badge), user=editor)
    page.get_by_role("button", name="Show filters").click()

    page.get_by_role("button", name="State").click()
    page.get_by_role("radio", name="Revoked").check()

    expect(page.get_by_text("It was somebody else")).to_be_visible()
    expect(page.get_by_role("link", name="Ada Lovelace", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "window", [{"width": 1280}, {"width": 420, "color_scheme": "dark"}]
)
def test_the_screens_fit_and_pass_axe(visit, editor, badge, window):
    for name in ("earners", "award"):
        page = visit(url_of(name, badge), user=editor, **window)
        assert_fits(page)

    page.get_by_label("Player").fill("Alan Turin")
    page.get_by_role("button", name="Award", exact=True).click()
    page.get_by_label("Alan Turing").wait_for()
    assert_fits(page)
