from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from wagtail_gamification.actions.build_scores import build_scores, purge_scores


class Command(BaseCommand):
    """Delete the scores that no leaderboard shows any more."""

    help = (
        "Delete the scores of weeks, months and years that are over, and of boards "
        "that aren't published any more. Counts what an interrupted task has left."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        build_scores()
        number = purge_scores()
        self.stdout.write(
            ngettext("Deleted %(number)d score.", "Deleted %(number)d scores.", number)
            % {"number": number}
        )
