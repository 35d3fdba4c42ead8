"""Write everything that is held about a player to a file."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from wagtail_gamification.actions import ExportPlayerAction
from wagtail_gamification.management.players import add_player_argument, find_player
from wagtail_gamification.player_files import FORMATS, file_name, write_player_data


class Command(BaseCommand):
    help = (
        "Writes everything that is held about a player to one file, and notes in "
        "Wagtail's log that it did. Other people aren't named in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_player_argument(parser)
        parser.add_argument(
            "--format", choices=list(FORMATS), default="json", help="json by default."
        )
        parser.add_argument(
            "--output",
            type=Path,
            metavar="PATH",
            help="The file to write. Otherwise player-NUMBER.json or .xlsx, here.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        interface = find_player(options)
        format = options["format"]
        path = options["output"] or Path(file_name(interface.pk, format))
        try:
            # For nobody else's eyes.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                data = ExportPlayerAction(interface).execute()
                write_player_data(data, format, stream)
        except OSError as error:
            raise CommandError(
                _("“%(path)s” can't be written: %(error)s")
                % {"path": path, "error": error.strerror or error}
            ) from error
        self.stdout.write(_("%(path)s is written.") % {"path": path})
