"""Fill the demo site; a second run changes nothing."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from learning import demo
from learning.noticeboard import make_boards, make_noticeboard

ADDRESS = "http://127.0.0.1:8000/"


class Command(BaseCommand):
    help = "Fill the demo site with its lessons, catalogue and people."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR)
        demo.make_languages()
        # The catalogue names lessons that badges ask for, and lessons what it unlocks.
        self.stdout.write("Making the pages")
        pages = demo.make_pages()
        self.stdout.write("Importing the catalogue")
        report = StringIO()
        try:
            call_command(
                "gamification_import",
                str(folder / "catalogue.xlsx"),
                images=str(folder / "images.zip"),
                publish=True,
                stdout=report,
            )
        except CommandError:
            self.stdout.write(report.getvalue())
            raise
        # Row by row it fills the screen; the last line has the numbers.
        self.stdout.write(report.getvalue().strip().splitlines()[-1])
        demo.fill_lessons(pages)
        demo.let_members_nominate()
        self.stdout.write("Making the people, and saying what they did")
        demo.make_staff()
        demo.make_members()
        make_boards()
        make_noticeboard()
        self.stdout.write(
            f"\nServe it with manage.py runserver, at {ADDRESS} and {ADDRESS}admin/\n"
            f"{demo.logins()}"
        )
