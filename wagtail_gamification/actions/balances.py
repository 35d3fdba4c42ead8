"""What new balances ask for, of one player or of thousands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connections, router
from django.db.models import (
    Case,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from wagtail_gamification.events.objects import object_key_of
from wagtail_gamification.models.definitions import UnlockableDefinition
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.levels import Level
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.unlockables import Unlockable
from wagtail_gamification.signals import (
    level_reached,
    points_changed,
    send_on_commit,
    unlockable_unlocked,
)

from .facts import Fact
from .messages import deliver_balances, deliver_changes
from .notices import tell_of_balances


def add_to_balances(amounts: Mapping[int, int]) -> None:
    """Add points to the balances of these interfaces, in one statement."""
    by_amount: dict[int, list[int]] = {}
    for interface, amount in amounts.items():
        by_amount.setdefault(amount, []).append(interface)
    rows = GamificationInterface.objects.filter(pk__in=list(amounts))
    if len(by_amount) == 1:
        [amount] = by_amount
        rows.update(points=F("points") + amount)
    elif by_amount:
        added = Case(
            *(
                When(pk__in=keys, then=Value(amount))
                for amount, keys in by_amount.items()
            ),
            default=Value(0),
        )
        rows.update(points=F("points") + added)


def follow_balances(
    amounts: Mapping[int, int],
    interfaces: Mapping[int, GamificationInterface],
    *,
    tells: bool = True,
) -> list[Fact]:
    """Unlock and announce what the new balances reach; give what followed.

    ``amounts`` are what has just been added to each balance. The interfaces are
    locked: by the caller, or by the update of their points. Their ``points`` are set
    to the balance. One query answers for all what is due.
    """
    facts = []
    due: list[int] = []
    levels: dict[int, int] = {}
    rows = _reached_by_balance().filter(pk__in=list(amounts))
    for pk, balance, earned, has_unlockables, level_points in rows:
        interface = interfaces[pk]
        interface.points, interface.points_earned = balance, earned
        interface.points_spent = earned - balance
        if amounts[pk]:
            facts.append(Fact("points_reached", pk))
        if has_unlockables:
            due.append(pk)
        if level_points is not None and earned - amounts[pk] < level_points:
            levels[pk] = level_points
    unlocked = _unlock(due, interfaces)
    reached = _reach_levels(levels, amounts, interfaces)
    facts += _unlocked_facts(unlocked) + _reached_facts(reached)
    if tells:
        tell_of_reached(unlocked, reached, interfaces)
    _lock_again([pk for pk, amount in amounts.items() if amount < 0])
    return facts


def announce_changes(
    booked: QuerySet[PointChange],
    amounts: Mapping[int, int],
    interfaces: Mapping[int, GamificationInterface],
) -> None:
    """Send a signal for each row that was just booked for these players.

    The rows are read for it, so only where somebody listens.
    """
    booked = booked.filter(interface__in=list(amounts)).order_by("pk")
    deliver_changes(booked, interfaces)
    if not points_changed.has_listeners(PointChange):
        return
    for change in booked:
        interface = change.interface = interfaces[change.interface_id]
        send_on_commit(
            points_changed,
            PointChange,
            interface=interface,
            change=change,
            balance=interface.points,
        )


def _unlock(
    due: list[int], interfaces: Mapping[int, GamificationInterface]
) -> list[Unlockable]:
    if not due:
        return []
    held = FilteredRelation(
        "unlockables",
        condition=Q(unlockables__acquired=True, unlockables__interface__in=due),
    )
    # Each definition once for each of these players who has it, or once.
    rows = list(_unlockables().annotate(held=held, held_by=F("held__interface")))
    held_by = {(row.held_by, row.pk) for row in rows}
    definitions = {row.pk: row for row in rows}.values()
    now = timezone.now()
    unlocked = [
        Unlockable(
            interface=interfaces[pk],
            unlockable_definition=definition,
            acquired=True,
            acquired_at=now,
        )
        for pk in due
        for definition in definitions
        if definition.points_required <= interfaces[pk].points_earned
        and (pk, definition.pk) not in held_by
    ]
    Unlockable.objects.bulk_create(
        unlocked,
        update_conflicts=True,
        update_fields=["acquired", "acquired_at"],
        unique_fields=_conflict_fields(),
    )
    return unlocked


def _unlocked_facts(unlocked: Sequence[Unlockable]) -> list[Fact]:
    return [
        Fact(
            "unlockable_unlocked",
            item.interface_id,
            object_key_of(item.unlockable_definition),
        )
        for item in unlocked
    ]


def _reach_levels(
    reached: Mapping[int, int],
    amounts: Mapping[int, int],
    interfaces: Mapping[int, GamificationInterface],
) -> dict[int, list[Level]]:
    """Give every level that was passed; ``reached`` are the points of the highest."""
    if not reached:
        return {}
    before = min(interfaces[pk].points_earned - amounts[pk] for pk in reached)
    passed = list(
        _levels()
        .filter(points_required__gt=before, points_required__lte=max(reached.values()))
        .order_by("points_required", "-pk")
    )
    levels = {}
    for pk, highest in reached.items():
        start = interfaces[pk].points_earned - amounts[pk]
        levels[pk] = [
            level for level in passed if start < level.points_required <= highest
        ]
    return levels


def _reached_facts(reached: Mapping[int, Sequence[Level]]) -> list[Fact]:
    return [
        Fact("level_reached", pk, object_key_of(level))
        for pk, levels in reached.items()
        for level in levels
    ]


def tell_of_reached(
    unlocked: Sequence[Unlockable],
    reached: Mapping[int, Sequence[Level]],
    interfaces: Mapping[int, GamificationInterface],
) -> None:
    """Tell players, and whoever listens, what they have unlocked and reached."""
    for item in unlocked:
        send_on_commit(
            unlockable_unlocked,
            UnlockableDefinition,
            unlockable_definition=item.unlockable_definition,
            interface=item.interface,
        )
    # Only the highest is worth telling.
    highest = {pk: levels[-1] for pk, levels in reached.items()}
    for pk, level in highest.items():
        send_on_commit(level_reached, Level, level=level, interface=interfaces[pk])
    tell_of_balances(highest, unlocked)
    deliver_balances(highest, unlocked)


def unlockables_above(points: Any, interfaces: Collection[int]) -> QuerySet[Unlockable]:
    """Give what these players have and would lose with ``points``.

    What somebody has paid for is theirs, whatever becomes of their points.
    """
    poorer = UnlockableDefinition.objects.filter(
        relock=True, points_required__gt=points
    )
    rows = Unlockable._base_manager.filter(interface__in=interfaces, acquired=True)
    return rows.filter(
        Exists(poorer.filter(pk=OuterRef("unlockable_definition"))), ~is_bought()
    )


def is_bought() -> Exists:
    """Give the condition that a player has paid for an unlockable, for its rows."""
    return Exists(
        PointChange.objects.filter(
            unlockable=OuterRef("unlockable_definition"),
            interface=OuterRef("interface"),
        ).order_by()
    )


def _lock_again(interfaces: list[int]) -> None:
    if not interfaces:
        return
    # Read first: MariaDB would lock the definitions, which others look at.
    taken = unlockables_above(OuterRef("interface__points_earned"), interfaces)
    if keys := list(taken.values_list("pk", flat=True)):
        Unlockable._base_manager.filter(pk__in=keys).update(
            acquired=False, acquired_at=None
        )


def _unlockables() -> QuerySet[UnlockableDefinition]:
    """Give those that open by themselves."""
    return UnlockableDefinition.objects.filter(live=True, original=None, price=None)


def _levels() -> QuerySet[Level]:
    return Level.objects.filter(live=True, original=None)


@cache
def _reached_by_balance() -> QuerySet:
    """Build, once, the question that every change of points asks of an interface.

    The answer: the key, the balance, what was earned, whether an unlockable is due, and
    the points of the highest level that is reached, or None. Building it takes longer
    than asking.
    """
    is_unlocked = Exists(
        Unlockable.objects.filter(
            unlockable_definition=OuterRef("pk"),
            interface=OuterRef(OuterRef("pk")),
            acquired=True,
        )
    )
    is_reached = Q(points_required__lte=OuterRef("points_earned"))
    due = _unlockables().filter(~is_unlocked, is_reached)
    reached = _levels().filter(is_reached)
    return GamificationInterface.objects.values_list(
        "pk",
        "points",
        "points_earned",
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
