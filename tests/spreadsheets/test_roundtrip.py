"""What is exported and imported again is skipped, row by row."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from wagtail.models import Locale

from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.spreadsheets import (
    FORMATS,
    CatalogueError,
    export_catalogue,
    import_catalogue,
)
from wagtail_gamification.spreadsheets.resources import BadgeResource
from wagtail_gamification.spreadsheets.workbooks import Workbook

from .test_import import actions, badges, everything

pytestmark = pytest.mark.django_db

SHEETS = ("Categories", "Badges", "Unlockables", "Levels")
NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1",
    "''+1",
    "'quoted'",
    '"double", with; all\tdelimiters',
    "  spaces  ",
    "100",
    "10.0",
    "TRUE",
    "#REF!",
    "x" * 128,
    "Zoë ✓ 🏅 مرحبا",
    "<b>not bold</b> & more",
    "bell\x07",
]


@pytest.fixture
def catalogue(french: Locale, make_image: Any) -> None:
    """Every field of every model, with values that spreadsheets like to change."""
    twins = [make_image("Twin", "red"), make_image("Twin", "green")]
    images = [make_image("Medal"), make_image("=cmd", "gold"), make_image("7", "white")]
    category = Category.objects.create(
        name="=Sport", slug="sport", description="Two\r\nlines\n\n=1", sort_order=-3
    )
    category.copy_for_translation(french).save()
    rich = (
        '<p data-block-key="k1">A <b>bold</b> <a href="https://example.org/?a=1&amp;b">'
        'link</a> and a <a id="7" linktype="page">page</a></p><ul>'
        '<li data-block-key="k2">One</li></ul>'
    )
    for number, name in enumerate(NASTY):
        badge = BadgeDefinition.objects.create(
            name=name,
            slug=f"badge-{number}",
            description=[rich, "<h2>A heading</h2>", "Bare text", ""][number % 4],
            image=[*images, *twins, None][number % 6],
            category=category if number % 2 else None,
            points=number * 10,
            progression_target=number or None,
            is_secret=bool(number % 2),
            max_awards=number + 1 if number % 3 else None,
            expires_after=30 if number % 4 else None,
            sort_order=number,
            next_badge=BadgeDefinition.objects.order_by("pk").last(),
        )
        translated = badge.copy_for_translation(french)
        translated.name = f"{name[:120]} (fr)"
        # Editors may give a translation a slug of its own.
        translated.slug = f"insigne-{number}" if number % 2 else translated.slug
        translated.save()
    draft = BadgeDefinition.objects.create(name="Live", slug="drafted")
    draft.name, draft.points, draft.category = "Draft", 77, category
    draft.image, draft.next_badge = images[0], BadgeDefinition.objects.first()
    draft.save_revision()
    BadgeDefinition.objects.get(slug="badge-3").unpublish()
    for number in range(3):
        UnlockableDefinition.objects.create(
            name=f"=Open {number}",
            points_required=number,
            relock=bool(number),
            description=rich,
            image=images[number],
        )
        level = Level.objects.create(
            name=f"@Level {number}", points_required=number * 100, image=twins[0]
        )
        level.copy_for_translation(french).save()


@pytest.mark.parametrize("format", ["xlsx", "ods", "json"])
@pytest.mark.usefixtures("catalogue")
def test_the_whole_catalogue(format: str) -> None:
    before = everything()

    data = export_catalogue(format)
    result = import_catalogue(data, f"catalogue.{format}")

    changed = [row for row in result.rows if row.action.value != "skipped"]
    assert changed == []
    assert [sheet.title for sheet in result.sheets][:4] == list(SHEETS)
    assert [len(sheet.rows) for sheet in result.sheets] == [2, 35, 3, 6, 0, 0, 0]
    assert everything() == before


@pytest.mark.parametrize("format", sorted(FORMATS))
@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.usefixtures("catalogue")
def test_one_sheet(format: str, sheet: str) -> None:
    before = everything()

    data = export_catalogue(format, sheet=sheet)
    result = import_catalogue(data, f"catalogue.{format}", sheet=sheet)

    changed = [row for row in result.rows if row.action.value != "skipped"]
    assert changed == []
    assert next(iter(result.rows))
    assert everything() == before


@pytest.mark.usefixtures("catalogue")
def test_what_was_exported_makes_the_same_catalogue_elsewhere() -> None:
    # An unpublished badge and a draft come to the other site as what they say.
    data = export_catalogue("xlsx")
    for model in (BadgeDefinition, UnlockableDefinition, Level, Category):
        model.objects.all().delete()

    result = import_catalogue(data, "catalogue.xlsx")

    assert set(actions(result)) == {"created"}
    assert export_catalogue("json") != b""
    again = import_catalogue(data, "catalogue.xlsx")
    assert set(actions(again)) == {"skipped"}
    translated = BadgeDefinition.objects.filter(original__isnull=False)
    assert translated.count() == len(NASTY)


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_an_empty_catalogue(format: str) -> None:
    data = export_catalogue(format, sheet="Badges")

    assert actions(import_catalogue(data, f"a.{format}", sheet="Badges")) == []


@pytest.mark.usefixtures("catalogue")
def test_one_language() -> None:
    sheets = json.loads(export_catalogue("json", locale="FR"))

    assert {row["locale"] for rows in sheets.values() for row in rows} == {"fr"}


@pytest.mark.usefixtures("catalogue")
def test_a_translation_is_exported_with_what_it_contributes() -> None:
    rows = json.loads(export_catalogue("json", sheet="badges", locale="fr"))

    row = next(row for row in rows if row["name"] == "+1 (fr)")
    assert row["slug"] == "badge-1"
    assert row["description"] == "<h2>A heading</h2>"
    assert row["points"] == row["category"] == row["is_secret"] == ""


def test_a_translations_slug_that_means_something_else(french: Locale) -> None:
    gold = BadgeDefinition.objects.create(name="Gold", slug="gold")
    translated = gold.copy_for_translation(french)
    translated.name, translated.slug = "Or", "or"
    translated.save()
    BadgeDefinition.objects.create(name="Autre", slug="gold", locale=french)

    data = export_catalogue("csv", sheet="Badges")

    assert actions(import_catalogue(data, "a.csv", sheet="Badges")) == ["skipped"] * 3
    assert b"\r\nor,fr,Or," in data


def test_originals_come_before_their_translations_in_the_sites_order(
    french: Locale,
) -> None:
    second = BadgeDefinition.objects.create(name="A", sort_order=2)
    BadgeDefinition.objects.create(name="B", sort_order=1)
    second.copy_for_translation(french).save()

    rows = json.loads(export_catalogue("json", sheet="Badges"))

    assert [(row["name"], row["locale"]) for row in rows] == [
        ("B", "en"),
        ("A", "en"),
        ("A", "fr"),
    ]


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_some_records_of_one_sheet(format: str) -> None:
    badges(*({"slug": slug, "name": slug} for slug in ("a", "b", "c")))
    pks = BadgeDefinition.objects.exclude(slug="a").values_list("pk", flat=True)

    data = export_catalogue(format, sheet="Badges", pks=set(pks))
    result = import_catalogue(data, f"a.{format}", sheet="Badges")

    assert [row.slug for row in result.rows] == ["b", "c"]
    assert actions(result) == ["skipped"] * 2


def test_primary_keys_need_a_sheet() -> None:
    with pytest.raises(ValueError, match="belong to one sheet"):
        export_catalogue("xlsx", pks=[1])


def test_a_workbook_of_one_sheet_is_that_sheet() -> None:
    badges({"name": "A"})
    book = Workbook("test_one", "badges", {"Medals": BadgeResource})

    text = export_catalogue("csv", workbook=book).decode("utf-8-sig")

    assert text.splitlines()[1].startswith("a,en,A,")


# Formulas


def test_text_that_looks_like_a_formula_is_text_in_a_workbook() -> None:
    badges({"name": "=1+1"}, {"name": "Plain", "points": 3})

    sheet = openpyxl.load_workbook(BytesIO(export_catalogue("xlsx")))["Badges"]

    cell = sheet["C2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    plain = sheet["C3"]
    assert (plain.value, plain.quotePrefix) == ("Plain", False)
    assert sheet["G3"].value == 3


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_text_that_looks_like_a_formula_is_quoted_in_text_files(name: str) -> None:
    badges({"slug": "a", "name": name})

    text = export_catalogue("csv", sheet="Badges").decode("utf-8-sig")

    assert text.splitlines()[1].startswith(f"a,en,'{name},")


def test_text_that_looks_like_a_formula_is_text_in_ods() -> None:
    badges({"slug": "a", "name": "=1+1"})

    with zipfile.ZipFile(BytesIO(export_catalogue("ods"))) as packed:
        content = packed.read("content.xml").decode()

    assert "=1+1" in content
    assert "table:formula" not in content


# What can't be exported


def test_text_files_hold_one_sheet() -> None:
    with pytest.raises(CatalogueError, match="holds one sheet"):
        export_catalogue("csv")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "pdf"}, "These are: xlsx, ods, csv, tsv, json."),
        ({"format": "json", "sheet": "Badge"}, "Did you mean “Badges”?"),
        ({"format": "json", "locale": "xx"}, "only: en."),
    ],
)
def test_what_does_not_exist(options: dict[str, str], message: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        export_catalogue(**options)
    assert message in str(caught.value)


def test_a_text_that_no_workbook_can_hold() -> None:
    badges({"name": "Long", "description": "x" * 40_000})

    with pytest.raises(CatalogueError, match="longer than a cell"):
        export_catalogue("xlsx")
    data = export_catalogue("csv", sheet="Badges")
    assert actions(import_catalogue(data, "a.csv", sheet="Badges")) == ["skipped"]
