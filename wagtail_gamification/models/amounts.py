"""Numbers that callers hand in, checked once and alike."""

from __future__ import annotations

from typing import Any

from wagtail_gamification.exceptions import InvalidAmount

# Far below what the columns hold, so that no sum of them gets there.
MOST_POINTS = 10**15
MOST_STEPS = 2**31 - 1


def whole_number(value: Any, *, at_least: int, at_most: int) -> int:
    """Give ``value`` where it is a whole number within these bounds.

    :raises InvalidAmount: for anything else, True and 1.0 included
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidAmount(f"{value!r} is not a whole number.")
    if not at_least <= value <= at_most:
        raise InvalidAmount(f"{value} is not a number from {at_least} to {at_most}.")
    return value
