"""What leads from a badge to its players, for those who may go there."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button

from wagtail_gamification.actions.giving import definitions_for, may_give
from wagtail_gamification.cms.players.base import may_see_players
from wagtail_gamification.models import BadgeDefinition

from .base import url_of


def earner_buttons(user: Any, badge: BadgeDefinition) -> list[Button]:
    """Give what stands on the screens of one badge."""
    buttons = []
    if may_see_players(user):
        buttons.append(_earners_button(badge))
    if may_give(user, "award", badge).allowed:
        buttons.append(_award_button(badge))
    return buttons


class RowButtons:
    """Gives what stands beside each badge of a list, asked about once for all."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def may_see_players(self) -> bool:
        return may_see_players(self.user)

    @cached_property
    def _awardable(self) -> set[int]:
        return set(definitions_for(self.user, "award").values_list("pk", flat=True))

    def of(self, badge: BadgeDefinition) -> list[Button]:
        buttons = []
        if self.may_see_players:
            buttons.append(_earners_button(badge))
        # A monthly limit is told where somebody wants to award.
        if badge.state_id in self._awardable:
            buttons.append(_award_button(badge))
        return buttons


def _earners_button(badge: BadgeDefinition) -> Button:
    return Button(
        _("Players who earned it"),
        url=url_of("earners", badge.state_id),
        icon_name="group",
        priority=50,
    )


def _award_button(badge: BadgeDefinition) -> Button:
    return Button(
        _("Award to a player…"),
        url=url_of("award", badge.state_id),
        icon_name="gamification-badge",
        priority=55,
    )
