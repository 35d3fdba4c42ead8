"""“Players” in the Gamification menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from .base import NAMESPACE, may_see_players


class PlayersMenuItem(MenuItem):
    """Leads those who may see players to the list of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            _("Players"),
            reverse_lazy(f"{NAMESPACE}:index"),
            name="gamification-players",
            icon_name="group",
            **kwargs,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_players(request.user)
