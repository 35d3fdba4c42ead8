"""CSV, TSV and JSON: files that don't say how they are meant.

Encoding and delimiter are found out: a byte order mark decides, then UTF-8, then
Windows-1252, which is what Excel writes; of comma, semicolon and tab, the one that
splits the first line into the most headings that are known.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Collection, Iterator
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from wagtail_gamification.spreadsheets.cells import (
    folded,
    is_blank,
    read_text_cell,
)
from wagtail_gamification.spreadsheets.errors import CatalogueError, shortened

from . import RawRow, RawSheet

# More isn't looked at to find out the delimiter.
_LONGEST_HEADING = 255

DELIMITERS = (",", ";", "\t")

# Sheets, rows, cells: three levels, and some to give a better message.
DEEPEST_JSON = 20

# Brackets, and strings, in which brackets mean nothing. A string that isn't closed goes
# on to the end, so that nothing is looked at twice.
_JSON_NESTING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)

# The longer mark first: the one of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_csv(data: bytes, name: str, headings: Collection[str]) -> Iterator[RawSheet]:
    """Read a file of separated values; ``headings`` are those known, folded."""
    text = decode(data, name)
    delimiter, text = _delimiter(text, headings)
    yield RawSheet("", _rows(text, delimiter, name))


def read_tsv(data: bytes, name: str, headings: Collection[str]) -> Iterator[RawSheet]:
    """Read a file of values between tabs."""
    yield RawSheet("", _rows(decode(data, name), "\t", name))


def read_json(data: bytes, name: str, headings: Collection[str]) -> Iterator[RawSheet]:
    """Read a list of objects, or an object that holds such a list for each sheet."""
    text = decode(data, name)
    try:
        _refuse_deep_nesting(text)
        content = json.loads(text, object_pairs_hook=_unique_keys)
    except CatalogueError as error:
        raise CatalogueError(f"{shortened(name)}: {error}") from error
    except ValueError as error:
        raise CatalogueError(
            _("“%(name)s” isn't valid JSON.") % {"name": shortened(name)}
        ) from error
    sheets = content if isinstance(content, dict) else {"": content}
    for title, records in sheets.items():
        if not isinstance(records, list) or not all(
            isinstance(record, dict) for record in records
        ):
            raise CatalogueError(
                _("“%(name)s” has to hold a list of objects, one for each row.")
                % {"name": shortened(name)}
            )
        yield RawSheet(title, _json_rows(records))


def _refuse_deep_nesting(text: str) -> None:
    """Stop at brackets in brackets in brackets before a parser recurses into them.

    Catching the parser's RecursionError would come too late: whatever Python runs
    next would still be at the end of its stack.

    :raises ValueError: if it is deeper than any catalogue
    """
    depth = 0
    for found in _JSON_NESTING.finditer(text):
        if found[0] in "[{":
            depth += 1
        elif found[0] in "]}":
            depth -= 1
        if depth > DEEPEST_JSON:
            raise ValueError(f"More than {DEEPEST_JSON} brackets in one another.")


def decode(data: bytes, name: str) -> str:
    """Give the text of a file in one of the encodings that are in use.

    :raises CatalogueError: if it isn't text
    """
    try:
        return _decode(data)
    except (UnicodeError, ValueError) as error:
        raise CatalogueError(
            _("“%(name)s” isn't a text file. Save it as CSV in UTF-8.")
            % {"name": shortened(name)}
        ) from error


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding)
    if b"\0" in data:
        raise ValueError("A byte that no text has.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _delimiter(text: str, headings: Collection[str]) -> tuple[str, str]:
    """Find out the delimiter; give it and the text.

    csv.Sniffer guesses from how regular the lines look, and descriptions full of
    commas mislead it. The headings are known, so nothing has to be guessed.
    """
    first, newline, rest = text.partition("\n")
    if first.strip().strip('"').lower() in ("sep=,", "sep=;", "sep=\t"):
        # Excel's own way to say it. The line stays, blank, to keep row numbers.
        return first.strip("\r\n").strip('"')[4], newline + rest
    first = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")

    def known(delimiter: str) -> tuple[int, int]:
        cells = [cell.strip(' "') for cell in first.split(delimiter)]
        found = sum(folded(cell[:_LONGEST_HEADING]) in headings for cell in cells)
        return found, len(cells)

    return max(DELIMITERS, key=known), text


def _rows(text: str, delimiter: str, name: str) -> Iterator[RawRow]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if not all(is_blank(cell) for cell in cells):
                yield RawRow(number, tuple(map(read_text_cell, cells)))
    except csv.Error as error:
        raise CatalogueError(
            _(
                "“%(name)s” can't be read after row %(number)d: a quotation mark that "
                "isn't closed, perhaps, or a cell that is too long."
            )
            % {"name": shortened(name), "number": number}
        ) from error


def _json_rows(records: list[dict[str, Any]]) -> Iterator[RawRow]:
    """Give the keys as the row of headings, then the records, counted from 1.

    A key that one record leaves out stays out of its row: that is a column which
    isn't there for it, not an empty cell.
    """
    headings = list(dict.fromkeys(key for record in records for key in record))
    # No records are no rows: an empty list can't tell its headings.
    yield RawRow(0, tuple(headings))
    for number, record in enumerate(records, start=1):
        if not all(is_blank(value) for value in record.values()):
            yield RawRow(number, tuple(record.get(key, LEFT_OUT) for key in headings))


class _LeftOut:
    """Stands where a JSON record has no such key."""


LEFT_OUT = _LeftOut()


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise CatalogueError(
            _("“%(key)s” is there twice in one object.") % {"key": shortened(twice)}
        )
    return record
