"""Book points and do what the new balance asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from wagtail_gamification.models.amounts import MOST_POINTS, whole_number
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.signals import points_changed, send_on_commit

from .balances import add_to_balances, follow_balances
from .facts import Fact
from .messages import deliver_changes
from .players import lock_player
from .scoring import add_changes, scores_gathered

if TYPE_CHECKING:
    from wagtail_gamification.models.ledger import PointChange


class ChangePointsAction:
    """Add ``changes`` to the ledger of ``interface`` and to its balance.

    Unlockables that the balance reaches are unlocked; those that ask for it are
    locked again when it falls below; badges that ask for points or a level follow.
    ``changes`` are unsaved :class:`~wagtail_gamification.models.PointChange` objects
    of this interface. Within another action, ``is_followed`` is False: that one does
    what follows.

    :raises InvalidAmount: where an amount isn't a whole number
    """

    def __init__(
        self,
        interface: GamificationInterface,
        changes: Sequence[PointChange],
        *,
        is_followed: bool = True,
    ) -> None:
        self.interface = interface
        self.changes = changes
        self.is_followed = is_followed
        self.facts: list[Fact] = []
        self.amount = sum(
            whole_number(change.amount, at_least=-MOST_POINTS, at_most=MOST_POINTS)
            for change in changes
        )

    def execute(self) -> int:
        """Book the changes and give the balance after them."""
        from .follow import follow

        with transaction.atomic(savepoint=False), scores_gathered():
            player = lock_player(self.interface) if self.is_followed else None
            # Before the ledger's rows: on MariaDB their foreign key would take a
            # shared lock on this row, and two of these would wait for each other.
            amounts = {self.interface.pk: self.amount}
            add_to_balances(amounts)
            self._write_ledger()
            self.facts = follow_balances(amounts, {self.interface.pk: self.interface})
            for change in self.changes:
                send_on_commit(
                    points_changed,
                    type(change),
                    interface=self.interface,
                    change=change,
                    balance=self.interface.points,
                )
            deliver_changes(self.changes, {self.interface.pk: self.interface})
            balance = self.interface.points
            if player:
                follow(self.facts, {self.interface.pk: player})
        return balance

    def _write_ledger(self) -> None:
        if len(self.changes) == 1:
            # Sets the primary key on every database, which bulk_create doesn't.
            self.changes[0].save_base(force_insert=True)
        else:
            type(self.changes[0])._default_manager.bulk_create(self.changes)
        add_changes(self.changes)
