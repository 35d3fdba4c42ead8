"""Headings: what is recognised, and what somebody is asked about."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.utils import translation

from wagtail_gamification.models import Level
from wagtail_gamification.spreadsheets import CatalogueError
from wagtail_gamification.spreadsheets.headings import (
    Missing,
    column_label,
    headings_key,
    is_reason,
    match_headings,
    missing_columns,
    read_headings,
    reason_heading,
)
from wagtail_gamification.spreadsheets.loader import Sheet, load
from wagtail_gamification.spreadsheets.resources import (
    CATALOGUE,
    BadgeResource,
    LevelResource,
)
from wagtail_gamification.spreadsheets.workbooks import Workbook

from .make import json_rows, ods, picture, separated, workbook, zeros


class AliasedResource(LevelResource):
    aliases = {"name": ("Title", "Bezeichnung"), "points_required": "Schwelle"}

    class Meta(LevelResource.Meta):
        model = Level


LEVELS = Workbook("test_levels", "levels", {"Levels": AliasedResource})


def matched(*headings: str, title: str = "Badges") -> dict[str, str]:
    return match_headings(CATALOGUE, {title: headings})[title]


def read(
    rows: list[list[Any]], mapping: dict[str, str] | None = None, title: str = "Badges"
) -> Sheet:
    by_title = None if mapping is None else {title: mapping}
    (sheet,) = load(separated(rows), "a.csv", CATALOGUE, title, by_title)
    return sheet


def refusal(rows: list[list[Any]], mapping: dict[str, str] | None = None) -> str:
    with pytest.raises(CatalogueError) as caught:
        read(rows, mapping)
    return str(caught.value)


# Reading


def test_headings_are_given_as_they_stand() -> None:
    data = workbook(badges=[[], [" Name ", None, "What for?", 7], ["A"]], Notes=[["x"]])

    assert read_headings(data, "a.xlsx", CATALOGUE) == {
        "Badges": ["Name", "What for?", "7"]
    }


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.json", "a.xlsx", "a.ods"])
def test_headings_of_every_format(name: str) -> None:
    cells = "".join(
        f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"
        for text in ("Name", "Extra")
    )
    row = f"<table:table-row>{cells}</table:table-row>"
    data = {
        "a.csv": b"Name;Extra\nA;B\n",
        "a.tsv": b"Name\tExtra\nA\tB\n",
        "a.json": json_rows({"Name": "A", "Extra": "B"}),
        "a.xlsx": workbook(Badges=[["Name", "Extra"], ["A", "B"]]),
        "a.ods": ods(f'<table:table table:name="Badges">{row}</table:table>'),
    }[name]

    found = read_headings(data, name, CATALOGUE, "Badges")

    assert found == {"Badges": ["Name", "Extra"]}


def test_rows_are_not_looked_at_for_the_headings() -> None:
    data = b"name,Extra\nA,1,2,3,4\n"

    assert read_headings(data, "a.csv", CATALOGUE, "Badges")["Badges"] == [
        "name",
        "Extra",
    ]


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (picture(), "a.csv", "a PNG image"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "a.xlsx", "protected by a password"),
        (b"", "a.csv", "is empty"),
        (zeros("xl/a.xml", 300 * 1024**2), "a.xlsx", "unpacks to more than"),
        (workbook(Badgs=[["name"]]), "a.xlsx", "Did you mean “Badges”?"),
        (workbook(Badges=[]), "a.xlsx", "Its first row has to hold"),
        (b"name,name\n", "a.csv", "columns A and B are both “name”"),
        (b"name," + b"x" * 300 + b"\n", "a.csv", "the heading of column B is too long"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(
    data: bytes, name: str, message: str
) -> None:
    sheet = "Badges" if name == "a.csv" else None

    with pytest.raises(CatalogueError) as caught:
        read_headings(data, name, CATALOGUE, sheet)

    assert message in str(caught.value)


def test_headings_of_a_large_workbook_are_read_at_once() -> None:
    columns = CATALOGUE.columns["Badges"]
    row = ["Some text that a cell holds"] * len(columns)
    data = workbook(Badges=[columns, *[row] * 5000])

    start = time.process_time()
    read_headings(data, "a.xlsx", CATALOGUE)

    assert time.process_time() - start < 2


def test_a_formula_in_the_headings_is_shown_as_text() -> None:
    data = workbook(Badges=[["name", "=A1"]])

    assert read_headings(data, "a.xlsx", CATALOGUE)["Badges"] == ["name", "=A1"]


# Matching


@pytest.mark.parametrize(
    "heading",
    ["is_secret", " IS SECRET", "Is-Secret:", "issecret", "İS_SECRET", "is  secret*"],
)
def test_names_of_columns(heading: str) -> None:
    assert matched(heading) == {heading: "is_secret"}


def test_labels_in_the_active_language_and_any_other() -> None:
    with translation.override("fr"):
        in_french = column_label(BadgeResource, "next_badge")
    with translation.override("ar"):
        in_arabic = column_label(BadgeResource, "points")
    assert (in_french, in_arabic) != ("Next badge", "Points")

    assert list(matched(in_french.upper(), in_arabic).values()) == [
        "next_badge",
        "points",
    ]


def test_accents_do_not_matter() -> None:
    with translation.override("fr"):
        label = column_label(BadgeResource, "category")
    assert label == "Catégorie"

    assert matched("CATEGORIE") == {"CATEGORIE": "category"}


def test_aliases_come_last() -> None:
    headings = ["Title", "SCHWELLE", "nothing"]

    assert match_headings(LEVELS, {"Levels": headings}) == {
        "Levels": {"Title": "name", "SCHWELLE": "points_required", "nothing": ""}
    }
    assert match_headings(LEVELS, {"Levels": ["Title", "name"]}) == {
        "Levels": {"Title": "", "name": "name"}
    }


def test_the_first_of_two_headings_gets_the_column() -> None:
    assert matched("Points", "points") == {"Points": "points", "points": ""}


def test_the_name_of_a_column_comes_before_its_label() -> None:
    with translation.override("fr"):
        label = column_label(BadgeResource, "name")

    assert matched(label, "name") == {label: "", "name": "name"}


# What is missing


def test_nothing_is_missing_where_all_that_is_required_is_there() -> None:
    mapping = match_headings(CATALOGUE, {"Badges": ["name"], "Categories": ["Name"]})

    assert missing_columns(CATALOGUE, mapping) == {}


def test_a_key_is_needed() -> None:
    mapping = {"Badges": {"points": "points", "x": ""}}

    assert missing_columns(CATALOGUE, mapping) == {"Badges": Missing(("name",))}


def test_what_new_rows_need_is_recommended() -> None:
    mapping = {"Levels": {"slug": "slug"}, "Unlockables": {"name": "name"}}

    assert missing_columns(CATALOGUE, mapping) == {
        "Levels": Missing((), ("name", "points_required")),
        "Unlockables": Missing((), ("points_required",)),
    }


# The key by which a mapping is found again


def test_the_key_is_the_same_in_any_order() -> None:
    one = headings_key(CATALOGUE, {"Badges": ["a", "b"], "Levels": ["c"]})
    other = headings_key(CATALOGUE, {"Levels": ["c"], "Badges": ["b", "a"]})

    assert one == other
    assert len(one) == 64


@pytest.mark.parametrize(
    "headings", [{"Badges": ["a"]}, {"Levels": ["a", "b"]}, {"Badges": ["a", "B"]}]
)
def test_the_key_differs_for_other_headings(headings: dict[str, list[str]]) -> None:
    assert headings_key(CATALOGUE, headings) != headings_key(
        CATALOGUE, {"Badges": ["a", "b"]}
    )


# Loading with a mapping


def test_a_file_is_read_through_what_was_matched() -> None:
    rows = [["What", "Note", "Wert"], ["A", "=1", "5"]]

    sheet = read(rows, {"What": "name", "Note": "", "Wert": "points"})

    assert sheet.columns == ("name", "points")
    assert dict(sheet.rows[0].values) == {"name": "A", "points": "5"}


def test_labels_are_recognised_without_a_mapping() -> None:
    with translation.override("fr"):
        headings = [column_label(BadgeResource, name) for name in ("name", "points")]

    assert read([headings, ["A", "5"]]).columns == ("name", "points")


def test_aliases_are_recognised_without_a_mapping() -> None:
    (sheet,) = load(b"Bezeichnung;Schwelle\nA;5\n", "a.csv", LEVELS)

    assert dict(sheet.rows[0].values) == {"name": "A", "points_required": "5"}


def test_the_delimiter_is_found_by_what_was_matched() -> None:
    data = b"Titel, der;Wert\nA, B;5\n"
    mapping = {"Badges": {"Titel, der": "name", "Wert": "points"}}

    (sheet,) = load(data, "a.csv", CATALOGUE, "Badges", mapping)

    assert dict(sheet.rows[0].values) == {"name": "A, B", "points": "5"}


def test_a_heading_that_was_not_matched() -> None:
    message = refusal([["name", "Extra"], ["A", "1"]], {"name": "name"})

    assert message == (
        "Badges: the column “Extra” isn't among those that were matched. The file "
        "differs: match its columns again."
    )


def test_a_sheet_that_was_not_matched() -> None:
    data = workbook(Badges=[["name"]], Levels=[["name"]])

    with pytest.raises(CatalogueError, match="Levels: the column “name” isn't among"):
        load(data, "a.xlsx", CATALOGUE, None, {"Badges": {"name": "name"}})


def test_a_column_that_does_not_exist() -> None:
    message = refusal([["name"], ["A"]], {"name": "secret_field"})

    assert "matched to “secret_field”, which isn't a column" in message


def test_two_headings_for_one_column() -> None:
    message = refusal([["one", "two"], ["A", "B"]], {"one": "name", "two": "name"})

    assert "“one” and “two” were both matched to “name”" in message


def test_a_mapping_without_a_key() -> None:
    assert "no row has a key" in refusal([["name"], ["A"]], {"name": ""})


# What is kept to be sent back


def test_the_cells_are_kept_by_heading() -> None:
    data = workbook(
        Badges=[["Name", None, "Wert", "Note"], ["=1+1", None, 10.0, "x"], ["B"]]
    )
    mapping = {"Badges": {"Name": "name", "Wert": "points", "Note": ""}}

    (sheet,) = load(data, "a.xlsx", CATALOGUE, None, mapping)

    assert [row.cells for row in sheet.rows] == [
        {"Name": "=1+1", "Wert": 10, "Note": "x"},
        {"Name": "B"},
    ]


def test_what_no_database_holds_is_replaced_in_the_cells_that_are_kept() -> None:
    data = b'[{"name": "a\\u0000\\ud800b", "points": [1, {"x": "\\u0000"}]}]'

    (sheet,) = load(data, "a.json", CATALOGUE, "Badges")

    assert sheet.rows[0].cells == {"name": "a��b", "points": [1, {"x": "�"}]}


# The reasons in a file that was sent back


@pytest.mark.parametrize("heading", ["Reason", "reason", "REASON:"])
def test_the_reasons_are_no_column(heading: str) -> None:
    rows = [[heading, "name"], ["Because", "A"]]

    sheet = read(rows)

    assert sheet.columns == ("name",)
    assert sheet.rows[0].cells == {"name": "A"}
    assert read(rows, {"name": "name"}) == sheet
    found = read_headings(separated(rows), "a.csv", CATALOGUE, "Badges")
    assert found == {"Badges": ["name"]}


def test_a_column_that_is_called_reason_is_one() -> None:
    class WithReason(LevelResource):
        aliases = {"description": ["Reason"]}

        class Meta(LevelResource.Meta):
            model = Level

    book = Workbook("test_reasons", "levels", {"Levels": WithReason})

    assert not is_reason("Reason", book, "Levels")
    assert reason_heading(book, "Levels") == "Why this row was refused"
    (sheet,) = load(b"Reason,name\nx,A\n", "a.csv", book)
    assert sheet.columns == ("description", "name")
