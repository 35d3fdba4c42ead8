"""Let something happen in a test, and all that follows from it."""

from __future__ import annotations

from typing import Any

from wagtail_gamification.actions.record_events import record_events
from wagtail_gamification.events import Event
from wagtail_gamification.events.records import make_record


def record_now(event: Event, user: Any, **happening: Any) -> None:
    """Record ``event`` at once: no commit and no worker has to be waited for.

    Takes what :meth:`Event.record` takes. Signals still wait for the commit.
    """
    record = make_record(event, user, **happening)
    if record is not None:
        record_events([record.as_payload()])
