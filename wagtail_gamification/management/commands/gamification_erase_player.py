"""Delete everything that is held about a player."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_gamification.actions import ErasePlayerAction
from wagtail_gamification.actions.erase_player import Erased
from wagtail_gamification.exceptions import PlayerIsShared
from wagtail_gamification.management.players import add_player_argument, find_player


class Command(BaseCommand):
    help = (
        "Deletes everything that is held about a player; the user's account stays, and "
        "so do the totals of reports, which name nobody. It can't be undone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_player_argument(parser)
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Only say what would be deleted.",
        )
        parser.add_argument("--yes", action="store_true", help="Don't ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        interface = find_player(options)
        action = ErasePlayerAction(interface)
        name = str(interface)
        try:
            if options["dry_run"]:
                self._list(action.preview())
                return
            if not options["yes"]:
                self._list(action.preview())
                self._ask(name)
            erased = action.execute()
        except PlayerIsShared as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            ngettext(
                "%(count)d row of player %(number)d is deleted.",
                "%(count)d rows of player %(number)d are deleted.",
                erased.total,
            )
            % {"count": erased.total, "number": interface.pk}
        )

    def _list(self, found: Erased) -> None:
        for section, number in found.rows.items():
            self.stdout.write(f"{section}: {number}")

    def _ask(self, name: str) -> None:
        question = _("Type “%(name)s” to delete all of it for good: ") % {"name": name}
        try:
            answer = input(question)
        except EOFError:
            answer = ""
        if answer.strip() != name.strip():
            raise CommandError(_("Nothing is deleted."))
