"""What a site can listen to.

Each signal is sent after the transaction is committed, once for each thing
that happened. A receiver that raises stops nobody; it is logged by its name and
listed in the CMS, where it can be tried again. The keyword arguments stand beside
each signal.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

# award, badge, interface
badge_awarded = Signal()

# badge, interface, by (the user who did it, or None), reason
badge_revoked = Signal()

# badge, interface, by (how many steps were added)
badge_progressed = Signal()

# award, badge, interface
badge_expires_soon = Signal()

# award, badge, interface
badge_expired = Signal()

# interface, change (the PointChange), balance (after it)
points_changed = Signal()

# unlockable_definition, interface
unlockable_unlocked = Signal()

# level, interface
level_reached = Signal()

# keys (the primary keys of the notices)
notices_created = Signal()


def send_on_commit(signal: Signal, sender: type, **facts: Any) -> None:
    """Send ``signal`` once the running transaction is committed."""
    transaction.on_commit(partial(_send, signal, sender, facts), robust=True)


def _send(signal: Signal, sender: type, facts: dict[str, Any]) -> None:
    for receiver, outcome in signal.send_robust(sender=sender, **facts):
        if isinstance(outcome, Exception):
            from .actions.failures import note_receiver

            note_receiver(_name_of(signal), receiver, sender, facts, outcome)


def _name_of(signal: Signal) -> str:
    named = (name for name, value in globals().items() if value is signal)
    return next(named, "")
