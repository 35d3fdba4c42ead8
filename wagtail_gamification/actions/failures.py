"""Keeping what raised in a site's own code, and trying it again."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import partial
from inspect import iscoroutinefunction
from typing import Any
from weakref import ReferenceType

from asgiref.sync import async_to_sync
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_gamification import signals
from wagtail_gamification.exceptions import GamificationError
from wagtail_gamification.models import BadgeDefinition, Failure

logger = logging.getLogger("wagtail_gamification")

NAME_LENGTH = 191
ERROR_LENGTH = 2000
# The end of a traceback says the most.
TRACEBACK_LENGTH = 20_000

# The source and payload of what is being tried again: if that fails, it is known
# already.
_trying: ContextVar[tuple[str, Any] | None] = ContextVar("trying", default=None)


class CannotTryAgain(GamificationError):
    """What a failure was about isn't there any more."""


def note_failure(
    source: str, name: str, error: BaseException, payload: Mapping[str, Any]
) -> Failure | None:
    """Log what a site's code raised, and keep it until somebody has dealt with it.

    It never raises itself: whoever notes a failure goes on with the rest. The one
    exception is the failure that :func:`try_again` is about, which is raised there.

    :param source: one of :class:`Failure.Source`
    :param name: what raised, as a developer looks for it: a dotted name, a code
    :param payload: what it takes to try it again, as JSON; see :func:`try_again`
    :return: the row, or None where it couldn't be written
    """
    if _trying.get() == (source, payload):
        raise error
    logger.error("%s failed: %s", name, _text_of(error), exc_info=error)
    try:
        with transaction.atomic():
            known = _known(source, name[:NAME_LENGTH], payload)
            again = {"tries": F("tries") + 1, **_account_of(error)}
            if known is not None and known.update(**again):
                return known.first()
            return Failure.objects.create(
                source=source,
                name=name[:NAME_LENGTH],
                payload=dict(payload),
                **_account_of(error),
            )
    except Exception:
        logger.exception("The failure of %s couldn't be noted.", name)
        return None


def _known(source: str, name: str, payload: Mapping[str, Any]) -> Any:
    """Find what stands for the same work already: a player who is measured anew.

    Of receivers and events each failure is about something else.
    """
    if source != Failure.Source.REQUIREMENT:
        return None
    rows = Failure.objects.filter(source=source, name=name, resolved_at=None)
    return rows.filter(payload=dict(payload))


def try_again(failure: Failure) -> bool:
    """Do once more what failed.

    ``payload`` is, by source:

    * ``receiver``: ``{"signal": …, "receiver": dotted name, "sender": label, "facts":
      {name: value or {"model": label, "pk": pk}}}``. The facts go to that receiver
      alone.
    * ``requirement``: ``{"definition": pk}`` and ``"interface": pk``, ``"interfaces":
      [pk, …]``, ``"remeasure": True`` or ``"interface": None``. Those players are
      measured again, or in the background everyone: as once a day, or by a retroactive
      award with the choice that is in ``awards`` and ``tells``.
    * ``events``: ``{"records": […]}``. They are recorded again; their keys see to it
      that nothing counts twice.

    Two who try at the same time wait for each other, so nothing is done twice.

    :return: whether it worked, now or before
    """
    with transaction.atomic():
        rows = Failure.objects.select_for_update().filter(pk=failure.pk)
        current = rows.first()
        if current is None or current.resolved_at is not None:
            return True
        token = _trying.set((current.source, current.payload))
        try:
            with transaction.atomic():
                _WAYS[current.source](current.payload)
        except Exception as error:
            logger.error(
                "%s failed again: %s", current.name, _text_of(error), exc_info=error
            )
            rows.update(tries=F("tries") + 1, **_account_of(error))
            is_resolved = False
        else:
            rows.update(resolved_at=timezone.now())
            is_resolved = True
        finally:
            _trying.reset(token)
    failure.refresh_from_db()
    return is_resolved


