"""Deliveries that were counted: a unique key refuses the second one."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from wagtail_gamification.events import Event, registered_events
from wagtail_gamification.models.activity import KEY_LENGTH, EventReceipt
from wagtail_gamification.models.sql import insert_rows

_FIELDS = ("key", "batch", "day", "quantity", "received_at")

ONCE = ":once:"
FORGOTTEN_AT_ONCE = 10_000


def receipt_key(*parts: object) -> str:
    """Join what names a delivery to a key that every database tells from all others.

    Some take capitals and small letters, accents or trailing spaces for the same:
    what has any of these is named by its hash.
    """
    key = ":".join(map(str, parts))
    is_plain = key.isascii() and key == key.lower().strip() and len(key) < KEY_LENGTH
    if is_plain and "#" not in key:
        return key
    # What counts once for good is told from what is forgotten after some time.
    is_once = ONCE if ONCE in key else ""
    return f"#{is_once}{hashlib.sha256(key.encode()).hexdigest()}"


def once_key(event: Event, interface: int, day: int, object_key: str) -> str:
    """Name what an event can be counted for only once, or nothing."""
    if event.once_per is None:
        return ""
    of_what = {"player": "", "day": day, "object": object_key}[event.once_per]
    return receipt_key(event.code, "once", interface, of_what)


def take_receipts(
    days: Mapping[str, int], quantities: Mapping[str, int] | None = None
) -> set[str]:
    """Note these keys, each with its day; give those that weren't there before.

    ``quantities`` are what they are counted for, 0 where left out.

    Who inserts a key is the one whose delivery counts. Another transaction that has
    inserted it, and isn't committed yet, is waited for.
    """
    if not days:
        return set()
    batch, now = uuid.uuid4(), timezone.now()
    # In one order, so that two of these never wait for each other.
    counted = quantities or {}
    rows = [(key, batch, days[key], counted.get(key, 0), now) for key in sorted(days)]
    if insert_rows(EventReceipt, _FIELDS, rows) == len(rows):
        return set(days)
    new = EventReceipt.objects.filter(batch=batch).values_list("key", flat=True)
    return set(new)


def give_back_receipts(keys: Iterable[str]) -> None:
    """Forget receipts, so that what they stand for can count again."""
    EventReceipt.objects.filter(key__in=list(keys)).delete()


def note_uncounted(keys: Iterable[str]) -> None:
    """Note of deliveries that arrived that they count for nothing."""
    EventReceipt.objects.filter(key__in=list(keys)).update(quantity=0)


def counted_for(key: str) -> tuple[int, int]:
    """Give the day that a delivery was counted for, and how often; 0 for not at all."""
    rows = EventReceipt.objects.filter(key=key).values_list("day", "quantity")
    return rows.first() or (0, 0)


def forget_old_receipts(days: int) -> int:
    """Delete what was received more than ``days`` ago; give how many.

    What counts once for a player or an object is kept: forgetting it would let it
    count, and be paid for, again.
    """
    kept = Q(key__contains=ONCE)
    for event in registered_events():
        if event.once_per == "day":
            kept &= ~Q(key__startswith=f"{event.code}{ONCE}")
    before = timezone.now() - timedelta(days=days)
    old = EventReceipt.objects.filter(~kept, received_at__lt=before)
    forgotten = 0
    # In portions, so that nobody waits long for the end of one.
    while keys := list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
        forgotten += EventReceipt.objects.filter(pk__in=keys).delete()[0]
    return forgotten
