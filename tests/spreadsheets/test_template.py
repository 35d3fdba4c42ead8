"""The workbook to fill in: what it says, what it offers, and that it imports."""

from __future__ import annotations

import datetime
import json
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from wagtail.models import Locale

from tests.testapp.models import Ingredient, Recipe, Topic
from tests.testapp.wagtail_hooks import RecipeResource
from wagtail_gamification.models import BadgeDefinition, Category
from wagtail_gamification.spreadsheets import (
    FORMATS,
    CatalogueError,
    export_catalogue,
    import_catalogue,
)
from wagtail_gamification.spreadsheets.headings import column_label, read_headings
from wagtail_gamification.spreadsheets.resources import (
    CATALOGUE,
    BadgeResource,
    CategoryResource,
)
from wagtail_gamification.spreadsheets.template import template_workbook
from wagtail_gamification.spreadsheets.workbooks import Workbook

from .test_import import actions, badges, everything
from .test_roundtrip import catalogue  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db

SHEETS = ["Instructions", "Categories", "Badges", "Unlockables", "Levels"]
SHEETS += ["Requirements", "Point rules", "Campaigns"]


def opened(*, filled: bool = False, book: Workbook = CATALOGUE) -> Any:
    return openpyxl.load_workbook(BytesIO(template_workbook(book, filled=filled)))


def texts(sheet: Any) -> list[str]:
    return [str(cell) for row in sheet.values for cell in row if cell is not None]


def row_about(sheet: Any, column: str) -> list[Any]:
    return next(list(row) for row in sheet.values if row[0] == column)


def validations(sheet: Any) -> dict[str, Any]:
    return {str(item.sqref): item for item in sheet.data_validations.dataValidation}


def below(sheet: Any, heading: str) -> Any:
    """Give what is offered or refused below a heading."""
    cell = next(cell for cell in sheet[1] if cell.value == heading)
    letter = cell.column_letter
    return validations(sheet).get(f"{letter}2:{letter}5001")


# Instructions


def test_instructions_come_first() -> None:
    assert opened().sheetnames[:8] == SHEETS


def test_every_column_is_explained() -> None:
    sheet = opened()["Instructions"]

    needed = row_about(sheet, "points_required")
    assert needed[1:5] == [
        "Points required",
        "Everyone who has earned this many points gets it at once. Where it has a "
        "price: from then on it can be bought.",
        "Yes",
        "A whole number, 0 or more.",
    ]
    assert row_about(sheet, "name")[3:5] == ["Yes", "Text of at most 128 characters."]
    assert row_about(sheet, "slug")[3] == "No"
    assert row_about(sheet, "is_secret")[4] == "TRUE or FALSE. Empty means FALSE."
    columns = {column for names in CATALOGUE.columns.values() for column in names}
    assert columns <= {row[0] for row in sheet.values}


def test_images_languages_and_blank_cells_are_explained(french: Locale) -> None:
    text = "\n".join(texts(opened()["Instructions"]))

    assert "pack the files into one ZIP" in text
    assert "(en, fr)" in text
    assert "An empty cell empties the field." in text


def test_the_instructions_are_in_the_language_of_their_reader() -> None:
    with translation.override("fr"):
        book = opened()
        label = column_label(BadgeResource, "next_badge")

    assert label in texts(book.worksheets[0])


def test_a_workbook_without_images_does_not_talk_of_them() -> None:
    book = Workbook("test_plain", "categories", {"Categories": CategoryResource})

    text = "\n".join(texts(opened(book=book)["Instructions"]))

    assert "ZIP" not in text


# The sheets


def test_headings_are_bold_and_stay_where_they_are() -> None:
    sheet = opened()["Badges"]

    assert [cell.value for cell in sheet[1]] == list(CATALOGUE.columns["Badges"])
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["D"].width > sheet.column_dimensions["G"].width


def test_text_stays_text_when_somebody_types_it() -> None:
    sheet = opened()["Badges"]

    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.column_dimensions["G"].number_format == "General"


def test_a_heading_says_what_it_is_for() -> None:
    sheet = opened()["Badges"]

    hint = validations(sheet)["G1"]

    assert hint.promptTitle == "Points"
    assert hint.prompt.startswith("What a player gets each time this badge is awarded.")


@pytest.mark.usefixtures("catalogue")
def test_categories_and_badges_can_be_chosen() -> None:
    book = opened()

    assert book["Lists"].sheet_state == "hidden"
    offered = {}
    for heading in ("category", "next_badge", "locale"):
        formula = below(book["Badges"], heading).formula1
        cells = book["Lists"][formula.partition("!")[2].replace("$", "")]
        rows = cells if isinstance(cells, tuple) else ((cells,),)
        offered[heading] = [row[0].value for row in rows]
    assert offered["category"] == ["sport"]
    assert set(offered["next_badge"]) == set(
        BadgeDefinition.objects.filter(original=None).values_list("slug", flat=True)
    )
    assert offered["locale"] == ["en", "fr"]


