"""Forget what players and other systems were told long ago."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from wagtail_gamification.models.notices import Notice
from wagtail_gamification.models.webhooks import WebhookDelivery, WebhookEndpoint

FORGOTTEN_AT_ONCE = 10_000


def forget_old_notices(days: int) -> int:
    """Delete what was told more than ``days`` ago, read or not; give how many.

    That a level was reached is told once: where a player leaves it and reaches it
    again after that, it is told again.
    """
    before = timezone.now() - timedelta(days=days)
    return _forget(Notice.objects.filter(created_at__lt=before))


def forget_old_deliveries(days: int) -> int:
    """Delete what was sent more than ``days`` ago, or failed for good; give how many.

    What is waiting is kept, unless its endpoint is gone.
    """
    before = timezone.now() - timedelta(days=days)
    endpoints = WebhookEndpoint.objects.filter(pk=OuterRef("endpoint_id"))
    is_done = ~Q(state=WebhookDelivery.State.WAITING) | ~Exists(endpoints)
    return _forget(WebhookDelivery.objects.filter(is_done, created_at__lt=before))


def _forget(old: QuerySet) -> int:
    forgotten = 0
    # In portions, so that nobody waits long for the end of one.
    while keys := list(old.order_by().values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
        forgotten += old.model._base_manager.filter(pk__in=keys).delete()[0]
    return forgotten
