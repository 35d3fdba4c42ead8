"""What followed from an event: the built-in events that nobody has to record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from wagtail_gamification.events.builtin import is_switched_on
from wagtail_gamification.events.registry import find_event

from .activities import Doing, add_activities
from .players import Player
from .receipts import once_key, take_receipts


@dataclass(frozen=True)
class Fact:
    """One built-in event of one player."""

    event: str
    interface: int
    object_key: str = ""
    delivery: str = ""
    """What names this very fact, for the ledger; empty where nothing is paid for it."""


def record_facts(
    facts: Iterable[Fact], players: Mapping[int, Player]
) -> list[tuple[Fact, int]]:
    """Count the facts as activities; give those that count, each with its day.

    What counts once per object (a level, an unlockable) is left out from the second
    time on, or points that rules pay for it would go round for ever.
    """
    now = timezone.now()
    counted = []
    receipts: dict[str, tuple[Fact, int]] = {}
    for fact in facts:
        event = find_event(fact.event)
        player = players[fact.interface]
        if not event.is_countable or not is_switched_on(fact.event):
            continue
        if not player.is_counted:
            continue
        day = player.day_of(now)
        if event.once_per == "object":
            key = once_key(event, fact.interface, day, fact.object_key)
            receipts[key] = (fact, day)
        else:
            counted.append((fact, day))
    new = take_receipts({key: day for key, (_fact, day) in receipts.items()})
    counted += [receipts[key] for key in sorted(new)]
    if counted:
        add_activities(
            Counter(
                Doing(fact.event, fact.interface, day, fact.object_key)
                for fact, day in counted
            )
        )
    return counted
