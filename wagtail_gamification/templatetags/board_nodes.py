"""The tag that shows a leaderboard."""

from __future__ import annotations

from typing import Any

from wagtail_gamification.leaderboards import (
    Leaderboard,
    get_leaderboard,
    is_published,
)
from wagtail_gamification.shelf import ShelfReader

from .nodes import ShelfNode, whole_number


class LeaderboardNode(ShelfNode):
    """``{% leaderboard "most-points" limit=10 around=True %}``

    The place beside the list is that of who looks.
    """

    template_name = "wagtail_gamification/boards/leaderboard.html"

    def read(
        self,
        reader: ShelfReader,
        slug: str | int,
        *,
        limit: Any = None,
        around: Any = False,
        heading: str | None = None,
    ) -> Leaderboard | None:
        if isinstance(slug, int) and not is_published(slug):
            # An editor chose it in a block, and it was unpublished since.
            return None
        return get_leaderboard(
            slug,
            viewer=reader.viewer,
            limit=whole_number(limit),
            around=whole_number(around),
        )

    def context(
        self, data: Leaderboard, *, heading: str | None = None, **_: Any
    ) -> dict[str, Any]:
        return {
            "board": data,
            "label": heading or data.name,
            "heading": data.name if heading is None else heading,
        }
