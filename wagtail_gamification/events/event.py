"""An event: something that players do, declared once, recorded wherever it happens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Literal

from django.apps import apps
from django.db import models, transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.exceptions import InvalidEvent

from . import registry
from .records import EventRecord, make_record

OncePer = Literal["player", "object", "day"]
ONCE_PER: tuple[OncePer, ...] = ("player", "object", "day")
CODE = re.compile(r"[a-z0-9_]{1,64}")

# What one task takes at once.
BATCH_SIZE = 10_000


class Event:
    """Something that can happen on a site. Making one registers it.

    Declare events in a module named ``gamification`` of an installed app; it is found
    by itself when Django starts.

    :param code: small letters, digits and underscores, 64 at most; never changed later
    :param label: what a player does, as a sentence without its subject: “Completes a
        lesson”. Translatable
    :param icon: the name of a Wagtail icon
    :param target_model: the model, or its label, of the objects that it is about
    :param category: what it is listed under in the CMS. Translatable
    :param once_per: count it once per ``"player"``, per ``"object"`` or per ``"day"``,
        however often it is recorded
    :param owner: the attribute of the target that holds the user to whom it belongs.
        What owners do with their own content is not counted
    :param is_countable: False for what editors can't count, only be measured by
    :raises InvalidEvent: for a code that is taken or isn't one, or another
        ``once_per``
    """

    def __init__(
        self,
        code: str,
        label: Any,
        icon: str | None = None,
        target_model: type[models.Model] | str | None = None,
        category: Any = None,
        once_per: OncePer | None = None,
        *,
        owner: str | None = None,
        is_countable: bool = True,
    ) -> None:
        if not isinstance(code, str) or not CODE.fullmatch(code):
            raise InvalidEvent(
                f"{code!r} can't be the code of an event. Use 1 to 64 small letters, "
                "digits and underscores."
            )
        if once_per is not None and once_per not in ONCE_PER:
            raise InvalidEvent(
                f"once_per of the event “{code}” is {once_per!r}. It can be None or "
                f"one of: {', '.join(ONCE_PER)}."
            )
        self.code = code
        self.label = label
        self.icon = icon or "pick"
        self.category = category or _("Site")
        self.once_per = once_per
        self.owner = owner
        self.is_countable = is_countable
        self._target_model = target_model
        registry.register(self)

    def __repr__(self) -> str:
        return f"<Event {self.code}>"

    @cached_property
    def target_model(self) -> type[models.Model] | None:
        """The model of the objects that it is about, where one was named."""
        if isinstance(self._target_model, str):
            return apps.get_model(self._target_model)
        return self._target_model

    def record(
        self,
        user: Any,
        target: models.Model | None = None,
        quantity: int = 1,
        at: datetime | None = None,
        key: str | None = None,
    ) -> None:
        """Say that ``user`` did it. The work is done in a task, after the commit.

        Anonymous users are ignored, and so are, later, inactive ones and those in an
        excluded group.

        :param user: a user or the player's ``GamificationInterface``
        :param target: the saved object that it is about
        :param quantity: how many times at once, 1 or more
        :param at: when it happened, aware, not in the future; now where left out. It
            counts for its day in the user's own time zone
        :param key: up to 100 characters that name this very happening; a second
            delivery with the same key changes nothing
        :raises InvalidEvent: where an argument can't be right; nothing is recorded
        """
        self.record_many(
            [
                {
                    "user": user,
                    "target": target,
                    "quantity": quantity,
                    "at": at,
                    "key": key,
                }
            ]
        )

    def record_many(self, happenings: Iterable[Mapping[str, Any]]) -> None:
        """Say it of many at once: mappings of what :meth:`record` takes.

        :raises InvalidEvent: where one of them can't be right; then none is recorded
        """
        _send(make_record(self, **happening) for happening in happenings)

    def retract(
        self,
        user: Any,
        target: models.Model | None = None,
        quantity: int = 1,
        at: datetime | None = None,
        key: str | None = None,
    ) -> None:
        """Take back what was recorded: the like was withdrawn, the comment deleted.

        What it counted for and the points that rules paid for it are taken back, once;
        badges stay. With the ``key`` that it was recorded with, exactly that happening
        is meant, even when it arrives later; otherwise the latest on this target (on
        the day of ``at``, where that is given).

        :raises InvalidEvent: where an argument can't be right
        """
        _send([make_record(self, user, target, quantity, at, key, is_retraction=True)])


def _send(records: Iterable[EventRecord | None]) -> None:
    from wagtail_gamification.tasks import record_events

    payloads = [record.as_payload() for record in records if record is not None]
    for start in range(0, len(payloads), BATCH_SIZE):
        batch = payloads[start : start + BATCH_SIZE]
        # Robust: a broken queue must not break the page that it happened on.
        transaction.on_commit(partial(record_events.enqueue, batch), robust=True)
