"""Imports of spreadsheets: what was sent, what became of it, row by row."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.conf import app_settings


def import_storage() -> Storage:
    """Give where uploaded files are kept: outside what the site shows, if it can."""
    alias = app_settings.IMPORT_STORAGE
    return storages[alias if alias in settings.STORAGES else "default"]


def file_path(job: ImportJob, name: str) -> str:
    """Give a path that nobody can guess; only the ending is the sender's."""
    return f"gamification-imports/{job.uuid}/file{PurePath(name).suffix.lower()[:10]}"


def images_path(job: ImportJob, name: str) -> str:
    return f"gamification-imports/{job.uuid}/images.zip"


class ImportState(models.TextChoices):
    """How far an import has come."""

    UPLOADED = "uploaded", _("Uploaded")
    MAPPED = "mapped", _("Columns matched")
    PREVIEWING = "previewing", _("Being checked")
    PREVIEWED = "previewed", _("Checked")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    INTERRUPTED = "interrupted", _("Interrupted")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class ImportJobQuerySet(models.QuerySet):
    def of(self, user: Any) -> ImportJobQuerySet:
        """Give the imports that a user may open: their own."""
        return self.filter(user=user)


class ImportJob(models.Model):
    """One import of a spreadsheet, from the upload to the undo.

    Its state is only changed by :meth:`move`, whose statement decides who comes
    first where two try at the same moment.
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workbook = models.CharField(_("workbook"), max_length=255)
    sheet = models.CharField(_("sheet"), max_length=255, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    checks_permissions = models.BooleanField(default=True)
    """Whether the user's permissions count; a command has none to ask for."""
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=ImportState.choices,
        default=ImportState.UPLOADED,
    )
    file = models.FileField(
        _("file"), storage=import_storage, upload_to=file_path, max_length=255
    )
    file_name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(max_length=64)
    images_file = models.FileField(
        _("images"),
        storage=import_storage,
        upload_to=images_path,
        max_length=255,
        blank=True,
    )
    images_name = models.CharField(_("file name of the images"), max_length=255)
    images_sha256 = models.CharField(max_length=64)
    language = models.CharField(
        max_length=16,
        help_text=_("The language of the messages about its rows."),
    )
    headings = models.JSONField(default=dict)
    """The headings of each sheet, by its title."""
    headings_key = models.CharField(max_length=64)
    """The same for all files with these headings."""
    mapping = models.JSONField(default=dict)
    """The field of each heading, by the sheet's title; "" where it is ignored."""
    options = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    """How many rows had each outcome: in the preview, and then in the run."""
    has_result = models.BooleanField(default=False)
    """Whether the totals and rows tell what was done, and not what would be."""
    error = models.TextField(blank=True)
    """Why it failed, in one line for the editor."""
    created_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    changed_at = models.DateTimeField(_("last changed at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = ImportJobQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ()
        permissions = [("import_definitions", _("Can import definitions"))]
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["workbook", "headings_key", "created_at"],
                name="gamification_import_headings",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    def move(self, *states: str, to: str, **values: Any) -> bool:
        """Go on to another state, unless somebody else has already.

        :param states: the states from which it may go on
        :param to: the state that it has then
        :param values: what else is stored in the same statement
        :return: whether this call made the change
        """
        values |= {"state": to, "changed_at": timezone.now()}
        is_mine = bool(
            type(self)
            ._default_manager.filter(pk=self.pk, state__in=states)
            .update(**values)
        )
        if is_mine:
            for name, value in values.items():
                setattr(self, name, value)
        return is_mine


class ImportRow(models.Model):
    """What one row of the file would do, or did."""

    job = models.ForeignKey(
        ImportJob, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    position = models.PositiveIntegerField()
    """Its place among the rows of all sheets."""
    sheet = models.CharField(max_length=255)
    number = models.PositiveIntegerField(_("row"))
    action = models.CharField(_("outcome"), max_length=8)
    key = models.CharField(max_length=255)
    locale = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=255)
    errors = models.JSONField(default=list)
    """For each reason ``{"column": …, "message": …}``."""
    changes = models.JSONField(default=list)
    """For each field ``{"column": …, "before": …, "after": …}``."""
    note = models.TextField(blank=True)
    has_draft = models.BooleanField(default=False)
    """Whether it would write over a draft that isn't published."""
    image = models.JSONField(default=dict)
    """The image it leads to: ``{"entry": path in the ZIP}`` or ``{"pk": number}``."""
    cells = models.JSONField(default=dict)
    """The cells of a refused row, by heading, to be sent back with the reason."""
    object_id = models.CharField(max_length=255, blank=True)
    revision_id = models.CharField(max_length=255, blank=True)
    stamp = models.CharField(max_length=64, blank=True)
    """The version of the definition that the preview saw, or that the run left."""
    before = models.JSONField(default=dict)
    """What an updated definition was before: ``revision``, ``live_revision``, ``live``,
    ``has_draft`` and ``fields``."""
    undone = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "position"], name="gamification_import_row_position"
            )
        ]
        indexes = [
            models.Index(
                fields=["job", "action", "position"],
                name="gamification_import_row_action",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"
