"""What players are called where other systems read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.module_loading import import_string

from .conf import app_settings


def player_keys(interfaces: Collection[int]) -> Mapping[int, str]:
    """Give what these players are called in messages to other systems.

    ``WAGTAIL_GAMIFICATION_WEBHOOK_PLAYER_KEYS`` decides.
    """
    return import_string(app_settings.WEBHOOK_PLAYER_KEYS)(interfaces)


def numbers(interfaces: Collection[int]) -> Mapping[int, str]:
    """Give the players' own numbers, which say nothing about anybody."""
    return {key: str(key) for key in interfaces}
