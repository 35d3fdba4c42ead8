"""Rows become definitions: created, updated, skipped or refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_save, pre_save
from wagtail.models import (
    GroupApprovalTask,
    Locale,
    ModelLogEntry,
    Revision,
    Workflow,
    WorkflowTask,
)
from wagtail.signals import copy_for_translation_done, published

from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    GamificationInterface,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.spreadsheets import (
    CatalogueError,
    CatalogueResult,
    RowAction,
    import_catalogue,
    writer,
)

from .make import json_rows, separated, workbook

pytestmark = pytest.mark.django_db

CATALOGUE = {
    "Categories": [["slug", "name"], ["sport", "Sport"]],
    "Badges": [
        [
            "name",
            "description",
            "category",
            "points",
            "progression target",
            "next badge",
        ],
        ["Bronze", "<p>Begin</p>", "sport", 10, 3, "gold"],
        ["Gold", None, "Sport", "20.0", None, None],
    ],
    "Unlockables": [["name", "points_required", "relock"], ["Library", 50, "yes"]],
    "Levels": [["name", "points_required"], ["Novice", 0], ["Expert", 100]],
}


def imported(**sheets: Any) -> CatalogueResult:
    return import_catalogue(workbook(**sheets), "catalogue.xlsx")


def badges(*rows: dict[str, Any], **options: Any) -> CatalogueResult:
    return import_catalogue(json_rows(*rows), "b.json", sheet="Badges", **options)


def levels(*rows: dict[str, Any], **options: Any) -> CatalogueResult:
    return import_catalogue(json_rows(*rows), "l.json", sheet="Levels", **options)


def actions(result: CatalogueResult) -> list[str]:
    return [row.action.value for row in result.rows]


def errors(result: CatalogueResult) -> list[tuple[int, str, str]]:
    assert not result.is_written
    return [
        (row.number, error.column, error.message)
        for row in result.rows
        for error in row.errors
    ]


def everything() -> list[Any]:
    models = [BadgeDefinition, Category, Level, UnlockableDefinition]
    stored = [list(model.objects.order_by("pk").values()) for model in models]
    return [*stored, Revision.objects.count(), ModelLogEntry.objects.count()]


# Creating


def test_a_workbook_becomes_definitions() -> None:
    result = imported(**CATALOGUE)

    assert actions(result) == ["created"] * 6
    assert result.is_written
    bronze = BadgeDefinition.objects.get(slug="bronze")
    assert bronze.name == "Bronze"
    assert ">Begin</p>" in bronze.description
    assert bronze.category == Category.objects.get(slug="sport")
    assert bronze.points == 10
    assert bronze.progression_target == 3
    assert bronze.next_badge.slug == "gold"
    assert bronze.live
    gold = BadgeDefinition.objects.get(slug="gold")
    assert (gold.points, gold.progression_target, gold.next_badge) == (20, None, None)
    assert gold.category == bronze.category
    library = UnlockableDefinition.objects.get()
    assert (library.slug, library.points_required, library.relock) == (
        "library",
        50,
        True,
    )
    assert list(Level.objects.values_list("slug", "points_required")) == [
        ("novice", 0),
        ("expert", 100),
    ]


def test_players_have_the_badges_at_once(django_user_model: Any) -> None:
    player = GamificationInterface.objects.for_user(
        django_user_model.objects.create_user("ada")
    )

    imported(**CATALOGUE)

    names = player.badges.values_list("badge_definition__name", flat=True)
    assert sorted(names) == ["Bronze", "Gold"]
    assert player.unlockables.count() == 1


def test_only_a_name_is_needed() -> None:
    assert actions(badges({"name": "First Steps"})) == ["created"]

    badge = BadgeDefinition.objects.get(slug="first-steps")
    assert (badge.points, badge.is_secret, badge.image) == (0, False, None)
    assert badge.locale == Locale.get_default()


@pytest.mark.parametrize("sheet", ["Unlockables", "Levels"])
def test_some_need_points_too(sheet: str) -> None:
    result = import_catalogue(b"name\nOne\n", "a.csv", sheet=sheet)

    assert errors(result) == [(2, "points_required", "This is needed.")]


def test_what_a_created_row_tells() -> None:
    (row,) = badges({"name": "Gold", "points": 5}).rows

    badge = BadgeDefinition.objects.get()
    assert (row.number, row.slug, row.locale, row.name) == (1, "gold", "en", "Gold")
    assert row.object_id == badge.pk
    assert row.revision_id == badge.latest_revision_id
    assert [(change.column, change.before, change.after) for change in row.changes] == [
        ("name", "", "Gold"),
        ("points", "", 5),
    ]


def test_drafts_are_not_live() -> None:
    result = badges({"name": "Gold", "points": 5}, publish=False)

    assert result.is_written
    badge = BadgeDefinition.objects.get()
    assert not badge.live
    assert badge.latest_revision.content["points"] == 5
    assert badge.has_unpublished_changes


def test_a_draft_chain_is_stored_with_its_drafts() -> None:
    badges({"name": "A", "next_badge": "b"}, {"name": "B"}, publish=False)

    first = BadgeDefinition.objects.get(slug="a")
    assert first.next_badge.slug == "b"
    assert first.latest_revision.content["next_badge"] == first.next_badge_id


def test_the_audit_log_and_revisions_name_the_user() -> None:
    user = get_user_model().objects.create_user("editor")

    import_catalogue(workbook(**CATALOGUE), "a.xlsx", user=user)

    gold = BadgeDefinition.objects.get(slug="gold")
    assert gold.latest_revision.user == user
    entries = ModelLogEntry.objects.for_instance(gold).order_by("pk")
    assert list(entries.values_list("action", "user")) == [
        ("wagtail.create", user.pk),
        ("wagtail.publish", user.pk),
    ]
    entry = ModelLogEntry.objects.for_instance(Category.objects.get()).get()
    assert (entry.action, entry.user) == ("wagtail.create", user)


# Updating


def test_changed_rows_are_published_through_a_revision() -> None:
    imported(**CATALOGUE)
    gold = BadgeDefinition.objects.get(slug="gold")

    result = badges({"slug": "gold", "points": 30}, {"slug": "bronze"})

    assert actions(result) == ["updated", "skipped"]
    updated = BadgeDefinition.objects.get(slug="gold")
    assert updated.points == 30
    assert updated.latest_revision_id != gold.latest_revision_id
    assert updated.live_revision_id == updated.latest_revision_id
    assert not updated.has_unpublished_changes
    assert updated.category == gold.category
    (change,) = next(iter(result.rows)).changes
    assert (change.column, change.before, change.after) == ("points", 20, 30)
    log = ModelLogEntry.objects.for_instance(gold).order_by("-pk")
    assert [entry.action for entry in log[:2]] == ["wagtail.publish", "wagtail.edit"]


def test_a_changed_row_as_a_draft_leaves_what_is_live() -> None:
    badges({"name": "Gold", "points": 5})

    result = badges({"slug": "gold", "points": 6, "name": "Gold!"}, publish=False)

    badge = BadgeDefinition.objects.get()
    assert actions(result) == ["updated"]
    assert (badge.points, badge.name, badge.live) == (5, "Gold", True)
    assert badge.get_latest_revision_as_object().points == 6


def test_a_category_is_saved_at_once() -> None:
    imported(**CATALOGUE)

    result = import_catalogue(
        separated([["slug", "name"], ["sport", "Sports"]]), "a.csv", sheet="Categories"
    )

    assert actions(result) == ["updated"]
    category = Category.objects.get()
    assert category.name == "Sports"
    assert ModelLogEntry.objects.for_instance(category).count() == 2


def test_the_order_is_changed_without_a_revision() -> None:
    badges({"name": "Gold"})
    before = BadgeDefinition.objects.get()

    assert actions(badges({"slug": "gold", "sort_order": -7})) == ["updated"]

    badge = BadgeDefinition.objects.get()
    assert badge.sort_order == -7
    assert badge.latest_revision_id == before.latest_revision_id


def test_the_order_and_more() -> None:
    badges({"name": "Gold"})

    badges({"slug": "gold", "sort_order": 3, "points": 2})

    badge = BadgeDefinition.objects.get()
    assert (badge.sort_order, badge.points) == (3, 2)


def test_a_missing_column_leaves_the_field_and_an_empty_cell_empties_it() -> None:
    badges({"name": "Gold", "points": 5, "progression_target": 3, "description": "A"})

    badges({"slug": "gold", "progression_target": "", "points": ""})

    badge = BadgeDefinition.objects.get()
    assert (badge.progression_target, badge.points) == (None, 0)
    assert ">A</p>" in badge.description


def test_a_row_without_a_slug_is_found_by_the_slug_of_its_name() -> None:
    badges({"name": "First Steps", "points": 1})

    result = badges({"name": "First Steps", "points": 1})

    assert actions(result) == ["skipped"]


def test_the_same_again_is_skipped_row_by_row() -> None:
    imported(**CATALOGUE)
    before = everything()

    assert actions(imported(**CATALOGUE)) == ["skipped"] * 6
    assert everything() == before


def test_a_draft_that_was_imported_is_skipped_and_said_to_be_one() -> None:
    badges({"name": "Gold", "points": 5}, publish=False)

    (row,) = badges({"name": "Gold", "points": 5}, publish=False).rows

    assert row.action == RowAction.SKIPPED
    assert row.note == "The same as its draft, which isn't published."


# Leaving editors' work alone


def refused(result: CatalogueResult) -> str:
    ((number, column, message),) = errors(result)
    assert (number, column) == (1, "")
    return message


@pytest.fixture
def gold() -> BadgeDefinition:
    badges({"name": "Gold", "points": 5})
    return BadgeDefinition.objects.get()


CHANGE = {"slug": "gold", "points": 6}


@pytest.mark.parametrize("publish", [True, False])
def test_somebodys_draft_is_never_overwritten(
    gold: BadgeDefinition, publish: bool
) -> None:
    gold.description = "<p>Being written</p>"
    gold.save_revision()
    before = everything()

    assert "draft with unpublished changes" in refused(badges(CHANGE, publish=publish))
    assert everything() == before


def test_what_equals_somebodys_draft_is_skipped(gold: BadgeDefinition) -> None:
    gold.points = 6
    gold.save_revision()

    assert actions(badges(CHANGE)) == ["skipped"]


def test_what_was_retired_is_left_alone(gold: BadgeDefinition) -> None:
    gold.unpublish()

    assert "isn't published" in refused(badges(CHANGE))


def test_what_is_locked_is_left_alone(gold: BadgeDefinition) -> None:
    BadgeDefinition.objects.update(locked=True)

    assert "locked" in refused(badges(CHANGE))


def test_what_is_in_a_workflow_is_left_alone(gold: BadgeDefinition) -> None:
    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="Look at it")
    task.groups.add(Group.objects.create(name="Reviewers"))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    user = get_user_model().objects.create_user("editor")
    workflow.start(gold, user)

    assert "workflow" in refused(badges(CHANGE))


def test_what_is_scheduled_is_left_alone(gold: BadgeDefinition) -> None:
    Revision.objects.update(approved_go_live_at="2099-01-01T00:00:00Z")

    assert "scheduled" in refused(badges(CHANGE))


# Refusing


def test_one_refused_row_and_nothing_is_written(
    django_capture_on_commit_callbacks: Any,
) -> None:
    before = everything()

    with django_capture_on_commit_callbacks() as callbacks:
        result = badges({"name": "Good"}, {"name": "Bad", "points": "x"})

    assert actions(result) == ["created", "refused"]
    assert errors(result) == [(2, "points", "“x” isn't a whole number.")]
    assert everything() == before
    assert callbacks == []


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (
            {"name": "", "points": 1},
            "slug",
            "Give a name or a slug: this row has no key.",
        ),
        ({"name": "!!!"}, "slug", "Give a name or a slug: this row has no key."),
        ({"slug": "a", "name": ""}, "name", "This is needed."),
        ({"slug": "a b", "name": "A"}, "slug", "valid “slug”"),
        ({"slug": "a" * 129, "name": "A"}, "slug", "at most 128 characters"),
        ({"name": "x" * 129}, "name", "at most 128 characters"),
        ({"name": "A\0"}, "name", "control character (U+0000)"),
        ({"name": "A", "points": -1}, "points", "can't be less than 0"),
        ({"name": "A", "points": 10**12}, "points", "too large"),
        ({"name": "A", "progression_target": 0}, "progression_target", "less than 1"),
        ({"name": "A", "max_awards": "often"}, "max_awards", "isn't a whole number"),
        ({"name": "A", "is_secret": "maybe"}, "is_secret", "neither yes nor no"),
        ({"name": "A", "locale": "xx"}, "locale", "It has: en."),
        ({"name": "A", "locale": "EN-"}, "locale", "Did you mean “en”?"),
        ({"name": "A", "category": "none"}, "category", "There is no category “none”."),
        (
            {"name": "A", "next_badge": "none"},
            "next_badge",
            "There is no badge “none”.",
        ),
        ({"name": "A", "image": "none"}, "image", "There is no image “none”"),
        ({"name": "A", "description": "<li>x"}, "description", "isn't HTML"),
        ({"name": ["A", "B"]}, "name", "single value"),
    ],
)
def test_what_is_wrong_stands_beside_its_column(
    row: dict[str, Any], column: str, message: str
) -> None:
    found = errors(badges({"name": "Fine"}, row))

    assert any(
        number == 2 and at == column and message in text for number, at, text in found
    ), found
    assert not BadgeDefinition.objects.exists()


def test_everything_that_is_wrong_with_a_row_is_said_at_once() -> None:
    found = errors(badges({"name": "A", "points": "x", "image": "y", "category": "z"}))

    assert [column for _, column, _ in found] == ["image", "category", "points"]


def test_a_row_of_an_editors_draft_says_what_else_is_wrong(gold: Any) -> None:
    gold.save_revision()

    found = errors(badges({"slug": "gold", "points": -1, "name": "Changed"}))

    assert sorted(column for _, column, _ in found) == ["", "points"]


def test_numbers_are_those_of_the_spreadsheet() -> None:
    data = workbook(Badges=[[], ["name", "points"], ["A", 1], [], ["B", "x"]])

    result = import_catalogue(data, "a.xlsx")

    assert errors(result) == [(5, "points", "“x” isn't a whole number.")]


def test_two_rows_of_one_slug_name_each_other() -> None:
    found = errors(badges({"slug": "a", "name": "A"}, {"name": "B"}, {"name": "A"}))

    assert found == [
        (1, "slug", "“a” is also in row 3, in the same language."),
        (3, "slug", "“a” is also in row 1, in the same language."),
    ]


def test_slugs_that_differ_by_case_are_two_to_one_database_and_one_to_another() -> None:
    badges({"slug": "Gold", "name": "Gold"})

    found = errors(badges({"slug": "gold", "name": "Gold"}))

    assert found == [
        (1, "slug", "There is no “gold”, but “Gold”. Write it the same way.")
    ]
    assert (
        len(errors(badges({"slug": "x", "name": "X"}, {"slug": "X", "name": "X"}))) == 2
    )


def test_references_are_corrected() -> None:
    imported(**CATALOGUE)

    found = errors(badges({"name": "A", "category": "sprot", "next_badge": "Golt"}))

    assert [message for *_, message in found] == [
        "There is no category “sprot”. Did you mean “sport”?",
        "There is no badge “Golt”. Did you mean “gold”?",
    ]


def test_a_name_that_several_have_is_no_reference() -> None:
    badges({"slug": "a", "name": "Same"}, {"slug": "b", "name": "Same"})

    ((_, column, message),) = errors(badges({"name": "C", "next_badge": "Same"}))

    assert column == "next_badge"
    assert "Use a slug: a, b." in message


# All or nothing


def test_a_failure_in_the_middle_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = everything()
    save = writer._save

    def fail_at_gold(plan: Any, *args: Any, **kwargs: Any) -> None:
        if plan.slug == "gold":
            raise RuntimeError("The power went.")
        save(plan, *args, **kwargs)

    monkeypatch.setattr(writer, "_save", fail_at_gold)

    with pytest.raises(RuntimeError, match="power"):
        imported(**CATALOGUE)
    assert everything() == before


def test_somebody_else_was_quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    insert = writer._insert

    def insert_after_somebody(plan: Any, **kwargs: Any) -> None:
        BadgeDefinition.objects.create(name="Theirs", slug=plan.slug)
        insert(plan, **kwargs)

    monkeypatch.setattr(writer, "_insert", insert_after_somebody)

    with pytest.raises(CatalogueError, match="changed at the same time"):
        badges({"name": "Gold"})
    assert not BadgeDefinition.objects.exists()


def test_a_dry_run_says_the_same_and_does_nothing(
    django_capture_on_commit_callbacks: Any, french: Locale
) -> None:
    badges({"name": "Gold", "points": 1})
    before = everything()
    sheets = {
        **CATALOGUE,
        "Badges": [
            ["slug", "locale", "name"],
            ["gold", "fr", "Or"],
            ["new", "", "New"],
        ],
    }
    data = workbook(**sheets)
    heard: list[Any] = []

    def listener(sender: Any, **kwargs: Any) -> None:
        heard.append(sender)

    signals = [pre_save, post_save, m2m_changed, published, copy_for_translation_done]
    for signal in signals:
        signal.connect(listener)
    try:
        with django_capture_on_commit_callbacks() as callbacks:
            would = import_catalogue(data, "a.xlsx", dry_run=True)
    finally:
        for signal in signals:
            signal.disconnect(listener)

    assert (heard, callbacks) == ([], [])
    assert everything() == before
    assert (would.is_dry_run, would.is_written) == (True, False)
    does = import_catalogue(data, "a.xlsx")
    assert actions(does) == actions(would) == ["created"] * 6
    assert [row.changes for row in does.rows] == [row.changes for row in would.rows]


# Chains


def test_a_chain_may_name_rows_further_down_and_badges_of_the_site() -> None:
    badges({"name": "Last"})

    result = badges(
        {"name": "First", "next_badge": "Second"},
        {"name": "Second", "next_badge": "last"},
    )

    assert actions(result) == ["created", "created"]
    first = BadgeDefinition.objects.get(slug="first")
    assert first.next_badge.next_badge.slug == "last"


def test_a_chain_that_loops_is_refused_with_its_path() -> None:
    found = errors(
        badges(
            {"name": "A", "next_badge": "b"},
            {"name": "B", "next_badge": "c"},
            {"name": "C", "next_badge": "a"},
            {"name": "D", "next_badge": "a"},
            {"name": "E", "next_badge": "e"},
        )
    )

    assert found == [
        (1, "next_badge", "This would make a loop: A → B → C → A."),
        (2, "next_badge", "This would make a loop: B → C → A → B."),
        (3, "next_badge", "This would make a loop: C → A → B → C."),
        (5, "next_badge", "This would make a loop: E → E."),
    ]


def test_a_loop_through_a_badge_of_the_site() -> None:
    badges({"name": "A", "next_badge": "b"}, {"name": "B"})

    found = errors(badges({"slug": "b", "next_badge": "A"}))

    assert found == [(1, "next_badge", "This would make a loop: B → A → B.")]


@pytest.mark.parametrize("publish", [True, False])
def test_a_chain_can_be_turned_round(publish: bool) -> None:
    badges({"name": "A", "next_badge": "b"}, {"name": "B"})

    result = badges(
        {"slug": "b", "next_badge": "a"},
        {"slug": "a", "next_badge": ""},
        publish=publish,
    )

    assert actions(result) == ["updated", "updated"]
    latest = {
        badge.slug: badge.get_latest_revision_as_object().next_badge
        for badge in BadgeDefinition.objects.all()
    }
    assert (latest["a"], latest["b"].slug) == (None, "a")


# Levels


def test_two_levels_of_the_same_points() -> None:
    levels({"name": "One", "points_required": 10})

    found = errors(
        levels(
            {"name": "Two", "points_required": 10},
            {"name": "Three", "points_required": 10},
        )
    )

    message = "The level “One” begins with 10 points too."
    assert found == [(1, "points_required", message), (2, "points_required", message)]


def test_levels_can_be_moved_up_to_let_one_in() -> None:
    levels(
        {"name": "One", "points_required": 10}, {"name": "Two", "points_required": 20}
    )

    result = levels(
        {"name": "New", "points_required": 10},
        {"slug": "one", "points_required": 20},
        {"slug": "two", "points_required": 30},
    )

    assert actions(result) == ["created", "updated", "updated"]
    assert list(Level.objects.values_list("slug", "points_required")) == [
        ("new", 10),
        ("one", 20),
        ("two", 30),
    ]


def test_a_draft_takes_no_points_from_what_is_live() -> None:
    levels({"name": "One", "points_required": 10})

    result = levels(
        {"name": "New", "points_required": 10},
        {"slug": "one", "points_required": 20},
        publish=False,
    )

    assert errors(result)[0][1:] == (
        "points_required",
        "The level “One” begins with 10 points too.",
    )