def note_receiver(
    signal: str,
    receiver: Callable[..., Any],
    sender: Any,
    facts: Mapping[str, Any],
    error: Exception,
) -> None:
    """Note that a receiver of one of our signals raised."""
    name = receiver_name(receiver)
    meta = getattr(sender, "_meta", None)
    payload = {
        "signal": signal,
        "receiver": name,
        "sender": meta.label_lower if meta else "",
        "facts": {fact: _as_json(value) for fact, value in facts.items()},
    }
    note_failure(Failure.Source.RECEIVER, name, error, payload)


def receiver_name(receiver: Any) -> str:
    """Give the dotted name of a receiver, which is what a developer looks for."""
    named = receiver if hasattr(receiver, "__qualname__") else type(receiver)
    return f"{named.__module__}.{named.__qualname__}"


def _as_json(value: Any) -> Any:
    if isinstance(value, models.Model):
        pk = value.pk if isinstance(value.pk, int) else str(value.pk)
        return {"model": value._meta.label_lower, "pk": pk}
    try:
        return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
    except (TypeError, ValueError):
        return str(value)


def _from_json(name: str, value: Any) -> Any:
    if not isinstance(value, dict) or set(value) != {"model", "pk"}:
        return value
    model = apps.get_model(value["model"])
    found = model._base_manager.filter(pk=value["pk"]).first()
    if found is None:
        raise CannotTryAgain(
            _("What “%(name)s” stood for is gone (%(model)s %(key)s).")
            % {"name": name, "model": model._meta.verbose_name, "key": value["pk"]}
        )
    return found


def _send_again(payload: Mapping[str, Any]) -> None:
    signal = getattr(signals, payload["signal"])
    receiver = _find_receiver(signal, payload["receiver"])
    facts = {name: _from_json(name, value) for name, value in payload["facts"].items()}
    label = payload.get("sender")
    sender = apps.get_model(label) if label else None
    if iscoroutinefunction(receiver):
        receiver = async_to_sync(receiver)
    receiver(signal=signal, sender=sender, **facts)


def _find_receiver(signal: Any, name: str) -> Callable[..., Any]:
    # The second of each entry is the receiver in every version of Django.
    for entry in signal.receivers:
        receiver = entry[1]
        if isinstance(receiver, ReferenceType):
            receiver = receiver()
        if receiver is not None and receiver_name(receiver) == name:
            return receiver
    raise CannotTryAgain(
        _("“%(name)s” doesn't listen to this signal any more.") % {"name": name}
    )


def _measure_again(payload: Mapping[str, Any]) -> None:
    definitions = BadgeDefinition.objects.filter(pk=payload["definition"])
    definition = definitions.first()
    if definition is None:
        raise CannotTryAgain(_("The badge is gone."))
    if players := _players_of(payload):
        from .follow import follow_players

        follow_players(players, definitions=[definition.pk])
    elif payload.get("remeasure"):
        from wagtail_gamification.tasks import remeasure

        enqueue = partial(remeasure.enqueue, [definition.pk])
        transaction.on_commit(enqueue, robust=True)
    else:
        from .retroactive import start_retroactive_award

        start_retroactive_award(
            definition,
            awards=payload.get("awards", definition.awards_retroactively),
            tells=payload.get("tells", definition.tells_retroactively),
        )


def _players_of(payload: Mapping[str, Any]) -> list[int]:
    one = payload.get("interface")
    return payload.get("interfaces", []) if one is None else [one]


def _record_again(payload: Mapping[str, Any]) -> None:
    from .record_events import record_events

    record_events(payload["records"])


_WAYS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    Failure.Source.RECEIVER: _send_again,
    Failure.Source.REQUIREMENT: _measure_again,
    Failure.Source.EVENTS: _record_again,
}


def _text_of(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        text = ""
    if isinstance(error, CannotTryAgain):
        # For editors, who can't do anything with the name of a class.
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _account_of(error: BaseException) -> dict[str, str]:
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    # PostgreSQL has no place for a null in a text.
    return {
        "error": _text_of(error).replace("\0", "")[:ERROR_LENGTH],
        "traceback": "".join(lines).replace("\0", "")[-TRACEBACK_LENGTH:],
    }
