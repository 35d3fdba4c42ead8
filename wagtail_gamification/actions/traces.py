"""What names a player without a foreign key: receipts, failures, Wagtail's log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from wagtail_gamification.events import registered_events
from wagtail_gamification.models.activity import Activity, EventReceipt
from wagtail_gamification.models.failures import Failure
from wagtail_gamification.models.players import GamificationInterface

from .receipts import give_back_receipts, once_key

# What the log may go on saying of somebody who is erased, besides numbers.
KEPT_IN_LOG = frozenset(["badge"])
AT_ONCE = 1000


def receipts_of(interface: int) -> QuerySet[EventReceipt]:
    """Give the deliveries whose keys say whose they are.

    Those with a hash for a key say it to nobody.
    """
    codes = {event.code for event in registered_events()}
    done = Activity.objects.filter(interface=interface).order_by()
    codes |= set(done.values_list("event", flat=True).distinct())
    wanted = Q(pk__in=[])
    for code in sorted(codes):
        for start in (
            f"{code}:{interface}:",
            f"-{code}:{interface}:",
            f"{code}:once:{interface}:",
        ):
            wanted |= _begins_with(start)
    return EventReceipt.objects.filter(wanted).order_by("pk")


def _begins_with(start: str) -> Q:
    """Ask in the way that the index of the keys answers."""
    vendor = connections[router.db_for_read(EventReceipt)].vendor
    if vendor == "postgresql":
        return Q(key__startswith=start)
    if vendor == "mysql":
        # Keys that aren't hashed have no capitals.
        return Q(key__istartswith=start)
    return Q(key__gte=start, key__lt=f"{start[:-1]};")


def failures_of(
    interface: int | None, users: Collection[Any]
) -> Iterator[tuple[Failure, dict[str, Any] | None]]:
    """Give the failures about a player, each with what it says without the player.

    None where it says nothing then.
    """
    names = {str(interface), *map(str, users)} - {"None"}
    people = {str(user) for user in users}
    mentioned = Q(pk__in=[])
    for name in names:
        mentioned |= Q(text__contains=name)
    rows = Failure.objects.annotate(text=Cast("payload", TextField()))
    # A number may stand for anything: what it stands for is looked at here.
    for failure in rows.filter(mentioned).order_by("pk").iterator(AT_ONCE):
        rest = _without(failure.payload, interface, people)
        if rest != failure.payload:
            yield failure, rest


def _without(
    payload: dict[str, Any], interface: int | None, users: Collection[str]
) -> dict[str, Any] | None:
    label = GamificationInterface._meta.label_lower
    facts = payload.get("facts", {}).values()
    if interface is not None and (
        payload.get("interface") == interface
        or {"model": label, "pk": interface} in facts
    ):
        return None
    rest = dict(payload)
    if interface in payload.get("interfaces", ()):
        rest["interfaces"] = [one for one in payload["interfaces"] if one != interface]
    if "records" in payload:
        rest["records"] = [
            one for one in payload["records"] if not _is_about(one, interface, users)
        ]
    if rest == payload:
        return payload
    is_empty = [] in (rest.get("interfaces"), rest.get("records"))
    return None if is_empty else rest


def _is_about(
    record: Mapping[str, Any], interface: int | None, users: Collection[str]
) -> bool:
    user = record.get("user")
    return user in users if user is not None else record.get("interface") == interface


def log_entries_about(interface: int) -> QuerySet[ModelLogEntry]:
    """Give what Wagtail's log says was done to a player."""
    content_type = ContentType.objects.get_for_model(GamificationInterface)
    entries = ModelLogEntry.objects.filter(
        content_type=content_type, object_id=str(interface)
    )
    return entries.order_by("timestamp", "pk")


def title_of_erased(interface: int) -> str:
    """Give what a player is called who has no name any more."""
    return _("Player %(number)s") % {"number": interface}


def forget_traces(interface: int, users: Collection[Any]) -> None:
    """Take a player out of all that has no foreign key to them."""
    _forget_receipts(interface)
    forget_failures(interface, users)
    _forget_log(interface)


def forget_failures(interface: int | None, users: Collection[Any]) -> None:
    """Take a player, or a user, out of what is kept to be tried again."""
    for failure, rest in failures_of(interface, users):
        if rest is None:
            failure.delete()
            continue
        failure.payload = rest
        # What was said of it may name anybody.
        failure.error = failure.error.split(":")[0]
        failure.traceback = ""
        failure.save(update_fields=["payload", "error", "traceback"])


def _forget_receipts(interface: int) -> None:
    receipts_of(interface).order_by().delete()
    # Those with a hash, which is found by what was done.
    once = {each.code: each for each in registered_events() if each.once_per}
    rows = Activity.objects.filter(interface=interface, event__in=list(once))
    keys = {
        once_key(once[code], interface, day, object_key)
        for code, day, object_key in rows.order_by()
        .values_list("event", "day", "object_key")
        .iterator()
    }
    hashed = sorted(key for key in keys if key.startswith("#"))
    for start in range(0, len(hashed), AT_ONCE):
        give_back_receipts(hashed[start : start + AT_ONCE])


def _forget_log(interface: int) -> None:
    """Keep of each entry who did what when, and to which number."""
    title = title_of_erased(interface)
    entries = log_entries_about(interface)
    changed = []
    for entry in entries.iterator(AT_ONCE):
        entry.label, entry.deleted = title, True
        entry.data = _without_texts(entry.data or {}, title)
        changed.append(entry)
    ModelLogEntry.objects.bulk_update(
        changed, ["label", "deleted", "data"], batch_size=AT_ONCE
    )


def _without_texts(data: Mapping[str, Any], title: str) -> dict[str, Any]:
    kept = {
        name: value
        for name, value in data.items()
        if name in KEPT_IN_LOG or isinstance(value, (bool, int, float))
    }
    return kept | ({"player": title} if "player" in data else {})
