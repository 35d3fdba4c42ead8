"""What a player's page offers to those who may give by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button

from wagtail_gamification.actions.giving import definitions_for, may_give
from wagtail_gamification.cms.players.base import url_of
from wagtail_gamification.models import GamificationInterface
from wagtail_gamification.shelf import ShelfBadge

from .award import award_url


def giving_buttons(player: GamificationInterface, user: Any) -> list[Button]:
    """Give the buttons that ``user`` may press."""
    offered = {
        "award": (_("Award a badge"), "award", "gamification-badge", 10),
        "adjust_points": (_("Adjust points"), "adjust", "plus-inverse", 20),
        "reset": (_("Reset player"), "reset", "rotate", 85),
    }
    return [
        Button(label, url=url_of(name, player.pk), icon_name=icon, priority=priority)
        for action, (label, name, icon, priority) in offered.items()
        if may_give(user, action).allowed
    ]


@dataclass
class BadgeButtons:
    """What can be done with the badges of a player, in two queries for all of them."""

    player: GamificationInterface
    user: Any

    def of(self, badge: ShelfBadge) -> list[Button]:
        buttons = []
        key = badge.definition_id
        if not (badge.is_earned or badge.is_expired):
            return []
        if (badge.expires_at or badge.expired_at) and key in self._renewable:
            url = award_url(self.player.pk, key, renews=True)
            buttons.append(_button(_("Renew"), _("Renew “%(badge)s”"), badge, url))
        if key in self._revocable:
            url = url_of("revoke", self.player.pk, key)
            label = _("Take back “%(badge)s”")
            buttons.append(_button(_("Take back"), label, badge, url))
        return buttons

    @cached_property
    def _renewable(self) -> set[int]:
        return _keys(self.user, "renew")

    @cached_property
    def _revocable(self) -> set[int]:
        return _keys(self.user, "revoke")


def _keys(user: Any, action: str) -> set[int]:
    return set(definitions_for(user, action).order_by().values_list("pk", flat=True))


def _button(label: str, name: str, badge: ShelfBadge, url: str) -> Button:
    return Button(
        label,
        url=url,
        classname="button button-small button-secondary",
        attrs={"aria-label": name % {"badge": badge.name}},
    )
