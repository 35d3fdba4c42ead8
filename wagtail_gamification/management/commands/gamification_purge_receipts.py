"""Forget which deliveries were counted long ago."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from wagtail_gamification.actions.receipts import forget_old_receipts
from wagtail_gamification.conf import app_settings


def _days(text: str) -> int:
    days = int(text)
    if days < 1:
        raise ArgumentTypeError(f"{text} is less than 1")
    return days


class Command(BaseCommand):
    help = (
        "Deletes the receipts of events that were counted some time ago. An event that "
        "is delivered again after that counts again; what counts once for each player "
        "or object still counts once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days",
            type=_days,
            help="How many days. Otherwise WAGTAIL_GAMIFICATION_RECEIPT_DAYS, which is "
            f"{app_settings.RECEIPT_DAYS}.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count = forget_old_receipts(options["days"] or app_settings.RECEIPT_DAYS)
        self.stdout.write(
            ngettext(
                "%(count)d receipt is deleted.",
                "%(count)d receipts are deleted.",
                count,
            )
            % {"count": count}
        )
