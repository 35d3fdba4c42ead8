"""“Nominations” in the Gamification menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from .queue import NAMESPACE, policy


class NominationsMenuItem(MenuItem):
    """Leads those to the queue who may decide."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            _("Nominations"),
            reverse_lazy(f"{NAMESPACE}:index"),
            name="gamification-nominations",
            icon_name="user",
            **kwargs,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return policy.user_has_permission(request.user, "decide")
