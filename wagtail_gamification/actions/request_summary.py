"""Ask for new totals when somebody looks at old ones."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models.totals import Summary


def request_summary() -> Summary:
    """Give the summary as it is; where it has grown old, ask a worker for a new one.

    Of many who look at the same time, one asks. Without a worker it is brought up to
    date at once, and given anew.
    """
    summary, _created = Summary.objects.get_or_create(pk=Summary.ONLY)
    minutes = app_settings.SUMMARY_MINUTES
    if not minutes:
        return summary
    old = timezone.now() - timedelta(minutes=minutes)
    if (
        max(filter(None, [summary.summarised_at, summary.requested_at]), default=old)
        > old
    ):
        return summary
    is_ours = Summary.objects.filter(
        Q(requested_at=None) | Q(requested_at__lte=old), pk=Summary.ONLY
    ).update(requested_at=timezone.now())
    if is_ours:
        from wagtail_gamification.tasks import summarise

        # After the commit, for a worker to see what this request has written.
        transaction.on_commit(summarise.enqueue)
        summary.refresh_from_db()
    return summary
