"""Claim codes in a browser: editors make and print them, members claim badges."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, Locale

from tests.browser.accessibility import assert_fits
from wagtail_gamification.actions.claim_code import ClaimCodeAction
from wagtail_gamification.cms.claims.base import url_of
from wagtail_gamification.models import Claim, ClaimCode
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WINDOWS = [(1280, "light"), (420, "dark")]


@pytest.fixture
def editor(django_user_model):
    """An editor with just the rights needed."""
    # What migrations make, and the flush after a test takes away.
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    user = django_user_model.objects.create_user(
        username="edith", email="edith@example.com", password="secret"
    )
    group = Group.objects.create(name="Editors of badges")
    names = ["access_admin", "award_badge"]
    names += ["add_claimcode", "change_claimcode", "view_claimcode"]
    group.permissions.add(*Permission.objects.filter(codename__in=names))
    user.groups.add(group)
    return user


@pytest.fixture
def badge(editor):
    return create_badge_definition("Spring walker", points=10)


def test_an_editor_makes_codes_and_prints_them(expect, open_page, editor, badge):
    page = open_page(url_of("index"), user=editor)
    page.get_by_role("link", name="Make codes").click()
    page.get_by_label("Badge").select_option("Spring walker")
    page.get_by_label("How many codes").fill("3")
    page.get_by_label("Label").fill("Spring fair")
    page.get_by_role("button", name="Make codes").click()
    expect(page.get_by_text("3 codes are made.")).to_be_visible()

    page.get_by_role("link", name="Print").first.click()
    page.wait_for_load_state("networkidle")

    codes = ClaimCode.objects.all()
    assert page.locator("svg").count() == len(codes) == 3
    for code in codes:
        expect(page.get_by_text(code.grouped)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Back to the codes")).to_be_hidden()


def test_a_member_claims_with_the_keyboard_and_the_editor_sees_it(
    expect, open_page, editor, badge
):
    code = ClaimCode.objects.create(badge_definition=badge, label="Spring fair")
    member = create_player(username="mina")
    # Without JavaScript, as the QR code opens it.
    address = f"{reverse('wagtail_gamification:claim')}?code={code.grouped}"
    page = open_page(address, user=member.user, java_script_enabled=False)
    assert page.get_by_label("Code").input_value() == code.grouped
    assert not Claim.objects.exists()

    page.get_by_label("Code").press("Enter")

    expect(page.get_by_role("heading", name="The badge is yours")).to_be_visible()
    expect(page.get_by_text("Spring walker").first).to_be_visible()
    page.get_by_role("link", name="Claim another badge").click()
    page.get_by_label("Code").fill("CDFG-HJKM-NPQR-TVWX")
    page.get_by_role("button", name="Claim the badge").click()
    expect(page.get_by_text("This code can't be used.")).to_be_visible()

    page = open_page(url_of("claims"), user=editor)
    expect(page.get_by_role("cell", name="mina").first).to_be_visible()
    expect(page.get_by_text(code.grouped)).to_be_visible()


def test_an_editor_switches_a_code_off_in_place(expect, open_page, editor, badge):
    code = ClaimCode.objects.create(badge_definition=badge)
    page = open_page(f"{url_of('index')}?state=open", user=editor)

    page.get_by_role("button", name=f"Deactivate {code.grouped}").click()

    expect(page.get_by_text("1 code is deactivated.")).to_be_visible()
    assert page.url.endswith("?state=open")
    code.refresh_from_db()
    assert not code.is_active


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_every_page_passes_axe_and_fits(visit, editor, badge, width, scheme):
    member = create_player(username="mina")
    shared = ClaimCode.objects.create(
        badge_definition=badge,
        label="Spring fair of the villages on the Downs",
        max_claims=2000,
        expires_at=timezone.now() + timedelta(days=9),
    )
    award = ClaimCodeAction(shared.code, member, member.user).execute().award
    pages = [
        (url_of("index"), editor),
        (url_of("batch", shared.batch), editor),
        (url_of("claims"), editor),
        (url_of("add"), editor),
        (url_of("sheet", shared.batch), editor),
        (reverse("wagtail_gamification:claim"), member.user),
        (reverse("wagtail_gamification:claimed", args=[award.uuid]), member.user),
    ]
    for address, user in pages:
        page = visit(address, user=user, width=width, color_scheme=scheme)
        if address.endswith("/claim/"):
            page.get_by_label("Code").fill("wrong")
            page.get_by_role("button", name="Claim the badge").click()
            page.wait_for_load_state("networkidle")
        assert_fits(page)
