"""Refused rows, sent back with the reasons, mended, and sent again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from wagtail_gamification.models import BadgeDefinition
from wagtail_gamification.spreadsheets import (
    FORMATS,
    CatalogueError,
    CellError,
    import_catalogue,
)
from wagtail_gamification.spreadsheets.headings import headings_key, read_headings
from wagtail_gamification.spreadsheets.loader import load
from wagtail_gamification.spreadsheets.refused import refused_rows_file
from wagtail_gamification.spreadsheets.resources import CATALOGUE

from .make import workbook

HEADINGS = ["Name", "Punkte", "Notiz", "Description"]
MAPPING = {
    "Badges": {
        "Name": "name",
        "Punkte": "points",
        "Notiz": "",
        "Description": "description",
    }
}


@dataclass
class Refused:
    """What an import stores of a row."""

    number: int
    cells: dict[str, Any]
    errors: list[Any] = field(default_factory=list)
    sheet: str = "Badges"


ROWS = [
    Refused(
        9,
        {"Name": "Later", "Punkte": 5.0},
        [CellError(column="", message="Whole row.")],
    ),
    Refused(
        4,
        # As PostgreSQL gives them back: in no order of ours.
        {"Notiz": "@me", "Punkte": "many", "Name": "=1+1", "Description": "'x\ny"},
        [
            {"column": "points", "message": "“many” isn't a whole number."},
            {"column": "category", "message": "No category called “Gol”."},
        ],
    ),
]


def file(format: str, rows: list[Refused] | None = None, **options: Any) -> bytes:
    options.setdefault("headings", {"Badges": HEADINGS})
    rows = ROWS if rows is None else rows
    return refused_rows_file(format, CATALOGUE, rows, mapping=MAPPING, **options)


def test_the_reasons_stand_first_each_with_its_column() -> None:
    sheet = openpyxl.load_workbook(BytesIO(file("xlsx")))["Badges"]

    assert list(sheet.values) == [
        ("Reason", *HEADINGS),
        (
            "Punkte: “many” isn't a whole number.\nCategory: No category called “Gol”.",
            "=1+1",
            "many",
            "@me",
            "'x\ny",
        ),
        ("Whole row.", "Later", 5, None, None),
    ]


def test_what_looks_like_a_formula_is_text() -> None:
    sheet = openpyxl.load_workbook(BytesIO(file("xlsx")))["Badges"]

    assert (sheet["B2"].data_type, sheet["B2"].quotePrefix) == ("s", True)
    assert ",'=1+1," in file("csv").decode("utf-8-sig")


@pytest.mark.parametrize("format", FORMATS)
def test_a_number_that_no_program_holds_comes_back_as_it_was(format: str) -> None:
    digits = "9" * 400
    [sheet] = load(
        f'[{{"Name": "A", "Punkte": {digits}}}]'.encode(),
        "a.json",
        CATALOGUE,
        "Badges",
        MAPPING,
    )
    cells = sheet.rows[0].cells

    data = file(format, [Refused(2, cells)], headings={"Badges": list(cells)})

    [sheet] = load(data, f"b.{format}", CATALOGUE, "Badges", MAPPING)
    assert sheet.rows[0].values["points"] == digits


@pytest.mark.parametrize("format", FORMATS)
def test_the_file_is_read_as_the_one_that_was_sent(format: str) -> None:
    data, name = file(format), f"a.{format}"

    found = read_headings(data, name, CATALOGUE, "Badges")
    (sheet,) = load(data, name, CATALOGUE, "Badges", MAPPING)

    assert headings_key(CATALOGUE, found) == headings_key(
        CATALOGUE, {"Badges": HEADINGS}
    )
    assert sheet.columns == ("name", "points", "description")
    assert [row.values["name"] for row in sheet.rows] == ["=1+1", "Later"]
    assert sheet.rows[0].values["description"] == "'x\ny"


@pytest.mark.django_db
@pytest.mark.parametrize("format", FORMATS)
def test_what_was_refused_is_sent_back_mended_and_imported(format: str) -> None:
    rows = [["Name", "Points"], ["A", "many"], ["B", 3]]
    (sheet,) = load(workbook(Badges=rows), "a.xlsx", CATALOGUE)
    result = import_catalogue(workbook(Badges=rows), "a.xlsx")
    (refused,) = [row for row in result.rows if row.errors]
    cells = next(row.cells for row in sheet.rows if row.number == refused.number)

    back = refused_rows_file(
        format,
        CATALOGUE,
        [Refused(refused.number, {**cells, "Points": 7}, list(refused.errors))],
        headings={"Badges": ["Name", "Points"]},
    )

    import_catalogue(back, f"back.{format}", sheet="Badges")
    assert list(BadgeDefinition.objects.values_list("name", "points")) == [("A", 7)]


def test_several_sheets() -> None:
    rows = [*ROWS, Refused(2, {"name": "One"}, [], "Levels")]
    headings = {"Levels": ["name"], "Badges": HEADINGS}

    sheets = json.loads(file("json", rows, headings=headings))

    assert list(sheets) == ["Badges", "Levels"]
    assert sheets["Levels"] == [{"Reason": "", "name": "One"}]
    with pytest.raises(CatalogueError, match="holds one sheet"):
        file("csv", rows, headings=headings)


def test_json_leaves_out_what_the_sender_left_out() -> None:
    last = json.loads(file("json"))[-1]

    assert last == {"Reason": "Whole row.", "Name": "Later", "Punkte": 5.0}


# JSON has headings only in its rows.
@pytest.mark.parametrize("format", sorted({*FORMATS} - {"json"}))
def test_no_rows_are_a_file_of_headings(format: str) -> None:
    (sheet,) = load(file(format, []), f"a.{format}", CATALOGUE, "Badges", MAPPING)

    assert sheet.rows == ()
