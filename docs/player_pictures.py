"""The pictures of players in the CMS. ``screenshots.py`` takes them with the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

PLAYERS = "/admin/gamification/players/"
WIDTH = 1280


def register(picture: Callable[..., Any], snapshot: Callable[..., bytes]) -> None:
    """Register the pictures with what takes all of them."""

    @picture("player-list", user="admin")
    def player_list(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 640})
        page.goto(PLAYERS)
        return snapshot(page)

    @picture("player", user="admin")
    def player(page: Page) -> bytes:
        page.set_viewport_size({"width": WIDTH, "height": 1100})
        page.goto(f"{PLAYERS}?q=maya")
        page.locator("td.title a").first.click()
        page.locator("#player-badges").wait_for()
        return snapshot(page)

    def open_maya(page: Page, height: int = 900) -> None:
        page.set_viewport_size({"width": WIDTH, "height": height})
        page.goto(f"{PLAYERS}?q=maya")
        page.locator("td.title a").first.click()
        page.locator("#player-badges").wait_for()

    def choose(page: Page, name: str) -> None:
        page.get_by_role("button", name="Actions").click()
        page.get_by_role("link", name=name).click()
        page.locator("main form").wait_for()

    @picture("giving-badges", user="admin")
    def giving_badges(page: Page) -> bytes:
        open_maya(page, 560)
        page.evaluate("document.querySelector('#player-badges').scrollIntoView()")
        # Out from under the header.
        page.mouse.wheel(0, -100)
        return snapshot(page)

    @picture("giving-award", user="admin")
    def giving_award(page: Page) -> bytes:
        open_maya(page, 720)
        choose(page, "Award a badge")
        page.get_by_label("Badge").select_option(index=1)
        page.get_by_label("Reason").fill("Stayed after class to help the others")
        page.get_by_label("Internal note").fill("Suggested by the Tuesday group")
        return snapshot(page)

    @picture("giving-revoke", user="admin")
    def giving_revoke(page: Page) -> bytes:
        open_maya(page, 940)
        page.get_by_role("link", name="Take back").first.click()
        page.locator("main form").wait_for()
        return snapshot(page)

    @picture("giving-adjust", user="admin")
    def giving_adjust(page: Page) -> bytes:
        open_maya(page, 780)
        choose(page, "Adjust points")
        page.get_by_label("Points").fill("-20")
        page.get_by_label("Reason").fill("The open day was counted twice")
        return snapshot(page)

    @picture("giving-reset", user="admin")
    def giving_reset(page: Page) -> bytes:
        open_maya(page, 1120)
        choose(page, "Reset player")
        return snapshot(page)
