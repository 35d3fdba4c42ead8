from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_gamification.actions.prepare_rows import (
    give_interface_to_everyone,
    prepare_everything,
)


class Command(BaseCommand):
    """Give people who were there before the app what everybody else has."""

    help = (
        "Make a gamification interface for every user that has none, give every "
        "player the badges and unlockables that are missing, and unlock what their "
        "points reach. Safe to run at any time, also twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            interfaces = give_interface_to_everyone()
            badges, unlockables = prepare_everything()
        self.stdout.write(
            _(
                "Made %(interfaces)d interfaces, %(badges)d badges and "
                "%(unlockables)d unlockables that were missing."
            )
            % {
                "interfaces": interfaces,
                "badges": badges,
                "unlockables": unlockables,
            }
        )
