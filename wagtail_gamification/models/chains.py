"""Chains of badges, of which none may come back to where it began."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

# Looking through all chains for each of thousands of badges takes its time.
chains_are_checked: ContextVar[bool] = ContextVar("chains_checked", default=False)


@contextmanager
def chains_checked() -> Iterator[None]:
    """Save badges whose chains were looked at together, without a look at each."""
    token = chains_are_checked.set(True)
    try:
        yield
    finally:
        chains_are_checked.reset(token)


def loop_from(start: int | None, links: Mapping[int | None, int]) -> list[int | None]:
    """Follow ``links`` from ``start``; give the way back to it, or nothing."""
    path: list[int | None] = [start]
    seen = {start}
    while (following := links.get(path[-1])) is not None:
        path.append(following)
        if following == start:
            return path
        if following in seen:
            # A loop that was there before and doesn't pass through here.
            return []
        seen.add(following)
    return []
