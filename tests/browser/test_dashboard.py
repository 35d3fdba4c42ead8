"""The dashboard and the reports in a browser, as an editor with just the rights."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, Locale, Page

from tests.browser.accessibility import assert_fits
from wagtail_gamification.actions.summarise import summarise
from wagtail_gamification.models import Award, PointChange
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DASHBOARD = "wagtail_gamification_dashboard:index"
REPORTS = [
    f"wagtail_gamification_reports:{name}"
    for name in ("awards", "ledger", "rarity", "unused")
]


def make_editor(django_user_model, *codenames):
    # What migrations make, and the flush after a test takes away.
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    if not Page.objects.exists():
        Page.add_root(title="Root", slug="root")
    user = django_user_model.objects.create_user(
        username="edith", email="edith@example.com", password="secret"
    )
    group = Group.objects.create(name="Community")
    group.permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", *codenames])
    )
    user.groups.add(group)
    return user


@pytest.fixture
def editor(django_user_model):
    return make_editor(
        django_user_model,
        "view_dailytotal",
        "view_award",
        "view_pointchange",
        "view_badgedefinition",
        "view_gamificationinterface",
    )


@pytest.fixture
def community(editor):
    badges = [
        create_badge_definition(f"Badge with a name of its own, number {n}", points=10)
        for n in range(12)
    ]
    now = timezone.now()
    for number in range(12):
        player = create_player(first_name="Ada", last_name=f"Lovelace {number}")
        for place, badge in enumerate(badges[: 11 - number]):
            award = badge.award(player, reason="For the lessons of the whole year")
            at = now - timedelta(days=(number * 5 + place * 3) % 29)
            Award.objects.filter(pk=award.pk).update(awarded_at=at)
            PointChange.objects.filter(award=award).update(time=at)
        player.change_points(-5, "A hat")
    for number in range(5):
        create_level(f"Level {number}", 1 + number * 25)
    badges[0].revoke(player)
    summarise()


def test_a_number_leads_to_the_rows_that_were_counted(
    expect, open_page, editor, community
):
    page = open_page(reverse("wagtailadmin_home"), user=editor)
    page.get_by_role("link", name="See the dashboard").click()
    expect(page.get_by_role("heading", name="Most earned")).to_be_visible()

    page.get_by_role("link", name="Last 7 days").click()
    expect(page.locator("[aria-current=true]")).to_have_text("Last 7 days")
    link = page.locator(".gamification-tile__number a").first
    number = link.inner_text()
    link.click()

    expect(page.get_by_role("heading", name="Badges awarded")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text(f"There are {number} matches")


def test_the_days_are_chosen_with_the_keyboard(expect, open_page, editor, community):
    page = open_page(reverse(DASHBOARD), user=editor)
    page.locator("#id_first").fill("2026-12-24")
    page.locator("#id_last").fill("2026-12-01")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert").first).to_contain_text("lies before the first")


def test_the_numbers_of_a_chart_are_a_table(expect, open_page, editor, community):
    page = open_page(reverse(DASHBOARD), user=editor)
    figure = page.locator("figure", has_text="Badges awarded by day")
    expect(figure.get_by_role("table")).to_be_hidden()
    figure.get_by_text("Show the numbers").click()

    expect(figure.get_by_role("table")).to_be_visible()
    expect(figure.get_by_role("row")).to_have_count(31)


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (420, "dark")], ids=["wide", "narrow"]
)
def test_screens_fit_and_pass_axe(visit, editor, community, width, scheme, tmp_path):
    home = reverse("wagtailadmin_home")
    for address in [home, *map(reverse, [DASHBOARD, *REPORTS])]:
        page = visit(address, user=editor, width=width, color_scheme=scheme)

        picture = address.strip("/").replace("/", "-")
        page.screenshot(path=tmp_path / f"{picture}.png", full_page=True)
        assert_fits(page)


def test_bars_are_seen_in_forced_colours(open_page, editor, community):
    page = open_page(reverse(DASHBOARD), user=editor, forced_colors="active")

    fills = page.evaluate(
        """Array.from(document.querySelectorAll('.gamification-ranking__bar'))
        .slice(0, 1).map(bar => Array.from(bar.children)
        .map(part => getComputedStyle(part).fill))"""
    )

    assert fills[0][0] != fills[0][1]
