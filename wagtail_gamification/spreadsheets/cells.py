"""What a cell can hold besides text and numbers, and how text stays text.

A value that begins like a formula is a danger to whoever opens the file in a
spreadsheet program. In CSV and TSV there are no types to prevent that, so such a
value is written behind an apostrophe, which is taken off when it is read.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

# As long as a cell of a CSV file may be for Python to read it.
MAX_CELL = 131_072

# The wide forms are taken for the others where people write Japanese or Chinese.
_FORMULA_LIKE = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")  # noqa: RUF001
_CONSTANT = re.compile(r"(?:of:)?=?(TRUE|FALSE)\(\)", re.IGNORECASE)


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula: what it gives isn't in the file for sure."""

    text: str


@dataclass(frozen=True)
class BrokenCell:
    """A cell that shows an error, such as ``#REF!``."""

    text: str


def read_formula(text: str) -> Formula | bool:
    """Give what a cell that holds a formula says.

    LibreOffice turns the yes and no of a workbook into ``=TRUE()`` and ``=FALSE()``,
    which can't mean anything else.
    """
    constant = _CONSTANT.fullmatch(text)
    return constant[1].upper() == "TRUE" if constant else Formula(text)


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


def folded(text: str) -> str:
    """Give a heading without what people write differently: case, spaces, accents.

    The asterisk of a needed column and a colon at the end count as nothing, too.
    """
    decomposed = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKD", text).casefold()
    )
    kept = (char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[\s_-]+", "", "".join(kept)).rstrip("*:")


def cell_text(value: Any) -> str:
    """Give what is to be seen in a cell, for a heading or a message."""
    if isinstance(value, (Formula, BrokenCell)):
        value = value.text
    return _storable("" if value is None else str(value)).strip()


def plain_cell(value: Any) -> Any:
    """Give what a cell holds as a value that JSON and every database can hold."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        # Spreadsheet programs keep no more digits, and writing more may fail.
        return value if abs(value) < 10**15 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, list):
        return [plain_cell(item) for item in value]
    if isinstance(value, dict):
        return {_storable(str(key)): plain_cell(item) for key, item in value.items()}
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        # A day is a moment at midnight to spreadsheet programs.
        return value.date().isoformat()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (Formula, BrokenCell)):
        value = value.text
    return _storable(str(value))


def _storable(text: str) -> str:
    """Replace what PostgreSQL and UTF-8 can't hold: the character 0, surrogates."""
    return re.sub(r"[\x00\ud800-\udfff]", "\ufffd", text)
