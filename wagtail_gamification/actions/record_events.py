"""Count what happened, pay for it, and award what it makes due.

Everything about one delivery is one transaction: it is counted whole or, when it
comes again, not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from wagtail_gamification.events.builtin import is_switched_on
from wagtail_gamification.events.records import EventRecord
from wagtail_gamification.events.registry import find_event
from wagtail_gamification.requirements.index import forget_index, rule_index

from .activities import Doing, add_activities, note_active, subtract_activity
from .facts import Fact
from .follow import follow, follow_events
from .pay_rules import Payable, pay_rules, take_back_payments
from .players import Player, lock_players_of
from .receipts import (
    counted_for,
    give_back_receipts,
    note_uncounted,
    once_key,
    receipt_key,
    take_receipts,
)
from .scoring import scores_gathered
from .streaks import forget_streaks, write_streaks

TRIES = 3


def record_events(payloads: Iterable[Mapping[str, Any]]) -> None:
    """Do what ``Event.record()`` and ``Event.retract()`` asked for.

    ``payloads`` are what :meth:`EventRecord.as_payload` gave. Delivered again, they
    change nothing.

    :raises UnknownEvent: for an event that isn't declared; nothing is counted then
    """
    records = [EventRecord(**payload) for payload in payloads]
    for record in records:
        find_event(record.event)
    records = [record for record in records if is_switched_on(record.event)]
    if not records:
        return
    for number in range(TRIES):
        try:
            _do(records)
        except (IntegrityError, OperationalError):
            # A badge or a rule was deleted since the index was read, or the database
            # broke the transaction off because of another one's locks. It is rolled
            # back whole, and can be done again.
            if number + 1 == TRIES or transaction.get_connection().in_atomic_block:
                raise
            forget_index()
        else:
            return


def _do(records: Sequence[EventRecord]) -> None:
    with transaction.atomic(), scores_gathered():
        player_of = {
            record: player
            for record, player in lock_players_of(records).items()
            if player.is_counted
        }
        _record([each for each in player_of if not each.is_retraction], player_of)
        for record in player_of:
            if record.is_retraction:
                _retract(record, player_of[record])


def _record(
    records: Sequence[EventRecord], player_of: Mapping[EventRecord, Player]
) -> None:
    days = {record: player_of[record].day_of(record.moment) for record in records}
    records = _new_ones(records, days, player_of)
    if not records:
        return
    add_activities(_doings(records, days, player_of))
    players = {player_of[record].interface.pk: player_of[record] for record in records}
    _note_active(records, days, player_of)
    _write_streaks(records, player_of)
    payables = [
        Payable(
            record.event,
            player_of[record].interface.pk,
            days[record],
            record.object_key,
            _times(record),
            record.key,
        )
        for record in records
    ]
    facts = pay_rules(payables, players)
    facts += follow_events({record.event for record in records}, players)
    follow(facts, players)


def _new_ones(
    records: Sequence[EventRecord],
    days: Mapping[EventRecord, int],
    player_of: Mapping[EventRecord, Player],
) -> list[EventRecord]:
    """Leave out what was counted before."""
    by_key: dict[str, EventRecord] = {}
    for record in records:
        by_key.setdefault(_delivery_key(record, player_of[record]), record)
    new = take_receipts(
        {key: days[record] for key, record in by_key.items()},
        {key: _times(record) for key, record in by_key.items()},
    )
    counted = [record for key, record in by_key.items() if key in new]
    once: dict[str, EventRecord] = {}
    for record in counted:
        if key := _once_key(record, days[record], player_of[record]):
            once.setdefault(key, record)
    first = take_receipts({key: days[record] for key, record in once.items()})
    repeated = {
        record for record in counted if find_event(record.event).once_per is not None
    }
    repeated -= {once[key] for key in first}
    if own := [record for record in repeated if record.has_own_key]:
        note_uncounted(_delivery_key(record, player_of[record]) for record in own)
    return [record for record in counted if record not in repeated]


def _delivery_key(record: EventRecord, player: Player) -> str:
    """Name a delivery: a site's keys are those of one player and one event."""
    return receipt_key(record.event, player.interface.pk, record.key)


def _once_key(record: EventRecord, day: int, player: Player) -> str:
    """Name what an event can be counted for only once, or nothing."""
    event = find_event(record.event)
    return once_key(event, player.interface.pk, day, record.object_key)


def _times(record: EventRecord) -> int:
    """Give how often it counts and is paid."""
    return record.quantity if find_event(record.event).once_per is None else 1


def _doings(
    records: Iterable[EventRecord],
    days: Mapping[EventRecord, int],
    player_of: Mapping[EventRecord, Player],
) -> Counter[Doing]:
    doings: Counter[Doing] = Counter()
    for record in records:
        doing = Doing(
            record.event,
            player_of[record].interface.pk,
            days[record],
            record.object_key,
        )
        doings[doing] += _times(record)
    return doings


def _note_active(
    records: Iterable[EventRecord],
    days: Mapping[EventRecord, int],
    player_of: Mapping[EventRecord, Player],
) -> None:
    """Note who was active on a later day than is known: mostly once a day."""
    later = [
        record
        for record in records
        if days[record] > (player_of[record].interface.last_active_day or 0)
    ]
    if later:
        note_active(
            {player_of[record].interface.pk for record in later},
            {record.event for record in later},
        )


def _write_streaks(
    records: Iterable[EventRecord], player_of: Mapping[EventRecord, Player]
) -> None:
    streak_events = rule_index().streak_events
    players: dict[str, set[int]] = {}
    for record in records:
        if record.event in streak_events:
            interface = player_of[record].interface.pk
            players.setdefault(record.event, set()).add(interface)
    for event, keys in players.items():
        write_streaks(event, keys, rests=streak_events[event])


def _retract(record: EventRecord, player: Player) -> None:
    day = player.day_of(record.moment)
    recorded = _delivery_key(record, player)
    if not take_receipts({f"-{recorded}": day}):
        return
    on_day: int | None = day if record.has_own_time else None
    quantity = record.quantity
    if record.has_own_key:
        # Noting the key also refuses a record that comes later than its retraction.
        if take_receipts({recorded: day}):
            return
        on_day, quantity = counted_for(recorded)
        if not quantity:
            return
    interface = player.interface.pk
    taken = subtract_activity(
        record.event, interface, record.object_key, quantity, on_day
    )
    if not taken:
        return
    give_back_receipts(
        key for doing in taken if (key := _once_key(record, doing.day, player))
    )
    streak_events = rule_index().streak_events
    if record.event in streak_events:
        forget_streaks(record.event, interface)
        write_streaks(record.event, [interface], rests=streak_events[record.event])
    paid_for = record.key if record.has_own_key else None
    facts = take_back_payments(taken, player, key=paid_for)
    players = {interface: player}
    measured: list[Fact] = follow_events({record.event}, players)
    follow([*facts, *measured], players)
