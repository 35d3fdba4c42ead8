"""All events that the site's code has declared, by code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_gamification.exceptions import InvalidEvent, UnknownEvent

if TYPE_CHECKING:
    from .event import Event

_events: dict[str, Event] = {}


def register(event: Event) -> None:
    """Make an event known.

    :raises InvalidEvent: where its code is taken
    """
    if event.code in _events:
        raise InvalidEvent(
            f"There is an event “{event.code}” already: “{_events[event.code].label}”. "
            "Each code can be declared once; the built-in events have theirs too."
        )
    _events[event.code] = event


def registered_events() -> tuple[Event, ...]:
    """Give all events, in the order in which they were declared."""
    return tuple(_events.values())


def find_event(code: str) -> Event:
    """Give the event of that code.

    :raises UnknownEvent: with the codes that exist
    """
    try:
        return _events[code]
    except KeyError:
        raise UnknownEvent(code, _events) from None


def label_of(code: str) -> str:
    """Give what editors call an event, also one that isn't declared any more."""
    event = _events.get(code)
    return str(event.label) if event else _("Unknown event (%(code)s)") % {"code": code}


def events_by_category() -> dict[str, list[Event]]:
    """Give the events that can be counted, under the names of their categories."""
    from .builtin import is_switched_on

    groups: dict[str, list[Event]] = {}
    for event in _events.values():
        if event.is_countable and is_switched_on(event.code):
            groups.setdefault(str(event.category), []).append(event)
    return groups


def event_choices(current: str = "") -> list[Any]:
    """Give choices for a form, with ``current`` even where it isn't known any more."""
    groups = [
        (category, [(event.code, event.label) for event in events])
        for category, events in events_by_category().items()
    ]
    known = {code for _category, events in groups for code, _label in events}
    if current and current not in known:
        groups.append((_("No longer available"), [(current, label_of(current))]))
    return groups


def check_event_code(code: str) -> None:
    """Say to an editor that an event isn't known any more.

    :raises ValidationError: beside the field ``event``
    """
    if code not in _events:
        raise ValidationError(
            {
                "event": ValidationError(
                    _("The event “%(event)s” is not known any more. Choose another."),
                    code="unknown_event",
                    params={"event": code},
                )
            }
        )


@contextmanager
def temporary_events() -> Iterator[None]:
    """Forget the events that the block declares. For tests."""
    before = dict(_events)
    try:
        yield
    finally:
        _events.clear()
        _events.update(before)
