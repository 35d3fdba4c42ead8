"""Before an import is taken back: what will happen, and what can't."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_gamification.models import ImportState
from wagtail_gamification.spreadsheets.jobs import start_undo
from wagtail_gamification.spreadsheets.undo import UndoStep, undo_steps

from .base import url_of
from .columns import DefinitionColumn, PlaceColumn, UndoColumn
from .rows import RowsPage


class UndoView(RowsPage):
    """Says what undoing an import will do, and does it when it is asked to."""

    template_name = "wagtail_gamification/cms/imports/undo.html"
    page_title = gettext_lazy("Undo the import")
    header_icon = "rotate"
    http_method_names = ["get", "head", "options", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.job.state != ImportState.DONE or self.workbook is None:
            return self.to_job()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not start_undo(self.job):
            messages.warning(request, _("This import can't be undone any more."))
        return self.to_job()

    @cached_property
    def steps(self) -> list[UndoStep]:
        # What can't be undone comes first: it is what has to be decided about.
        return sorted(undo_steps(self.job), key=lambda step: not step.obstacle)

    def get_queryset(self) -> Any:
        for step in self.steps:
            step.row.step = step  # type: ignore[attr-defined]
        return [step.row for step in self.steps]

    @cached_property
    def columns(self) -> list[Any]:
        return [
            PlaceColumn("number", label=_("Row")),
            DefinitionColumn("name", label=_("Name")),
            UndoColumn("undo", label=_("What undoing does")),
        ]

    def get_index_url(self) -> str:
        return url_of("undo", self.job.pk)

    def get_parent_item(self) -> dict[str, Any]:
        return {"url": url_of("detail", self.job.pk), "label": self.job.file_name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        possible = [step for step in self.steps if not step.obstacle]
        return super().get_context_data(
            deleted_count=sum(step.deletes for step in possible),
            restored_count=sum(not step.deletes for step in possible),
            left_count=len(self.steps) - len(possible),
            **kwargs,
        )
