"""A panel on Wagtail's home: the last week in a few numbers."""

from __future__ import annotations

from typing import Any

from django.forms import Media
from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from wagtail_gamification.actions.request_summary import request_summary
from wagtail_gamification.cms.reporting.permissions import dashboard_policy

from .data import read_totals
from .forms import last_days
from .links import Links
from .tiles import tiles_of
from .views import DASHBOARD_MEDIA

DAYS = 7


class DashboardPanel(Component):
    """For those who may see the dashboard; it takes two queries."""

    name = "gamification"
    template_name = "wagtail_gamification/cms/dashboard/panel.html"
    order = 250

    @property
    def media(self) -> Media:
        return DASHBOARD_MEDIA

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request = parent_context["request"]
        summary = request_summary()
        totals = read_totals(*last_days(DAYS))
        tiles = tiles_of(totals, summary, Links(request.user))
        return {"summary": summary, "totals": totals, "tiles": tiles}


def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    if dashboard_policy.user_has_permission(request.user, "view"):
        panels.append(DashboardPanel())
