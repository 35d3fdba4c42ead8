from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from wagtail_gamification.actions.reconcile_balances import (
    correct_balances,
    find_wrong_balances,
)

LISTED = 20


class Command(BaseCommand):
    """Check that every balance is the sum of its ledger."""

    help = (
        "Compare each player's balance with the ledger. Exit status 1 where they "
        "differ. With --repair, set the balances to what the ledger says."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Set wrong balances to the sum of the ledger.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = find_wrong_balances()
        number = wrong.count()
        for interface in wrong.select_related("user")[:LISTED]:
            self.stdout.write(
                _("%(player)s: the balance is %(points)d, the ledger says %(ledger)d.")
                % {
                    "player": interface,
                    "points": interface.points,
                    "ledger": interface.ledger_points,
                }
            )
        if number > LISTED:
            self.stdout.write(_("… and %(number)d more.") % {"number": number - LISTED})
        if not number:
            self.stdout.write(_("Every balance is the sum of its ledger."))
        elif options["repair"]:
            self.stdout.write(
                _("Repaired %(number)d balances.") % {"number": correct_balances()}
            )
        else:
            raise CommandError(
                _("%(number)d balances are wrong. --repair sets them right.")
                % {"number": number}
            )
