"""Write to players who want to hear by mail what they have got."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_gamification.actions.send_digests import due_preferences, send_digests


class Command(BaseCommand):
    help = (
        "Sends the e-mail digests that are due, daily and weekly ones. Run it once a "
        "day, or more often; running it twice, or twice at once, sends nothing twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Only say how many there are.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reverse("wagtail_gamification:notices")
        except NoReverseMatch:
            raise CommandError(
                _(
                    "A digest leads to pages of the site, which has none. Include "
                    "wagtail_gamification.urls in its addresses."
                )
            ) from None
        if options["dry_run"]:
            count = due_preferences().count()
            self.stdout.write(
                ngettext(
                    "%(count)d digest is due.", "%(count)d digests are due.", count
                )
                % {"count": count}
            )
            return
        sent, failed = send_digests()
        self.stdout.write(
            ngettext("%(count)d digest is sent.", "%(count)d digests are sent.", sent)
            % {"count": sent}
        )
        if failed:
            raise CommandError(
                ngettext(
                    "%(count)d digest wasn't sent. The next run tries it again.",
                    "%(count)d digests weren't sent. The next run tries them again.",
                    failed,
                )
                % {"count": failed}
            )
