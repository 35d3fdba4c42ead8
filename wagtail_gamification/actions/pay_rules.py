"""Pay what point rules promise for events, and take it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_gamification.models.activity import Activity
from wagtail_gamification.models.amounts import MOST_POINTS
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.rules import PointRule
from wagtail_gamification.models.sql import insert_rows
from wagtail_gamification.requirements.index import rule_index

from .activities import Doing
from .balances import add_to_balances, announce_changes, follow_balances
from .facts import Fact
from .players import Player
from .scoring import add_points

_FIELDS = (
    "interface",
    "amount",
    "time",
    "reason",
    "rule",
    "event",
    "object_key",
    "day",
    "key",
    "quantity",
)


@dataclass(frozen=True)
class Payable:
    """One event of one player that rules may pay for."""

    event: str
    interface: int
    day: int
    object_key: str
    quantity: int
    key: str


def pay_rules(
    payables: Sequence[Payable], players: Mapping[int, Player], *, tells: bool = True
) -> list[Fact]:
    """Pay these events by the rules that are published; give what followed.

    The players are locked: what a limit leaves is read once for all of them, and
    nobody else is paid meanwhile.
    """
    index = rule_index()
    pairs = [
        (payable, rule)
        for payable in payables
        for rule in index.point_rules.get(payable.event, ())
    ]
    if not pairs:
        return []
    paid = _Paid(pairs)
    now = timezone.now()
    rows = []
    for payable, rule in pairs:
        units, amount = paid.due(payable, rule, index.multiplier(payable.event))
        if amount:
            paid.add(payable, rule, units, amount)
            rows.append(_row(payable, rule, units, amount, now))
    return _book(rows, players, now, tells)


def take_back_payments(
    doings: Sequence[Doing], player: Player, *, key: str | None = None
) -> list[Fact]:
    """Take back what rules paid for doings that were retracted; give what followed.

    No more than what isn't backed by an activity any more: what was done twice and
    paid once stays paid while it was done once. ``key`` names the delivery, where the
    very row that it paid is to be taken back.
    """
    now = timezone.now()
    rows = []
    # What is paid once for an object is taken back once, on however many days it was.
    seen: set[tuple[int, str]] = set()
    for doing in doings:
        booked = PointChange.objects.filter(
            interface=doing.interface,
            event=doing.event,
            object_key=doing.object_key,
            rule__isnull=False,
        )
        done = Activity.objects.filter(
            interface=doing.interface, event=doing.event, object_key=doing.object_key
        )
        rules = PointRule.objects.in_bulk(
            set(booked.order_by().values_list("rule", flat=True))
        )
        for rule in rules.values():
            of_rule = booked.filter(rule=rule)
            left = done
            if not rule.once_per_object:
                of_rule, left = (
                    of_rule.filter(day=doing.day),
                    done.filter(day=doing.day),
                )
            units, _amount = _sums(of_rule)
            excess = units - (left.aggregate(total=Sum("count"))["total"] or 0)
            if rule.once_per_object:
                is_seen = (rule.pk, doing.object_key) in seen
                seen.add((rule.pk, doing.object_key))
                excess = units if excess >= units and not is_seen else 0
            amount = _share(of_rule, excess, key)
            if amount:
                back = Payable(
                    doing.event,
                    doing.interface,
                    doing.day,
                    doing.object_key,
                    0,
                    key or "",
                )
                rows.append(_row(back, rule, -excess, -amount, now))
    return _book(rows, {player.interface.pk: player}, now, True)


def _share(booked, excess: int, key: str | None) -> int:  # type: ignore[no-untyped-def]
    """Give the points that so many units were paid with."""
    if excess <= 0:
        return 0
    if key:
        units, amount = _sums(booked.filter(key=key))
        if units == excess:
            return amount
    units, amount = _sums(booked)
    return amount if units == excess else amount * excess // units


def _sums(booked) -> tuple[int, int]:  # type: ignore[no-untyped-def]
    found = booked.aggregate(units=Sum("quantity"), amount=Sum("amount"))
    return int(found["units"] or 0), int(found["amount"] or 0)


class _Paid:
    """What rules have paid so far, where one of them has a limit."""

    def __init__(self, pairs: Sequence[tuple[Payable, PointRule]]) -> None:
        self.objects: Counter[tuple[int, int, str]] = Counter()
        self.days: Counter[tuple[int, int, int]] = Counter()
        self.totals: Counter[tuple[int, int]] = Counter()
        self._read(
            self.objects,
            [pair for pair in pairs if pair[1].once_per_object],
            "object_key",
            "quantity",
        )
        self._read(
            self.days, [pair for pair in pairs if pair[1].daily_limit], "day", "amount"
        )
        self._read(
            self.totals, [pair for pair in pairs if pair[1].total_limit], "", "amount"
        )

    def due(
        self, payable: Payable, rule: PointRule, multiplier: Decimal
    ) -> tuple[int, int]:
        """Give how often the rule is applied, and the points, within its limits."""
        player = (payable.interface, rule.pk)
        units = payable.quantity
        if rule.once_per_object:
            units = 0 if self.objects[(*player, payable.object_key)] > 0 else 1
        each = (rule.points * multiplier).to_integral_value(ROUND_HALF_UP)
        amount = min(int(each) * units, MOST_POINTS)
        if rule.daily_limit:
            amount = min(amount, rule.daily_limit - self.days[(*player, payable.day)])
        if rule.total_limit:
            amount = min(amount, rule.total_limit - self.totals[player])
        return units, max(0, amount)

    def add(self, payable: Payable, rule: PointRule, units: int, amount: int) -> None:
        player = (payable.interface, rule.pk)
        self.objects[(*player, payable.object_key)] += units
        self.days[(*player, payable.day)] += amount
        self.totals[player] += amount

    @staticmethod
    def _read(
        counter: Counter,
        pairs: Sequence[tuple[Payable, PointRule]],
        by: str,
        summed: str,
    ) -> None:
        if not pairs:
            return
        rows = PointChange.objects.filter(
            interface__in={payable.interface for payable, _rule in pairs},
            rule__in={rule.pk for _payable, rule in pairs},
        )
        if by:
            values = {getattr(payable, by) for payable, _rule in pairs}
            rows = rows.filter(**{f"{by}__in": values})
        names = ["interface", "rule", *([by] if by else [])]
        for *found, total in (
            rows.order_by()
            .values(*names)
            .annotate(total=Sum(summed))
            .values_list(*names, "total")
        ):
            counter[tuple(found)] = int(total or 0)


def _row(
    payable: Payable, rule: PointRule, units: int, amount: int, now: datetime
) -> tuple:
    reason = rule.name if amount > 0 else _("Taken back: %(rule)s") % {"rule": rule}
    return (
        payable.interface,
        amount,
        now,
        reason,
        rule.pk,
        payable.event,
        payable.object_key,
        payable.day,
        payable.key,
        units,
    )


def _book(
    rows: Sequence[tuple], players: Mapping[int, Player], now: datetime, tells: bool
) -> list[Fact]:
    amounts: Counter[int] = Counter()
    for row in rows:
        amounts[row[0]] += row[1]
    if not rows:
        return []
    interfaces = {key: player.interface for key, player in players.items()}
    add_to_balances(amounts)
    insert_rows(PointChange, _FIELDS, rows)
    add_points((row[0], row[1], row[7]) for row in rows)
    facts = follow_balances(amounts, interfaces, tells=tells)
    if tells:
        booked = PointChange.objects.filter(time=now, rule__isnull=False)
        announce_changes(booked, amounts, interfaces)
    return facts
