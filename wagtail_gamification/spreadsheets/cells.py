"""What a cell can hold besides text and numbers, and how text stays text.

A value that begins like a formula is a danger to whoever opens the file in a
spreadsheet program. In CSV and TSV there are no types to prevent that, so such a
value is written behind an apostrophe, which is taken off when it is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_FORMULA_LIKE = re.compile(r"'*[=+\-@\t\r\n]")


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula: what it gives isn't in the file for sure."""

    text: str


@dataclass(frozen=True)
class BrokenCell:
    """A cell that shows an error, such as ``#REF!``."""

    text: str


def escape_formula(value: Any) -> Any:
    """Make a cell of a text file safe to open. Reversed by :func:`read_text_cell`."""
    if isinstance(value, str) and _FORMULA_LIKE.match(value):
        return f"'{value}"
    return value


def read_text_cell(value: str) -> str | Formula:
    """Give what a cell of a CSV or TSV file says."""
    if value.startswith("'") and _FORMULA_LIKE.match(value):
        return value[1:]
    if value.startswith("="):
        return Formula(value)
    return value


def is_blank(value: Any) -> bool:
    """Say whether a cell is empty to the eye."""
    return value is None or (isinstance(value, str) and not value.strip())


def column_letter(index: int) -> str:
    """Name the column at ``index``, from 0, as spreadsheet programs do: A, B, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
