"""From the bytes of a file to sheets whose columns are known.

Everything that is wrong with a file as a whole is said here, in one line: the
type, the size, the sheets, the headings. What a row says is not looked at yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from wagtail_gamification.conf import app_settings

from .cells import MAX_CELL, column_letter, folded, is_blank, plain_cell
from .errors import CatalogueError, did_you_mean, shortened
from .headings import (
    column_label,
    headings_in,
    is_reason,
    known,
    lacking_keys,
    match_headings,
    meanings,
    same_column,
)
from .readers import RawRow, RawSheet
from .readers.text import LEFT_OUT
from .sheets import find_sheets
from .workbooks import Workbook


@dataclass(frozen=True)
class Row:
    """A row by its number in the spreadsheet program, and its cells by column."""

    number: int
    values: Mapping[str, Any]
    headings: tuple[str, ...] = ()
    """The headings of the file by their place, "" for columns to be left out."""
    raw: tuple[Any, ...] = ()
    """The cells as they were read, by their place."""

    @property
    def cells(self) -> dict[str, Any]:
        """Give what the file holds by heading, as JSON can store it."""
        return {
            heading: plain_cell(cell)
            for heading, cell in zip(self.headings, self.raw, strict=False)
            if heading and cell is not LEFT_OUT
        }


@dataclass(frozen=True)
class Sheet:
    """One of the sheets that a workbook has: Categories, Badges and so on."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _Columns:
    """What stands in which place of each row."""

    title: str
    headings: list[str]
    columns: list[str]
    """The column in each place, "" where the cells are ignored."""
    sent_back: tuple[str, ...]
    """The headings that go back with a refused row: not that of the reasons."""


def load(
    data: bytes,
    name: str,
    workbook: Workbook,
    sheet: str | None = None,
    mapping: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Sheet]:
    """Read the sheets of a file.

    :param data: the file
    :param name: its name; the ending says the format
    :param workbook: the sheets that it may have, and their columns
    :param sheet: read only this sheet; a file that has only one, whatever its
        name, is taken for this one
    :param mapping: the column of each heading, "" for those to ignore, by the
        sheet's title. Without it every heading has to be recognised.
    :raises CatalogueError: with one line that says what to change
    """
    headings = known(workbook)
    for given in (mapping or {}).values():
        headings |= {folded(heading) for heading in given}
    found = find_sheets(data, name, workbook.sheets, sheet, headings=headings)
    # Nothing is read before: a sheet that nobody asked for may hold anything.
    return [
        _read(raw, title, workbook, None if mapping is None else mapping.get(title, {}))
        for title, raw in found.items()
    ]


def _read(
    raw: RawSheet, title: str, workbook: Workbook, mapping: Mapping[str, str] | None
) -> Sheet:
    headings = headings_in(next(raw.rows, None), title, workbook.columns)
    if not headings:
        # An empty list of JSON.
        return Sheet(title, (), ())
    reasons = [
        index
        for index, heading in enumerate(headings)
        if heading and is_reason(heading, workbook, title)
    ]
    asked = ["" if i in reasons else heading for i, heading in enumerate(headings)]
    if mapping is None:
        mapping = _recognised(asked, title, workbook)
    else:
        _refuse_another_file(asked, title, workbook, mapping)
    columns = [mapping[heading] if heading else "" for heading in asked]
    lacking = lacking_keys(workbook.sheets[title], columns)
    if "name" in lacking:
        raise CatalogueError(
            _("%(title)s: a column “name” or “slug” is missing, so no row has a key.")
            % {"title": title}
        )
    if lacking:
        raise CatalogueError(
            _("%(title)s: the column “%(name)s” is missing, so no row has a key.")
            % {"title": title, "name": lacking[0]}
        )
    layout = _Columns(title, headings, columns, tuple(asked))
    rows = tuple(_rows(raw.rows, layout))
    return Sheet(title, tuple(column for column in columns if column), rows)


