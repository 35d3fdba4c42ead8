"""What Wagtail's log and site history say of imports, each as a whole."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from wagtail_gamification.spreadsheets.results import RowAction
from wagtail_gamification.spreadsheets.runs import LOG_IMPORT, LOG_UNDO_IMPORT


class ImportFormatter(LogFormatter):
    """An entry holds what it tells, and reads the same when the import is purged."""

    label = gettext_lazy("Import definitions")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        rows = [
            _("%(count)s %(outcome)s")
            % {
                "count": number_format(count, force_grouping=True),
                "outcome": RowAction(action).label,
            }
            for action, count in data.get("rows", {}).items()
            if count and action in RowAction.values
        ]
        message = _("Imported “%(file)s”.") % {"file": data.get("file", "")}
        return " ".join([message, ", ".join(rows)]).strip()


class UndoImportFormatter(LogFormatter):
    label = gettext_lazy("Take an import back")

    def format_message(self, log_entry: Any) -> str:
        file = log_entry.data.get("file", "")
        return _("Took the import of “%(file)s” back.") % {"file": file}


def register(actions: Any) -> None:
    """Register what is logged with Wagtail."""
    actions.register_action(LOG_IMPORT)(ImportFormatter)
    actions.register_action(LOG_UNDO_IMPORT)(UndoImportFormatter)
