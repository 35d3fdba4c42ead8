"""Nominations in a browser: a member proposes another, an editor decides."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import Collection, Locale

from tests.browser.accessibility import assert_fits
from wagtail_gamification.cms.nominations.queue import url_of
from wagtail_gamification.models import Award, Nomination
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def judge(django_user_model):
    """An editor with just the right needed."""
    # What migrations make, and the flush after a test takes away.
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    user = django_user_model.objects.create_user(
        username="judy", email="judy@example.com", password="secret"
    )
    group = Group.objects.create(name="Jury")
    names = ["access_admin", "decide_nomination"]
    group.permissions.add(*Permission.objects.filter(codename__in=names))
    user.groups.add(group)
    return user


@pytest.fixture
def badge(judge):
    return create_badge_definition("Kind neighbour", allows_nominations=True)


def test_a_member_nominates_and_an_editor_approves(expect, open_page, judge, badge):
    create_player(username="nina")
    member = create_player(username="noel")
    address = reverse("wagtail_gamification:nominate", args=[badge.slug])
    page = open_page(address, user=member.user, java_script_enabled=False)
    page.get_by_label("Username or e-mail address").fill("nina")
    page.get_by_label("Reason").fill("Fed my cat while I was away.")
    page.get_by_role("button", name="Nominate").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    page = open_page(url_of("index"), user=judge)
    page.get_by_role("link", name="nina").click()
    expect(page.get_by_text("Fed my cat while I was away.")).to_be_visible()
    page.get_by_label("Message").fill("Well deserved")
    page.get_by_role("button", name="Approve and award").click()

    expect(page.get_by_text("“Kind neighbour” is awarded to nina.")).to_be_visible()
    assert Award.objects.get().badge.interface.user.username == "nina"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (420, "dark")])
def test_every_page_passes_axe_and_fits(visit, judge, badge, width, scheme):
    nina, noel = create_player(username="nina"), create_player(username="noel")
    nomination = Nomination.objects.create(
        badge_definition=badge,
        nominee=nina,
        nominator=noel.user,
        reason="Fed my cat while I was away. " * 20,
    )
    nominate = reverse("wagtail_gamification:nominate", args=[badge.slug])
    pages = [
        (url_of("index"), judge),
        (url_of("nomination", nomination.pk), judge),
        (nominate, noel.user),
        (f"{nominate}{nina.pk}/", noel.user),
        (reverse("wagtail_gamification:nominated", args=[badge.slug]), noel.user),
    ]
    for address, user in pages:
        page = visit(address, user=user, width=width, color_scheme=scheme)
        assert_fits(page)
