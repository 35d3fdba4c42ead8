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
