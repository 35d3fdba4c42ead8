"""What an editor chooses: drafts, moderation, good rows only, and how far it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    Locale,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from wagtail_gamification.models import BadgeDefinition, Category, Level
from wagtail_gamification.spreadsheets import (
    CatalogueResult,
    import_catalogue,
)
from wagtail_gamification.spreadsheets.options import Destination, ImportOptions
from wagtail_gamification.spreadsheets.results import Stage

from .make import archive, json_rows, picture, workbook
from .test_import import actions, badges, levels

pytestmark = pytest.mark.django_db

DRAFT = ImportOptions(destination=Destination.DRAFT)
SUBMIT = ImportOptions(destination=Destination.SUBMIT)
GOOD_ROWS = ImportOptions(skip_refused=True)
REPLACE = ImportOptions(replace_drafts=True)


def reasons(result: CatalogueResult) -> list[tuple[int, str, str]]:
    return [
        (row.number, error.column, error.message)
        for row in result.rows
        for error in row.errors
    ]


@pytest.fixture
def user() -> Any:
    return get_user_model().objects.create_user("editor")


@pytest.fixture
def reviewers() -> Group:
    return Group.objects.create(name="Reviewers")


@pytest.fixture
def review(reviewers: Group) -> Workflow:
    """A workflow for badges."""
    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="Look at it")
    task.groups.add(reviewers)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    WorkflowContentType.objects.create(
        workflow=workflow,
        content_type=ContentType.objects.get_for_model(BadgeDefinition),
    )
    return workflow


# Where rows go


def test_the_options_take_the_place_of_publish() -> None:
    badges({"name": "Gold"}, options=DRAFT, publish=True)

    assert not BadgeDefinition.objects.get().live


def test_rows_are_submitted_to_moderation(review: Workflow, user: Any) -> None:
    badges({"name": "Old"})

    result = badges(
        {"name": "New"}, {"slug": "old", "points": 3}, options=SUBMIT, user=user
    )

    assert actions(result) == ["created", "updated"]
    new = BadgeDefinition.objects.get(slug="new")
    assert not new.live
    assert new.current_workflow_state.requested_by == user
    old = BadgeDefinition.objects.get(slug="old")
    assert (old.live, old.points) == (True, 0)
    state = old.current_workflow_task_state
    assert state.revision.content["points"] == 3


def test_what_is_the_same_is_not_submitted(review: Workflow, user: Any) -> None:
    badges({"name": "Gold"})

    badges({"name": "Gold", "sort_order": 4}, options=SUBMIT, user=user)

    gold = BadgeDefinition.objects.get()
    assert gold.sort_order == 4
    assert gold.current_workflow_state is None


def test_without_a_workflow_nothing_is_submitted(user: Any) -> None:
    result = badges({"name": "Gold"}, options=SUBMIT, user=user)

    assert reasons(result) == [
        (
            1,
            "",
            "There is no workflow for badges. Publish them, or save them as drafts.",
        )
    ]


@pytest.mark.parametrize("options", [DRAFT, SUBMIT])
def test_what_has_no_drafts_is_saved_at_once(options: ImportOptions) -> None:
    data = json_rows({"name": "Sport"})

    result = import_catalogue(data, "c.json", sheet="Categories", options=options)

    assert actions(result) == ["created"]
    assert Category.objects.get().name == "Sport"


def test_what_is_in_moderation_stays_there(
    review: Workflow, user: Any, reviewers: Group
) -> None:
    badges({"name": "Gold"}, options=SUBMIT, user=user)
    reviewer = get_user_model().objects.create_user("reviewer")
    reviewer.groups.add(reviewers)
    change = {"slug": "gold", "points": 2}
    replacing = ImportOptions(destination=Destination.SUBMIT, replace_drafts=True)

    assert "workflow" in reasons(badges(change, options=replacing, user=user))[0][2]
    result = badges(change, options=replacing, user=reviewer)

    assert actions(result) == ["updated"]
    gold = BadgeDefinition.objects.get()
    assert gold.workflow_states.count() == 1
    assert gold.latest_revision.content["points"] == 2


# Drafts and locks


@pytest.fixture
def drafted() -> BadgeDefinition:
    badges({"name": "Gold", "points": 1})
    badge = BadgeDefinition.objects.get()
    badge.points = 2
    badge.save_revision()
    return badge


CHANGE = {"slug": "gold", "points": 3}


def test_a_row_says_that_there_is_a_draft(drafted: BadgeDefinition) -> None:
    (row,) = badges(CHANGE).rows

    assert row.action.value == "refused"
    assert row.has_draft
    assert "draft with unpublished changes" in row.errors[0].message


def test_a_draft_is_replaced_where_the_editor_chose_that(
    drafted: BadgeDefinition,
) -> None:
    (row,) = badges(CHANGE, options=REPLACE).rows

    assert (row.action.value, row.has_draft) == ("updated", True)
    (change,) = row.changes
    assert (change.before, change.after) == (2, 3)
    gold = BadgeDefinition.objects.get()
    assert (gold.points, gold.has_unpublished_changes) == (3, False)


def test_what_is_only_a_draft_stays_one() -> None:
    badges({"name": "Gold"}, publish=False)

    options = ImportOptions(destination=Destination.DRAFT, replace_drafts=True)
    badges(CHANGE, options=options)

    gold = BadgeDefinition.objects.get()
    assert (gold.live, gold.points) == (False, 3)
    assert gold.latest_revision.content["points"] == 3


def test_levels_that_are_drafts_exchange_their_points() -> None:
    levels(
        {"name": "One", "points_required": 1},
        {"name": "Two", "points_required": 2},
        publish=False,
    )

    result = levels(
        {"slug": "one", "points_required": 2},
        {"slug": "two", "points_required": 1},
        options=ImportOptions(destination=Destination.DRAFT, replace_drafts=True),
    )

    assert actions(result) == ["updated", "updated"]
    assert dict(Level.objects.values_list("slug", "points_required")) == {
        "one": 2,
        "two": 1,
    }


def test_who_locked_it_may_change_it(user: Any) -> None:
    badges({"name": "Gold"})
    BadgeDefinition.objects.update(locked=True, locked_by=user)
    other = get_user_model().objects.create_user("other")

    assert "locked" in reasons(badges(CHANGE, user=other))[0][2]
    assert "locked" in reasons(badges(CHANGE))[0][2]
    assert actions(badges(CHANGE, user=user)) == ["updated"]


# The good rows only


def test_good_rows_are_written_and_the_others_left_out() -> None:
    result = badges(
        {"name": "Good", "points": 1},
        {"name": "Bad", "points": "x"},
        options=GOOD_ROWS,
    )

    assert actions(result) == ["created", "refused"]
    assert result.is_written
    assert result.is_refused
    assert [badge.slug for badge in BadgeDefinition.objects.all()] == ["good"]


def test_a_refused_row_gives_its_cells_back() -> None:
    good, bad = badges({"name": "Good"}, {"name": "Bad", "points": "x"}).rows

    assert good.cells == {}
    assert bad.cells == {"name": "Bad", "points": "x"}


def test_what_needs_a_refused_row_is_refused_too() -> None:
    data = workbook(
        Categories=[["slug", "name"], ["sport", "x" * 129], ["art", "Art"]],
        Badges=[
            ["name", "category", "next_badge"],
            ["First", None, "second"],
            ["Second", "sport", None],
            ["Third", "art", None],
        ],
    )

    result = import_catalogue(data, "c.xlsx", options=GOOD_ROWS)

    assert actions(result) == ["refused", "created", "refused", "refused", "created"]
    assert reasons(result)[1:] == [
        (2, "next_badge", "Row 3 of “Badges”, which this needs, is refused."),
        (3, "category", "Row 2 of “Categories”, which this needs, is refused."),
    ]
    assert BadgeDefinition.objects.get().category == Category.objects.get()


def test_a_translation_needs_its_original() -> None:
    Locale.objects.create(language_code="fr")

    result = badges(
        {"slug": "gold", "name": "Gold", "points": "x"},
        {"slug": "gold", "locale": "fr", "name": "Or"},
        options=GOOD_ROWS,
    )

    assert actions(result) == ["refused", "refused"]
    assert reasons(result)[1] == (
        2,
        "slug",
        "Row 1 of “Badges”, which this needs, is refused.",
    )
    assert not BadgeDefinition.objects.exists()


def test_a_row_that_counted_on_a_refused_change() -> None:
    levels(
        {"name": "One", "points_required": 1},
        {"name": "Two", "points_required": 2},
        {"name": "Three", "points_required": 3},
    )

    result = levels(
        {"slug": "one", "points_required": 2},
        {"slug": "two", "points_required": 3},
        {"slug": "three", "points_required": 4, "name": "x" * 129},
        options=GOOD_ROWS,
    )

    assert actions(result) == ["refused"] * 3
    assert not result.is_dry_run
    assert dict(Level.objects.values_list("slug", "points_required")) == {
        "one": 1,
        "two": 2,
        "three": 3,
    }


def test_a_loop_is_left_out() -> None:
    result = badges(
        {"name": "A", "next_badge": "b"},
        {"name": "B", "next_badge": "a"},
        {"name": "C", "next_badge": "a"},
        {"name": "D"},
        options=GOOD_ROWS,
    )

    assert actions(result) == ["refused", "refused", "refused", "created"]


def test_a_long_loop_is_named_in_short() -> None:
    count = 40
    result = badges(
        *(
            {"name": f"B{number}", "next_badge": f"b{(number + 1) % count}"}
            for number in range(count)
        )
    )

    assert reasons(result)[0][2].endswith("B9 → … → B0.")


def test_images_of_refused_rows_are_not_stored() -> None:
    images = archive({"red.png": picture("red"), "blue.png": picture("blue")})

    result = badges(
        {"name": "Good", "image": "red.png"},
        {"name": "Bad", "image": "blue.png", "points": "x"},
        images=images,
        options=GOOD_ROWS,
    )

    assert result.images_stored == 1
    assert [image.title for image in get_image_model().objects.all()] == ["red"]


# Since the preview


def stamps(result: CatalogueResult) -> dict[int, str]:
    return {place: row.stamp for place, row in enumerate(result.rows)}


def test_nothing_happened_since_the_preview() -> None:
    badges({"name": "Gold"})
    rows = [CHANGE, {"name": "New"}]
    seen = stamps(badges(*rows, dry_run=True))

    assert seen[1] == ""
    assert actions(badges(*rows, stamps=seen)) == ["updated", "created"]


def test_somebody_edited_it_since_the_preview() -> None:
    badges({"name": "Gold"})
    seen = stamps(badges(CHANGE, dry_run=True))
    badges({"slug": "gold", "description": "Other"})

    assert reasons(badges(CHANGE, stamps=seen)) == [
        (1, "", "Somebody changed this since the preview. Look at it again.")
    ]


def test_somebody_edited_something_without_revisions() -> None:
    def category(**options: Any) -> CatalogueResult:
        data = json_rows({"slug": "sport", "name": "Sports"})
        return import_catalogue(data, "c.json", sheet="Categories", **options)

    Category.objects.create(name="Sport", slug="sport")
    seen = stamps(category(dry_run=True))
    Category.objects.update(description="Other")

    assert "since the preview" in reasons(category(stamps=seen))[0][2]


def test_somebody_deleted_it_since_the_preview() -> None:
    badges({"name": "Gold"})
    row = {"slug": "gold", "name": "Gold", "points": 3}
    seen = stamps(badges(row, dry_run=True))
    BadgeDefinition.objects.get().delete()

    assert reasons(badges(row, stamps=seen)) == [
        (1, "", "This was deleted since the preview. Look at it again.")
    ]


def test_somebody_made_it_since_the_preview() -> None:
    row = {"slug": "gold", "name": "Gold", "points": 3}
    seen = stamps(badges(row, dry_run=True))
    badges({"name": "Gold"})

    assert reasons(badges(row, stamps=seen)) == [
        (1, "", "Somebody made this since the preview. Look at it again.")
    ]


def test_what_is_the_same_by_now_is_skipped() -> None:
    badges({"name": "Gold"})
    seen = stamps(badges(CHANGE, dry_run=True))
    badges(CHANGE)

    assert actions(badges(CHANGE, stamps=seen)) == ["skipped"]


def test_positions_count_through_all_sheets() -> None:
    data = workbook(
        Categories=[["slug", "name"], ["sport", "Sport"]],
        Badges=[["name"], ["Gold"]],
    )
    import_catalogue(data, "c.xlsx")
    data = workbook(
        Categories=[["slug", "name"], ["sport", "Sports"]],
        Badges=[["name", "points"], ["Gold", 2]],
    )
    seen = stamps(import_catalogue(data, "c.xlsx", dry_run=True))
    badges({"slug": "gold", "description": "Other"})

    result = import_catalogue(data, "c.xlsx", stamps=seen, options=GOOD_ROWS)

    assert actions(result) == ["updated", "refused"]


# What is told


def test_how_a_changed_badge_was() -> None:
    badges({"name": "Gold", "points": 1, "sort_order": 5})
    gold = BadgeDefinition.objects.get()

    (row,) = badges(CHANGE).rows

    assert row.before["revision"] == gold.latest_revision_id
    assert row.before["live"]
    assert row.before["live_revision"] == gold.live_revision_id
    fields = row.before["fields"]
    assert (fields["points"], fields["sort_order"], fields["image_id"]) == (1, 5, None)


def test_a_badge_without_a_revision_gets_one_of_how_it_was() -> None:
    BadgeDefinition.objects.create(name="Gold", slug="gold", points=1)

    (row,) = badges(CHANGE).rows

    gold = BadgeDefinition.objects.get()
    assert gold.points == 3
    assert gold.revisions.count() == 2
    assert gold.revisions.get(pk=row.before["revision"]).content["points"] == 1


def test_the_image_of_a_row(make_image: Any) -> None:
    medal = make_image("Medal")
    images = archive({"deep/gold.png": picture("gold")})

    rows = badges(
        {"name": "A", "image": "Medal"},
        {"name": "B", "image": "gold.png"},
        {"name": "C"},
        images=images,
        dry_run=True,
    ).rows

    assert [row.image for row in rows] == [
        {"pk": medal.pk},
        {"entry": "deep/gold.png"},
        {},
    ]


def test_a_written_row_has_the_stamp_of_what_is_there_now() -> None:
    (made,) = badges({"name": "Gold"}).rows

    (seen,) = badges({"name": "Gold"}, dry_run=True).rows

    assert made.stamp == seen.stamp != ""


def test_progress_is_told_at_every_stage() -> None:
    told: list[tuple[Stage, int, int]] = []
    data = workbook(
        Categories=[["slug", "name"], ["sport", "Sport"]],
        Badges=[["name", "image"], ["A", "a.png"], ["B", "b.png"]],
    )
    images = archive({"a.png": picture("red"), "b.png": picture("blue")})

    import_catalogue(
        data, "c.xlsx", images=images, progress=lambda *said: told.append(said)
    )

    last = {stage: (done, total) for stage, done, total in told}
    assert last == {
        Stage.READING: (1, 1),
        Stage.CHECKING: (3, 3),
        Stage.IMAGES: (2, 2),
        Stage.WRITING: (3, 3),
        Stage.PUBLISHING: (2, 2),
    }
    assert list(last) == [stage for stage in Stage if stage in last]
    assert all(done <= total for _stage, done, total in told)
    assert str(Stage.READING.label) == "Reading the file"


def test_new_images_go_to_the_collection_that_was_chosen() -> None:
    art = Collection.get_first_root_node().add_child(name="Art")
    images = archive({"a.png": picture()})

    badges(
        {"name": "A", "image": "a.png"},
        images=images,
        options=ImportOptions(collection_id=art.pk),
    )

    assert get_image_model().objects.get().collection == art


def test_a_collection_that_is_gone() -> None:
    result = badges(
        {"name": "A", "image": "a.png"},
        images=archive({"a.png": picture()}),
        options=ImportOptions(collection_id=0),
    )

    assert reasons(result) == [
        (1, "image", "The collection for new images isn't there any more.")
    ]
