"""What players are called where others see them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from .conf import app_settings
from .models import GamificationInterface


def public_name(interface: GamificationInterface) -> str:
    """Give the name of a player for boards, profiles and lists that others read.

    ``WAGTAIL_GAMIFICATION_PLAYER_NAME`` decides for users; read ``user`` beforehand,
    as with ``select_related("user")``.
    """
    if interface.user_id and (user := interface.user):
        named = _function(app_settings.PLAYER_NAME)(user)
    else:
        named = interface.name
    return str(named).strip() or _("Player %(number)s") % {"number": interface.pk}


def full_name(user: Any) -> str:
    """Give a user's full name, else the user name, and never an e-mail address."""
    name = user.get_full_name() if hasattr(user, "get_full_name") else ""
    name = name.strip() or user.get_username()
    return "" if "@" in name else name


@cache
def _function(path: str) -> Callable[[Any], Any]:
    return import_string(path)
