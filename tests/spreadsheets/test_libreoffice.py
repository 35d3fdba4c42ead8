"""Files that LibreOffice saved, by tests/files/make_with_libreoffice.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wagtail_gamification.models import BadgeDefinition, Category
from wagtail_gamification.spreadsheets import CatalogueResult, import_catalogue

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parent.parent / "files"
WORKBOOKS = ["libreoffice.xlsx", "libreoffice.ods"]
TEXTS = ["libreoffice_utf8.csv", "libreoffice_windows1252.csv"]

CATEGORIES = [
    ("uebungen", "Übungen", "Für Geübte & Anfänger", 1),
    ("ete", "Été à l’œuvre", "Ça marche; vraiment, «oui»", 2),  # noqa: RUF001
    ("formel", "=SUMME(A1)", "Two\nlines", -3),
]
ARABIC = ("shujaa", "شجاع", "للشجعان فقط", 9)

BADGES = [
    {
        "slug": "erste",
        "name": "Größte Mühe",
        "category__slug": "uebungen",
        "points": 10,
        "progression_target": 1000,
        "is_secret": True,
        "expires_after": None,
    },
    {
        "slug": "007",
        "name": "1/2",
        "category__slug": "ete",
        "points": 2,
        "progression_target": None,
        "is_secret": False,
        "expires_after": 30,
    },
    {
        "slug": "minus",
        "name": "-1",
        "category__slug": None,
        "points": 0,
        "progression_target": 5,
        "is_secret": True,
        "expires_after": None,
    },
    {
        "slug": "at",
        "name": "@home",
        "category__slug": "formel",
        "points": 15,
        "progression_target": None,
        "is_secret": False,
        "expires_after": 365,
    },
]


def content(name: str) -> bytes:
    return (FILES / name).read_bytes()


def refusals(result: CatalogueResult) -> list[tuple[int, str, str]]:
    return [
        (row.number, error.column, error.message)
        for row in result.rows
        for error in row.errors
    ]


def categories() -> list[tuple[Any, ...]]:
    found = Category.objects.order_by("pk")
    return list(found.values_list("slug", "name", "description", "sort_order"))


def badges() -> list[dict[str, Any]]:
    return list(BadgeDefinition.objects.order_by("pk").values(*BADGES[0]))


def descriptions() -> list[str]:
    found = BadgeDefinition.objects.order_by("pk")
    return list(found.values_list("description", flat=True))


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook(name: str) -> None:
    result = import_catalogue(content(name), name)

    assert refusals(result) == []
    assert result.is_written
    assert categories() == [*CATEGORIES, ARABIC]
    assert badges() == BADGES
    assert [text.partition(">")[2] for text in descriptions()] == [
        "Zoë says “hi”</p>",
        "-5 °C</p>",
        "50 %</p>",
        "€</p>",
    ]


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_keeps_the_numbers_of_its_rows(name: str) -> None:
    result = import_catalogue(content(name), name)

    assert [[row.number for row in sheet.rows] for sheet in result.sheets] == [
        [2, 3, 5, 6],
        [3, 4, 5, 6],
    ]


@pytest.mark.parametrize("name", TEXTS)
def test_what_looks_like_a_formula_in_a_text_file_is_asked_about(name: str) -> None:
    result = import_catalogue(content(name), name, sheet="Categories")

    [(_number, column, message)] = refusals(result)
    assert column == "name"
    assert "text that begins with “=” needs an apostrophe" in message
    assert categories() == []


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_file_in_its_encoding(name: str) -> None:
    # As the message says that it has to be written.
    data = content(name).replace(b"=SUMME", b"'=SUMME")

    result = import_catalogue(data, name, sheet="Categories")

    assert refusals(result) == []
    arabic = [ARABIC] if name == "libreoffice_utf8.csv" else []
    assert categories() == [*CATEGORIES, *arabic]


def test_a_text_file_with_a_blank_column_and_a_blank_row() -> None:
    import_catalogue(content("libreoffice.ods"), "a.ods", sheet="Categories")

    result = import_catalogue(
        content("libreoffice_badges.csv"), "libreoffice_badges.csv", sheet="Badges"
    )

    assert refusals(result) == []
    assert badges() == BADGES


@pytest.mark.parametrize("name", ["libreoffice_traps.xlsx", "libreoffice_traps.ods"])
def test_what_a_program_made_of_a_cell_is_said_in_its_row(name: str) -> None:
    result = import_catalogue(content(name), name)

    found = [(number, column) for number, column, _message in refusals(result)]
    assert found == [
        (2, "name"),
        (3, "points"),
        (4, "points"),
        (5, "points"),
        (6, "points"),
        (7, "is_secret"),
    ]
    messages = [message for _number, _column, message in refusals(result)]
    assert "holds a date or a time" in messages[0]
    assert "“0.5” isn't a whole number" in messages[1]
    assert "holds a formula" in messages[2]
    assert "isn't a whole number" in messages[4]
    assert "neither yes nor no" in messages[5]
    assert not BadgeDefinition.objects.exists()
