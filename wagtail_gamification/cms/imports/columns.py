"""The columns of the lists of imports and of their rows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column

from wagtail_gamification.models import ImportJob, ImportRow, ImportState
from wagtail_gamification.spreadsheets.headings import column_label
from wagtail_gamification.spreadsheets.results import RowAction

# What an editor reads about a row, and the look of the tag.
OUTCOMES = {
    RowAction.CREATED: (gettext_lazy("New"), "w-status--primary"),
    RowAction.UPDATED: (gettext_lazy("Changed"), "w-status--primary"),
    RowAction.SKIPPED: (gettext_lazy("Unchanged"), ""),
    RowAction.REFUSED: (gettext_lazy("Refused"), "gamification-status--refused"),
}
# Longer texts are shown folded.
LONG = 160
_ENDED_BADLY = (ImportState.FAILED, ImportState.INTERRUPTED)


def readable(value: Any) -> str:
    """Give a value from a row's report as an editor reads it."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, (list, tuple)):
        return ", ".join(readable(item) for item in value)
    return str(value)


def totals_of(job: ImportJob) -> list[tuple[Any, int]]:
    """Give how many rows had each outcome that there was."""
    return [
        (label, job.totals[action])
        for action, (label, _classname) in OUTCOMES.items()
        if job.totals.get(action)
    ]


class StateColumn(BaseColumn):
    """How far an import has come, in words and as a tag."""

    cell_template_name = "wagtail_gamification/cms/imports/state_cell.html"

    def get_cell_context_data(
        self, instance: ImportJob, parent_context: Any
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        context["label"] = instance.get_state_display()
        context["classname"] = {
            ImportState.DONE: "w-status--primary",
            **dict.fromkeys(_ENDED_BADLY, "gamification-status--refused"),
        }.get(ImportState(instance.state), "")
        return context


class TotalsColumn(BaseColumn):
    """How many rows had which outcome."""

    cell_template_name = "wagtail_gamification/cms/imports/totals_cell.html"

    def get_cell_context_data(
        self, instance: ImportJob, parent_context: Any
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        context["totals"] = totals_of(instance)
        return context


class PlaceColumn(Column):
    """Where in the file a row stands."""

    cell_template_name = "wagtail_gamification/cms/imports/place_cell.html"


class PictureColumn(BaseColumn):
    """What the image of a row will look like."""

    cell_template_name = "wagtail_gamification/cms/imports/picture_cell.html"


class DefinitionColumn(BaseColumn):
    """What a row is about, with a link to it where it is there already."""

    cell_template_name = "wagtail_gamification/cms/imports/definition_cell.html"


class OutcomeColumn(BaseColumn):
    """What becomes of a row, in words and as a tag."""

    cell_template_name = "wagtail_gamification/cms/imports/outcome_cell.html"

    def get_cell_context_data(
        self, instance: ImportRow, parent_context: Any
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        label, classname = OUTCOMES.get(
            RowAction(instance.action), (instance.action, "")
        )
        return context | {"label": label, "classname": classname}


class DetailsColumn(BaseColumn):
    """What changes, or why nothing does."""

    cell_template_name = "wagtail_gamification/cms/imports/details_cell.html"

    def __init__(self, resources: dict[str, Any], **kwargs: Any) -> None:
        super().__init__("details", **kwargs)
        self.resources = resources

    def get_cell_context_data(
        self, instance: ImportRow, parent_context: Any
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        context["errors"] = [
            {
                "label": self.label_of(instance, error.get("column", "")),
                "message": error.get("message", ""),
            }
            for error in instance.errors
        ]
        context["changes"] = [
            {
                "label": self.label_of(instance, change.get("column", "")),
                "before": readable(change.get("before")),
                "after": readable(change.get("after")),
            }
            for change in instance.changes
        ]
        context["is_new"] = instance.action == RowAction.CREATED
        context["long"] = LONG
        return context

    def label_of(self, row: ImportRow, column: str) -> str:
        """Give a column's name for people."""
        resource = self.resources.get(row.sheet)
        if not column or resource is None:
            return column
        return column_label(resource, column)


class UndoColumn(BaseColumn):
    """What undoing does to a definition, or why it does nothing."""

    cell_template_name = "wagtail_gamification/cms/imports/undo_cell.html"
