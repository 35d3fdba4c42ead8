"""“Claim codes” in the Gamification menu and in a badge's editor."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from wagtail_gamification.models import BadgeDefinition

from .base import ANY_PERMISSION, NAMESPACE, badges_of, policy, url_of


class ClaimCodesMenuItem(MenuItem):
    """Leads those to the list who may see codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            _("Claim codes"),
            reverse_lazy(f"{NAMESPACE}:index"),
            name="gamification-claim-codes",
            icon_name="key",
            **kwargs,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return policy.user_has_any_permission(request.user, ANY_PERMISSION)


def badge_buttons(user: Any, badge: BadgeDefinition) -> list[Button]:
    """Give what leads from a badge to its codes."""
    if not policy.user_has_any_permission(user, ANY_PERMISSION):
        return []
    if not badges_of(user).filter(pk=badge.state_id).exists():
        return []
    url = f"{url_of('index')}?badge_definition={badge.state_id}"
    return [Button(_("Claim codes"), url=url, icon_name="key", priority=60)]
