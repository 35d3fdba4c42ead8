"""Snippets of a site, of every kind, through resources that declare little."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from import_export.fields import Field
from wagtail.models import ModelLogEntry

from tests.testapp.models import Ingredient, Menu, Recipe, Shelf, Topic
from wagtail_gamification.spreadsheets import (
    CatalogueResult,
    SpreadsheetResource,
    Workbook,
    export_catalogue,
    import_catalogue,
)
from wagtail_gamification.spreadsheets.references import ChildrenWidget
from wagtail_gamification.spreadsheets.relations import restore_fields

from .make import archive, json_rows, picture, workbook

pytestmark = pytest.mark.django_db


class TopicResource(SpreadsheetResource):
    class Meta(SpreadsheetResource.Meta):
        model = Topic


class RecipeResource(SpreadsheetResource):
    slug_source = "title"

    class Meta(SpreadsheetResource.Meta):
        model = Recipe
        fields = (
            "slug",
            "title",
            "introduction",
            "is_vegan",
            "minutes",
            "tried_on",
            "image",
            "topics",
            "ingredients",
        )


class MenuResource(SpreadsheetResource):
    class Meta(SpreadsheetResource.Meta):
        model = Menu
        import_id_fields = ("name",)


class ShelfResource(SpreadsheetResource):
    class Meta(SpreadsheetResource.Meta):
        model = Shelf
        fields = ("slug", "label", "topics", "jars")


KITCHEN = Workbook(
    "kitchen",
    "recipes",
    {
        "Topics": TopicResource,
        "Recipes": RecipeResource,
        "Menus": MenuResource,
        "Shelves": ShelfResource,
    },
)
RECIPES = Workbook("recipes", "recipes", {"Recipes": RecipeResource})

SOUP = {
    "title": "Tomato soup",
    "introduction": "Warm\nRed",
    "is_vegan": "yes",
    "minutes": 30,
    "tried_on": "2026-11-23",
    "topics": "Quick, winter",
    "ingredients": "Tomatoes\n\nSalt",
}


@pytest.fixture
def topics() -> list[Topic]:
    return [
        Topic.objects.create(name=name, slug=name.lower())
        for name in ("Quick", "Winter", "Cheap, good")
    ]


def kitchen(sheet: str, *rows: dict[str, Any], **options: Any) -> CatalogueResult:
    return import_catalogue(
        json_rows(*rows), "r.json", sheet=sheet, workbook=KITCHEN, **options
    )


def recipes(*rows: dict[str, Any], **options: Any) -> CatalogueResult:
    return import_catalogue(json_rows(*rows), "r.json", workbook=RECIPES, **options)


def actions(result: CatalogueResult) -> list[str]:
    return [row.action.value for row in result.rows]


def reasons(result: CatalogueResult) -> list[tuple[str, str]]:
    return [(e.column, e.message) for row in result.rows for e in row.errors]


def lines(recipe: Recipe) -> list[str]:
    return [ingredient.text for ingredient in recipe.ingredients.all()]


# One model with everything


@pytest.mark.usefixtures("topics")
def test_references_children_and_fields_by_their_types() -> None:
    result = kitchen("Recipes", SOUP)

    assert actions(result) == ["created"], reasons(result)
    soup = Recipe.objects.get()
    assert (soup.slug, soup.title, soup.minutes) == ("tomato-soup", "Tomato soup", 30)
    assert soup.is_vegan
    assert soup.live
    assert soup.tried_on == datetime.date(2026, 11, 23)
    assert "Red</p>" in soup.introduction
    assert {topic.slug for topic in soup.topics.all()} == {"quick", "winter"}
    assert lines(soup) == ["Tomatoes", "Salt"]
    content = soup.latest_revision.content
    assert [child["text"] for child in content["ingredients"]] == ["Tomatoes", "Salt"]
    assert len(content["topics"]) == 2


@pytest.mark.usefixtures("topics")
def test_the_same_again_is_skipped() -> None:
    kitchen("Recipes", SOUP)

    result = kitchen("Recipes", SOUP)

    assert actions(result) == ["skipped"]


@pytest.mark.usefixtures("topics")
def test_children_whose_line_stays_stay_the_same() -> None:
    kitchen("Recipes", SOUP)
    salt = Ingredient.objects.get(text="Salt")

    result = kitchen(
        "Recipes", {"slug": "tomato-soup", "ingredients": "Salt\nBasil\nPepper"}
    )

    (row,) = result.rows
    (change,) = row.changes
    assert (change.before, change.after) == ("Tomatoes\nSalt", "Salt\nBasil\nPepper")
    assert lines(Recipe.objects.get()) == ["Salt", "Basil", "Pepper"]
    assert Ingredient.objects.get(text="Salt") == salt
    assert Ingredient.objects.count() == 3


@pytest.mark.usefixtures("topics")
def test_a_draft_leaves_children_and_references_that_are_live() -> None:
    kitchen("Recipes", SOUP)

    kitchen(
        "Recipes",
        {"slug": "tomato-soup", "ingredients": "Water", "topics": ""},
        publish=False,
    )

    soup = Recipe.objects.get()
    assert lines(soup) == ["Tomatoes", "Salt"]
    assert soup.topics.count() == 2
    draft = soup.get_latest_revision_as_object()
    assert lines(draft) == ["Water"]
    assert not draft.topics.all()
    again = {"slug": "tomato-soup", "ingredients": "Water", "topics": ""}
    (row,) = kitchen("Recipes", again, publish=False).rows
    assert (row.action.value, row.note) == (
        "skipped",
        "The same as its draft, which isn't published.",
    )


def test_a_reference_whose_name_has_a_comma(topics: list[Topic]) -> None:
    kitchen("Recipes", {"title": "Soup", "topics": "Cheap, good"})

    assert list(Recipe.objects.get().topics.all()) == [topics[2]]


def test_references_to_new_rows_of_the_file_and_to_the_site() -> None:
    Topic.objects.create(name="Quick", slug="quick")
    data = workbook(
        Topics=[["slug", "name"], ["winter", "Winter"]],
        Recipes=[
            ["title", "topics", "ingredients"],
            ["Soup", "Winter\nquick", "Water"],
        ],
        Menus=[["name", "recipe"], ["Monday", "Soup"]],
        Shelves=[["slug", "label", "topics", "jars"], ["a", "A", "winter", "Jam"]],
    )

    result = import_catalogue(data, "k.xlsx", workbook=KITCHEN)

    assert actions(result) == ["created"] * 4, reasons(result)
    assert Recipe.objects.get().topics.count() == 2
    assert Menu.objects.get().recipe == Recipe.objects.get()
    assert [jar.text for jar in Shelf.objects.get().jars.all()] == ["Jam"]
    assert actions(import_catalogue(data, "k.xlsx", workbook=KITCHEN)) == (
        ["skipped"] * 4
    )


@pytest.mark.usefixtures("topics")
def test_what_the_workbook_does_not_hold_is_found_as_well() -> None:
    assert actions(recipes(SOUP)) == ["created"]
    assert Recipe.objects.get().topics.count() == 2


@pytest.mark.usefixtures("topics")
@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"topics": "Quick, Wintr"}, "topics", "Did you mean “winter”?"),
        ({"ingredients": "x" * 101}, "ingredients", "Line 1: "),
        ({"minutes": "-1"}, "minutes", "can't be less than 0"),
        ({"tried_on": "soon"}, "tried_on", "“soon” isn't a date, such as 2026-12-31."),
        ({"is_vegan": "perhaps"}, "is_vegan", "neither yes nor no"),
        ({"title": "x" * 101}, "title", "at most 100 characters"),
        ({"image": "none"}, "image", "There is no image “none”"),
        ({"slug": "a b"}, "slug", "valid “slug”"),
    ],
)
def test_what_is_wrong_stands_beside_its_column(
    cells: dict[str, Any], column: str, message: str
) -> None:
    ((found, text),) = reasons(kitchen("Recipes", {**SOUP, **cells}))

    assert found == column
    assert message in text


def test_an_image_of_the_zip() -> None:
    images = archive({"soup.png": picture()})

    (row,) = kitchen("Recipes", {"title": "A", "image": "soup.png"}, images=images).rows

    assert row.image == {"entry": "soup.png"}
    assert Recipe.objects.get().image.title == "soup"


# Models with less


def test_a_plain_model_is_saved_and_logged() -> None:
    kitchen("Topics", {"slug": "quick", "name": "Quick"})

    (row,) = kitchen("Topics", {"slug": "quick", "name": "Fast"}, publish=False).rows

    topic = Topic.objects.get()
    assert topic.name == "Fast"
    assert (row.slug, row.locale, row.name, row.revision_id) == (
        "quick",
        "",
        "Fast",
        None,
    )
    entries = ModelLogEntry.objects.for_instance(topic).order_by("pk")
    assert [entry.action for entry in entries] == ["wagtail.create", "wagtail.edit"]


def test_a_model_with_revisions_but_no_drafts() -> None:
    Menu.objects.create(name="Monday")
    recipes({"title": "Soup", "minutes": 1})

    (row,) = kitchen("Menus", {"name": "Monday", "recipe": "soup"}).rows

    menu = Menu.objects.get()
    assert menu.recipe is not None
    assert row.revision_id == menu.latest_revision_id
    # It had none, so how it was became one.
    assert menu.revisions.count() == 2
    before = menu.revisions.get(pk=row.before["revision"])
    assert before.as_object().recipe is None


@pytest.mark.usefixtures("topics")
def test_a_model_without_revisions_can_be_brought_back() -> None:
    kitchen(
        "Shelves", {"slug": "a", "label": "A", "topics": "quick", "jars": "Jam\nOil"}
    )

    (row,) = kitchen(
        "Shelves", {"slug": "a", "label": "B", "topics": "winter", "jars": "Salt"}
    ).rows

    assert row.before["revision"] is None
    shelf = Shelf.objects.get()
    assert [jar.text for jar in shelf.jars.all()] == ["Salt"]
    restore_fields(shelf, row.before["fields"])
    shelf.save()
    shelf = Shelf.objects.get()
    assert shelf.label == "A"
    assert [topic.slug for topic in shelf.topics.all()] == ["quick"]
    assert [jar.text for jar in shelf.jars.all()] == ["Jam", "Oil"]


def test_keys_that_are_no_slugs() -> None:
    kitchen("Menus", {"name": "Monday"})

    assert actions(kitchen("Menus", {"name": "Monday"})) == ["skipped"]
    assert reasons(kitchen("Menus", {"name": "monday"})) == [
        ("name", "There is no “monday”, but “Monday”. Write it the same way.")
    ]
    assert reasons(kitchen("Menus", {"name": "", "recipe": "x"})) == [
        ("name", "This is needed.")
    ]
    assert reasons(kitchen("Menus", {"name": "A"}, {"name": "a"})) == [
        ("name", "“A” is also in row 2."),
        ("name", "“a” is also in row 1."),
    ]


def test_what_only_one_may_have() -> None:
    class ByName(SpreadsheetResource):
        class Meta(SpreadsheetResource.Meta):
            model = Topic
            import_id_fields = ("name",)
            fields = ("name", "slug")

    book = Workbook("by-name", "topics", {"Topics": ByName})
    Topic.objects.create(name="Quick", slug="quick")
    Topic.objects.create(name="Slow", slug="slow")

    def found(*rows: dict[str, str]) -> list[tuple[str, str]]:
        data = json_rows(*rows)
        return reasons(import_catalogue(data, "t.json", workbook=book, dry_run=True))

    assert found({"name": "New", "slug": "quick"}) == [
        ("slug", "“Quick” has this already, and only one may have it.")
    ]
    assert found({"name": "Slow", "slug": "x"}, {"name": "New", "slug": "slow"}) == []
    assert found({"name": "A", "slug": "a"}, {"name": "B", "slug": "a"}) == [
        ("slug", "“A” has this already, and only one may have it.")
    ]


# Reading and exporting


@pytest.mark.usefixtures("topics")
def test_queries_do_not_grow_with_unchanged_rows() -> None:
    def counted(count: int) -> int:
        rows = [{**SOUP, "title": f"Soup {number}"} for number in range(count)]
        recipes(*rows)
        with CaptureQueriesContext(connection) as captured:
            assert set(actions(recipes(*rows, dry_run=True))) == {"skipped"}
        return len(captured)

    assert counted(3) == counted(12) <= 6


@pytest.mark.usefixtures("topics")
@pytest.mark.parametrize("format", ["xlsx", "ods", "json"])
def test_what_is_exported_imports_unchanged(format: str) -> None:
    recipes(SOUP, {"title": "Bread", "topics": "Cheap, good"})

    data = export_catalogue(format, workbook=RECIPES)
    result = import_catalogue(data, f"r.{format}", workbook=RECIPES)

    assert actions(result) == ["skipped"] * 2


# Declaring


def test_all_fields_that_editors_fill_are_columns_by_themselves() -> None:
    assert MenuResource._meta.fields == ("name", "recipe")
    assert TopicResource._meta.fields == ("name", "slug")

    class All(SpreadsheetResource):
        class Meta(SpreadsheetResource.Meta):
            model = Recipe

    assert All._meta.fields == (
        "title",
        "slug",
        "introduction",
        "is_vegan",
        "minutes",
        "tried_on",
        "image",
        "topics",
    )


def test_a_widget_that_is_declared_is_kept() -> None:
    class Shouting(SpreadsheetResource):
        ingredients = Field(widget=ChildrenWidget(field="text"))

        class Meta(SpreadsheetResource.Meta):
            model = Recipe
            fields = ("slug", "ingredients")

    assert Shouting.fields["ingredients"].column_name == "ingredients"


def test_a_key_has_to_be_a_column() -> None:
    with pytest.raises(ImproperlyConfigured, match="import_id_fields"):

        class Keyless(SpreadsheetResource):
            class Meta(SpreadsheetResource.Meta):
                model = Recipe
                fields = ("title",)


def test_a_column_has_to_be_a_field() -> None:
    with pytest.raises(ImproperlyConfigured, match="has no field nothing"):

        class Wrong(SpreadsheetResource):
            class Meta(SpreadsheetResource.Meta):
                model = Recipe
                fields = ("slug", "nothing")
