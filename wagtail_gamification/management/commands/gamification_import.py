"""Import a catalogue of definitions from a spreadsheet."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_gamification.conf import app_settings
from wagtail_gamification.spreadsheets import (
    CatalogueError,
    CatalogueResult,
    RowAction,
    RowOutcome,
    import_catalogue,
)
from wagtail_gamification.spreadsheets.jobs import run_here
from wagtail_gamification.spreadsheets.options import Destination, ImportOptions
from wagtail_gamification.spreadsheets.resources import CATALOGUE


class Command(BaseCommand):
    help = (
        "Creates and updates categories, badges, unlockables and levels from a "
        "spreadsheet (XLSX, ODS, CSV, TSV or JSON). Rows are matched by slug and "
        "locale. If any row is refused, nothing is written and the exit status is 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="The spreadsheet.")
        parser.add_argument("--images", help="A ZIP of images that the rows name.")
        parser.add_argument(
            "--sheet",
            help="Import only this sheet: Categories, Badges, Unlockables or Levels. "
            "Needed for files that have one sheet without a name.",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Say what would happen to each row, and change nothing.",
        )
        target = parser.add_mutually_exclusive_group()
        target.add_argument(
            "--publish",
            action="store_true",
            default=True,
            help="Make new and changed definitions live (the default).",
        )
        target.add_argument(
            "--draft",
            action="store_false",
            dest="publish",
            help="Keep them as drafts that editors publish in the CMS.",
        )
        parser.add_argument(
            "--user", help="The username that revisions and the audit log name."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        images = options["images"] and Path(options["images"])
        try:
            result = self._import(
                path.name,
                self._read(path, app_settings.IMPORT_MAX_FILE_SIZE),
                images.name if images else "",
                self._read(images, app_settings.IMPORT_MAX_IMAGES_SIZE)
                if images
                else None,
                options,
            )
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        for line in self._report(result):
            self.stdout.write(line)
        if result.is_refused:
            count = result.count(RowAction.REFUSED)
            raise CommandError(
                ngettext(
                    "Nothing was written: %(count)d row is refused.",
                    "Nothing was written: %(count)d rows are refused.",
                    count,
                )
                % {"count": count}
            )

    def _import(
        self,
        name: str,
        data: bytes,
        images_name: str,
        images: bytes | None,
        options: dict[str, Any],
    ) -> CatalogueResult:
        user = self._user(options["user"])
        if options["dry_run"]:
            return import_catalogue(
                data,
                name,
                images=images,
                images_name=images_name,
                sheet=options["sheet"],
                publish=options["publish"],
                dry_run=True,
                user=user,
            )
        destination = Destination.PUBLISH if options["publish"] else Destination.DRAFT
        return run_here(
            CATALOGUE,
            ContentFile(data, name),
            images=ContentFile(images, images_name) if images is not None else None,
            sheet=options["sheet"] or "",
            options=ImportOptions(destination=destination),
            user=user,
        )

    def _read(self, path: Path, limit: int) -> bytes:
        try:
            with path.open("rb") as file:
                # One byte more is enough to be told that it is too large.
                return file.read(limit + 1)
        except OSError as error:
            raise CommandError(
                _("“%(path)s” can't be read: %(reason)s.")
                % {"path": path, "reason": error.strerror}
            ) from error

    def _user(self, username: str | None) -> Any:
        if not username:
            return None
        user_model = get_user_model()
        try:
            return user_model._default_manager.get_by_natural_key(username)
        except user_model.DoesNotExist:
            raise CommandError(
                _("There is no user “%(username)s”.") % {"username": username}
            ) from None

    def _report(self, result: CatalogueResult) -> Iterator[str]:
        for sheet in result.sheets:
            yield self.style.MIGRATE_HEADING(f"{sheet.title}")
            if not sheet.rows:
                yield "  " + _("No rows.")
            yield from _table(
                [
                    [_("Row"), _("Outcome"), _("Slug"), _("Column"), _("Reason")],
                    *(line for row in sheet.rows for line in _lines(row)),
                ]
                if sheet.rows
                else []
            )
        counts = ", ".join(
            f"{result.count(action)} {action.label}" for action in RowAction
        )
        if result.is_dry_run:
            yield _("Dry run: %(counts)s. Nothing was written.") % {"counts": counts}
        else:
            yield f"{counts}."


def _lines(row: RowOutcome) -> list[list[str]]:
    """Give the table's lines for a row: one for each reason."""
    key = f"{row.slug} ({row.locale})" if row.locale else row.slug
    start = [str(row.number), str(row.action.label), key]
    if row.errors:
        reasons = [[error.column, error.message] for error in row.errors]
    else:
        is_update = row.action == RowAction.UPDATED
        changed = [change.column for change in row.changes if is_update]
        reasons = [[", ".join(changed), row.note]]
    return [
        [*(start if index == 0 else ["", "", ""]), *reason]
        for index, reason in enumerate(reasons)
    ]


def _table(lines: list[list[str]]) -> Iterator[str]:
    """Set columns beside one another; the last one may be as long as it likes."""
    widths = [
        min(max(len(str(cell)) for cell in column), 40)
        for column in zip(*lines, strict=True)
    ]
    for line in lines:
        cells = [
            " ".join(str(cell).split()).ljust(width)
            for cell, width in zip(line, widths, strict=True)
        ]
        yield "  " + "  ".join(cells).rstrip()
