"""The list of a job's rows, in any state that has them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic.base import BaseListingView

from wagtail_gamification.models import ImportJob, ImportRow
from wagtail_gamification.spreadsheets.results import RowAction

from .base import JobScreen, url_of
from .columns import (
    OUTCOMES,
    DefinitionColumn,
    DetailsColumn,
    OutcomeColumn,
    PictureColumn,
    PlaceColumn,
)

FORMATS = [("xlsx", "XLSX"), ("ods", "ODS")]
# Holds one sheet.
CSV = ("csv", "CSV")


class RowsPage(JobScreen, BaseListingView):
    """A page about one job that shows its rows, those of one outcome if asked to."""

    template_name = "wagtail_gamification/cms/imports/rows.html"
    model = ImportRow
    paginate_by = 50
    table_classname = "listing gamification-rows"

    def get_base_queryset(self) -> QuerySet:
        return self.job.rows.all()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.filter(action=self.outcome) if self.outcome else queryset

    def paginate_queryset(
        self, queryset: Any, page_size: int
    ) -> tuple[Any, Any, Any, bool]:
        paginator, page, rows, has_other = super().paginate_queryset(
            queryset, page_size
        )
        page.object_list = list(rows)
        self.prepare_rows(page.object_list)
        return paginator, page, page.object_list, has_other

    def prepare_rows(self, rows: list[Any]) -> None:
        """Add what the columns show: links and pictures, in a query a sheet."""
        add_links(rows, self.by_title, self.request.user)
        for row in rows:
            add_picture(row, self.job)

    @cached_property
    def by_title(self) -> dict[str, Any]:
        return self.workbook.sheets if self.workbook else {}

    @cached_property
    def outcome(self) -> str:
        asked = self.request.GET.get("outcome", "")
        return asked if asked in RowAction.values else ""

    @cached_property
    def columns(self) -> list[Any]:
        return [
            PlaceColumn("number", label=_("Row")),
            PictureColumn("picture", label=_("Image"), width="64px"),
            DefinitionColumn("name", label=_("Name")),
            OutcomeColumn("action", label=_("Outcome")),
            DetailsColumn(resources=self.by_title, label=_("Details")),
        ]

    def get_table_kwargs(self) -> dict[str, Any]:
        return {**super().get_table_kwargs(), "caption": _("Rows of the file")}

    def get_index_url(self) -> str:
        return url_of("detail", self.job.pk)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many rows have each outcome."""
        return {action: self.job.totals.get(action, 0) for action in RowAction.values}

    def get_tabs(self) -> list[dict[str, Any]]:
        """Give the links that filter the list, each with its count."""
        counted = [
            ("", _("All rows"), sum(self.counts.values())),
            *(
                (action.value, label, self.counts[action])
                for action, (label, _classname) in OUTCOMES.items()
            ),
        ]
        return [
            {
                "url": f"{self.index_url}?{urlencode({'outcome': action})}"
                if action
                else self.index_url,
                "label": label,
                "count": count,
                "is_current": action == self.outcome,
            }
            for action, label, count in counted
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["tabs"] = self.get_tabs()
        context["has_rows"] = bool(sum(self.counts.values()))
        context["formats"] = self.get_formats()
        return context

    def get_formats(self) -> list[tuple[str, str]]:
        """Give the formats in which the refused rows can be taken home."""
        if not self.counts[RowAction.REFUSED] or self.workbook is None:
            return []
        return [*FORMATS, CSV] if len(self.job.headings) == 1 else FORMATS


def add_links(rows: list[Any], resources: dict[str, Any], user: Any) -> None:
    """Give each row the address where its definition is edited, if it is there."""
    by_sheet: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        row.edit_url = None
        if row.object_id:
            by_sheet[row.sheet].append(row)
    finder = AdminURLFinder(user)
    for title, own in by_sheet.items():
        if title not in resources:
            continue
        manager = resources[title].row_model()._default_manager
        found = {
            str(item.pk): item
            for item in manager.filter(pk__in={row.object_id for row in own})
        }
        for row in own:
            if row.object_id in found:
                row.edit_url = finder.get_edit_url(found[row.object_id])


def add_picture(row: Any, job: ImportJob) -> None:
    """Give a row the address of its image's thumbnail, if it leads to an image."""
    is_there = "pk" in row.image or ("entry" in row.image and job.images_file)
    row.picture_url = (
        url_of("thumbnail", row.job_id, row.position) if is_there else None
    )
