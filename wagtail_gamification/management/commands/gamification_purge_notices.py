"""Forget what players and other systems were told long ago."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from wagtail_gamification.actions.purge_notices import (
    forget_old_deliveries,
    forget_old_notices,
)
from wagtail_gamification.conf import app_settings

from .gamification_purge_receipts import _days


class Command(BaseCommand):
    help = (
        "Deletes notices, read or not, and deliveries of web hooks that are older than "
        "the settings say. What is still to be sent is kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--notice-days",
            type=_days,
            help="How many days notices are kept. Otherwise "
            f"WAGTAIL_GAMIFICATION_NOTICE_KEEP_DAYS, which is "
            f"{app_settings.NOTICE_KEEP_DAYS}.",
        )
        parser.add_argument(
            "--delivery-days",
            type=_days,
            help="How many days deliveries are kept. Otherwise "
            f"WAGTAIL_GAMIFICATION_WEBHOOK_KEEP_DAYS, which is "
            f"{app_settings.WEBHOOK_KEEP_DAYS}.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        notices = forget_old_notices(
            options["notice_days"] or app_settings.NOTICE_KEEP_DAYS
        )
        deliveries = forget_old_deliveries(
            options["delivery_days"] or app_settings.WEBHOOK_KEEP_DAYS
        )
        self.stdout.write(
            ngettext(
                "%(count)d notice is deleted.",
                "%(count)d notices are deleted.",
                notices,
            )
            % {"count": notices}
        )
        self.stdout.write(
            ngettext(
                "%(count)d delivery is deleted.",
                "%(count)d deliveries are deleted.",
                deliveries,
            )
            % {"count": deliveries}
        )