def _recognised(
    headings: list[str], title: str, workbook: Workbook
) -> Mapping[str, str]:
    """Match headings that nobody was asked about; each has to be known."""
    given = [heading for heading in headings if heading]
    mapping = match_headings(workbook, {title: given})[title]
    columns = workbook.columns[title]
    for heading in given:
        if mapping[heading]:
            continue
        for meaning in meanings(workbook, title):
            if column := meaning.get(folded(heading)):
                first = next(item for item in given if mapping[item] == column)
                raise same_column(
                    title, headings.index(first), headings.index(heading), column
                )
        resource = workbook.sheets[title]
        labels = [column_label(resource, column) for column in columns]
        raise CatalogueError(
            _("%(title)s: the column “%(heading)s” isn't known.%(hint)s")
            % {
                "title": title,
                "heading": shortened(heading),
                "hint": did_you_mean(heading, [*columns, *labels])
                or " " + _("Known are: %(known)s.") % {"known": ", ".join(columns)},
            }
        )
    return mapping


def _refuse_another_file(
    headings: Iterable[str], title: str, workbook: Workbook, mapping: Mapping[str, str]
) -> None:
    """Refuse a file whose headings are not those that were matched."""
    for heading in headings:
        if heading and heading not in mapping:
            raise CatalogueError(
                _(
                    "%(title)s: the column “%(heading)s” isn't among those that were "
                    "matched. The file differs: match its columns again."
                )
                % {"title": title, "heading": shortened(heading)}
            )
    matched = [(heading, column) for heading, column in mapping.items() if column]
    taken: dict[str, str] = {}
    for heading, column in matched:
        if column not in workbook.columns[title]:
            raise CatalogueError(
                _(
                    "%(title)s: “%(heading)s” was matched to “%(column)s”, which isn't "
                    "a column. Match the columns again."
                )
                % {
                    "title": title,
                    "heading": shortened(heading),
                    "column": shortened(column),
                }
            )
        if taken.setdefault(column, heading) != heading:
            raise CatalogueError(
                _(
                    "%(title)s: “%(first)s” and “%(second)s” were both matched to "
                    "“%(column)s”. Match the columns again."
                )
                % {
                    "title": title,
                    "first": shortened(taken[column]),
                    "second": shortened(heading),
                    "column": column,
                }
            )


def _rows(rows: Iterator[RawRow], layout: _Columns) -> Iterator[Row]:
    for count, raw in enumerate(rows, start=1):
        if count > app_settings.IMPORT_MAX_ROWS:
            raise CatalogueError(
                _("The sheet “%(title)s” has more than %(count)d rows. Split it.")
                % {"title": layout.title, "count": app_settings.IMPORT_MAX_ROWS}
            )
        _refuse_cells(raw, layout)
        # A short row ends before its empty cells.
        cells = chain(raw.cells, [None] * (len(layout.columns) - len(raw.cells)))
        values = {
            column: cell
            for column, cell in zip(layout.columns, cells, strict=False)
            if column and cell is not LEFT_OUT
        }
        yield Row(raw.number, values, layout.sent_back, raw.cells)


def _refuse_cells(raw: RawRow, layout: _Columns) -> None:
    """Refuse what no column is for, and what is too long to be kept."""
    for index, cell in enumerate(raw.cells):
        has_heading = index < len(layout.headings) and layout.headings[index]
        if not has_heading and not is_blank(cell):
            raise CatalogueError(
                _(
                    "%(title)s, row %(number)d: column %(letter)s holds a value "
                    "but has no heading."
                )
                % {
                    "title": layout.title,
                    "number": raw.number,
                    "letter": column_letter(index),
                }
            )
        if isinstance(cell, str) and len(cell) > MAX_CELL:
            raise CatalogueError(
                _(
                    "%(title)s, row %(number)d: column %(letter)s holds more than "
                    "%(count)d characters."
                )
                % {
                    "title": layout.title,
                    "number": raw.number,
                    "letter": column_letter(index),
                    "count": MAX_CELL,
                }
            )
