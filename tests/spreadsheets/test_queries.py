"""Reading costs the same number of queries however many rows there are."""

from __future__ import annotations

from typing import Any

import django
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from wagtail_gamification.models import BadgeDefinition
from wagtail_gamification.spreadsheets import export_catalogue, import_catalogue

from .make import archive, picture, workbook
from .test_import import badges

pytestmark = pytest.mark.django_db


def sheets(count: int) -> bytes:
    headings = [
        "slug",
        "locale",
        "name",
        "description",
        "image",
        "category",
        "next badge",
    ]
    rows = [
        row
        for number in range(count)
        for row in (
            [
                f"badge-{number}",
                "en",
                f"Badge {number}",
                f"<p>About <i>{number}</i></p>",
                "gold.png",
                "sport",
                f"badge-{number + 1}" if number + 1 < count else "",
            ],
            [f"badge-{number}", "fr", f"Insigne {number}", None, "gold.png"],
        )
    ]
    return workbook(
        Categories=[["slug", "name"], ["sport", "Sport"]], Badges=[headings, *rows]
    )


def queries(data: bytes, **options: Any) -> int:
    images = archive({"gold.png": picture("gold")})
    with CaptureQueriesContext(connection) as captured:
        result = import_catalogue(data, "a.xlsx", images=images, **options)
    assert {row.action.value for row in result.rows} == {"skipped"}
    return len(captured)


def imported(count: int) -> bytes:
    data = sheets(count)
    import_catalogue(data, "a.xlsx", images=archive({"gold.png": picture("gold")}))
    return data


@pytest.mark.usefixtures("french")
def test_fifty_unchanged_rows_and_their_translations() -> None:
    few = imported(3)
    with_few = queries(few), queries(few, dry_run=True)
    many = imported(50)

    with_many = queries(many), queries(many, dry_run=True)

    assert with_many == with_few
    assert with_many[1] <= 11
    assert with_many[0] <= 20


@pytest.mark.usefixtures("french")
def test_fifty_drafts() -> None:
    data = imported(50)
    for badge in BadgeDefinition.objects.all():
        badge.save_revision()

    assert queries(data, dry_run=True) <= 14


@pytest.mark.usefixtures("french")
def test_exporting(django_assert_max_num_queries: Any) -> None:
    imported(50)

    with django_assert_max_num_queries(10):
        export_catalogue("xlsx")


def test_new_rows_are_planned_without_a_query_each(db: None) -> None:
    assert Locale.objects.count() == 1
    rows = [{"name": f"Badge {number}", "points": number} for number in range(40)]

    with CaptureQueriesContext(connection) as captured:
        badges(*rows, dry_run=True)

    assert len(captured) <= 9


@pytest.fixture
def _tasks_elsewhere(settings: Any) -> None:
    """Wagtail's tasks, such as those of its search index, run in a worker."""
    package = "django.tasks" if django.VERSION >= (6, 0) else "django_tasks"
    settings.TASKS = {"default": {"BACKEND": f"{package}.backends.dummy.DummyBackend"}}


def per_row(rows: Any, **options: Any) -> float:
    """Say how many queries each further row costs."""

    def counted(count: int, first: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            result = badges(*rows(count, first), **options)
        assert "refused" not in {row.action.value for row in result.rows}
        return len(captured)

    # The first import reads what is read once, such as content types.
    counted(1, 1000)
    return (counted(20, 100) - counted(10, 200)) / 10


def numbered(count: int, first: int, **cells: Any) -> list[dict[str, Any]]:
    numbers = range(first, first + count)
    return [{"slug": f"b{n}", "name": f"Badge {n}", **cells} for n in numbers]


@pytest.mark.usefixtures("_tasks_elsewhere")
def test_what_a_new_row_costs() -> None:
    assert per_row(numbered, publish=False) <= 11
    assert per_row(lambda count, first: numbered(count, first + 5000)) <= 23


@pytest.mark.usefixtures("_tasks_elsewhere")
def test_what_a_changed_row_costs() -> None:
    badges(*numbered(200, 100), *numbered(1, 1000))

    assert per_row(lambda *args: numbered(*args, points=1)) <= 26
    assert per_row(lambda *args: numbered(*args, points=2), publish=False) <= 13


def test_planning_a_changed_row_costs_nothing() -> None:
    last = numbered(1, 9)
    badges(*last, *numbered(200, 100, next_badge="b9"), *numbered(1, 1000))

    def chained(count: int, first: int) -> list[dict[str, Any]]:
        return numbered(count, first, next_badge="b9", points=1)

    assert per_row(chained, dry_run=True) == 0


def test_an_unchanged_row_costs_nothing() -> None:
    badges(*numbered(200, 100), *numbered(1, 1000))

    assert per_row(numbered) == 0
    assert per_row(numbered, dry_run=True) == 0
