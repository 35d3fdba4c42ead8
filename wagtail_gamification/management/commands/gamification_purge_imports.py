"""Delete the files of old imports."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from wagtail_gamification.conf import app_settings
from wagtail_gamification.spreadsheets.jobs import delete_old_files


def _days(text: str) -> int:
    days = int(text)
    if days < 0:
        raise ArgumentTypeError(f"{text} is less than 0")
    return days


class Command(BaseCommand):
    help = (
        "Deletes the files that editors uploaded for imports which nobody has touched "
        "for some days. What the imports did stays in their history."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days",
            type=_days,
            help="How many days. Otherwise WAGTAIL_GAMIFICATION_IMPORT_KEEP_DAYS, "
            f"which is {app_settings.IMPORT_KEEP_DAYS}.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count = delete_old_files(options["days"])
        self.stdout.write(
            ngettext(
                "The files of %(count)d import are deleted.",
                "The files of %(count)d imports are deleted.",
                count,
            )
            % {"count": count}
        )
