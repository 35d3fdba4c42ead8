"""Write what web hooks are to send, in the transaction in which it happens."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db import router, transaction
from django.utils import timezone

from wagtail_gamification.caching import KeptReading, SharedVersion
from wagtail_gamification.models.sql import insert_rows
from wagtail_gamification.models.webhooks import WebhookDelivery, WebhookEndpoint
from wagtail_gamification.player_keys import player_keys

Fact = tuple[int, dict[str, Any]]
"""A player, and what happened."""

FIELDS = (
    "endpoint",
    "interface",
    "message_id",
    "type",
    "payload",
    "state",
    "attempts",
    "created_at",
    "next_attempt_at",
    "error",
)

_version = SharedVersion("webhooks")


def deliver(event: str, facts: Callable[[], Iterable[Fact]]) -> None:
    """Write a message for each fact and each endpoint that wants it.

    ``facts`` is only called where somebody does; while nobody does, it costs no query.
    """
    endpoints = _endpoints().get(event)
    if not endpoints:
        return
    happened = list(facts())
    if not happened:
        return
    now = timezone.now()
    names = player_keys({interface for interface, _data in happened})
    rows = []
    for interface, data in happened:
        message = f"msg_{uuid.uuid4().hex}"
        payload = {
            "type": event,
            "timestamp": now.isoformat(),
            "data": {"player": names[interface], **data},
        }
        waiting = WebhookDelivery.State.WAITING
        rows += [
            (endpoint, interface, message, event, payload, waiting, 0, now, now, "")
            for endpoint in endpoints
        ]
    insert_rows(WebhookDelivery, FIELDS, rows)
    send_after_commit()


def send_after_commit() -> None:
    """Have workers send what is due, once the running transaction is committed."""
    connection = transaction.get_connection(router.db_for_write(WebhookDelivery))
    held = set(connection.savepoint_ids)
    for savepoints, waiting, *_rest in connection.run_on_commit:
        # Unless the one that waits could be rolled back without this one.
        if waiting is _start and savepoints <= held:
            return
    transaction.on_commit(_start, using=connection.alias, robust=True)


def drop_endpoints(**kwargs: Any) -> None:
    """Read the endpoints anew once the running transaction is committed."""
    _version.drop()


def _start() -> None:
    from .send_webhooks import start_sending

    start_sending()


def _read_endpoints() -> dict[str, list[int]]:
    """Give the endpoints that want each event."""
    wanted: dict[str, list[int]] = {}
    rows = WebhookEndpoint.objects.filter(is_active=True).order_by("pk")
    for pk, events in rows.values_list("pk", "events"):
        for event in events:
            wanted.setdefault(event, []).append(pk)
    return wanted


_endpoints = KeptReading(_version, _read_endpoints).get
