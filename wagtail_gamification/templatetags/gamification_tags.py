"""The tags that show visitors what a player has: ``{% load gamification_tags %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.logins import login_address
from wagtail_gamification.models import LevelProgress
from wagtail_gamification.profiles import profile_url
from wagtail_gamification.shelf import (
    Shelf,
    ShelfBadge,
    ShelfReader,
    UnlockableShelf,
)

from .board_nodes import LeaderboardNode
from .gate_nodes import CONDITIONS, gate
from .nodes import ShelfNode, headed, whole_number
from .notice_tags import NoticesNode, UnreadNode
from .site_nodes import ClaimFormNode, RecentAwardsNode, StandingNode

register = template.Library()


class BadgeShelfNode(ShelfNode):
    """``{% badge_shelf category="reading" show="earned" limit=6 size="small" %}``"""

    template_name = "wagtail_gamification/shelf/badge_shelf.html"
    label = _("Badges")

    def read(
        self,
        reader: ShelfReader,
        *,
        category: Any = None,
        show: str = "all",
        limit: Any = None,
        size: str = "medium",
        steps: bool = False,
        heading: str | None = None,
    ) -> Shelf:
        return reader.shelf(
            category=category,
            show=show,
            limit=whole_number(limit),
            size=size,
            steps=steps,
        )

    def context(
        self, data: Shelf, *, size: str = "medium", heading: str | None = None, **_: Any
    ) -> dict[str, Any]:
        label = data.category.name if data.category else gettext("Badges")
        return {"shelf": data, "size": size, **headed(heading, label)}


class BadgeNode(ShelfNode):
    """``{% badge "bookworm" %}``: one badge."""

    template_name = "wagtail_gamification/shelf/badge.html"
    label = _("Badge")

    def read(
        self,
        reader: ShelfReader,
        slug: str,
        *,
        size: str = "medium",
        steps: bool = False,
    ) -> ShelfBadge | None:
        return reader.badge(slug, size=size, steps=steps)

    def context(
        self, data: ShelfBadge, *, size: str = "medium", **_: Any
    ) -> dict[str, Any]:
        return {"badge": data, "size": size}


class BadgeProgressNode(ShelfNode):
    """``{% badge_progress "bookworm" %}``: how far the player is."""

    template_name = "wagtail_gamification/shelf/badge_progress.html"
    label = _("Progress")

    def read(self, reader: ShelfReader, slug: str) -> Any:
        badge = reader.badge(slug)
        # With ``as``, templates want the steps; the bar needs the name beside it.
        return badge.progression if badge and self.variable is not None else badge

    def context(self, data: ShelfBadge, **_: Any) -> dict[str, Any]:
        return {"badge": data}


class PointsNode(ShelfNode):
    """``{% points %}``: the player's balance."""

    template_name = "wagtail_gamification/shelf/points.html"
    label = _("Points")

    def read(self, reader: ShelfReader) -> int:
        return reader.points

    def context(self, data: int, **_: Any) -> dict[str, Any]:
        return {"points": data}


class LevelNode(ShelfNode):
    """``{% level %}``: the player's level and what is missing to the next."""

    template_name = "wagtail_gamification/shelf/level.html"
    label = _("Level")

    def read(
        self, reader: ShelfReader, *, size: str = "medium", heading: str | None = None
    ) -> LevelProgress:
        return reader.level(size=size)

    def context(
        self,
        data: LevelProgress,
        *,
        size: str = "medium",
        heading: str | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        return {"progress": data, "size": size, **headed(heading, gettext("Level"))}


class UnlockablesNode(ShelfNode):
    """``{% unlockables show="unlocked" %}``"""

    template_name = "wagtail_gamification/shelf/unlockables.html"
    label = _("Unlockables")

    def read(
        self,
        reader: ShelfReader,
        *,
        show: str = "all",
        limit: Any = None,
        size: str = "medium",
        heading: str | None = None,
    ) -> UnlockableShelf:
        return reader.unlockables(show=show, limit=whole_number(limit), size=size)

    def context(
        self,
        data: UnlockableShelf,
        *,
        size: str = "medium",
        heading: str | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        return {
            "unlockables": data,
            "size": size,
            **headed(heading, gettext("Unlockables")),
        }


register.tag("badge_shelf", BadgeShelfNode.handle)
register.tag("badge", BadgeNode.handle)
register.tag("badge_progress", BadgeProgressNode.handle)
register.tag("points", PointsNode.handle)
register.tag("level", LevelNode.handle)
register.tag("unlockables", UnlockablesNode.handle)
register.simple_tag(profile_url, name="player_url")
register.tag("standing", StandingNode.handle)
register.tag("recent_awards", RecentAwardsNode.handle)
register.tag("claim_form", ClaimFormNode.handle)
register.tag("gamification_notices", NoticesNode.handle)
register.tag("unread_notices", UnreadNode.handle)
register.tag("leaderboard", LeaderboardNode.handle)


# Each has the looks, or the behaviour, of one component.
STYLESHEETS = ("gamification", "profile", "blocks", "notices", "boards", "gates")
SCRIPTS: tuple[str, ...] = ("share", "fragment", "notices")


for _tag, _condition in CONDITIONS.items():
    register.tag(_tag, gate(_condition))


@register.simple_tag
def gamification_login_url() -> str:
    """Give where visitors sign in; empty where the site doesn't say."""
    return login_address()


@register.simple_tag
def gamification_stylesheet() -> SafeString:
    """Link the stylesheets: once, in the ``<head>`` of the page."""
    return format_html_join(
        "\n",
        '<link rel="stylesheet" href="{}">',
        ((static(f"wagtail_gamification/css/{name}.css"),) for name in STYLESHEETS),
    )


@register.simple_tag
def gamification_script() -> SafeString:
    """Load the scripts, which the page also works without: once, in the ``<head>``."""
    return format_html_join(
        "\n",
        '<script src="{}" defer></script>',
        ((static(f"wagtail_gamification/js/{name}.js"),) for name in SCRIPTS),
    )
