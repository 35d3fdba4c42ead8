"""Notice that badges have ended, or will end soon."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from wagtail_gamification.actions.expire_badges import (
    count_expiring,
    expire_badges,
)
from wagtail_gamification.management.progress import ProgressBar


class Command(BaseCommand):
    help = (
        "Announces badges that have ended, and those that end soon, each once, and "
        "measures those anew that ask for them. A badge stops counting at its end in "
        "any case, and points stay paid. Run it once a day; running it twice, or twice "
        "at once, is harmless."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Only say how many there are.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            found = count_expiring()
        else:
            bar = ProgressBar(self.stdout)
            found = expire_badges(bar.show)
            bar.close()
        self.stdout.write(
            ngettext(
                "%(count)d badge has expired.",
                "%(count)d badges have expired.",
                found.expired,
            )
            % {"count": found.expired}
        )
        self.stdout.write(
            ngettext(
                "%(count)d badge expires soon.",
                "%(count)d badges expire soon.",
                found.reminded,
            )
            % {"count": found.reminded}
        )
