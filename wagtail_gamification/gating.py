"""Whether what a site keeps for some players is open to whoever asks for it."""

from __future__ import annotations

from typing import Any

from .shelf import Gate, ShelfReader, gate_of
from .templatetags.nodes import reader_for


def gate_for(
    request: Any, kind: str, key: str | int | None, *, steps: bool = False
) -> Gate:
    """Say whether it is open to the request's user.

    The player is read once for the whole page. Without a request it is closed.
    """
    reader = ShelfReader(None) if request is None else reader_for(request)
    return gate_of(reader, kind, key, steps=steps)


def may_see_notes(request: Any) -> bool:
    """Whether whoever asks works in the CMS, and is told what is amiss."""
    user = getattr(request, "user", None)
    return bool(user and user.has_perm("wagtailadmin.access_admin"))
