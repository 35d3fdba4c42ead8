"""Reads the tables of ``who_sees_what.md``."""

import re
from dataclasses import dataclass
from pathlib import Path

from .world import LETTERS, WORDS

FILE = Path(__file__).with_name("who_sees_what.md")
COLUMNS = ("answer", *WORDS)


@dataclass(frozen=True)
class Row:
    """One surface, and what everybody sees there."""

    section: str
    surface: str
    cells: dict[str, str]


def read_rows() -> list[Row]:
    """Give all rows.

    :raises ValueError: for a row in which not everything is said of everybody
    """
    rows, section = [], ""
    for line in FILE.read_text().splitlines():
        if line.startswith("## "):
            section = line[3:]
        if not line.startswith("| `"):
            continue
        surface, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        if len(cells) != len(COLUMNS):
            raise ValueError(f"{surface} has {len(cells)} cells.")
        row = Row(section, surface.strip("`"), dict(zip(COLUMNS, cells, strict=True)))
        for name, cell in row.cells.items():
            shape = "[0-9]{6}" if name == "answer" else _SHAPE
            if not re.fullmatch(shape, cell):
                raise ValueError(f"{surface}, {name}: what is “{cell}”?")
        rows.append(row)
    return rows


# Each who looks has a place of their own.
_SHAPE = "".join(f"[{letter}-]" for letter in LETTERS)
