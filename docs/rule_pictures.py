"""The pictures of what editors decide: requirements, point rules, publishing.

``screenshots.py`` takes them with the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

SNIPPETS = "/admin/snippets/wagtail_gamification"
WIDTH = 1280


def register(
    picture: Callable[..., Any],
    snapshot: Callable[..., bytes],
    open_badge: Callable[[Page, str], None],
) -> None:
    """Register the pictures with what takes all of them."""

    @picture("requirements", user="editor")
    def requirements(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 1100})
        open_badge(page, "Wayfarer")
        _to_top(page, "#panel-child-requirements-section, #panel-requirements-section")
        return snapshot(page)

    # Who may see players sees their names, too.
    @picture("qualifying", user="admin")
    def qualifying(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 820})
        open_badge(page, "The long way round")
        # Who would have it if it asked for less.
        page.locator("#id_requirements-0-target").fill("5")
        page.get_by_role("button", name="Toggle who qualifies").click()
        page.get_by_role("button", name="Count who qualifies").click()
        page.locator(".gamification-qualifying-count").wait_for()
        return snapshot(page)

    @picture("point-rule-list", user="editor")
    def point_rule_list(page: Page) -> bytes:
        page.goto(f"{SNIPPETS}/pointrule/")
        return snapshot(page, clip=_top(440))

    @picture("campaign-edit", user="editor")
    def campaign_edit(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 820})
        page.goto(f"{SNIPPETS}/campaign/")
        page.get_by_role("link", name="Moth nights").first.click()
        page.locator("#id_multiplier").wait_for()
        return snapshot(page)

    @picture("shelf-steps", user="maya")
    def shelf_steps(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 3200})
        page.goto("/profile/")
        cards = [
            page.locator(".gamification-badge").filter(has_text=name).first
            for name in ("Steady lamp", "Wayfarer")
        ]
        boxes = [card.bounding_box() for card in cards]
        margin = 16
        left = min(box["x"] for box in boxes) - margin
        top = min(box["y"] for box in boxes) - margin
        right = max(box["x"] + box["width"] for box in boxes) + margin
        bottom = max(box["y"] + box["height"] for box in boxes) + margin
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        return snapshot(page, clip=clip)

    # The last: it leaves a badge that asks for less, and a job that waits.
    @picture("retroactive-awards", user="editor")
    def retroactive_awards(page: Page) -> bytes:
        open_badge(page, "The long way round")
        page.locator("#id_requirements-0-target").fill("5")
        page.locator(
            "footer .w-dropdown__toggle, footer [data-w-dropdown-target=toggle]"
        ).last.click()
        page.get_by_role("button", name="Publish").click()
        page.wait_for_load_state("networkidle")
        page.goto("/admin/reports/gamification/retroactive/")
        return snapshot(page, clip=_top(560))


def _to_top(page: Page, selector: str) -> None:
    page.locator(selector).first.evaluate(
        "element => element.scrollIntoView({block: 'start'})"
    )


def _top(height: int) -> dict[str, int]:
    return {"x": 0, "y": 0, "width": WIDTH, "height": height}
