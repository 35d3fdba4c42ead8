"""Export the catalogue of definitions to a spreadsheet."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from wagtail_gamification.spreadsheets import (
    FORMATS,
    CatalogueError,
    export_catalogue,
)


class Command(BaseCommand):
    help = (
        "Writes categories, badges, unlockables and levels to a spreadsheet that "
        "gamification_import reads. The file's ending says the format: "
        f"{', '.join(FORMATS)}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("output", help="The file to write, such as catalogue.xlsx.")
        parser.add_argument(
            "--sheet",
            help="Only this sheet: Categories, Badges, Unlockables or Levels. Needed "
            "for CSV and TSV, which hold one.",
        )
        parser.add_argument("--locale", help="Only this language, by its code.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["output"])
        try:
            data = export_catalogue(
                path.suffix, sheet=options["sheet"], locale=options["locale"]
            )
            path.write_bytes(data)
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                _("“%(path)s” can't be written: %(reason)s.")
                % {"path": path, "reason": error.strerror}
            ) from error
        self.stdout.write(_("Wrote %(path)s.") % {"path": path})
