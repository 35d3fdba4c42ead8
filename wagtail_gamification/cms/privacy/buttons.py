"""What a player's page offers to those who may export or erase."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button

from wagtail_gamification.cms.players.base import url_of
from wagtail_gamification.models import GamificationInterface

from . import permissions


def privacy_buttons(player: GamificationInterface, user: Any) -> list[Button]:
    """Give the buttons that ``user`` may press."""
    buttons = []
    if permissions.may(user, permissions.EXPORT):
        buttons.append(
            Button(
                _("Export data"),
                url=url_of("export", player.pk),
                icon_name="download",
                priority=80,
            )
        )
    if permissions.may(user, permissions.ERASE):
        buttons.append(
            Button(
                _("Erase player"),
                url=url_of("erase", player.pk),
                icon_name="bin",
                priority=90,
            )
        )
    return buttons
