"""Point rules and reports in a browser."""

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, Locale

from tests.browser.accessibility import assert_fits
from wagtail_gamification.models import Failure, PointRule, RetroactiveAward
from wagtail_gamification.testing import create_badge_definition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REPORTS = "wagtail_gamification_reports"


@pytest.fixture
def editor(django_user_model):
    # What migrations make, and the flush after a test takes away.
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    return django_user_model.objects.create_superuser(
        username="ada", email="ada@example.com", password="secret"
    )


@pytest.fixture
def award(editor):
    return RetroactiveAward.objects.create(
        badge_definition=create_badge_definition("Night owl"),
        started_by=editor,
        awards=True,
        state="running",
        players=2000,
        players_done=740,
    )


@pytest.fixture
def addresses(award):
    """The screens, with something on each."""
    PointRule.objects.create(
        name="Lessons that are done",
        event="visited",
        points=1500,
        once_per_object=True,
        daily_limit=3000,
        total_limit=100_000,
    )
    for source in Failure.Source.values:
        Failure.objects.create(
            source=source,
            name=f"site.receivers.send_a_letter_about_{source}_to_the_player",
            error="ConnectionRefusedError: Connection refused " * 3,
            traceback="Traceback (most recent call last):\n" * 9,
        )
    Failure.objects.filter(source="events").update(resolved_at=timezone.now())
    return [
        reverse(PointRule.snippet_viewset.get_url_name("list")),
        reverse(f"{REPORTS}:failures"),
        reverse(f"{REPORTS}:retroactive"),
        reverse(f"{REPORTS}:retroactive_detail", args=[award.uuid]),
    ]


def test_screens_fit_a_narrow_window_and_pass_axe(visit, editor, addresses):
    for address in addresses:
        page = visit(address, user=editor, width=420, color_scheme="dark")

        for area in page.locator(".gamification-scroll").all():
            box = area.bounding_box()
            assert box["x"] + box["width"] <= 420, address
            # What doesn't fit is reached by scrolling, with the keyboard too.
            area.focus()
            page.keyboard.press("ArrowRight")
        assert_fits(page)


def test_an_editor_tries_again_in_place(expect, open_page, editor, addresses):
    page = open_page(f"{addresses[1]}?state=open", user=editor)
    page.get_by_text("Traceback").first.click()
    expect(page.locator("pre").first).to_be_visible()

    page.get_by_role("button", name="Try again").first.click()

    expect(page.locator(".messages")).to_contain_text("failed again")
    assert page.url.endswith("?state=open")


def test_the_page_follows_a_retroactive_award(expect, open_page, editor, award):
    address = reverse(f"{REPORTS}:retroactive_detail", args=[award.uuid])
    page = open_page(address, user=editor)
    expect(page.get_by_label("740 of 2,000 players")).to_be_visible()

    award.players_done = 1500
    award.save()
    expect(page.get_by_label("1,500 of 2,000 players")).to_be_visible()

    award.state, award.awarded = "finished", 312
    award.save()
    expect(page.get_by_text("Awarded to 312 players.")).to_be_visible()
    expect(page.locator("progress")).to_have_count(0)
