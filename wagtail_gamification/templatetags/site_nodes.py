"""The tags that show more than one player's shelf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.models import LevelProgress
from wagtail_gamification.shelf import RecentAwards, ShelfReader, get_recent_awards

from .nodes import ShelfNode, headed, whole_number


class StandingNode(ShelfNode):
    """``{% standing %}``: the player's points and level together."""

    template_name = "wagtail_gamification/shelf/standing.html"
    label = _("Points and level")

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
        return {
            "progress": data,
            "points": data.points,
            "size": size,
            **headed(heading, gettext("Level")),
        }


class RecentAwardsNode(ShelfNode):
    """``{% recent_awards limit=5 %}``: who has earned something lately."""

    template_name = "wagtail_gamification/shelf/recent_awards.html"
    label = _("Recent awards")
    is_for_everybody = True

    def read(
        self,
        reader: ShelfReader,
        *,
        limit: Any = 5,
        category: Any = None,
        size: str = "small",
        heading: str | None = None,
    ) -> RecentAwards:
        return reader.once(
            ("recent awards", limit, category, size),
            lambda: get_recent_awards(
                limit=whole_number(limit),
                category=category,
                size=size,
                badges=reader.badge_catalogue(size),
            ),
        )

    def context(
        self,
        data: RecentAwards,
        *,
        size: str = "small",
        heading: str | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        label = gettext("Recent awards")
        return {"awards": data.awards, "size": size, **headed(heading, label)}


@dataclass(frozen=True)
class ClaimInvitation:
    """Where a code can be entered."""

    url: str
    """The page that claims."""

    form: Any = None
    """None for who has to sign in first, which that page asks for."""


class ClaimFormNode(ShelfNode):
    """``{% claim_form %}``: a field for a code.

    It holds a token of the visitor's. On pages that all visitors share, load it
    separately.
    """

    template_name = "wagtail_gamification/shelf/claim_form.html"
    label = _("Claim a badge")

    def read(
        self, reader: ShelfReader, *, heading: str | None = None
    ) -> ClaimInvitation | None:
        from wagtail_gamification.views.claims import ClaimForm

        try:
            url = reverse("wagtail_gamification:claim")
        except NoReverseMatch:
            # The site has no such page.
            return None
        if not getattr(reader.viewer, "is_authenticated", False):
            return ClaimInvitation(url)
        # A page may have two of them.
        form = ClaimForm(auto_id=f"claim_{get_random_string(6)}_%s")
        return ClaimInvitation(url, form)

    def context(
        self, data: ClaimInvitation, *, heading: str | None = None, **_: Any
    ) -> dict[str, Any]:
        return {
            "url": data.url,
            "form": data.form,
            **headed(heading, gettext("Claim a badge")),
        }
