from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wagtail_gamification.actions.build_scores import (
    rebuild_scores,
    wrong_players,
)
from wagtail_gamification.actions.reconcile_balances import (
    correct_balances,
    find_wrong_balances,
)

LISTED = 20

_WRONG_BALANCE = gettext_noop(
    "%(player)s: the balance is %(points)d, the ledger says %(ledger)d."
)
_WRONG_SPENT = gettext_noop(
    "%(player)s: %(spent)d points are spent, the ledger says %(ledger_spent)d."
)


class Command(BaseCommand):
    """Check that balances and scores are what is on record."""

    help = (
        "Compare each player's balance with the ledger, and the scores of leaderboards "
        "with what they count. Exit status 1 where they differ. With --repair, set "
        "them to what is on record."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Set wrong balances and scores to what is on record.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = find_wrong_balances()
        number = wrong.count()
        for interface in wrong.select_related("user")[:LISTED]:
            values = {
                "player": interface,
                "points": interface.points,
                "ledger": interface.ledger_points,
                "spent": interface.points_spent,
                "ledger_spent": interface.ledger_spent,
            }
            if interface.points != interface.ledger_points:
                self.stdout.write(_(_WRONG_BALANCE) % values)
            if interface.points_spent != interface.ledger_spent:
                self.stdout.write(_(_WRONG_SPENT) % values)
        if number > LISTED:
            self.stdout.write(_("… and %(number)d more.") % {"number": number - LISTED})
        if not number:
            self.stdout.write(_("Every balance is the sum of its ledger."))
        elif options["repair"]:
            self.stdout.write(
                _("Repaired %(number)d balances.") % {"number": correct_balances()}
            )
        scores = wrong_players()
        if not scores:
            self.stdout.write(_("Every score is what is on record."))
        elif options["repair"]:
            rebuild_scores()
            self.stdout.write(_("Repaired %(number)d scores.") % {"number": scores})
        if options["repair"]:
            return
        if number:
            raise CommandError(
                _("%(number)d balances are wrong. --repair sets them right.")
                % {"number": number}
            )
        if scores:
            raise CommandError(
                _("%(number)d scores are wrong. --repair sets them right.")
                % {"number": scores}
            )
