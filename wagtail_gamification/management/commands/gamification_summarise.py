"""Bring the totals that reports and the dashboard read up to date."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from wagtail_gamification.actions.summarise import summarise


class Command(BaseCommand):
    help = (
        "Counts what happened by day, and how many players have each badge and level, "
        "for the reports and the dashboard. Run it every few minutes on a site with "
        "many players; it may be run at any time, also twice at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all",
            action="store_true",
            help="Count every day anew, not only those that have something new.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        days = summarise(everything=options["all"])
        self.stdout.write(
            ngettext("%(count)d day counted.", "%(count)d days counted.", days)
            % {"count": days}
        )
