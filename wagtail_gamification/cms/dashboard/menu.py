"""“Dashboard” in the Gamification menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from wagtail_gamification.cms.reporting.permissions import dashboard_policy

from .views import NAMESPACE


class DashboardMenuItem(MenuItem):
    """Leads those to the dashboard who may see it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            _("Dashboard"),
            reverse_lazy(f"{NAMESPACE}:index"),
            name="gamification-dashboard",
            icon_name="view",
            **kwargs,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return dashboard_policy.user_has_permission(request.user, "view")
