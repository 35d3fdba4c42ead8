"""Badges, points, levels and unlockables for Wagtail.

Everything named in ``__all__`` is the public API. It can be imported before
Django's models are loaded: what needs models is looked up on first use.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# The public name and the module that holds it.
_EXPORTS = {
    "AwardBadgeAction": "wagtail_gamification.actions",
    "AdvanceBadgeAction": "wagtail_gamification.actions",
    "BuyOutcome": "wagtail_gamification.actions",
    "BuyUnlockableAction": "wagtail_gamification.actions",
    "ChangePointsAction": "wagtail_gamification.actions",
    "ResetInterfaceAction": "wagtail_gamification.actions",
    "RevokeBadgeAction": "wagtail_gamification.actions",
    "badge_awarded": "wagtail_gamification.signals",
    "badge_expired": "wagtail_gamification.signals",
    "badge_expires_soon": "wagtail_gamification.signals",
    "badge_progressed": "wagtail_gamification.signals",
    "badge_revoked": "wagtail_gamification.signals",
    "level_reached": "wagtail_gamification.signals",
    "notices_created": "wagtail_gamification.signals",
    "points_changed": "wagtail_gamification.signals",
    "unlockable_unlocked": "wagtail_gamification.signals",
    "ErasePlayerAction": "wagtail_gamification.actions",
    "ExportPlayerAction": "wagtail_gamification.actions",
    "PlayerSection": "wagtail_gamification.player_data",
    "register_player_section": "wagtail_gamification.player_data",
    "Event": "wagtail_gamification.events",
    "RequirementKind": "wagtail_gamification.requirements",
    "register_requirement_kind": "wagtail_gamification.requirements",
    "get_leaderboard": "wagtail_gamification.leaderboards",
    "get_shelf": "wagtail_gamification.shelf",
    "profile_url": "wagtail_gamification.profiles",
    "GamificationError": "wagtail_gamification.exceptions",
    "InvalidAmount": "wagtail_gamification.exceptions",
    "InvalidEvent": "wagtail_gamification.exceptions",
    "InvalidPlayerSection": "wagtail_gamification.exceptions",
    "InvalidRequirementKind": "wagtail_gamification.exceptions",
    "LedgerIsAppendOnly": "wagtail_gamification.exceptions",
    "PlayerIsShared": "wagtail_gamification.exceptions",
    "UnknownDefinition": "wagtail_gamification.exceptions",
    "UnknownEvent": "wagtail_gamification.exceptions",
}

__all__ = [*_EXPORTS]


def __getattr__(name: str) -> Any:
    try:
        module = _EXPORTS[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
