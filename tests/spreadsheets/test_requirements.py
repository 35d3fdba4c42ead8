"""What badges ask for comes and goes as rows of a sheet of its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from import_export.fields import Field
from wagtail.models import Page, Revision, Site

from tests.testapp.models import Ingredient, Recipe
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    Requirement,
)
from wagtail_gamification.spreadsheets import (
    CatalogueResult,
    ChildResource,
    RowAction,
    SpreadsheetResource,
    Workbook,
    export_catalogue,
    import_catalogue,
    jobs,
)
from wagtail_gamification.spreadsheets.options import Destination, ImportOptions
from wagtail_gamification.spreadsheets.references import ReferenceWidget
from wagtail_gamification.spreadsheets.resources import CATALOGUE
from wagtail_gamification.spreadsheets.undo import undo_steps

from .make import json_rows, workbook
from .test_import import actions, errors

pytestmark = pytest.mark.django_db

WALKER = {"badge": "walker", "event": "logged_in", "how_many": 10}
SKIP = ImportOptions(skip_refused=True)


def requirements(*rows: dict[str, Any], **options: Any) -> CatalogueResult:
    return import_catalogue(json_rows(*rows), "r.json", sheet="Requirements", **options)


def catalogue(**sheets: list[list[Any]]) -> CatalogueResult:
    return import_catalogue(workbook(**sheets), "catalogue.xlsx")


def asked(slug: str) -> list[tuple[Any, ...]]:
    rows = Requirement.objects.filter(badge_definition__slug=slug)
    return [(row.kind, row.event, row.target) for row in rows]


def sentences(slug: str) -> list[str]:
    rows = Requirement.objects.filter(badge_definition__slug=slug)
    return [str(row) for row in rows]


@pytest.fixture(autouse=True)
def badges(db: None) -> dict[str, BadgeDefinition]:
    return {
        slug: BadgeDefinition.objects.create(name=slug.title(), slug=slug)
        for slug in ("walker", "reader", "star")
    }


@pytest.fixture
def lessons() -> Page:
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=Page(title="Lessons", slug="lessons"))


# What rows become


def test_a_workbook_becomes_requirements(lessons: Page) -> None:
    """Each kind, by codes and by labels, naming what the same file makes."""
    result = catalogue(
        Categories=[["slug", "name"], ["birds", "Birds"]],
        Badges=[["slug", "name"], ["walker", "Walker"], ["owl", "Owl"]],
        Requirements=[
            [
                "Badge",
                "Kind",
                "Event",
                "How many",
                "Count",
                "Within days",
                "Rest days",
                "Object",
                "Pages below",
                "Required badge",
                "Category",
                "Level",
                "Group",
            ],
            [
                "walker",
                None,
                "Publishes a page",
                4,
                "different objects",
                30,
                None,
                "/lessons/",
                "yes",
                None,
                None,
                None,
                1,
            ],
            ["walker", "level", *[None] * 9, "expert", 1],
            ["Walker", "Earns badges", *[None] * 7, "owl", None, None, None],
            ["owl", "badge", None, 2, *[None] * 6, "birds", None, None],
            ["reader", "event", "visited", 7, "days_in_a_row", None, True],
        ],
        Levels=[["slug", "name", "points_required"], ["expert", "Expert", 100]],
    )

    assert errors_of(result) == []
    assert result.is_written
    first, second, third = BadgeDefinition.objects.get(slug="walker").requirements.all()
    assert (first.kind, first.event, first.target) == ("event", "page_published", 4)
    assert (first.counting, first.within_days, first.group) == ("objects", 30, 1)
    assert first.object_key == f"wagtailcore.page:{lessons.pk}"
    assert first.is_below
    assert (second.level, second.group) == (Level.objects.get(), 1)
    assert (third.badge.slug, third.group, third.target) == ("owl", None, 1)
    assert BadgeDefinition.objects.get(slug="walker").progression_target == 2
    (of_owl,) = BadgeDefinition.objects.get(slug="owl").requirements.all()
    assert (of_owl.category, of_owl.target) == (Category.objects.get(), 2)
    (of_reader,) = BadgeDefinition.objects.get(slug="reader").requirements.all()
    assert (of_reader.counting, of_reader.allows_rest_days) == ("days_in_a_row", True)
    # The badge of a row is what is changed, once, by whichever row stands first.
    assert Revision.objects.for_instance(of_reader.badge_definition).count() == 2
    again = import_catalogue(export_catalogue("xlsx"), "catalogue.xlsx")
    assert set(actions(again)) == {"skipped"}
    assert "/lessons/" in export_catalogue("csv", sheet="Requirements").decode()


def errors_of(result: CatalogueResult) -> list[tuple[int, str, str]]:
    return [
        (row.number, error.column, error.message)
        for row in result.rows
        for error in row.errors
    ]


def test_rows_replace_what_a_badge_asked_for_and_leave_other_badges() -> None:
    requirements(WALKER, {"badge": "reader", "event": "visited"})

    result = requirements(
        {"badge": "walker", "kind": "points", "how_many": 100},
        {**WALKER, "how_many": 12},
    )

    assert actions(result) == ["updated", "updated"]
    assert asked("walker") == [("points", "", 100), ("event", "logged_in", 12)]
    assert asked("reader") == [("event", "visited", 1)]
    assert BadgeDefinition.objects.get(slug="walker").progression_target == 2


def test_a_row_that_names_only_the_badge_takes_all_away() -> None:
    requirements(WALKER)

    result = requirements({**dict.fromkeys(WALKER), "badge": "walker"})

    assert actions(result) == ["updated"]
    assert asked("walker") == []
    assert BadgeDefinition.objects.get(slug="walker").progression_target is None


def test_the_same_rows_change_nothing() -> None:
    requirements(WALKER, {**WALKER, "group": 2})
    before = list(Requirement.objects.values()), Revision.objects.count()

    result = requirements(WALKER, {**WALKER, "group": 2})

    assert actions(result) == ["skipped", "skipped"]
    assert (list(Requirement.objects.values()), Revision.objects.count()) == before


def test_a_cell_that_changes_is_said_and_its_requirement_stays_the_same_one() -> None:
    requirements(WALKER, {"badge": "walker", "event": "visited"})
    before = list(Requirement.objects.values_list("pk", flat=True))

    result = requirements(
        {"badge": "walker", "event": "visited"}, {**WALKER, "how_many": 11}
    )

    _first, second = result.rows
    assert [(c.column, c.before, c.after) for c in second.changes] == [
        ("how_many", 10, 11)
    ]
    assert [r.pk for r in Requirement.objects.all()] == before[::-1]


def test_the_target_of_a_badge_follows_from_its_requirements() -> None:
    sheets = {
        "Badges": [["slug", "name", "progression_target"], ["walker", "Walker", 3]],
        "Requirements": [["badge", "event", "how_many"], ["walker", "visited", 8]],
    }

    catalogue(**sheets)

    assert BadgeDefinition.objects.get(slug="walker").progression_target == 8
    assert actions(catalogue(**sheets)) == ["skipped", "skipped"]


def test_a_draft_gets_them_and_what_is_live_keeps_its_own() -> None:
    requirements(WALKER)

    result = requirements({**WALKER, "how_many": 20}, publish=False)

    assert actions(result) == ["updated"]
    assert asked("walker") == [("event", "logged_in", 10)]
    walker = BadgeDefinition.objects.get(slug="walker")
    draft = walker.get_latest_revision_as_object()
    assert [row.target for row in draft.requirements.all()] == [20]
    again = requirements({**WALKER, "how_many": 20}, publish=False)
    assert actions(again) == ["skipped"]
    assert "20" in export_catalogue("csv", sheet="Requirements").decode()


def test_badges_exchange_what_they_need() -> None:
    requirements({"badge": "walker", "kind": "badge", "required badge": "reader"})

    result = requirements(
        {"badge": "walker", "event": "visited"},
        {"badge": "reader", "kind": "badge", "required badge": "walker"},
    )

    assert actions(result) == ["updated", "updated"]
    assert sentences("reader") == ["Earns the badge “Walker”"]


def test_an_event_that_is_gone_comes_back_as_it_is(
    badges: dict[str, BadgeDefinition],
) -> None:
    Requirement.objects.create(
        badge_definition=badges["walker"], event="gone", object_key="gone.thing:7"
    )

    result = import_catalogue(export_catalogue("xlsx"), "catalogue.xlsx")

    assert set(actions(result)) == {"skipped"}


def test_text_like_a_formula_stays_text(badges: dict[str, BadgeDefinition]) -> None:
    Requirement.objects.create(
        badge_definition=badges["walker"], event="visited", object_key="=1+1"
    )

    data = export_catalogue("csv", sheet="Requirements")

    assert ",'=1+1," in data.decode()
    result = import_catalogue(data, "r.csv", sheet="Requirements")
    assert actions(result) == ["skipped"]


# What is refused


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ({"badge": "wlaker"}, "badge", "Did you mean “walker”?"),
        ({"badge": ""}, "badge", "This is needed."),
        ({"kind": "evnt"}, "kind", "The nearest are: event."),
        ({"event": "loged_in"}, "event", "The nearest are: logged_in."),
        ({"event": "zzz"}, "event", "Known are: signed_up, logged_in"),
        ({"event": None}, "event", "needs this"),
        ({"how_many": 0}, "how_many", "less than 1"),
        ({"how_many": "ten"}, "how_many", "isn't a whole number"),
        ({"how_many": 2 * 10**9}, "how_many", "1000000000"),
        ({"count": "evry"}, "count", "isn't one of"),
        ({"count": "days", "within_days": 3}, "how_many", "not so many days"),
        ({"count": "days_in_a_row", "within_days": 3}, "within_days", "no time limit"),
        ({"rest_days": "yes"}, "rest_days", "go with days in a row"),
        ({"object": "/nowhere/"}, "object", "There is no page “/nowhere/”."),
        ({"object": "wagtailcore.page:99999"}, "object", "There is no object"),
        ({"pages_below": "x"}, "pages_below", "Choose the page"),
        ({"kind": "badge"}, "required_badge", "either a badge or a category"),
        ({"kind": "level", "level": "expret"}, "level", "There is no level"),
        ({"kind": "badge", "category": "sport"}, "category", "There is no category"),
        ({"group": "a"}, "group", "isn't a whole number"),
        ({"event": "=HYPERLINK()"}, "event", "is not known"),
    ],
)
def test_a_mistake_is_said_in_its_cell(
    row: dict[str, Any], column: str, message: str
) -> None:
    ((number, found, said),) = errors(requirements({**WALKER, **row}))

    assert (number, found) == (1, column)
    assert message in said


def test_circles_are_refused_with_the_way_round() -> None:
    requirements({"badge": "star", "kind": "badge", "required_badge": "walker"})

    result = requirements(
        {"badge": "walker", "kind": "badge", "required_badge": "reader"},
        {"badge": "walker", "event": "visited"},
        {"badge": "reader", "kind": "badge", "required_badge": "star"},
    )

    first, second = errors(result)
    assert first[:2] == (1, "required_badge")
    assert "Walker → Reader → Star → Walker" in first[2]
    assert second[:2] == (3, "required_badge")
    assert "Reader → Star → Walker → Reader" in second[2]
    own = requirements({"badge": "star", "kind": "badge", "required_badge": "star"})
    assert "Star → Star" in errors(own)[0][2]


def test_a_badge_isnt_half_imported() -> None:
    requirements(WALKER)

    result = requirements(
        {**WALKER, "how_many": 20},
        {"badge": "walker", "event": "nonsense"},
        {"badge": "reader", "event": "visited"},
        options=SKIP,
    )

    assert actions(result) == ["refused", "refused", "updated"]
    assert "Row 2 of “Requirements”" in result.sheets[0].rows[0].errors[0].message
    assert asked("walker") == [("event", "logged_in", 10)]
    assert asked("reader") == [("event", "visited", 1)]


def test_what_needs_a_refused_row_is_refused() -> None:
    result = import_catalogue(
        workbook(
            Badges=[
                ["slug", "name", "points", "progression_target"],
                ["owl", "Owl", "many", None],
                ["walker", "Walker", 5, 3],
                ["crow", "Crow", 5, None],
            ],
            Requirements=[
                ["badge", "kind", "event", "required_badge"],
                ["owl", "event", "visited", None],
                ["walker", "badge", None, "owl"],
                ["crow", "event", "nonsense", None],
            ],
        ),
        "catalogue.xlsx",
        options=SKIP,
    )

    assert actions(result) == ["refused", "updated", "refused", *["refused"] * 3]
    walker = BadgeDefinition.objects.get(slug="walker")
    assert (walker.points, walker.progression_target) == (5, 3)
    assert not Requirement.objects.exists()


def test_who_may_not_change_badges_may_not_change_what_they_ask_for() -> None:
    user = get_user_model().objects.create_user("ada")
    codes = ["import_definitions", "add_badgedefinition", "publish_badgedefinition"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=codes))

    def checked(**sheets: Any) -> CatalogueResult:
        data = workbook(**sheets)
        return import_catalogue(data, "a.xlsx", user=user, check_permissions=True)

    new = {
        "Badges": [["slug", "name"], ["owl", "Owl"]],
        "Requirements": [["badge", "event"], ["owl", "visited"]],
    }
    refused = checked(Requirements=[["badge", "event"], ["walker", "visited"]])

    assert errors(refused) == [(2, "", "You may not change badges.")]
    assert checked(**new).is_written
    assert asked("owl") == [("event", "visited", 1)]


def test_a_locked_badge_keeps_what_it_asks_for(
    badges: dict[str, BadgeDefinition],
) -> None:
    BadgeDefinition.objects.filter(slug="walker").update(locked=True)

    result = catalogue(
        Badges=[["slug", "name"], ["walker", "Walker"]],
        Requirements=[["badge", "event"], ["walker", "visited"]],
    )

    assert {message for _row, _column, message in errors(result)} == {
        "It is locked. Have it unlocked first."
    }
    assert asked("walker") == []


# Undo


def test_undo_puts_the_old_ones_back(django_capture_on_commit_callbacks: Any) -> None:
    requirements(
        WALKER, {"badge": "walker", "kind": "badge", "required_badge": "reader"}
    )
    before = asked("walker")
    user = get_user_model().objects.create_superuser("ada", "ada@example.com", "x")
    data = workbook(
        Badges=[["slug", "name", "points"], ["owl", "Owl", 1], ["star", "Star", 7]],
        Levels=[["slug", "name", "points_required"], ["expert", "Expert", 100]],
        Requirements=[
            ["badge", "kind", "event", "level", "required badge"],
            ["walker", "event", "visited", None, None],
            ["walker", "level", None, "expert", None],
            ["owl", "event", "visited", None, None],
            ["star", "badge", None, None, "owl"],
            ["reader", "badge", None, None, "walker"],
        ],
    )
    job = jobs.create_job(CATALOGUE, ContentFile(data, "a.xlsx"), user=user)
    for step in (
        lambda: jobs.set_mapping(job, job.mapping) and jobs.start_preview(job),
        lambda: jobs.start_run(job, ImportOptions()),
    ):
        with django_capture_on_commit_callbacks(execute=True):
            assert step()
        job.refresh_from_db()
    assert job.error == ""
    assert asked("owl") == [("event", "visited", 1)]

    steps = undo_steps(job)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.start_undo(job)

    assert [step.obstacle for step in steps] == [""] * 5
    assert asked("walker") == before
    assert asked("reader") == asked("star") == []
    assert not BadgeDefinition.objects.filter(slug="owl").exists()
    assert not job.rows.filter(undone=False, action__in=["created", "updated"]).exists()


# Children of other models


class PlainRecipeResource(SpreadsheetResource):
    class Meta(SpreadsheetResource.Meta):
        model = Recipe
        fields = ("slug", "title")


class IngredientResource(ChildResource):
    recipe = Field(attribute="recipe", column_name="recipe", widget=ReferenceWidget())

    class Meta(ChildResource.Meta):
        model = Ingredient
        import_id_fields = ("recipe",)
        fields = ("recipe", "text")


def test_children_of_any_model_have_a_sheet() -> None:
    book = Workbook(
        "cooking",
        "recipes",
        {"Recipes": PlainRecipeResource, "Ingredients": IngredientResource},
    )
    data = workbook(
        Ingredients=[["recipe", "text"], ["pie", "Flour"], ["pie", "Apples"]],
        Recipes=[["slug", "title"], ["pie", "Pie"], ["tea", "Tea"]],
    )

    result = import_catalogue(data, "a.xlsx", workbook=book)

    assert actions(result) == ["created", "created", "updated", "updated"]
    pie = Recipe.objects.get(slug="pie")
    assert [child.text for child in pie.ingredients.all()] == ["Flour", "Apples"]
    exported = export_catalogue("xlsx", workbook=book)
    again = import_catalogue(exported, "a.xlsx", workbook=book)
    assert set(actions(again)) == {"skipped"}


# What it costs


def test_rows_cost_no_queries_of_their_own(lessons: Page) -> None:
    def rows(count: int, **cells: Any) -> list[dict[str, Any]]:
        row = {**WALKER, "object": "/lessons/", "pages_below": True, **cells}
        return [{**row, "badge": f"b{n}", "how_many": n + 1} for n in range(count)]

    def queries(*args: dict[str, Any], action: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            result = requirements(*args, dry_run=True)
        assert {row.action.value for row in result.rows} == {action}
        return len(captured)

    for number in range(30):
        BadgeDefinition.objects.create(name=f"B {number}", slug=f"b{number}")
    requirements(*rows(30))

    few = queries(*rows(2), action="skipped")
    assert queries(*rows(30), action="skipped") == few <= 12
    assert queries(*rows(30, group=1), action="updated") <= few + 3
    with CaptureQueriesContext(connection) as captured:
        export_catalogue("csv", sheet="Requirements")
    assert len(captured) <= 12


def test_a_submitted_draft_is_one_revision_however_many_rows() -> None:
    before = Revision.objects.count()

    result = requirements(
        *({**WALKER, "group": number} for number in range(5)),
        options=ImportOptions(destination=Destination.DRAFT),
    )

    assert [row.action for row in result.rows] == [RowAction.UPDATED] * 5
    # One of how it was, to go back to, and one of how it is now.
    assert Revision.objects.count() == before + 2
