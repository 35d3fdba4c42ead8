"""What a lesson is made of."""

from __future__ import annotations

from wagtail import blocks

from wagtail_gamification import blocks as gamification

_TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]


class TryThisBlock(blocks.StructBlock):
    """Something to do outdoors, set apart from the text."""

    heading = blocks.CharBlock(default="Try this")
    text = blocks.RichTextBlock(features=_TEXT_FEATURES)

    class Meta:
        icon = "tick-inverse"
        template = "learning/blocks/try_this.html"


class LessonBodyBlock(blocks.StreamBlock):
    heading = blocks.CharBlock(
        icon="title", template="learning/blocks/heading.html", group="Text"
    )
    paragraph = blocks.RichTextBlock(features=_TEXT_FEATURES, group="Text")
    try_this = TryThisBlock(group="Boxes")
    locked_section = gamification.GatedBlock(
        content=[("text", blocks.RichTextBlock(features=_TEXT_FEATURES))]
    )


class NoticeboardBlock(blocks.StreamBlock):
    """All that wagtail_gamification brings for visitors."""

    paragraph = blocks.RichTextBlock(
        features=[*_TEXT_FEATURES, "gamification-badge"], group="Text"
    )
    standing = gamification.StandingBlock()
    badge_shelf = gamification.BadgeShelfBlock()
    badge = gamification.BadgeBlock()
    progress = gamification.ProgressBlock()
    unlockables = gamification.UnlockablesBlock()
    leaderboard = gamification.LeaderboardBlock()
    recent_awards = gamification.RecentAwardsBlock()
    claim_form = gamification.ClaimFormBlock()