def test_what_the_file_adds_itself_may_be_named() -> None:
    Category.objects.create(name="Sport")

    choice = below(opened()["Badges"], "category")

    assert (choice.type, choice.errorStyle) == ("list", "warning")


def test_there_is_no_list_of_nothing() -> None:
    assert below(opened()["Badges"], "category") is None


def test_yes_or_no_and_whole_numbers() -> None:
    sheet = opened()["Badges"]

    assert below(sheet, "is_secret").formula1 == '"TRUE,FALSE"'
    points = below(sheet, "points")
    assert (points.type, points.formula1) == ("whole", "0")
    assert below(sheet, "max_awards").formula1 == "1"


def test_a_site_may_have_sheets_of_these_names() -> None:
    book = Workbook("test_names", "badges", {"Instructions": BadgeResource})
    badges({"name": "A"})

    data = template_workbook(book, filled=True)

    assert openpyxl.load_workbook(BytesIO(data)).sheetnames[:2] == [
        "Instructions 2",
        "Instructions",
    ]
    assert list(read_headings(data, "a.xlsx", book)) == ["Instructions"]


# Importing it


def test_an_empty_template_has_no_rows() -> None:
    result = import_catalogue(template_workbook(CATALOGUE, filled=False), "a.xlsx")

    assert [sheet.title for sheet in result.sheets] == SHEETS[1:]
    assert actions(result) == []


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.usefixtures("catalogue")
def test_a_filled_template_changes_nothing(language: str) -> None:
    before = everything()

    with translation.override(language):
        data = template_workbook(CATALOGUE, filled=True)
    result = import_catalogue(data, "a.xlsx")

    assert set(actions(result)) == {"skipped"}
    assert [len(sheet.rows) for sheet in result.sheets] == [2, 35, 3, 6, 0, 0, 0]
    assert everything() == before


def test_what_looks_like_a_formula_is_text() -> None:
    badges({"name": "=1+1"})

    sheet = opened(filled=True)["Badges"]

    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1", "s")


def test_a_text_that_no_cell_can_hold() -> None:
    badges({"name": "Long", "description": "x" * 40_000})

    with pytest.raises(CatalogueError, match="longer than a cell"):
        template_workbook(CATALOGUE, filled=True)


@pytest.mark.libreoffice
@pytest.mark.usefixtures("catalogue")
def test_libreoffice_opens_it_and_what_it_saves_changes_nothing(tmp_path: Path) -> None:
    before = everything()
    path = tmp_path / "template.xlsx"
    path.write_bytes(template_workbook(CATALOGUE, filled=True))
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/u"]

    subprocess.run(
        [*command, "--convert-to", "ods", "--outdir", str(tmp_path), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )

    result = import_catalogue((tmp_path / "template.ods").read_bytes(), "template.ods")
    assert [row for row in result.rows if row.action.value != "skipped"] == []
    assert everything() == before


# A model of the site


RECIPES = Workbook("test_recipes", "recipes", {"Recipes": RecipeResource})


@pytest.fixture
def recipes() -> None:
    sweet = Topic.objects.create(name="Sweet, and good", slug="sweet")
    cold = Topic.objects.create(name="Cold", slug="cold")
    for number, title in enumerate(["=Ice", "Tea", "'Cake"]):
        recipe = Recipe(
            title=title,
            slug=f"recipe-{number}",
            is_vegan=bool(number % 2),
            minutes=number or None,
            tried_on=datetime.date(2026, 1, 2) if number else None,
        )
        recipe.topics = [sweet, cold][: number + 1]
        recipe.ingredients = [Ingredient(text="=Milk"), Ingredient(text="Salt, sugar")]
        recipe.save()


@pytest.mark.usefixtures("recipes")
@pytest.mark.parametrize("format", sorted(FORMATS))
def test_a_model_of_the_site_is_exported_and_skipped(format: str) -> None:
    data = export_catalogue(format, workbook=RECIPES)

    result = import_catalogue(data, f"a.{format}", workbook=RECIPES)

    assert [row for row in result.rows if row.action.value != "skipped"] == []
    assert len(list(result.rows)) == 3


@pytest.mark.usefixtures("recipes")
def test_some_objects_of_a_model_of_the_site() -> None:
    pks = Recipe.objects.filter(title="Tea").values_list("pk", flat=True)

    data = export_catalogue("json", workbook=RECIPES, sheet="Recipes", pks=pks)

    assert [row["title"] for row in json.loads(data)] == ["Tea"]


@pytest.mark.usefixtures("recipes")
def test_a_template_for_a_model_of_the_site() -> None:
    data = template_workbook(RECIPES, filled=True)

    result = import_catalogue(data, "a.xlsx", workbook=RECIPES)

    assert [row for row in result.rows if row.action.value != "skipped"] == []
    sheet = opened(book=RECIPES)["Instructions"]
    assert row_about(sheet, "tried_on")[4] == "A date, such as 2026-12-31."
    assert row_about(sheet, "title")[3] == "Yes"
    assert row_about(sheet, "ingredients")[4] == "One in each line of the cell."
