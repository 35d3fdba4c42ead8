"""What can go wrong, in words for the person who reads it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class GamificationError(Exception):
    """The base of every error that this app raises on purpose."""


class InvalidAmount(GamificationError, ValueError):
    """A number of points or steps that isn't one that can be booked."""


class LedgerIsAppendOnly(GamificationError):
    """Somebody tried to change or delete what was booked already."""


class InvalidPlayerSection(GamificationError, ValueError):
    """A section of a player's data that can't be registered."""


class PlayerIsShared(GamificationError):
    """Several users share what one of them wants to be erased, or changed."""


class UnknownDefinition(GamificationError, LookupError):
    """No definition has the slug that a template or a call names.

    The message lists what exists, nearest first, so that a typing mistake is
    seen where it was made.
    """

    def __init__(self, kind: str, slug: str, known: Iterable[str]) -> None:
        self.kind = kind
        self.slug = slug
        self.known = sorted(known)
        near = difflib.get_close_matches(slug, self.known, n=3)
        others = [known_slug for known_slug in self.known if known_slug not in near]
        listed = ", ".join([*near, *others][:20]) or "none"
        more = "" if len(self.known) <= 20 else f" and {len(self.known) - 20} more"
        super().__init__(f"There is no {kind} “{slug}”. There are: {listed}{more}.")


class NotAllowed(GamificationError):
    """Somebody may not give or take what they wanted to.

    ``decision`` says why: its ``code`` to code, its ``message`` to people.
    """

    def __init__(self, decision: Any) -> None:
        self.decision = decision
        super().__init__(decision.message)


class InvalidEvent(GamificationError, ValueError):
    """An event, or what is recorded of it, that can't be right."""


class InvalidRequirementKind(GamificationError, ValueError):
    """A kind of requirement that can't be registered."""


class UnknownEvent(GamificationError, LookupError):
    """No event has the code that is named. The message lists those that exist."""

    def __init__(self, code: str, known: Iterable[str]) -> None:
        self.code = code
        self.known = sorted(known)
        listed = ", ".join(self.known) or "none"
        super().__init__(f"There is no event “{code}”. There are: {listed}.")
