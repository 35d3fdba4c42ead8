"""Where players have pages of their own, and who has one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from .conf import app_settings
from .models import GamificationInterface
from .models.managers import played_by_somebody


def players_with_profile() -> QuerySet:
    """Give the players whose page anybody may see, with what their name takes."""
    players = GamificationInterface.objects.select_related("user", "preferences")
    if not app_settings.PROFILES:
        return players.none()
    return players.filter(
        played_by_somebody(), is_public=True, preferences__has_profile=True
    )


def profile_url(player: Any) -> str:
    """Give the address of a player's own page, "" where others may not see one.

    ``player`` is a user or an interface. For many of them read the interfaces with
    ``select_related("user", "preferences")``: then this asks the database nothing.
    """
    if not app_settings.PROFILES:
        return ""
    if not isinstance(player, GamificationInterface):
        if not getattr(player, "is_authenticated", False):
            return ""
        players = GamificationInterface.objects.owned_by(player)
        player = players.select_related("user", "preferences").first()
    # Where there is no row, nothing was chosen yet.
    preferences = getattr(player, "preferences", None)
    if preferences is None or not (player.is_public and preferences.has_profile):
        return ""
    if player.user_id and not getattr(player.user, "is_active", True):
        return ""
    try:
        return reverse("wagtail_gamification:profile", args=[preferences.public_id])
    except NoReverseMatch:
        # The site doesn't include the addresses.
        return ""
