"""Background work in steps, each of which is one transaction that can be done again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError

Result = TypeVar("Result")

# A database may break a transaction off because of another one's locks.
TRIES = 3


def try_step(step: Callable[[], Result]) -> Result:
    """Do a step, and again where the database broke it off; give what it gives."""
    for _number in range(TRIES - 1):
        try:
            return step()
        except OperationalError:
            # It is rolled back whole, and can be done again.
            continue
    return step()
