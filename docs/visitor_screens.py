"""The pictures of the screens on which editors decide what visitors see.

``screenshots.py`` takes them with the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

SNIPPETS = "/admin/snippets/wagtail_gamification"
ADMIN = "/admin/gamification"
WIDTH = 1280

# Three systems, one of which doesn't answer. Nothing is sent anywhere.
TELL_OTHERS = """
from datetime import timedelta
from django.utils import timezone
from wagtail_gamification.models import (
    GamificationInterface, WebhookDelivery, WebhookEndpoint
)

now = timezone.now()
maya = GamificationInterface.objects.get(user__username="maya")
State = WebhookDelivery.State
register, hall, former = (
    WebhookEndpoint.objects.create(name=name, url=url, **more)
    for name, url, more in (
        ("Membership register", "https://register.example.org/hooks/badges", {}),
        ("Screen in the hall", "https://hall.example.org/news",
         {"failing_since": now - timedelta(hours=3)}),
        ("The old newsletter", "https://letters.example.org/", {"is_active": False}),
    )
)
told = (
    ("badge.awarded", {"badge": "acorn", "number": 1, "points": 10}),
    ("level.reached", {"level": "sapling", "points_required": 120}),
    ("unlockable.unlocked", {"unlockable": "lantern-walk"}),
    ("badge.awarded", {"badge": "first-star", "number": 1, "points": 10}),
)
for number, (kind, data) in enumerate(told):
    at = now - timedelta(minutes=50 - 7 * number)
    for endpoint in (register, hall):
        arrives = endpoint == register
        WebhookDelivery.objects.create(
            endpoint=endpoint, interface=maya, type=kind,
            message_id=f"msg_2f6c90d4b1{number}", created_at=at, attempted_at=at,
            payload={"type": kind, "timestamp": at.isoformat(),
                     "data": {"player": str(maya.pk), **data}},
            state=State.DELIVERED if arrives else State.WAITING,
            attempts=1 if arrives else 3,
            status_code=204 if arrives else 503,
            delivered_at=at if arrives else None,
            next_attempt_at=None if arrives else now + timedelta(minutes=30),
            error="" if arrives else "HTTP 503: the screen is being repainted",
        )
"""
# A team to compare.
MAKE_TEAM = """
from wagtail_gamification.models import GamificationInterface, TeamMembership

team = GamificationInterface.objects.create(name="Tuesday group")
names = ("maya", "wilf", "anouk", "idris")
for member in GamificationInterface.objects.filter(user__username__in=names):
    TeamMembership.objects.create(team=team, member=member)
"""


def register(
    picture: Callable[..., Any],
    snapshot: Callable[..., bytes],
    work: Callable[[str], None],
) -> None:
    """Register the pictures with what takes all of them."""
    _register_block_editor(picture, snapshot)
    _register_boards(picture, snapshot, work)
    _register_webhooks(picture, snapshot, work)


def _register_block_editor(picture: Any, snapshot: Any) -> None:
    @picture("block-chooser", user="admin")
    def chooser(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 900})
        _open_noticeboard_form(page)
        page.get_by_role("button", name="Insert a block").first.click()
        choice = page.locator(".w-combobox__option-row", has_text="Badge shelf")
        choice.get_by_role("button", name="Preview").click()
        preview = page.frame_locator(".w-combobox-preview iframe")
        preview.locator(".gamification-badge").first.wait_for()
        return snapshot(page)

    @picture("block-form", user="admin")
    def form(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 1000})
        _open_noticeboard_form(page)
        block = page.locator("[data-streamfield-child]").filter(has_text="Badge shelf")
        block.first.evaluate("element => element.scrollIntoView({block: 'start'})")
        # Out from under the header.
        page.mouse.wheel(0, -120)
        return snapshot(page)

    @picture("badge-in-text", user="admin")
    def badge_in_text(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 900})
        _open_noticeboard_form(page)
        text = page.locator("[data-contentpath=body] [contenteditable=true]").first
        text.scroll_into_view_if_needed()
        text.click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" /bad")
        page.get_by_role("option", name="Badge").first.wait_for()
        return snapshot(page)


def _register_boards(picture: Any, snapshot: Any, work: Any) -> None:
    @picture("leaderboard-list", user="admin")
    def board_list(page: Page) -> bytes:
        page.goto(f"{SNIPPETS}/leaderboard/?locale=en")
        return snapshot(page, clip=_top(WIDTH, 480))

    @picture("leaderboard-edit", user="admin")
    def board_edit(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 1300})
        page.goto(f"{SNIPPETS}/leaderboard/?locale=en")
        page.get_by_role("link", name="Most lessons").first.click()
        page.locator("#id_measure").first.wait_for()
        page.get_by_role("button", name="Toggle preview").click()
        page.frame_locator("#w-preview-iframe").locator("table").wait_for()
        return snapshot(page)

    @picture("team-edit", user="admin")
    def team(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 720})
        page.goto(f"{ADMIN}/teams/")
        if not page.get_by_role("link", name="Tuesday group").count():
            work(MAKE_TEAM)
            page.reload()
        page.get_by_role("link", name="Tuesday group").first.click()
        page.get_by_label("Name").wait_for()
        return snapshot(page)


def _register_webhooks(picture: Any, snapshot: Any, work: Any) -> None:
    @picture("webhook-list", user="admin")
    def endpoints(page: Page) -> bytes:
        _open_webhooks(page, work)
        return snapshot(page, clip=_top(WIDTH, 460))

    @picture("webhook-edit", user="admin")
    def endpoint(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 900})
        _open_webhooks(page, work)
        page.get_by_role("link", name="Membership register").first.click()
        page.get_by_label("Address").wait_for()
        return snapshot(page)

    @picture("webhook-deliveries", user="admin")
    def deliveries(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 760})
        _open_deliveries(page, work)
        return snapshot(page)

    @picture("webhook-delivery", user="admin")
    def delivery(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 900})
        _open_deliveries(page, work)
        row = page.get_by_role("row").filter(has_text="Screen in the hall").first
        row.get_by_role("link").first.click()
        page.get_by_role("button", name="Send again").wait_for()
        return snapshot(page)


def _open_noticeboard_form(page: Page) -> None:
    page.goto("/admin/")
    found = page.request.get("/admin/api/main/pages/?slug=noticeboard&locale=en")
    [item] = found.json()["items"]
    page.goto(f"/admin/pages/{item['id']}/edit/")
    page.locator(".Draftail-Editor").first.wait_for()
    page.wait_for_load_state("networkidle")


def _open_webhooks(page: Page, work: Callable[[str], None]) -> None:
    page.goto(f"{ADMIN}/webhooks/")
    if not page.get_by_role("link", name="Membership register").count():
        work(TELL_OTHERS)
        page.reload()


def _open_deliveries(page: Page, work: Callable[[str], None]) -> None:
    _open_webhooks(page, work)
    page.goto(f"{ADMIN}/webhook-deliveries/")


def _top(width: int, height: int) -> dict[str, int]:
    return {"x": 0, "y": 0, "width": width, "height": height}
