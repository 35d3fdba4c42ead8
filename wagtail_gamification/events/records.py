"""What is sent to the worker of one thing that happened, checked when it is said."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from datetime import timezone as dt_timezone
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from wagtail_gamification.exceptions import InvalidAmount, InvalidEvent

from .objects import object_key_of

if TYPE_CHECKING:
    from .event import Event

KEY_LIMIT = 100
MOST_AT_ONCE = 10**6
# Clocks of servers differ a little.
CLOCKS_DIFFER = timedelta(minutes=5)
# Nobody did anything before; and days that exist in no time zone are far from here.
EARLIEST = datetime(1900, 1, 1, tzinfo=dt_timezone.utc)


@dataclass(frozen=True, kw_only=True)
class EventRecord:
    """One thing that a player did, or took back, as it travels to a worker."""

    event: str
    """The code of the event."""

    user: str | None = None
    """The primary key of the user, or None where ``interface`` is given."""

    interface: int | None = None
    """The primary key of the player's interface."""

    object_key: str = ""
    """What it is about; empty for nothing in particular."""

    quantity: int = 1
    """How many times, 1 or more."""

    at: str
    """When it happened: ISO 8601 with an offset."""

    key: str
    """What names this happening; made up where the site gave none."""

    has_own_key: bool = False
    """Whether the site gave the key."""

    has_own_time: bool = False
    """Whether the site gave the time."""

    is_retraction: bool = False
    """Whether it takes back what was recorded."""

    def as_payload(self) -> dict[str, Any]:
        """Give what can be written as JSON; defaults are left out."""
        return {
            name: value
            for name, value in asdict(self).items()
            if value != type(self).__dict__.get(name, ...)
        }

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


def make_record(
    event: Event,
    user: Any,
    target: Any = None,
    quantity: int = 1,
    at: datetime | None = None,
    key: str | None = None,
    *,
    is_retraction: bool = False,
) -> EventRecord | None:
    """Check the arguments of ``Event.record()``; give None where nobody did it.

    :raises InvalidEvent: where one can't be right
    """
    player = _player(event, user)
    if player is None or _is_own(event, user, target):
        return None
    return EventRecord(
        event=event.code,
        **player,
        object_key=_object_key(event, target),
        quantity=_quantity(event, quantity),
        at=_moment(event, at).isoformat(),
        key=_key(event, key),
        has_own_key=key is not None,
        has_own_time=at is not None,
        is_retraction=is_retraction,
    )


def _player(event: Event, user: Any) -> dict[str, Any] | None:
    from wagtail_gamification.models import GamificationInterface

    if isinstance(user, GamificationInterface):
        if user.pk is None:
            raise InvalidEvent(f"{event.code}: the interface isn't saved yet.")
        return {"interface": user.pk}
    if user is None or getattr(user, "is_anonymous", False):
        return None
    if not isinstance(user, get_user_model()):
        raise InvalidEvent(
            f"{event.code}: {user!r} is neither a user nor a GamificationInterface."
        )
    if user.pk is None:
        raise InvalidEvent(f"{event.code}: the user isn't saved yet.")
    return {"user": str(user.pk)}


def _is_own(event: Event, user: Any, target: Any) -> bool:
    if not event.owner or target is None:
        return False
    from wagtail_gamification.models import GamificationInterface

    owner = getattr(target, event.owner, None)
    # A team has no content of its own.
    is_interface = isinstance(user, GamificationInterface)
    user_id = user.user_id if is_interface else user.pk
    return owner is not None and owner.pk == user_id


def _object_key(event: Event, target: Any) -> str:
    if target is None:
        return ""
    model = event.target_model
    if model is not None and not isinstance(target, model):
        raise InvalidEvent(
            f"{event.code}: the target {target!r} is not a {model._meta.label}."
        )
    return object_key_of(target)


def _quantity(event: Event, quantity: Any) -> int:
    from wagtail_gamification.models.amounts import whole_number

    try:
        return whole_number(quantity, at_least=1, at_most=MOST_AT_ONCE)
    except InvalidAmount as error:
        raise InvalidEvent(f"{event.code}: quantity: {error}") from error


def _moment(event: Event, at: Any) -> datetime:
    now = timezone.now()
    if at is None:
        return now
    if not isinstance(at, datetime) or timezone.is_naive(at):
        raise InvalidEvent(
            f"{event.code}: at is {at!r}; it has to be a datetime with a time zone."
        )
    if at < EARLIEST:
        raise InvalidEvent(f"{event.code}: at is {at}, which lies too far back.")
    if at > now + CLOCKS_DIFFER:
        raise InvalidEvent(f"{event.code}: at is {at}, which lies in the future.")
    return at


def _key(event: Event, key: Any) -> str:
    if key is None:
        return uuid.uuid4().hex
    if not isinstance(key, str) or not 1 <= len(key) <= KEY_LIMIT:
        raise InvalidEvent(
            f"{event.code}: key is {key!r}; it has to be a text of 1 to {KEY_LIMIT} "
            "characters."
        )
    if not _can_be_stored(key):
        raise InvalidEvent(
            f"{event.code}: key is {key!r}; no database can store all of it."
        )
    return key


def _can_be_stored(text: str) -> bool:
    """Whether every database and queue takes a text: no null, no half a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
