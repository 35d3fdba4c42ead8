"""The block that shows a leaderboard."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_gamification.models import Leaderboard

from .base import TagBlock
from .choosers import DefinitionChooserBlock, key_of
from .personal import given, heading_block


class LeaderboardBlock(TagBlock):
    tag = "leaderboard"

    board = DefinitionChooserBlock(
        "wagtail_gamification.Leaderboard", label=_("Leaderboard")
    )
    heading = heading_block()
    limit = blocks.IntegerBlock(
        label=_("At most"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("How many places. Leave it empty for the board's own number."),
    )
    around = blocks.BooleanBlock(
        required=False,
        label=_("Around the visitor"),
        help_text=_("Show who stands next to whoever visits the page, too."),
    )

    def arguments(self, value: Any, context: dict[str, Any]) -> dict[str, Any] | None:
        key = key_of(value["board"])
        if key is None:
            return None
        return {
            "slug": key,
            "around": bool(value["around"]),
            **given(value, "heading"),
            **given(value, "limit"),
        }

    def get_preview_value(self) -> Any:
        boards = Leaderboard.objects.live().originals()
        return self.normalize({**self.get_default(), "board": boards.first()})

    class Meta:
        icon = "gamification-leaderboard"
        label = _("Leaderboard")
        description = _("Who is first, and where whoever visits the page stands.")
