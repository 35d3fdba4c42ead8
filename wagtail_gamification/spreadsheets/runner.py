"""Importing a workbook from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .errors import CatalogueError
from .images import ImageLibrary
from .loader import load
from .options import Destination, ImportOptions
from .permissions import ImportPermissions
from .planner import CataloguePlan
from .resources import CATALOGUE
from .results import (
    CatalogueResult,
    CellError,
    RowAction,
    RowOutcome,
    SheetResult,
    Stage,
)
from .rows import RowPlan
from .workbooks import Workbook
from .writer import used_images, write

Progress = Callable[[Stage, int, int], None]


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
    workbook: Workbook = CATALOGUE,
    mapping: Mapping[str, Mapping[str, str]] | None = None,
    options: ImportOptions | None = None,
    check_permissions: bool = False,
    stamps: Mapping[int, str] | None = None,
    progress: Progress | None = None,
    finish: Callable[[CatalogueResult], None] | None = None,
) -> CatalogueResult:
    """Create and update definitions from a spreadsheet: all of its rows, or none.

    :param data: the spreadsheet
    :param name: its file name; the ending says the format
    :param images: a ZIP of images that the rows name
    :param images_name: its file name, for messages
    :param sheet: import only this sheet; needed where the file doesn't name it
    :param publish: make new and changed definitions live; otherwise they are drafts
    :param dry_run: say what would happen, and change nothing
    :param user: whom revisions and the audit log name, and whom locks let in
    :param workbook: the sheets that the file may have
    :param mapping: the column of each heading by the sheet's title; without it,
        headings have to be those of the columns
    :param options: what the editor chose; takes the place of ``publish``
    :param check_permissions: refuse what ``user`` may not do in the CMS
    :param stamps: the stamps of a preview by the row's place among the rows of all
        sheets; a row whose definition was changed since is refused
    :param progress: called with what is being done, how much of it is done and how
        much there is to do
    :param finish: called with the result in the transaction that writes it; if it
        fails, nothing is written and no file of an image stays
    :raises CatalogueError: if the file as a whole can't be imported
    """
    if options is None:
        kind = Destination.PUBLISH if publish else Destination.DRAFT
        options = ImportOptions(destination=kind)
    report = progress or _say_nothing
    if check_permissions:
        ImportPermissions(user).require_import()
    report(Stage.READING, 0, 1)
    sheets = load(data, name, workbook, sheet, mapping=mapping)
    permissions = ImportPermissions(user) if check_permissions else None
    library = ImageLibrary(
        images,
        images_name,
        permissions=permissions,
        collection_id=options.collection_id,
    )
    report(Stage.READING, 1, 1)

    def planned(lock: bool) -> CataloguePlan:
        return CataloguePlan(
            sheets,
            library,
            workbook=workbook,
            options=options,
            user=user,
            permissions=permissions,
            stamps=stamps,
            lock=lock,
            progress=report,
        )

    if dry_run:
        return _result(planned(lock=False), is_dry_run=True, is_written=False)
    try:
        with transaction.atomic():
            plan = planned(lock=True)
            result = _result(plan, is_dry_run=False, is_written=False)
            if not result.is_refused or options.skip_refused:
                write(plan, user, report)
                result = _result(
                    plan,
                    is_dry_run=False,
                    is_written=True,
                    images_stored=result.images_stored,
                )
            if finish is not None:
                finish(result)
    except BaseException as error:
        library.discard()
        if isinstance(error, IntegrityError):
            # The rows were valid when they were read: somebody else was quicker.
            raise CatalogueError(
                _("The catalogue was changed at the same time. Nothing is written.")
            ) from error
        raise
    return result


def _say_nothing(stage: Stage, done: int, total: int) -> None:
    """Stand in for somebody who wants to know how far it is."""


def _result(
    plan: CataloguePlan,
    *,
    is_dry_run: bool,
    is_written: bool,
    images_stored: int | None = None,
) -> CatalogueResult:
    if images_stored is None:
        images_stored = len(used_images(plan))
    return CatalogueResult(
        sheets=tuple(
            SheetResult(
                title=title,
                rows=tuple(_outcome(plan, row) for row in rows),
            )
            for title, rows in plan.rows.items()
        ),
        is_dry_run=is_dry_run,
        is_written=is_written,
        images_stored=images_stored,
    )


def _outcome(catalogue: CataloguePlan, plan: RowPlan) -> RowOutcome:
    if plan.errors:
        action = RowAction.REFUSED
    elif plan.is_new:
        action = RowAction.CREATED
    else:
        action = RowAction.UPDATED if plan.changes else RowAction.SKIPPED
    instance = plan.instance
    label = catalogue.resources[plan.sheet].label(instance) if instance else ""
    return RowOutcome(
        number=plan.number,
        action=action,
        slug=plan.slug,
        locale=plan.locale.language_code if plan.locale else "",
        name=label,
        errors=tuple(
            CellError(column=column, message=message)
            for column, messages in plan.errors.items()
            for message in messages
        ),
        changes=tuple(plan.changes.values()),
        note=plan.note,
        object_id=plan.object_id,
        revision_id=plan.revision_id,
        has_draft=plan.has_draft,
        stamp=plan.stamp,
        image=plan.image,
        cells=plan.cells if plan.errors else {},
        before=plan.before,
    )
