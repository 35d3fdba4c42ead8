"""What a lesson is made of."""

from __future__ import annotations

from typing import Any

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from wagtail_gamification import blocks as gamification

from .progress import has_unlocked

_TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]


class TryThisBlock(blocks.StructBlock):
    """Something to do outdoors, set apart from the text."""

    heading = blocks.CharBlock(default="Try this")
    text = blocks.RichTextBlock(features=_TEXT_FEATURES)

    class Meta:
        icon = "tick-inverse"
        template = "learning/blocks/try_this.html"


class LockedSectionBlock(blocks.StructBlock):
    """A section that opens to those who have an unlockable.

    The template gets the text only where it may be read, so what is locked isn't in
    the page's source either.
    """

    unlockable = SnippetChooserBlock("wagtail_gamification.UnlockableDefinition")
    heading = blocks.CharBlock()
    text = blocks.RichTextBlock(features=_TEXT_FEATURES)

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        request = context.get("request")
        unlockable = value["unlockable"]
        context["unlockable"] = unlockable
        context["is_open"] = bool(
            request and unlockable and has_unlocked(request.user, unlockable.slug)
        )
        if not context["is_open"]:
            context["value"] = context["self"] = {"heading": value["heading"]}
        return context

    class Meta:
        icon = "lock"
        template = "learning/blocks/locked_section.html"


class LessonBodyBlock(blocks.StreamBlock):
    heading = blocks.CharBlock(
        icon="title", template="learning/blocks/heading.html", group="Text"
    )
    paragraph = blocks.RichTextBlock(features=_TEXT_FEATURES, group="Text")
    try_this = TryThisBlock(group="Boxes")
    locked_section = LockedSectionBlock(group="Boxes")


class NoticeboardBlock(blocks.StreamBlock):
    """All that wagtail_gamification brings for visitors."""

    paragraph = blocks.RichTextBlock(features=_TEXT_FEATURES, group="Text")
    standing = gamification.StandingBlock()
    badge_shelf = gamification.BadgeShelfBlock()
    badge = gamification.BadgeBlock()
    progress = gamification.ProgressBlock()
    unlockables = gamification.UnlockablesBlock()
    recent_awards = gamification.RecentAwardsBlock()
    claim_form = gamification.ClaimFormBlock()
