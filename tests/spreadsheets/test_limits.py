"""Files that are too much: each is one clear error, quickly and in little memory."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from wagtail_gamification.spreadsheets import CatalogueError
from wagtail_gamification.spreadsheets.headings import read_headings
from wagtail_gamification.spreadsheets.loader import load
from wagtail_gamification.spreadsheets.resources import CATALOGUE

from .make import archive, json_rows, ods, picture, separated, workbook, zeros

MEGABYTE = 1024**2
LETTER = "x" * MEGABYTE
Read = Callable[[bytes, str], Any]


def read_all(data: bytes, name: str) -> Any:
    return load(data, name, CATALOGUE, "Badges")


def read_first_rows(data: bytes, name: str) -> Any:
    return read_headings(data, name, CATALOGUE, "Badges")


def table(*rows: str) -> bytes:
    lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return ods(f'<table:table table:name="Badges">{lines}</table:table>')


def cell(text: str) -> str:
    return f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"


def refusal(data: bytes, name: str, read: Read = read_all, megabytes: int = 60) -> str:
    """Give the error of a file, and see that it took neither time nor memory."""
    tracemalloc.start()
    start = time.process_time()
    try:
        with pytest.raises(CatalogueError) as caught:
            read(data, name)
        spent = time.process_time() - start
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Tracing makes everything several times slower.
    assert spent < 10
    assert most < megabytes * MEGABYTE
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 400
    return message


MANY_ROWS = [
    ["name", "points"],
    *([f"Badge {number}", number] for number in range(5001)),
]
MANY_COLUMNS = [[f"column {number}" for number in range(300)], ["x"] * 300]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.xlsx", "a.ods", "a.json"])
def test_5001_rows(name: str) -> None:
    data = {
        "a.csv": separated(MANY_ROWS),
        "a.tsv": separated(MANY_ROWS, "\t"),
        "a.xlsx": workbook(Badges=MANY_ROWS),
        "a.ods": table(*(cell(str(row[0])) for row in MANY_ROWS)),
        "a.json": json_rows(*({"name": str(row[0])} for row in MANY_ROWS[1:])),
    }[name]

    message = refusal(data, name)

    assert message == "The sheet “Badges” has more than 5000 rows. Split it."


@pytest.mark.parametrize("read", [read_all, read_first_rows])
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.ods", "a.json"])
def test_300_columns(name: str, read: Read) -> None:
    data = {
        "a.csv": separated(MANY_COLUMNS),
        "a.xlsx": workbook(Badges=MANY_COLUMNS),
        "a.ods": table(*("".join(map(cell, row)) for row in MANY_COLUMNS)),
        "a.json": json_rows(dict.fromkeys(MANY_COLUMNS[0], "x")),
    }[name]

    message = refusal(data, name, read)

    assert message == "The sheet “Badges” has more than 100 columns."


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.xlsx", "a.ods", "a.json"])
def test_a_cell_of_a_megabyte(name: str) -> None:
    rows = [["name", "description"], ["A", LETTER]]
    data = {
        "a.csv": separated(rows),
        "a.tsv": separated(rows, "\t"),
        "a.xlsx": long_cell_xlsx(),
        "a.ods": table(cell("name") + cell("description"), cell("A") + cell(LETTER)),
        "a.json": json_rows({"name": "A", "description": LETTER}),
    }[name]

    message = refusal(data, name)

    if name in ("a.csv", "a.tsv"):
        assert "can't be read after row 1" in message
        assert "too long" in message
    else:
        number = 1 if name == "a.json" else 2
        assert message == (
            f"Badges, row {number}: column B holds more than 131072 characters."
        )


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.ods", "a.json"])
def test_a_heading_of_a_megabyte(name: str) -> None:
    data = {
        "a.csv": separated([["name", LETTER], ["A"]]),
        "a.xlsx": long_cell_xlsx(1),
        "a.ods": table(cell("name") + cell(LETTER)),
        "a.json": json_rows({"name": "A", LETTER: ""}),
    }[name]

    message = refusal(data, name, read_first_rows)

    assert "is too long" in message


def test_an_unknown_sheet_with_a_long_title() -> None:
    data = b'{"a": [], "' + LETTER.encode() + b'": []}'

    assert "no sheet called Badges, only: a, xxx" in refusal(data, "a.json")


@pytest.mark.parametrize("read", [read_all, read_first_rows])
@pytest.mark.parametrize("name", ["a.xlsx", "a.ods"])
def test_a_bomb(name: str, read: Read) -> None:
    data = zeros("content.xml", 300 * MEGABYTE)

    assert "unpacks to more than 200" in refusal(data, name, read)


@pytest.mark.parametrize("read", [read_all, read_first_rows])
@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "a.xlsx", "by a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "a.xls", "(.xls)"),
        (picture(), "a.csv", "“a.csv” is a PNG image"),
        (bytes(MEGABYTE), "a.csv", "isn't a text file"),
        (b"\xff" * MEGABYTE, "a.tsv", ""),
        (b"[" * MEGABYTE, "a.json", "isn't valid JSON"),
        (b"x" * 11 * MEGABYTE, "a.csv", "is larger than 10"),
        (b'"' * MEGABYTE, "a.csv", ""),
        (b"," * MEGABYTE, "a.csv", "is empty"),
    ],
)
def test_something_else(data: bytes, name: str, message: str, read: Read) -> None:
    assert message in refusal(data, name, read, 200)


def long_cell_xlsx(row: int = 2) -> bytes:
    """Make what openpyxl won't: a cell that is longer than a workbook's can be."""
    rows: list[list[Any]] = [["name", "description"], ["A", "text"]]
    rows[row - 1][1] = "SOMETHING"
    book = workbook(Badges=rows)
    with ZipFile(BytesIO(book)) as packed:
        files = {entry: packed.read(entry).decode() for entry in packed.namelist()}
    return archive(
        {entry: text.replace("SOMETHING", LETTER) for entry, text in files.items()}
    )
