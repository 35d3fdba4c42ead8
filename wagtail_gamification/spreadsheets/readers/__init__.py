"""One reader for each file format.

Each is a function of the file's bytes and name that gives :class:`RawSheet`
objects: what stands in which row, before anybody asks what it means.

tablib's own importers are not used: they tell no row numbers, read the values of
formulas as if they were text, move cells to the left of a gap in ODS files, and
load a whole file before it can be said that it is too big.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RawRow:
    """A row that isn't blank, with its number in the spreadsheet program."""

    number: int
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class RawSheet:
    """A sheet by its title; text files have none.

    ``rows`` can be walked through once: a reader stops as soon as nobody asks for
    more, so a file that is too long is never read to its end.
    """

    title: str
    rows: Iterator[RawRow]
