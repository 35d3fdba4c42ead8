"""One writer for each file format: tables to bytes.

Text stays text, whatever it begins with: as a typed cell where the format has types,
behind an apostrophe where it has none. What the readers read again is the same.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import chain
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from .cells import escape_formula
from .errors import CatalogueError, shortened

# What one cell of a workbook holds; openpyxl cuts off the rest without a word.
_XLSX_CELL = 32_767
# What XML can't hold at all.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Table:
    """A sheet to be written."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]

    @property
    def records(self) -> list[dict[str, Any]]:
        """Give each row by heading, without the cells that were not there."""
        return [
            {
                heading: value
                for heading, value in zip(self.headings, row, strict=True)
                if value is not NOT_THERE
            }
            for row in self.rows
        ]


class _NotThere:
    """Stands for a key that a JSON record doesn't have; an empty cell elsewhere."""


NOT_THERE = _NotThere()


def write_csv(tables: Sequence[Table], single: bool) -> bytes:
    """Write one sheet with commas; the mark tells Excel that it is UTF-8."""
    return _separated(tables, ",")


def write_tsv(tables: Sequence[Table], single: bool) -> bytes:
    return _separated(tables, "\t")


def _separated(tables: Sequence[Table], delimiter: str) -> bytes:
    (table,) = tables
    stream = StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    for row in chain([table.headings], table.rows):
        writer.writerow([escape_formula(_single(value)) for value in row])
    return stream.getvalue().encode("utf-8-sig", "replace")


def write_json(tables: Sequence[Table], single: bool) -> bytes:
    """Write a list of objects, or one such list for each sheet."""
    content: Any = {table.title: table.records for table in tables}
    if single:
        content = tables[0].records
    return json.dumps(content, ensure_ascii=False, indent=2).encode("utf-8", "replace")


def write_xlsx(tables: Sequence[Table], single: bool) -> bytes:
    # Said before the first row: openpyxl keeps files open until the last.
    refuse_long_cells(chain.from_iterable(table.rows for table in tables))
    workbook = openpyxl.Workbook(write_only=True)
    for table in tables:
        worksheet = workbook.create_sheet(table.title)
        worksheet.freeze_panes = "A2"
        headings = [xlsx_cell(worksheet, heading) for heading in table.headings]
        for cell in headings:
            cell.font = Font(bold=True)
        worksheet.append(headings)
        for row in table.rows:
            worksheet.append([xlsx_cell(worksheet, value) for value in row])
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def refuse_long_cells(rows: Iterable[Sequence[Any]]) -> None:
    """Refuse text that a cell of an XLSX workbook can't hold."""
    for value in chain.from_iterable(rows):
        if isinstance(value, str) and len(value) > _XLSX_CELL:
            raise CatalogueError(
                _(
                    "“%(text)s” is longer than a cell of a workbook can be. Export to "
                    "JSON or CSV."
                )
                % {"text": shortened(value)}
            )


def xlsx_cell(worksheet: Any, value: Any) -> Any:
    """Make a cell whose text is text, whatever it begins with."""
    value = _single(value)
    if not isinstance(value, str):
        # A cell object for each number would take as long as the rest together.
        return value
    cell = WriteOnlyCell(worksheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    if escape_formula(value) != value or value.startswith("'"):
        # Excel then keeps it as text when somebody edits the cell, too.
        cell.quotePrefix = True
    return cell


_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest'
    ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    ' manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml"'
    ' manifest:media-type="text/xml"/></manifest:manifest>'
)
_ODS_START = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' office:version="1.3"><office:automatic-styles>'
    '<style:style style:name="bold" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
_ODS_END = "</office:spreadsheet></office:body></office:document-content>"


def write_ods(tables: Sequence[Table], single: bool) -> bytes:
    """Write OpenDocument 1.3 as plain XML.

    tablib's writer loses line breaks and double spaces; and an object of odfpy for
    every element takes many times as long.
    """
    parts = [_ODS_START]
    for table in tables:
        parts.append(f"<table:table table:name={quoteattr(_xml(table.title))}>")
        parts.append(_ods_row(table.headings, ' table:style-name="bold"'))
        parts += map(_ods_row, table.rows)
        parts.append("</table:table>")
    parts.append(_ODS_END)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        # First and not compressed, so that the type can be seen in the file.
        packed.writestr("mimetype", _ODS_TYPE, zipfile.ZIP_STORED)
        packed.writestr("content.xml", "".join(parts).encode())
        packed.writestr("META-INF/manifest.xml", _ODS_MANIFEST)
    return stream.getvalue()


def _ods_row(row: Sequence[Any], style: str = "") -> str:
    cells = "".join(_ods_cell(_single(value), style) for value in row)
    return f"<table:table-row>{cells}</table:table-row>"


def _ods_cell(value: Any, style: str) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, bool):
        kind = f'boolean" office:boolean-value="{str(value).lower()}'
        value = str(value).upper()
    elif isinstance(value, (int, float)):
        kind = f'float" office:value="{value}'
    else:
        kind = "string"
    paragraphs = "".join(
        f"<text:p>{_ods_text(line)}</text:p>"
        for line in re.split(r"\r\n|\r|\n", _xml(str(value)))
    )
    return (
        f'<table:table-cell{style} office:value-type="{kind}">{paragraphs}'
        "</table:table-cell>"
    )


def _ods_text(line: str) -> str:
    """Write spaces in a row as what they are; XML takes them for one."""
    line = re.sub(
        "^ +| {2,}| +$",
        lambda found: f'<text:s text:c="{len(found[0])}"/>',
        escape(line),
    )
    return line.replace("\t", "<text:tab/>")


def _xml(value: str) -> str:
    return _NO_XML.sub("", value)


def _single(value: Any) -> Any:
    """Give what can stand in one cell."""
    if value is NOT_THERE or value is None:
        return ""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return value


Writer = Callable[[Sequence[Table], bool], bytes]

FORMATS: Mapping[str, Writer] = {
    "xlsx": write_xlsx,
    "ods": write_ods,
    "csv": write_csv,
    "tsv": write_tsv,
    "json": write_json,
}
# Those that hold one sheet and no more.
SINGLE = ("csv", "tsv")


def find_format(format: str) -> str:
    """Give the name of a format, or of the ending of a file.

    :raises CatalogueError: if there is no such format
    """
    name = format.lower().lstrip(".")
    if name not in FORMATS:
        raise CatalogueError(
            _("“%(format)s” isn't a format for catalogues. These are: %(known)s.")
            % {"format": shortened(format), "known": ", ".join(FORMATS)}
        )
    return name


def write_tables(format: str, tables: Sequence[Table], *, single: bool) -> bytes:
    """Give a file of some tables.

    :param single: whether a format that can hold one sheet or several is to hold one
    :raises CatalogueError: if there is no such format, or it can't hold them
    """
    name = find_format(format)
    if len(tables) > 1 and name in SINGLE:
        raise CatalogueError(
            _("A file of this type holds one sheet. Say which: %(known)s.")
            % {"known": ", ".join(table.title for table in tables)}
        )
    return FORMATS[name](tables, single)
