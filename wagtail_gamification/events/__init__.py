"""What can happen on a site, and how the site says that it did."""

from .event import Event
from .objects import describe_object, object_key_of
from .registry import (
    check_event_code,
    event_choices,
    events_by_category,
    find_event,
    label_of,
    registered_events,
    temporary_events,
)

__all__ = [
    "Event",
    "check_event_code",
    "describe_object",
    "event_choices",
    "events_by_category",
    "find_event",
    "label_of",
    "object_key_of",
    "registered_events",
    "temporary_events",
]
