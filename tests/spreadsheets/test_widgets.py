"""Cells: what is surely meant is accepted, anything else says what to write."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from wagtail_gamification.spreadsheets.cells import (
    BrokenCell,
    Formula,
    column_letter,
    escape_formula,
    read_text_cell,
)
from wagtail_gamification.spreadsheets.widgets import (
    BooleanWidget,
    CellWidget,
    LineWidget,
    NumberWidget,
    TextWidget,
)


def refusal_of(widget: CellWidget, value: Any) -> str:
    with pytest.raises(ValueError, match=r".") as caught:
        widget.clean(value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (10, 10),
        (10.0, 10),
        ("10", 10),
        (" 10 ", 10),
        ("10.0", 10),
        ("10,0", 10),
        ("10.", 10),
        ("+10", 10),
        ("१०", 10),
        (0, 0),
        ("-0", 0),
        (2_147_483_647, 2_147_483_647),
        ("", None),
        (" ", None),
        (None, None),
    ],
)
def test_whole_numbers(value: Any, number: int | None) -> None:
    assert NumberWidget().clean(value) == number


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("x", "“x” isn't a whole number."),
        ("10.5", "“10.5” isn't a whole number."),
        (10.5, "“10.5” isn't a whole number."),
        ("1,000", "“1,000” isn't a whole number."),
        ("1.000", "“1.000” isn't a whole number."),
        ("1e400", "“1e400” isn't a whole number."),
        (float("inf"), "“inf” isn't a whole number."),
        (float("nan"), "“nan” isn't a whole number."),
        (True, "“True” isn't a whole number."),
        ("½", "“½” isn't a whole number."),
        (-1, "This can't be less than 0."),
        ("-1.0", "This can't be less than 0."),
        ("-" + "9" * 100_000, "This can't be less than 0."),
        (2_147_483_648, "This is too large: at most 2147483647."),
        (1e20, "This is too large: at most 2147483647."),
        ("9" * 100_000, "This is too large: at most 2147483647."),
        ("9" * 30, "This is too large: at most 2147483647."),
        ([1], "This has to be a single value, not a list of them."),
        ({}, "This has to be a single value, not a list of them."),
        (BrokenCell("#REF!"), "This cell shows the error #REF!."),
    ],
)
def test_what_is_no_whole_number(value: Any, message: str) -> None:
    assert refusal_of(NumberWidget(), value) == message


def test_the_least_number_is_the_fields_own() -> None:
    assert refusal_of(NumberWidget(minimum=1), 0) == "This can't be less than 1."
    assert NumberWidget(minimum=-5).clean("-5") == -5


@pytest.mark.parametrize("widget", [NumberWidget(), BooleanWidget(), LineWidget()])
@pytest.mark.parametrize(
    "value",
    [
        datetime.date(2026, 1, 2),
        datetime.time(1, 2),
        datetime.timedelta(1),
    ],
)
def test_what_a_program_took_for_a_date(widget: CellWidget, value: Any) -> None:
    assert "holds a date or a time" in refusal_of(widget, value)


@pytest.mark.parametrize("widget", [NumberWidget(), BooleanWidget(), LineWidget()])
def test_a_formula_is_not_guessed_at(widget: CellWidget) -> None:
    message = refusal_of(widget, Formula("=SUM(A1:A9)"))

    assert message.startswith("This cell holds a formula (=SUM(A1:A9)).")


@pytest.mark.parametrize(
    "value", [True, 1, 1.0, "TRUE", "true", "yes", " Y ", "1", "ja", "WAHR", "VRAI"]
)
def test_yes(value: Any) -> None:
    assert BooleanWidget().clean(value) is True


@pytest.mark.parametrize(
    "value", [False, 0, 0.0, "FALSE", "no", "N", "0", "", None, "nein", "FALSCH"]
)
def test_no(value: Any) -> None:
    assert BooleanWidget().clean(value) is False


@pytest.mark.parametrize("value", ["maybe", 2, "10"])
def test_neither_yes_nor_no(value: Any) -> None:
    assert "neither yes nor no" in refusal_of(BooleanWidget(), value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2026, "2026"),
        (2026.0, "2026"),
        (1.5, "1.5"),
        (True, "TRUE"),
        (None, ""),
        (" two\r\nlines ", "two\nlines"),
    ],
)
def test_text(value: Any, text: str) -> None:
    assert TextWidget().clean(value) == text


def test_a_name_stays_in_one_line() -> None:
    assert LineWidget().clean("two\nlines\tand more") == "two lines and more"


@pytest.mark.parametrize(
    ("value", "code"), [("a\0b", "U+0000"), ("a\x07", "U+0007"), ("\ud800", "U+D800")]
)
def test_control_characters(value: str, code: str) -> None:
    assert code in refusal_of(TextWidget(), value)


def test_text_without_end() -> None:
    assert "longer than 100000" in refusal_of(TextWidget(), "x" * 100_001)


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM",
        "\tA",
        "\rA",
        "\nA",
        "'=1",
        "''=1",
        "'quoted'",
        "A",
        "",
    ],
)
def test_what_is_escaped_comes_back(value: str) -> None:
    escaped = escape_formula(value)

    assert not escaped.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert read_text_cell(escaped) == value


def test_numbers_are_not_escaped() -> None:
    assert escape_formula(-5) == -5


def test_an_unescaped_formula_in_a_text_file() -> None:
    assert read_text_cell("=1+1") == Formula("=1+1")


def test_columns_are_named_as_spreadsheet_programs_name_them() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
    ]
