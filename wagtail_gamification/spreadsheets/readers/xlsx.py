"""XLSX workbooks, row by row through openpyxl's read-only mode."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from wagtail_gamification.spreadsheets.archives import inspect_xml, open_archive
from wagtail_gamification.spreadsheets.cells import BrokenCell, is_blank, read_formula
from wagtail_gamification.spreadsheets.errors import CatalogueError, shortened

from . import RawRow, RawSheet

# A workbook has a handful of parts for each sheet, and the pictures in it.
MAX_PARTS = 1000
# The last row that Excel has.
_LAST_ROW = 1_048_576


def read_xlsx(data: bytes, name: str, headings: Collection[str]) -> Iterator[RawSheet]:
    """Read every sheet of a workbook.

    Formulas are seen as formulas: the value that was computed last may be missing,
    or older than what the formula now says.
    """
    inspect_xml(open_archive(data, name, MAX_PARTS), name)
    with _damage_said_clearly(name):
        workbook = openpyxl.load_workbook(
            BytesIO(data), read_only=True, data_only=False, keep_links=False
        )
        worksheets = workbook.worksheets
    for worksheet in worksheets:
        # What the file says of its size is often wrong, and nothing depends on it.
        worksheet.reset_dimensions()
        yield RawSheet(worksheet.title, _rows(worksheet, name))


def _rows(worksheet: Any, name: str) -> Iterator[RawRow]:
    rows = iter(worksheet.rows)
    number = 0
    while True:
        with _damage_said_clearly(name):
            row = next(rows, None)
            if row is None:
                return
            cells = [_value(cell) for cell in row]
        number += 1
        if number > _LAST_ROW:
            raise _damaged(name)
        while cells and is_blank(cells[-1]):
            cells.pop()
        if cells:
            yield RawRow(number, tuple(cells))


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        # Array formulas are objects that hold their text.
        return read_formula(str(getattr(cell.value, "text", cell.value)))
    if cell.data_type == "e":
        return BrokenCell(str(cell.value))
    return cell.value


@contextmanager
def _damage_said_clearly(name: str) -> Iterator[None]:
    """openpyxl raises whatever its parsing runs into, and warns of what it drops."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as error:
        raise _damaged(name) from error


def _damaged(name: str) -> CatalogueError:
    return CatalogueError(
        _("“%(name)s” isn't a workbook, or it is damaged. Save it again as .xlsx.")
        % {"name": shortened(name)}
    )
