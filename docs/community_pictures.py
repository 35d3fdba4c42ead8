"""The pictures of what editors do with players, badges and numbers.

``screenshots.py`` takes them with the others. In this order: what one leaves is in
the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

ADMIN = "/admin/gamification"
REPORTS = "/admin/reports/gamification"
WIDTH = 1280

# What happens in the background: the job that waits is done.
WORK = """
from wagtail_gamification.models import GivingJob
from wagtail_gamification.tasks import give_to_many

give_to_many.func(str(GivingJob.objects.latest("created_at").uuid))
"""
NOMINATE = """
from django.contrib.auth import get_user_model
from wagtail_gamification.actions.nominate import NominateAction
from wagtail_gamification.models import BadgeDefinition, GamificationInterface

badge = BadgeDefinition.objects.by_slug("lapwing")
users = {each.username: each for each in get_user_model().objects.all()}
for nominator, nominee, reason in (
    ("tomas", "maya", "Waited for me at every stile, and named all the birds."),
    ("wilf", "kit", "Brought tea for everybody at the bat count."),
    ("rosa", "wilf", "Carried the telescope up the hill, and down again."),
):
    player = GamificationInterface.objects.for_user(users[nominee])
    NominateAction(users[nominator], badge, player, reason=reason).execute()
"""
LIST = """\
maya
wilf@example.com
Kit
Tomaz
nobody in particular
maya
"""


def register(
    picture: Callable[..., Any],
    snapshot: Callable[..., bytes],
    work: Callable[[str], None],
) -> None:
    """Register the pictures with what takes all of them."""
    _register_numbers(picture, snapshot)
    _register_badge(picture, snapshot)
    _register_many(picture, snapshot, work)
    _register_codes(picture, snapshot)
    _register_nominations(picture, snapshot, work)
    _register_privacy(picture, snapshot)


def _register_numbers(picture: Any, snapshot: Any) -> None:
    @picture("dashboard", user="admin", dark=True)
    def dashboard(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 1340})
        page.goto(f"{ADMIN}/dashboard/")
        return snapshot(page)

    @picture("dashboard-panel", user="admin")
    def dashboard_panel(page: Page) -> bytes:
        page.goto("/admin/")
        return snapshot(page, clip={"x": 0, "y": 0, "width": WIDTH, "height": 560})

    @picture("report-awards", user="admin")
    def report_awards(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 760})
        page.goto(f"{REPORTS}/awards/?given=by_itself")
        page.get_by_role("button", name="Show filters").click()
        return snapshot(page)

    @picture("report-ledger", user="admin")
    def report_ledger(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 640})
        page.goto(f"{REPORTS}/ledger/")
        return snapshot(page)

    @picture("report-rarity", user="admin")
    def report_rarity(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 640})
        page.goto(f"{REPORTS}/rarity/")
        return snapshot(page)


def _register_badge(picture: Any, snapshot: Any) -> None:
    @picture("earners", user="admin")
    def earners(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 480})
        _open_earners(page, "lapwing")
        return snapshot(page)

    @picture("award-to-player", user="admin")
    def award_to_player(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 820})
        _open_earners(page, "lapwing")
        page.get_by_role("link", name="Award to a player…").click()
        page.get_by_label("Player").fill("Pria")
        page.get_by_label("Reason").fill("For counting the lapwings with the children")
        page.get_by_role("button", name="Award", exact=True).click()
        page.get_by_text("Who is meant", exact=True).wait_for()
        return snapshot(page)


def _register_many(picture: Any, snapshot: Any, work: Any) -> None:
    @picture("bulk-users", user="admin")
    def bulk_users(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 820})
        _select_users(page)
        return snapshot(page)

    @picture("bulk-confirm", user="admin")
    def bulk_confirm(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 560})
        _select_users(page)
        page.get_by_role("link", name="Award a badge to the selected users").click()
        page.get_by_label("Badge").select_option(label="The Lapwing")
        page.get_by_label("Reason").fill("For a week of repairing nest boxes")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Yes, give it to them").wait_for()
        return snapshot(page)

    @picture("bulk-list", user="admin")
    def bulk_list(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 1300})
        _fill_in_list(page)
        page.evaluate("window.scrollTo(0, 0)")
        return snapshot(page)

    @picture("bulk-check", user="admin")
    def bulk_check(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 860})
        _fill_in_list(page)
        page.get_by_role("button", name="Check the list").click()
        page.get_by_role("button", name="Award", exact=True).wait_for()
        return snapshot(page)

    # After those of the badge: it gives some.
    @picture("bulk-job", user="admin")
    def bulk_job(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 760})
        _fill_in_list(page)
        page.get_by_role("button", name="Check the list").click()
        page.get_by_role("button", name="Award", exact=True).click()
        page.get_by_text("Waiting for its turn").first.wait_for()
        work(WORK)
        page.reload()
        page.get_by_text("Given to").first.wait_for()
        return snapshot(page)


def _register_codes(picture: Any, snapshot: Any) -> None:
    @picture("claim-codes-make", user="admin")
    def make(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 1000})
        _fill_in_codes(page)
        return snapshot(page)

    @picture("claim-codes", user="admin")
    def codes(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 640})
        _make_codes(page)
        return snapshot(page)

    @picture("claim-sheet", user="admin")
    def sheet(page: Page) -> bytes:
        _make_codes(page)
        page.get_by_role("link", name="Print").first.click()
        page.wait_for_load_state("networkidle")
        return snapshot(page, clip={"x": 0, "y": 0, "width": WIDTH, "height": 700})

    @picture("claim", user="kit")
    def claim(page: Page) -> bytes:
        page.goto("/badges/claim/")
        return snapshot(page, clip={"x": 0, "y": 0, "width": WIDTH, "height": 560})


def _register_nominations(picture: Any, snapshot: Any, work: Any) -> None:
    @picture("nominate", user="maya")
    def nominate(page: Page) -> bytes:
        page.goto("/badges/nominate/lapwing/")
        page.get_by_label("Username or e-mail address").fill("wilf")
        page.get_by_label("Reason").fill("Knows every tree, and tells it so well.")
        return snapshot(page, clip={"x": 0, "y": 0, "width": WIDTH, "height": 760})

    @picture("nominations", user="admin")
    def nominations(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 480})
        _open_nominations(page, work)
        return snapshot(page)

    @picture("nomination", user="admin", dark=True)
    def nomination(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 760})
        _open_nominations(page, work)
        page.get_by_role("link", name="Wilf").first.click()
        page.get_by_label("Message").fill("Seen by three of us. Well deserved!")
        return snapshot(page)


def _register_privacy(picture: Any, snapshot: Any) -> None:
    @picture("player-export", user="admin")
    def export(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 560})
        _open_player(page, "Export data")
        return snapshot(page)

    @picture("player-erase", user="admin")
    def erase(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 1180})
        _open_player(page, "Erase player")
        return snapshot(page)


def _select_users(page: Page) -> None:
    """Tick some people in the list of users."""
    page.goto("/admin/users/")
    for name in ("Kit", "Maya", "Wilf"):
        row = page.get_by_role("row").filter(has_text=name)
        row.locator("[data-bulk-action-checkbox]").first.check()


def _fill_in_list(page: Page) -> None:
    page.goto(f"{ADMIN}/bulk/list/")
    page.get_by_label("Badge").select_option(label="The Lapwing")
    page.get_by_label("People").fill(LIST)
    page.get_by_label("Reason").fill("For a week of repairing nest boxes")


def _fill_in_codes(page: Page) -> None:
    page.goto(f"{ADMIN}/claims/add/")
    page.get_by_label("Badge").select_option("The Lapwing")
    page.get_by_label("How many codes").fill("6")
    page.get_by_label("Label").fill("Spring fair")


def _make_codes(page: Page) -> None:
    """Make a batch, or open the one that is there."""
    page.goto(f"{ADMIN}/claims/")
    batch = page.get_by_role("link", name="Spring fair").first
    if batch.count():
        batch.click()
    else:
        _fill_in_codes(page)
        page.get_by_role("button", name="Make codes").click()
    page.get_by_role("link", name="Print").first.wait_for()


def _open_nominations(page: Page, work: Callable[[str], None]) -> None:
    """Open the queue, with something in it."""
    page.goto(f"{ADMIN}/nominations/")
    if not page.get_by_role("link", name="Wilf").count():
        work(NOMINATE)
        page.reload()


def _open_player(page: Page, choice: str) -> None:
    """Open what the menu of a player leads to."""
    page.goto(f"{ADMIN}/players/?q=maya")
    page.locator("td.title a").first.click()
    page.locator("header .w-dropdown__toggle").first.click()
    page.get_by_role("link", name=choice).click()
    page.wait_for_load_state("networkidle")


def _open_earners(page: Page, name: str) -> None:
    """Open the list of who earned a badge, from the list of badges."""
    page.goto(f"/admin/snippets/wagtail_gamification/badgedefinition/?q={name}")
    page.locator("a.gamification-number").first.click()
    page.get_by_role("heading", name="Players who earned it").wait_for()
