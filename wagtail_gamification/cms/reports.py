"""What our reports have in common."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.functional import Promise
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.reports import ReportView

from wagtail_gamification.spreadsheets.cells import escape_formula

from .imports.base import MEDIA

NAMESPACE = "wagtail_gamification_reports"


def _text(value: Any) -> Any:
    return escape_formula(str(value))


# Wagtail keeps a formula out of XLSX files, and lets it into CSV: in text, and in what
# becomes text when it is written, such as a user or a badge.
SAFE_VALUES = {
    **SpreadsheetExportMixin.custom_value_preprocess,
    (str, Model, Promise): {SpreadsheetExportMixin.FORMAT_CSV: _text},
}


class GamificationReport(ReportView):
    """A report that scrolls by itself on a narrow screen."""

    results_template_name = "wagtail_gamification/cms/reports/results.html"
    custom_value_preprocess = SAFE_VALUES

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["media"] = context["media"] + MEDIA
        return context


class ReportMenuItem(MenuItem):
    """Leads those to a report who may see it."""

    def __init__(self, report: Any, label: Any, name: str, **kwargs: Any) -> None:
        super().__init__(
            label,
            reverse_lazy(report.index_url_name),
            name=name,
            icon_name=report.header_icon,
            **kwargs,
        )
        self.report = report

    def is_shown(self, request: HttpRequest) -> bool:
        policy = self.report.permission_policy
        actions = self.report.any_permission_required
        return policy.user_has_any_permission(request.user, actions)
