"""Send what web hooks have to send, and try again what failed."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models.webhooks import WebhookDelivery, WebhookEndpoint
from wagtail_gamification.webhooks.sending import Outcome, send

from .pause_webhooks import pause

State = WebhookDelivery.State

# After each attempt, how long until the next: the example of the Standard Webhooks
# specification, about three days in all.
DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# So that what failed together isn't tried again together.
JITTER = 0.2
# Nobody may ask to be left alone for longer.
LONGEST_WAIT = timedelta(hours=24)
# Longer than any attempt takes: then whoever claimed it was interrupted.
CLAIM = timedelta(minutes=5)
AT_ONCE = 100


def start_sending(after: timedelta | None = None) -> None:
    """Have a worker send what is due, now or then.

    Where tasks are run at once, in a visitor's request, nothing is sent before
    ``gamification_send_webhooks`` is run: a visitor waits for no other system. So is
    what is to be tried again, where the backend runs nothing later.
    """
    from wagtail_gamification.tasks import send_webhooks

    backend = send_webhooks.get_backend()
    if not runs_elsewhere(backend):
        return
    if after is None:
        send_webhooks.enqueue()
    elif backend.supports_defer:
        send_webhooks.using(run_after=timezone.now() + after).enqueue()


def runs_elsewhere(backend: Any) -> bool:
    """Whether tasks are run by workers."""
    return not type(backend).__name__.startswith("Immediate")


def send_due(*, limit: int | None = None) -> tuple[int, int]:
    """Send what is due; give how many messages were delivered, and how many weren't.

    Who claims a delivery, by an update of its row, sends it. An endpoint that doesn't
    answer is asked once: its other messages wait for the next run.
    """
    delivered = failed = 0
    silent: set[int] = set()
    while limit is None or delivered + failed < limit:
        due = due_deliveries().exclude(endpoint__in=silent)
        keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
        if not keys:
            break
        for key in keys:
            outcome = _send_one(key, silent)
            if outcome is None:
                continue
            delivered += outcome.is_delivered
            failed += not outcome.is_delivered
    return delivered, failed


def due_deliveries() -> QuerySet[WebhookDelivery]:
    """Give what is to be sent now, the oldest first."""
    return WebhookDelivery.objects.filter(
        state=State.WAITING,
        next_attempt_at__lte=timezone.now(),
        endpoint__is_active=True,
    ).order_by("next_attempt_at", "pk")


def send_again(delivery: WebhookDelivery) -> Outcome | None:
    """Send a message once more, under its id; give what came of it.

    The receiver tells by the id that it has had it before. None where somebody else
    sends it at this moment, or where the endpoint is switched off.
    """
    now = timezone.now()
    # Whoever has claimed it will soon say what came of it.
    is_claimed = Q(state=State.WAITING, attempted_at__gt=now - CLAIM)
    is_claimed &= Q(next_attempt_at=F("attempted_at") + CLAIM)
    rows = WebhookDelivery.objects.filter(pk=delivery.pk, endpoint__is_active=True)
    if not rows.exists():
        return None
    again = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(is_claimed)
    if not again.update(state=State.WAITING, attempts=0, next_attempt_at=now):
        return None
    return _send_one(delivery.pk, set())


def _send_one(key: int, silent: set[int]) -> Outcome | None:
    """Send one delivery, unless somebody else does; give what came of it."""
    now = timezone.now()
    rows = WebhookDelivery.objects.filter(pk=key)
    waiting = rows.filter(state=State.WAITING, next_attempt_at__lte=now)
    if not waiting.update(
        attempts=F("attempts") + 1, attempted_at=now, next_attempt_at=now + CLAIM
    ):
        return None
    delivery = rows.select_related("endpoint").filter(endpoint__is_active=True).first()
    if delivery is None:
        return None
    if delivery.endpoint_id in silent:
        # Claimed in vain: it is as if nobody had.
        rows.update(attempts=F("attempts") - 1, next_attempt_at=now)
        return None
    endpoint = delivery.endpoint
    outcome = send(
        endpoint.url, delivery.message_id, delivery.payload, endpoint.secrets
    )
    if outcome.is_delivered:
        _note_success(rows, endpoint, outcome)
    else:
        if outcome.status is None or outcome.status >= 500 or outcome.retry_after:
            silent.add(endpoint.pk)
        _note_failure(rows, delivery, outcome)
    return outcome


def _note_success(
    rows: QuerySet[WebhookDelivery], endpoint: WebhookEndpoint, outcome: Outcome
) -> None:
    rows.update(
        state=State.DELIVERED,
        status_code=outcome.status,
        delivered_at=timezone.now(),
        next_attempt_at=None,
        error="",
    )
    failing = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    failing.filter(failing_since__isnull=False).update(failing_since=None)


def _note_failure(
    rows: QuerySet[WebhookDelivery], delivery: WebhookDelivery, outcome: Outcome
) -> None:
    now = timezone.now()
    wait = _wait(delivery.attempts, outcome)
    rows.update(
        state=State.WAITING if wait else State.FAILED,
        status_code=outcome.status,
        next_attempt_at=now + wait if wait else None,
        error=outcome.error,
    )
    endpoints = WebhookEndpoint.objects.filter(pk=delivery.endpoint_id, is_active=True)
    endpoints.filter(failing_since=None).update(failing_since=now)
    if outcome.is_gone or _has_failed_for_days(delivery.endpoint, now):
        pause(delivery.endpoint, now)
    elif wait:
        start_sending(after=wait)


def _has_failed_for_days(endpoint: WebhookEndpoint, now: datetime) -> bool:
    since = endpoint.failing_since
    days = timedelta(days=app_settings.WEBHOOK_PAUSE_DAYS)
    return since is not None and now - since >= days


def _wait(attempts: int, outcome: Outcome) -> timedelta | None:
    """Say how long to wait after so many attempts, None where it was the last."""
    if attempts > len(DELAYS):
        return None
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    asked = min(timedelta(seconds=outcome.retry_after), LONGEST_WAIT)
    return max(DELAYS[attempts - 1] * spread, asked)
