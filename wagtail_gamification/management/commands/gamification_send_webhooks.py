"""Send what web hooks have to send."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from wagtail_gamification.actions.send_webhooks import due_deliveries, send_due


class Command(BaseCommand):
    help = (
        "Sends the messages of web hooks that are due: new ones, and those that failed "
        "and are to be tried again. Run it every minute where no worker runs tasks, or "
        "where workers run none later; running it twice at once is harmless."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Only say how many there are.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            count = due_deliveries().count()
            self.stdout.write(
                ngettext(
                    "%(count)d message is due.", "%(count)d messages are due.", count
                )
                % {"count": count}
            )
            return
        delivered, failed = send_due()
        self.stdout.write(
            ngettext(
                "%(count)d message is delivered.",
                "%(count)d messages are delivered.",
                delivered,
            )
            % {"count": delivered}
        )
        if failed:
            self.stdout.write(
                ngettext(
                    "%(count)d attempt failed.", "%(count)d attempts failed.", failed
                )
                % {"count": failed}
            )
