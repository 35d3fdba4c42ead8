"""Book points and do what the new balance asks for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from django.db import connections, router, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from wagtail_gamification.models.achievements import Unlockable
from wagtail_gamification.models.amounts import MOST_POINTS, whole_number
from wagtail_gamification.models.definitions import UnlockableDefinition
from wagtail_gamification.models.levels import Level
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.signals import (
    level_reached,
    points_changed,
    send_on_commit,
    unlockable_unlocked,
)

if TYPE_CHECKING:
    from wagtail_gamification.models.ledger import PointChange


class ChangePointsAction:
    """Add ``changes`` to the ledger of ``interface`` and to its balance.

    Unlockables that the balance reaches are unlocked; those that ask for it are
    locked again when it falls below. ``changes`` are unsaved
    :class:`~wagtail_gamification.models.PointChange` objects of this interface.

    :raises InvalidAmount: where an amount isn't a whole number
    """

    def __init__(
        self, interface: GamificationInterface, changes: Sequence[PointChange]
    ) -> None:
        self.interface = interface
        self.changes = changes
        self.amount = sum(
            whole_number(change.amount, at_least=-MOST_POINTS, at_most=MOST_POINTS)
            for change in changes
        )

    def execute(self) -> int:
        """Book the changes and give the balance after them."""
        with transaction.atomic(savepoint=False):
            # Before the ledger's rows: on MariaDB their foreign key would take a
            # shared lock on this row, and two of these would wait for each other.
            GamificationInterface.objects.filter(pk=self.interface.pk).update(
                points=F("points") + self.amount
            )
            self._write_ledger()
            balance = self._follow_balance()
            if self.amount < 0:
                self._lock_again(balance)
        self.interface.points = balance
        for change in self.changes:
            send_on_commit(
                points_changed,
                type(change),
                interface=self.interface,
                change=change,
                balance=balance,
            )
        return balance

    def _write_ledger(self) -> None:
        if len(self.changes) == 1:
            # Sets the primary key on every database, which bulk_create doesn't.
            self.changes[0].save_base(force_insert=True)
        else:
            type(self.changes[0])._default_manager.bulk_create(self.changes)

    def _follow_balance(self) -> int:
        """Unlock and announce what the balance reaches; give the balance.

        One query answers all three questions. The balance's row is locked by the
        update before, so nobody else unlocks for this player meanwhile.
        """
        balance, has_unlockables, level_points = _reached_by_balance().get(
            pk=self.interface.pk
        )
        if has_unlockables:
            self._unlock(balance)
        if level_points is not None and balance - self.amount < level_points:
            # Not get(): not every database keeps two levels from sharing a number.
            level = _levels().filter(points_required=level_points).first()
            send_on_commit(level_reached, Level, level=level, interface=self.interface)
        return balance

    def _unlock(self, balance: int) -> None:
        definitions = list(
            _unlockables()
            .filter(points_required__lte=balance)
            .exclude(
                unlockables__in=Unlockable.objects.filter(
                    interface=self.interface, acquired=True
                )
            )
        )
        now = timezone.now()
        Unlockable.objects.bulk_create(
            [
                Unlockable(
                    interface=self.interface,
                    unlockable_definition=definition,
                    acquired=True,
                    acquired_at=now,
                )
                for definition in definitions
            ],
            update_conflicts=True,
            update_fields=["acquired", "acquired_at"],
            unique_fields=_conflict_fields(),
        )
        for definition in definitions:
            send_on_commit(
                unlockable_unlocked,
                UnlockableDefinition,
                unlockable_definition=definition,
                interface=self.interface,
            )

    def _lock_again(self, balance: int) -> None:
        Unlockable.objects.filter(
            interface=self.interface,
            acquired=True,
            unlockable_definition__in=UnlockableDefinition.objects.filter(
                relock=True, points_required__gt=balance
            ),
        ).update(acquired=False, acquired_at=None)


def _unlockables() -> QuerySet[UnlockableDefinition]:
    return UnlockableDefinition.objects.filter(live=True, original=None)


def _levels() -> QuerySet[Level]:
    return Level.objects.filter(live=True, original=None)


@cache
def _reached_by_balance() -> QuerySet:
    """Build, once, the question that every change of points asks of an interface.

    The answer: the balance, whether an unlockable is due, and the points of the
    highest level that is reached, or None. Building it takes longer than asking.
    """
    is_unlocked = Exists(
        Unlockable.objects.filter(
            unlockable_definition=OuterRef("pk"),
            interface=OuterRef(OuterRef("pk")),
            acquired=True,
        )
    )
    due = _unlockables().filter(~is_unlocked, points_required__lte=OuterRef("points"))
    reached = _levels().filter(points_required__lte=OuterRef("points"))
    return GamificationInterface.objects.values_list(
        "points",
        Exists(due.order_by()),
        Subquery(
            reached.order_by("-points_required").values("points_required")[:1],
        ),
    )


def _conflict_fields() -> list[str] | None:
    """Name the columns of the conflict, where the database wants them named."""
    connection = connections[router.db_for_write(Unlockable)]
    if connection.features.supports_update_conflicts_with_target:
        return ["interface", "unlockable_definition"]
    return None
