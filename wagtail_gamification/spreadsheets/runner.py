"""Importing a catalogue from beginning to end."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .errors import CatalogueError
from .images import ImageLibrary
from .loader import load
from .planner import CataloguePlan
from .resources import CATALOGUE
from .results import CatalogueResult, CellError, RowAction, RowOutcome, SheetResult
from .rows import RowPlan
from .writer import write


def import_catalogue(
    data: bytes,
    name: str,
    *,
    images: bytes | None = None,
    images_name: str = "images.zip",
    sheet: str | None = None,
    publish: bool = True,
    dry_run: bool = False,
    user: Any = None,
) -> CatalogueResult:
    """Create and update definitions from a spreadsheet: all of its rows, or none.

    :param data: the spreadsheet
    :param name: its file name; the ending says the format
    :param images: a ZIP of images that the rows name
    :param images_name: its file name, for messages
    :param sheet: import only this sheet; needed where the file doesn't name it
    :param publish: make new and changed definitions live; otherwise they are drafts
    :param dry_run: say what would happen, and change nothing
    :param user: whom revisions and the audit log name. Permissions are not checked.
    :raises CatalogueError: if the file as a whole can't be imported
    """
    sheets = load(data, name, CATALOGUE, sheet)
    library = ImageLibrary(images, images_name)
    if dry_run:
        plan = CataloguePlan(sheets, library, publishes=publish)
        return _result(plan, is_dry_run=True, is_written=False)
    try:
        with transaction.atomic():
            plan = CataloguePlan(sheets, library, publishes=publish, lock=True)
            result = _result(plan, is_dry_run=False, is_written=False)
            if result.is_refused:
                return result
            write(plan, user)
    except BaseException as error:
        library.discard()
        if isinstance(error, IntegrityError):
            # The rows were valid when they were read: somebody else was quicker.
            raise CatalogueError(
                _("The catalogue was changed at the same time. Nothing is written.")
            ) from error
        raise
    return _result(plan, is_dry_run=False, is_written=True)


def _result(
    plan: CataloguePlan, *, is_dry_run: bool, is_written: bool
) -> CatalogueResult:
    return CatalogueResult(
        sheets=tuple(
            SheetResult(title=title, rows=tuple(map(_outcome, plans)))
            for title, plans in plan.rows.items()
        ),
        is_dry_run=is_dry_run,
        is_written=is_written,
        images_stored=len(plan.images.new),
    )


def _outcome(plan: RowPlan) -> RowOutcome:
    if plan.errors:
        action = RowAction.REFUSED
    elif plan.is_new:
        action = RowAction.CREATED
    else:
        action = RowAction.UPDATED if plan.changes else RowAction.SKIPPED
    return RowOutcome(
        number=plan.number,
        action=action,
        slug=plan.slug,
        locale=plan.locale.language_code if plan.locale else "",
        name=plan.instance.name if plan.instance is not None else "",
        errors=tuple(
            CellError(column=column, message=message)
            for column, messages in plan.errors.items()
            for message in messages
        ),
        changes=tuple(plan.changes.values()),
        note=plan.note,
        object_id=plan.object_id,
        revision_id=plan.revision_id,
    )
