"""Files as people, and programs with a mind of their own, make them."""

from __future__ import annotations

import csv
import json
import stat
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

import openpyxl
from PIL import Image

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_START = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:1.0">'
    "<office:body><office:spreadsheet>"
)
_ODS_END = "</office:spreadsheet></office:body></office:document-content>"

Rows = Iterable[Sequence[Any]]


def workbook(**sheets: Rows) -> bytes:
    """Make an XLSX file; None leaves a cell, and an empty list a row, blank."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if value is not None:
                    sheet.cell(number, column, value)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def separated(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    stream = StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def json_rows(*rows: Mapping[str, Any]) -> bytes:
    return json.dumps(rows).encode()


def ods(tables: str, manifest: str = "<manifest/>") -> bytes:
    """Make an ODS file whose tables are the given XML."""
    return archive(
        {
            "mimetype": ODS_TYPE,
            "content.xml": f"{_ODS_START}{tables}{_ODS_END}",
            "META-INF/manifest.xml": manifest,
        }
    )


def archive(files: Mapping[str, bytes | str]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()


def archive_with_link(name: str, target: str) -> bytes:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr(entry, target)
    return stream.getvalue()


def replaced_in(data: bytes, name: str, content: bytes | str) -> bytes:
    """Give an archive with one of its files replaced."""
    with zipfile.ZipFile(BytesIO(data)) as packed:
        files: dict[str, bytes | str] = {
            entry.filename: packed.read(entry) for entry in packed.infolist()
        }
    files[name] = content
    return archive(files)


def zeros(name: str, size: int) -> bytes:
    """Make an archive of a few kilobytes that unpacks to ``size`` zeros."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        block = bytes(1024 * 1024)
        with packed.open(name, "w", force_zip64=True) as file:
            for _ in range(size // len(block)):
                file.write(block)
    return stream.getvalue()


def picture(colour: str = "red", size: int = 8, format: str = "PNG") -> bytes:
    stream = BytesIO()
    Image.new("RGB", (size, size), colour).save(stream, format)
    return stream.getvalue()
