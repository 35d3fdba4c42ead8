"""Blocks that aren't about one player."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .base import TagBlock
from .choosers import DefinitionChooserBlock, key_of
from .personal import given, heading_block


class RecentAwardsBlock(TagBlock):
    tag = "recent_awards"

    heading = heading_block()
    category = DefinitionChooserBlock(
        "wagtail_gamification.Category", required=False, label=_("Category")
    )
    limit = blocks.IntegerBlock(
        label=_("At most"), min_value=1, max_value=100, default=5
    )

    def arguments(self, value: Any, context: dict[str, Any]) -> dict[str, Any]:
        return {
            "category": key_of(value["category"]),
            "limit": value["limit"],
            **given(value, "heading"),
        }

    class Meta:
        icon = "gamification-trophy"
        label = _("Recent awards")
        description = _("Who has earned a badge lately, of those who show it.")


class ClaimFormBlock(TagBlock):
    tag = "claim_form"

    heading = heading_block()

    def arguments(self, value: Any, context: dict[str, Any]) -> dict[str, Any]:
        return given(value, "heading")

    class Meta:
        icon = "gamification-badge"
        label = _("Claim code")
        description = _("A field for a code that somebody was given, and that claims.")
