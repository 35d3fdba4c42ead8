"""ODS spreadsheets, streamed from their XML (OpenDocument 1.3, part 3, section 9).

odfpy would build an object for every element first; and a row or a cell that says
it repeats a million times has to be met with a counter, not with a list.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from typing import Any
from xml.sax.handler import ContentHandler

from django.utils.translation import gettext as _

from wagtail_gamification.conf import app_settings
from wagtail_gamification.spreadsheets.archives import (
    inspect_xml,
    open_archive,
    parse_xml,
    read_entry,
)
from wagtail_gamification.spreadsheets.cells import BrokenCell, is_blank, read_formula
from wagtail_gamification.spreadsheets.errors import CatalogueError, shortened

from . import RawRow, RawSheet

MAX_PARTS = 1000
_NUMBERS = ("float", "percentage", "currency")


def read_ods(data: bytes, name: str, headings: Collection[str]) -> Iterator[RawSheet]:
    """Read every sheet of a spreadsheet."""
    archive = open_archive(data, name, MAX_PARTS)
    entries = {entry.filename: entry for entry in archive.infolist()}
    manifest = entries.get("META-INF/manifest.xml")
    if manifest and b"encryption-data" in read_entry(archive, manifest, name):
        raise CatalogueError(
            _("“%(name)s” is protected by a password. Save it without one.")
            % {"name": shortened(name)}
        )
    if "content.xml" not in entries:
        raise CatalogueError(
            _("“%(name)s” isn't a spreadsheet, or is damaged. Save it as .ods again.")
            % {"name": shortened(name)}
        )
    inspect_xml(archive, name)
    handler = _Tables()
    parse_xml(archive, entries["content.xml"], handler, name)
    for title, rows in handler.tables:
        yield RawSheet(title, iter(rows))


class _Tables(ContentHandler):
    """Gathers the tables of a document that has passed the element count.

    Stops taking rows in when a table has more than may be imported; the loader
    then counts one too many and refuses it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[str, list[RawRow]]] = []
        self.number = 0
        self.cells: list[Any] = []
        self.row_repeats = 1
        self.cell: dict[str, str] | None = None
        self.text: list[str] = []
        self.paragraphs = 0
        self.is_in_paragraph = False
        # Notes and the like have paragraphs of their own.
        self.ignored = 0
        self.depth_in_table = 0

    def startElement(self, name: str, attrs: Any) -> None:
        attributes = dict(attrs)
        if self.ignored or name in ("office:annotation", "draw:frame", "svg:desc"):
            self.ignored += 1
        elif name == "table:table":
            self.depth_in_table += 1
            if self.depth_in_table == 1:
                self.tables.append((attributes.get("table:name", ""), []))
                self.number = 0
        elif name == "table:table-row":
            self.cells = []
            self.row_repeats = _repeats(attributes, "table:number-rows-repeated")
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self.cell, self.text, self.paragraphs = attributes, [], 0
        elif self.cell is not None:
            self._start_in_cell(name, attributes)

    def _start_in_cell(self, name: str, attributes: dict[str, str]) -> None:
        if name == "text:p":
            self.text.append("\n" if self.paragraphs else "")
            self.paragraphs += 1
            self.is_in_paragraph = True
        elif name == "text:s":
            self.text.append(" " * min(_repeats(attributes, "text:c"), 1000))
        elif name == "text:tab":
            self.text.append("\t")
        elif name == "text:line-break":
            self.text.append("\n")

    def characters(self, content: str) -> None:
        # Between paragraphs stands only how the XML is laid out.
        if self.is_in_paragraph and not self.ignored:
            self.text.append(content)

    def endElement(self, name: str) -> None:
        if self.ignored:
            self.ignored -= 1
        elif name == "text:p":
            self.is_in_paragraph = False
        elif name == "table:table":
            self.depth_in_table -= 1
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._end_cell()
        elif name == "table:table-row":
            self._end_row()

    def _end_cell(self) -> None:
        attributes = self.cell or {}
        self.cell = None
        value = _value(attributes, "".join(self.text))
        room = app_settings.IMPORT_MAX_COLUMNS + 1 - len(self.cells)
        if is_blank(value):
            # A gap may be wide, and something may follow it.
            room = 16_384 - len(self.cells)
        repeats = _repeats(attributes, "table:number-columns-repeated")
        self.cells += [value] * max(0, min(repeats, room))

    def _end_row(self) -> None:
        while self.cells and is_blank(self.cells[-1]):
            self.cells.pop()
        if self.cells and self.tables:
            rows = self.tables[-1][1]
            room = app_settings.IMPORT_MAX_ROWS + 2 - len(rows)
            for offset in range(min(self.row_repeats, room)):
                rows.append(RawRow(self.number + offset + 1, tuple(self.cells)))
        self.number += self.row_repeats


def _repeats(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "1")
    return int(value) if value.isdecimal() and len(value) < 10 else 1


def _value(attributes: dict[str, str], text: str) -> Any:
    kind = attributes.get("office:value-type", "")
    if "table:formula" in attributes:
        return read_formula(attributes["table:formula"])
    if attributes.get("calcext:value-type") == "error":
        return BrokenCell(text)
    if kind in _NUMBERS:
        return _number(attributes.get("office:value", text))
    if kind == "boolean":
        return attributes.get("office:boolean-value") == "true"
    if kind in ("date", "time"):
        return _moment(attributes.get(f"office:{kind}-value", text))
    return attributes.get("office:string-value") or text


def _number(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value


def _moment(value: str) -> datetime.datetime | str:
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return value
