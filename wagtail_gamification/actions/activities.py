"""What was done is added up by day and object, and what is taken back subtracted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from wagtail_gamification.models.activity import Activity
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import insert_rows

from .scoring import add_doings

FIELDS = ("event", "interface", "day", "object_key", "count")
UNIQUE = ("event", "interface", "day", "object_key")


@dataclass(frozen=True, order=True)
class Doing:
    """One thing that one player did with one object on one day."""

    event: str
    interface: int
    day: int
    object_key: str


def add_activities(quantities: Counter[Doing]) -> None:
    """Add these to what was counted before, in one statement for thousands."""
    rows = [
        (doing.event, doing.interface, doing.day, doing.object_key, quantities[doing])
        for doing in sorted(quantities)
    ]
    insert_rows(Activity, FIELDS, rows, add_up=["count"], unique=UNIQUE)
    add_doings(quantities)


def note_active(interfaces: Iterable[int], events: Iterable[str]) -> None:
    """Note the latest day on which these players did one of these things.

    What was noted stays when it is taken back: they were there.
    """
    done = Activity.objects.filter(interface=OuterRef("pk"), event__in=sorted(events))
    latest = Subquery(done.order_by("-day").values("day")[:1])
    GamificationInterface.objects.filter(pk__in=sorted(interfaces)).update(
        last_active_day=Greatest(Coalesce("last_active_day", 0), latest)
    )


def subtract_activity(
    event: str, interface: int, object_key: str, quantity: int, day: int | None
) -> list[Doing]:
    """Take back what was counted, the latest first; give what changed.

    ``day`` narrows it to one day. No more is taken than was counted. The caller has
    locked the player.
    """
    rows = Activity.objects.filter(
        event=event, interface=interface, object_key=object_key, count__gt=0
    )
    if day is not None:
        rows = rows.filter(day=day)
    changed = []
    # Mostly one: each row that is read has at least one to give.
    for pk, on_day, count in rows.order_by("-day").values_list("pk", "day", "count")[
        :quantity
    ]:
        taken = min(quantity, count)
        Activity.objects.filter(pk=pk).update(count=F("count") - taken)
        doing = Doing(event, interface, on_day, object_key)
        add_doings({doing: -taken})
        changed.append(doing)
        quantity -= taken
        if not quantity:
            break
    return changed
