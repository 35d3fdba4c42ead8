"""The steps of an import, as a worker does them: once each, whole or not at all."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import LogContext, log

from wagtail_gamification.models import ImportJob, ImportRow, ImportState

from .errors import CatalogueError
from .options import Destination, ImportOptions
from .progress import ProgressNote
from .results import CatalogueResult, RowAction, RowOutcome
from .runner import import_catalogue
from .undo import undo_rows
from .workbooks import get_workbook

logger = logging.getLogger(__name__)

State = ImportState

LOG_IMPORT = "wagtail_gamification.import"
LOG_UNDO_IMPORT = "wagtail_gamification.undo_import"

# So many rows are stored with one statement.
BATCH = 500

# What a preview goes by as long as nothing is chosen: drafts refuse the least, and what
# needs a refused row is said to.
UNDECIDED = ImportOptions(
    destination=Destination.DRAFT, skip_refused=True, replace_drafts=True
)


class _NotMine(Exception):
    """The job was taken away meanwhile, so nothing of it may be written."""


def preview(uuid: str) -> None:
    """Store what each row would do. Nothing else is written."""
    job = ImportJob.objects.get(pk=uuid)
    if job.state != State.PREVIEWING:
        return
    with _step(job, State.PREVIEWING):
        result = _import(job, dry_run=True, options=UNDECIDED)
        with transaction.atomic():
            _store(job, result)
            _finish(job, State.PREVIEWING, State.PREVIEWED, has_result=False)


def run(uuid: str, *, is_watched: bool = False) -> CatalogueResult | None:
    """Write what was previewed, if it still holds.

    :param is_watched: whether somebody waits who can read a traceback
    :return: what became of each row; None where it wasn't for this worker to do, or
        failed as a whole, which the job says then
    """
    job = ImportJob.objects.get(pk=uuid)
    if not job.move(State.QUEUED, to=State.RUNNING):
        # Another worker has it, or had it.
        return None
    result = None
    with _step(job, State.RUNNING, is_watched=is_watched):
        result = _import(
            job,
            dry_run=False,
            options=ImportOptions.from_json(job.options),
            stamps=dict(job.rows.values_list("position", "stamp")) or None,
            finish=partial(_note, job),
        )
    return result


def _note(job: ImportJob, result: CatalogueResult) -> None:
    """Store what became of each row, in the transaction that writes them."""
    _store(job, result)
    if result.is_written:
        now = timezone.now()
        _finish(job, State.RUNNING, State.DONE, has_result=True, finished_at=now)
        # A file that is there already is nothing to tell of.
        if any(job.totals[action] for action in (RowAction.CREATED, RowAction.UPDATED)):
            _log(job, LOG_IMPORT)
    else:
        _finish(job, State.RUNNING, State.FAILED, error=_refusal(result))


def undo(uuid: str) -> None:
    """Take back what the import wrote, as far as that can be."""
    job = ImportJob.objects.get(pk=uuid)
    if job.state != State.UNDOING:
        return
    with _step(job, State.UNDOING), transaction.atomic():
        undo_rows(job, ProgressNote(job).write)
        _finish(job, State.UNDOING, State.UNDONE, finished_at=timezone.now())
        _log(job, LOG_UNDO_IMPORT)


def _log(job: ImportJob, action: str) -> None:
    """Write down the whole, beside what is logged of each definition.

    With all that the entry tells: it is read when the job is purged.
    """
    data = {"file": job.file_name, "rows": job.totals}
    log(instance=job, action=action, user=job.user, data=data)


@contextmanager
def _step(job: ImportJob, state: State, *, is_watched: bool = False) -> Iterator[None]:
    """Work in the editor's language and name; whatever fails, say so in the job."""
    context = LogContext(user=job.user)
    # All entries of the audit log that an import makes share its number.
    context.uuid = job.uuid
    failed = State.DONE if state == State.UNDOING else State.FAILED
    try:
        with translation.override(job.language or None), context:
            yield
    except _NotMine:
        logger.warning("Import %s was taken away from this worker.", job.uuid)
    except CatalogueError as error:
        job.move(state, to=failed, error=str(error))
    except Exception:
        logger.exception("Import %s failed.", job.uuid)
        with translation.override(job.language or None):
            message = _(
                "Something went wrong that the file isn't to blame for. Nothing was "
                "written. The site's developers find the reason in the log."
            )
        job.move(state, to=failed, error=message)
        if is_watched:
            raise
    finally:
        ProgressNote(job).delete()


