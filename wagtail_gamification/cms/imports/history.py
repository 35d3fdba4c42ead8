"""The list of all imports: who, when, which file, what became of it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import MultipleUserFilter, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn, UserColumn
from wagtail.admin.views import generic

from wagtail_gamification.models import ImportJob, ImportState
from wagtail_gamification.spreadsheets.errors import CatalogueError
from wagtail_gamification.spreadsheets.workbooks import get_workbook

from .base import NAMESPACE, ImportScreen, url_of
from .columns import StateColumn, TotalsColumn


class JobFilterSet(WagtailFilterSet):
    """Narrows the list to states and people."""

    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=ImportState.choices, widget=CheckboxSelectMultiple
    )
    user = MultipleUserFilter(
        label=_("User"),
        queryset=lambda request: get_user_model()._default_manager.filter(
            pk__in=ImportJob.objects.order_by().values("user")
        ),
        widget=CheckboxSelectMultiple,
    )

    class Meta:
        model = ImportJob
        fields = ["state", "user"]


class HistoryView(ImportScreen, generic.IndexView):
    """All imports, the newest first; one's own lead to their pages."""

    model = ImportJob
    # One permission decides, and it isn't one of those for objects.
    permission_policy = None
    page_title = _("Import history")
    header_icon = "history"
    paginate_by = 20
    index_url_name = f"{NAMESPACE}:index"
    index_results_url_name = f"{NAMESPACE}:index_results"
    add_url_name = f"{NAMESPACE}:add"
    add_item_label = _("Import…")
    search_fields = ["file_name"]
    filterset_class = JobFilterSet
    default_ordering = "-created_at"
    table_classname = "listing"
    results_template_name = "wagtail_gamification/cms/imports/history_results.html"

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn(
                "file_name",
                label=_("File"),
                accessor=_name_of,
                get_url=self.get_job_url,
                sort_key="file_name",
            ),
            Column("contents", label=_("Contents"), accessor=_contents_of),
            StateColumn("state", label=_("State"), sort_key="state"),
            TotalsColumn("totals", label=_("Rows")),
            UserColumn("user", label=_("User")),
            DateColumn("created_at", label=_("Uploaded"), sort_key="created_at"),
        ]

    def get_job_url(self, job: ImportJob) -> str | None:
        """Give the page of a job to whose job it is, and to nobody else."""
        if job.user_id != self.request.user.pk:
            return None
        return url_of("detail", job.pk)

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related("user__wagtail_userprofile")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        # The list itself is the last of them.
        return [
            *self.breadcrumbs_items,
            {"url": "", "label": self.get_page_title()},
        ]


def _name_of(job: ImportJob) -> str:
    return job.file_name


def _contents_of(job: ImportJob) -> Any:
    try:
        return get_workbook(job.workbook).label
    except CatalogueError:
        return job.workbook
