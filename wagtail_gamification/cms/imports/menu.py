"""“Import” in the Gamification menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from .permissions import may_import


class ImportMenuItem(MenuItem):
    """Leads those who may import to the history of imports."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            _("Import"),
            reverse_lazy("wagtail_gamification_imports:index"),
            name="gamification-import",
            icon_name="upload",
            **kwargs,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return may_import(request.user)