def _finish(job: ImportJob, state: State, to: State, **values: Any) -> None:
    totals = {action.value: 0 for action in RowAction}
    totals |= _count(job)
    if not job.move(state, to=to, totals=totals, **values):
        raise _NotMine


def _count(job: ImportJob) -> dict[str, int]:
    counted: dict[str, int] = {}
    for action in job.rows.values_list("action", flat=True):
        counted[action] = counted.get(action, 0) + 1
    return counted


def _import(
    job: ImportJob,
    *,
    dry_run: bool,
    options: ImportOptions,
    stamps: Any = None,
    finish: Callable[[CatalogueResult], None] | None = None,
) -> CatalogueResult:
    return import_catalogue(
        _read(job.file, job.sha256, job.file_name),
        job.file_name,
        images=_read(job.images_file, job.images_sha256, job.images_name)
        if job.images_file
        else None,
        images_name=job.images_name,
        sheet=job.sheet or None,
        dry_run=dry_run,
        user=job.user,
        workbook=get_workbook(job.workbook),
        mapping=job.mapping or None,
        options=options,
        check_permissions=job.checks_permissions,
        stamps=stamps,
        progress=ProgressNote(job).write,
        finish=finish,
    )


def _read(file: File, sha256: str, name: str) -> bytes:
    """Give a file's bytes if they are still those that were uploaded."""
    try:
        with file.open("rb") as opened:
            data = opened.read()
    except (OSError, ValueError):
        raise CatalogueError(
            _("“%(name)s” isn't there any more. Upload it again.") % {"name": name}
        ) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise CatalogueError(
            _("“%(name)s” was changed after it was uploaded. Upload it again.")
            % {"name": name}
        )
    return data


def _refusal(result: CatalogueResult) -> str:
    count = result.count(RowAction.REFUSED)
    return ngettext(
        "Nothing was written: %(count)d row is refused.",
        "Nothing was written: %(count)d rows are refused.",
        count,
    ) % {"count": count}


def _store(job: ImportJob, result: CatalogueResult) -> None:
    job.rows.all().delete()
    rows = [
        _row(job, position, sheet.title, outcome)
        for position, (sheet, outcome) in enumerate(
            (sheet, outcome) for sheet in result.sheets for outcome in sheet.rows
        )
    ]
    ImportRow.objects.bulk_create(rows, batch_size=BATCH)


def _row(job: ImportJob, position: int, sheet: str, outcome: RowOutcome) -> ImportRow:
    return ImportRow(
        job=job,
        position=position,
        sheet=sheet,
        number=outcome.number,
        action=outcome.action.value,
        key=_storable(outcome.slug[:255]),
        locale=outcome.locale,
        name=_storable(outcome.name[:255]),
        errors=[_storable(asdict(error)) for error in outcome.errors],
        changes=[_storable(asdict(change)) for change in outcome.changes],
        note=outcome.note,
        has_draft=outcome.has_draft,
        image=_storable(outcome.image),
        cells=_storable(outcome.cells),
        object_id=_text(outcome.object_id),
        revision_id=_text(outcome.revision_id),
        stamp=outcome.stamp,
        before=outcome.before,
    )


def _storable(value: Any) -> Any:
    """Give a value as every database can store it in JSON."""
    if isinstance(value, str):
        # PostgreSQL takes no null characters, and nobody takes half a character.
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable(item) for item in value]
    return value


def _text(value: Any) -> str:
    return "" if value is None else str(value)
