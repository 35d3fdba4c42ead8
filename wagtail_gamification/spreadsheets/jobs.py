"""Imports as jobs, on the side of those who ask for them.

Each function asks for the next step of an import and gives whether it was this call
that asked; what the step does is in :mod:`.runs`, and done by a worker. Permissions
are checked where the step is done, against whom the job belongs to.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_gamification import tasks
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import ImportJob, ImportState

from . import runs
from .errors import CatalogueError, ImagesRefused, shortened
from .headings import headings_key, match_headings, missing_columns, read_headings
from .images import ImageLibrary
from .options import ImportOptions
from .progress import ProgressNote
from .results import CatalogueResult, RowAction
from .workbooks import Workbook, get_workbook

logger = logging.getLogger(__name__)

State = ImportState

# The states that somebody works in.
WORKING = (State.PREVIEWING, State.RUNNING, State.UNDOING)
# Where an import goes back to whose worker has gone away, and what it says then.
AFTER_SILENCE = {
    State.PREVIEWING: State.MAPPED,
    State.RUNNING: State.INTERRUPTED,
    State.UNDOING: State.DONE,
}
# The states in which the columns may be matched, and the file checked, once more.
OPEN = (State.UPLOADED, State.MAPPED, State.PREVIEWED, State.FAILED)


def create_job(
    workbook: Workbook,
    file: File,
    *,
    user: Any,
    images: File | None = None,
    sheet: str = "",
) -> ImportJob:
    """Take in a spreadsheet, and match its columns as well as can be.

    :param file: the spreadsheet; its name says the format
    :param user: whose import it is, and whose permissions count
    :param images: a ZIP of the images that its rows name
    :param sheet: the sheet that is meant, for files that don't name theirs
    :raises CatalogueError: if the spreadsheet can't be imported at all
    :raises ImagesRefused: if the ZIP can't be used
    """
    data = _bytes(file, app_settings.IMPORT_MAX_FILE_SIZE)
    headings = read_headings(data, file.name or "", workbook, sheet or None)
    packed = _images(images) if images is not None else None
    job = ImportJob(
        workbook=workbook.name,
        sheet=sheet,
        user=user,
        file_name=shortened(file.name or "", 255),
        sha256=_sha256(data),
        images_name=shortened(images.name or "", 255) if images is not None else "",
        images_sha256=_sha256(packed) if packed is not None else "",
        language=get_language() or "",
        headings=headings,
        headings_key=headings_key(workbook, headings),
    )
    job.mapping = _remembered(job) or match_headings(workbook, headings)
    try:
        job.file.save(file.name, ContentFile(data), save=False)
        if packed is not None:
            job.images_file.save(images.name, ContentFile(packed), save=False)  # type: ignore[union-attr]
        job.save(force_insert=True)
    except BaseException:
        delete_files(job)
        raise
    return job


def run_here(
    workbook: Workbook,
    file: File,
    *,
    options: ImportOptions,
    user: Any = None,
    images: File | None = None,
    sheet: str = "",
) -> CatalogueResult:
    """Import a file at once, for somebody who waits for it, as a command does.

    What is imported stands in the history like any other import; a run that found
    nothing to do doesn't, as those of a deployment. Permissions aren't checked: who may
    run commands may do anything.

    :param user: whom revisions and the audit log name
    :raises CatalogueError: if the file as a whole can't be imported
    """
    job = create_job(workbook, file, user=user, images=images, sheet=sheet)
    job.move(
        State.UPLOADED,
        to=State.QUEUED,
        checks_permissions=False,
        # Nobody was asked, so a heading that isn't known is a mistake.
        mapping={},
        options=options.as_json(),
    )
    result = runs.run(str(job.uuid), is_watched=True)
    job.refresh_from_db()
    if result is None:
        raise CatalogueError(job.error)
    if all(row.action == RowAction.SKIPPED for row in result.rows):
        delete_files(job)
        job.delete()
    return result


def set_mapping(job: ImportJob, mapping: Mapping[str, Mapping[str, str]]) -> bool:
    """Say which field each heading means.

    :param mapping: by the sheet's title and the heading; "" ignores a column
    :raises CatalogueError: if a field is named twice, isn't known, or is missing
    """
    workbook = get_workbook(job.workbook)
    for title, headings in job.headings.items():
        chosen = [mapping.get(title, {}).get(heading, "") for heading in headings]
        fields = [field for field in chosen if field]
        for field in fields:
            if field not in workbook.columns[title]:
                raise CatalogueError(
                    _("%(title)s has no field “%(field)s”.")
                    % {"title": title, "field": shortened(field)}
                )
            if fields.count(field) > 1:
                raise CatalogueError(
                    _("%(title)s: more than one column is matched to “%(field)s”.")
                    % {"title": title, "field": field}
                )
    complete = {
        title: {
            heading: mapping.get(title, {}).get(heading, "") for heading in headings
        }
        for title, headings in job.headings.items()
    }
    for title, missing in missing_columns(workbook, complete).items():
        if missing.needed:
            raise CatalogueError(
                _("%(title)s: no column is matched to %(fields)s.")
                % {"title": title, "fields": ", ".join(missing.needed)}
            )
    return job.move(*OPEN, to=State.MAPPED, mapping=complete, error="")


def start_preview(job: ImportJob) -> bool:
    """Have it found out what the import would do."""
    return _ask(
        job,
        State.MAPPED,
        State.PREVIEWED,
        State.FAILED,
        to=State.PREVIEWING,
        task=tasks.preview_import,
        error="",
    )


def start_run(job: ImportJob, options: ImportOptions) -> bool:
    """Have the import done as it was shown."""
    return _ask(
        job,
        State.PREVIEWED,
        to=State.QUEUED,
        task=tasks.run_import,
        options=options.as_json(),
        error="",
    )


def start_again(job: ImportJob) -> bool:
    """Have an import done whose worker went away, or never came."""
    states = [State.INTERRUPTED]
    if is_silent(job):
        # A second task finds that the first has begun, and leaves it alone.
        states.append(State.QUEUED)
    return _ask(job, *states, to=State.QUEUED, task=tasks.run_import, error="")


def start_undo(job: ImportJob) -> bool:
    """Have what the import did taken back."""
    return _ask(job, State.DONE, to=State.UNDOING, task=tasks.undo_import, error="")


def is_silent(job: ImportJob) -> bool:
    """Say whether nothing was heard of a job for longer than is usual."""
    last = job.changed_at.timestamp()
    if job.state in WORKING:
        progress = ProgressNote(job).read()
        last = max(last, progress.at if progress else 0)
    return timezone.now().timestamp() - last > app_settings.IMPORT_SILENT_SECONDS


def notice_silence(job: ImportJob) -> bool:
    """Take a job out of the hands of a worker that went away.

    Should the worker live after all, it finds that the job is no longer its own, and
    writes nothing.
    """
    if job.state not in WORKING or not is_silent(job):
        return False
    state = State(job.state)
    return job.move(
        state,
        to=AFTER_SILENCE[state],
        error=_("This was interrupted. Nothing was written. Start it again."),
    )


def delete_old_files(days: int | None = None) -> int:
    """Delete the files of imports that nobody has touched for some days.

    :param days: how many; the site's setting where there is none
    :return: how many imports had files
    """
    days = app_settings.IMPORT_KEEP_DAYS if days is None else days
    old = ImportJob.objects.filter(
        changed_at__lt=timezone.now() - timedelta(days=days)
    ).exclude(file="")
    count = 0
    for job in old.exclude(state__in=[*WORKING, State.QUEUED]).iterator():
        delete_files(job)
        ImportJob.objects.filter(pk=job.pk).update(file="", images_file="")
        # The cells of refused rows are the sender's as much as the file is.
        job.rows.exclude(cells={}).update(cells={})
        count += 1
    return count


def delete_files(job: ImportJob) -> None:
    """Delete what was uploaded for a job."""
    for file in (job.file, job.images_file):
        if file:
            file.storage.delete(file.name)
    ProgressNote(job).delete()


def _ask(job: ImportJob, *states: str, to: str, task: Any, **values: Any) -> bool:
    before = job.state
    # Whoever asks isn't the command that may have begun it.
    values["checks_permissions"] = True
    with transaction.atomic():
        if not job.move(*states, to=to, **values):
            return False
        transaction.on_commit(partial(_enqueue, job, task, to, before))
    return True


def _enqueue(job: ImportJob, task: Any, state: str, before: str) -> None:
    try:
        task.enqueue(str(job.uuid))
    except Exception:
        # The queue is a service of its own: Redis, another database.
        logger.exception("A task for an import can't be put in the queue.")
        job.move(
            state,
            to=before,
            error=_("The background tasks of the site don't answer. Try again later."),
        )


def _remembered(job: ImportJob) -> dict[str, dict[str, str]] | None:
    """Give what was chosen last for a file with these headings."""
    earlier = ImportJob.objects.filter(
        workbook=job.workbook, headings_key=job.headings_key, user=job.user
    ).exclude(state=State.UPLOADED)
    newest = earlier.order_by("-created_at")
    mapping = newest.values_list("mapping", flat=True).first() or {}
    columns = get_workbook(job.workbook).columns
    for title, chosen in mapping.items():
        if not {*chosen.values()} <= {"", *columns.get(title, ())}:
            # The site has other fields by now.
            return None
    return mapping


def _bytes(file: File, limit: int) -> bytes:
    # What is too large isn't read.
    if (file.size or 0) > limit:
        raise CatalogueError(
            _("“%(name)s” is larger than %(size)s. Split it into several files.")
            % {"name": shortened(file.name or ""), "size": filesizeformat(limit)}
        )
    file.seek(0)
    return file.read()


def _images(file: File) -> bytes:
    try:
        packed = _bytes(file, app_settings.IMPORT_MAX_IMAGES_SIZE)
        # Tricks and damage are said at once.
        ImageLibrary(packed, file.name or "")
    except CatalogueError as error:
        raise ImagesRefused(str(error)) from error
    return packed


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
