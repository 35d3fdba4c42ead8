"""Who may export and erase players."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet

SEE = "wagtail_gamification.view_gamificationinterface"
EXPORT = "wagtail_gamification.export_player"
ERASE = "wagtail_gamification.erase_player"


def may(user: Any, permission: str) -> bool:
    """Whether ``user`` may do this to players, whom one has to be allowed to see."""
    return bool(user.has_perms([SEE, permission]))


def privacy_permissions() -> QuerySet:
    """Give the permissions that a group can have, besides that to see players."""
    return Permission.objects.filter(
        content_type__app_label="wagtail_gamification",
        codename__in=["erase_player", "export_player"],
    )
