"""“Web hooks” in the Gamification menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from .base import ANY_PERMISSION, ENDPOINTS, policy


class WebhooksMenuItem(MenuItem):
    """Leads those to the list who may see web hooks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            _("Web hooks"),
            reverse_lazy(f"{ENDPOINTS}:index"),
            name="gamification-webhooks",
            icon_name="link",
            **kwargs,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return policy.user_has_any_permission(request.user, ANY_PERMISSION)
