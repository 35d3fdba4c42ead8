"""Taking back what an import did, as far as nobody has built on it.

What was created is deleted, what was changed goes back to how it was. A definition
that somebody has earned, edited or deleted since stays as it is, and says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Revision

from wagtail_gamification.models import ImportJob, ImportRow
from wagtail_gamification.models.protection import players_by_definition

from .permissions import ImportPermissions
from .records import stamp_of
from .results import RowAction, Stage
from .workbooks import Workbook, get_workbook
from .writer import make_way

WRITTEN = (RowAction.CREATED, RowAction.UPDATED)


@dataclass
class UndoStep:
    """What undoing an import does to one definition."""

    row: ImportRow
    instance: Any
    """The definition; None where it isn't there any more."""
    obstacle: str = ""
    """Why it can't be undone; empty where it can."""

    @property
    def deletes(self) -> bool:
        return self.row.action == RowAction.CREATED


def undo_steps(job: ImportJob, *, lock: bool = False) -> list[UndoStep]:
    """Say what undoing would do, in the order of the rows. Nothing is written.

    :param lock: keep the definitions as they are until the transaction ends
    """
    workbook = get_workbook(job.workbook)
    by_sheet: dict[str, list[ImportRow]] = defaultdict(list)
    for row in job.rows.filter(action__in=WRITTEN, undone=False):
        by_sheet[row.sheet].append(row)
    permissions = ImportPermissions(job.user if job.checks_permissions else None)
    steps: list[UndoStep] = []
    for title, rows in by_sheet.items():
        model = workbook.models[title]
        found = _instances(model, [row.object_id for row in rows], lock=lock)
        own = [UndoStep(row, found.get(row.object_id)) for row in rows]
        _say_obstacles(own, permissions, checks=job.checks_permissions)
        steps += own
    return steps
