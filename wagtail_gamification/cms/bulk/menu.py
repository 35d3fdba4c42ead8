"""“Bulk awards” in the Gamification menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from .base import NAMESPACE, may_give_anything


class BulkMenuItem(MenuItem):
    """Leads those who may give something to what was given to many."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            _("Bulk awards"),
            reverse_lazy(f"{NAMESPACE}:index"),
            name="gamification-bulk",
            icon_name="gamification-badge",
            **kwargs,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return may_give_anything(request.user)
