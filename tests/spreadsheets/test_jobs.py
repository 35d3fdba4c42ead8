"""Imports as jobs: each step once, whole or not at all, whatever happens between."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Locale, ModelLogEntry

from tests.testapp.models import Menu, Recipe
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    ImportJob,
    ImportRow,
    ImportState,
    Level,
)
from wagtail_gamification.spreadsheets import CatalogueError, jobs, progress, runs
from wagtail_gamification.spreadsheets.options import Destination, ImportOptions
from wagtail_gamification.spreadsheets.progress import ProgressNote
from wagtail_gamification.spreadsheets.resources import CATALOGUE
from wagtail_gamification.spreadsheets.results import Stage
from wagtail_gamification.spreadsheets.undo import undo_steps
from wagtail_gamification.spreadsheets.workbooks import Workbook, register_workbook
from wagtail_gamification.testing import create_player

from .conftest import files_in
from .make import archive, picture, separated, workbook
from .test_workbooks import MenuResource

pytestmark = pytest.mark.django_db

HEADINGS = ["name", "points", "category", "next_badge", "image"]
State = ImportState
DRAFT = ImportOptions(destination=Destination.DRAFT, replace_drafts=True)


@pytest.fixture
def editor(django_user_model: Any) -> Any:
    """Somebody who may import badges and categories, and publish them."""
    user = django_user_model.objects.create_user(username="edith", password="secret")
    user.user_permissions.add(
        *Permission.objects.filter(
            content_type__app_label="wagtail_gamification",
            content_type__model__in=["badgedefinition", "category", "importjob"],
        )
    )
    return user


@pytest.fixture
def run_commits(django_capture_on_commit_callbacks: Any) -> Any:
    """Let the tasks run that a step puts in the queue when it is committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def previewed(editor: Any, run_commits: Any) -> Any:
    def previewed(*rows: list[Any], **options: Any) -> ImportJob:
        job = made(editor, *rows, **options)
        assert jobs.set_mapping(job, job.mapping)
        with run_commits():
            assert jobs.start_preview(job)
        job.refresh_from_db()
        return job

    return previewed


@pytest.fixture
def ran(previewed: Any, run_commits: Any) -> Any:
    def ran(*rows: list[Any], options: Any = None, **files: Any) -> ImportJob:
        return run(previewed(*rows, **files), run_commits, options)

    return ran


def made(user: Any, *rows: list[Any], **options: Any) -> ImportJob:
    data = workbook(Badges=[HEADINGS, *rows])
    return jobs.create_job(
        CATALOGUE, ContentFile(data, "badges.xlsx"), user=user, **options
    )


def run(job: ImportJob, run_commits: Any, options: Any = None) -> ImportJob:
    with run_commits():
        assert jobs.start_run(job, options or ImportOptions())
    job.refresh_from_db()
    return job


def undo(job: ImportJob, run_commits: Any) -> ImportJob:
    with run_commits():
        assert jobs.start_undo(job)
    job.refresh_from_db()
    return job


def obstacles(job: ImportJob) -> dict[str, str]:
    return {step.row.key: step.obstacle for step in undo_steps(job)}


# From the upload to the result


def test_a_job_goes_from_upload_to_result(
    editor: Any, previewed: Any, run_commits: Any
) -> None:
    job = previewed(["Bronze", 10], ["Silver", 20])
    assert (job.state, job.has_result) == (State.PREVIEWED, False)
    assert job.totals == {"created": 2, "updated": 0, "skipped": 0, "refused": 0}
    assert not BadgeDefinition.objects.exists()
    assert not ModelLogEntry.objects.exists()

    run(job, run_commits)

    assert (job.state, job.has_result, job.error) == (State.DONE, True, "")
    assert job.finished_at is not None
    badges = BadgeDefinition.objects.live()
    assert {badge.name for badge in badges} == {"Bronze", "Silver"}
    assert {row.object_id for row in job.rows.all()} == {str(b.pk) for b in badges}
    entries = ModelLogEntry.objects.filter(uuid=job.uuid)
    assert entries.filter(action="wagtail.create", user=editor).count() == 2
    assert not ModelLogEntry.objects.exclude(uuid=job.uuid).exists()


def test_the_site_history_tells_of_the_import_when_it_is_purged(
    editor: Any, client: Any, previewed: Any, run_commits: Any
) -> None:
    Category.objects.create(name="Birds")
    job = run(previewed(["Bronze", 10], ["Silver", 20]), run_commits)
    entry = ModelLogEntry.objects.get(action="wagtail_gamification.import")
    assert (entry.user, entry.uuid) == (editor, job.uuid)
    with run_commits():
        assert jobs.start_undo(job)
    ImportJob.objects.all().delete()
    BadgeDefinition.objects.all().delete()
    editor.is_superuser = True
    editor.save()
    client.force_login(editor)

    page = client.get(reverse("wagtailadmin_reports:site_history")).content.decode()

    assert "Imported “badges.xlsx”. 2 created" in page
    assert "Took the import of “badges.xlsx” back." in page


def test_what_is_there_already_is_not_told_as_an_import(ran: Any) -> None:
    ran(["Bronze", 10])
    ran(["Bronze", 10])

    entries = ModelLogEntry.objects.filter(action="wagtail_gamification.import")
    assert entries.count() == 1


def test_what_was_refused_is_not_told_as_an_import(previewed: Any, ran: Any) -> None:
    job = ran(["Bronze", "many"])

    assert job.state == State.FAILED
    assert not ModelLogEntry.objects.filter(
        action="wagtail_gamification.import"
    ).exists()


def test_a_preview_leaves_the_site_as_it_is(
    editor: Any, previewed: Any, settings: Any
) -> None:
    # Who may add images to any collection.
    editor.is_superuser = True
    editor.save()
    media = Path(settings.MEDIA_ROOT)
    images = ContentFile(archive({"gold.png": picture()}), "images.zip")

    job = previewed(["Gold", 1, None, None, "gold.png"], images=images)

    assert job.rows.get().image == {"entry": "gold.png"}
    # Only what was uploaded.
    assert files_in(media) == ["file.xlsx", "images.zip"]
    assert not get_image_model().objects.exists()


def test_a_step_that_was_taken_already_is_not_taken_again(
    previewed: Any, run_commits: Any
) -> None:
    job = previewed(["Bronze", 10])
    twin = ImportJob.objects.get(pk=job.pk)
    with run_commits():
        assert jobs.start_run(job, ImportOptions())
        assert not jobs.start_run(twin, ImportOptions(destination=Destination.DRAFT))

    assert runs.run(str(job.pk)) is None
    assert BadgeDefinition.objects.live().count() == 1


def test_what_a_queue_delivers_twice_is_done_once(ran: Any, run_commits: Any) -> None:
    job = ran(["Bronze", 10])

    runs.preview(str(job.pk))
    runs.undo(str(job.pk))

    job.refresh_from_db()
    assert job.state == State.DONE
    assert BadgeDefinition.objects.live().count() == 1


def test_a_queue_that_does_not_answer_is_said(
    previewed: Any, run_commits: Any, monkeypatch: Any, caplog: Any
) -> None:
    job = previewed(["Bronze", 10])

    def no_answer(*args: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(type(jobs.tasks.run_import), "enqueue", no_answer)
    with run_commits():
        assert jobs.start_run(job, ImportOptions())

    job.refresh_from_db()
    assert job.state == State.PREVIEWED
    assert "don't answer" in job.error


def test_what_fails_is_said_and_leaves_nothing(
    previewed: Any, run_commits: Any, monkeypatch: Any, caplog: Any
) -> None:
    job = previewed(["Bronze", 10])

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(runs, "_store", broken)
    run(job, run_commits)

    assert job.state == State.FAILED
    assert "Nothing was written" in job.error
    assert "disk full" not in job.error
    assert "disk full" in caplog.text
    assert not BadgeDefinition.objects.exists()


# What happens between the preview and the run


def test_a_file_that_was_changed_in_the_storage(
    previewed: Any, run_commits: Any
) -> None:
    job = previewed(["Bronze", 10])
    with job.file.storage.open(job.file.name, "wb") as file:
        file.write(workbook(Badges=[HEADINGS, ["Gold", 1000]]))

    run(job, run_commits)

    assert job.state == State.FAILED
    assert "was changed after it was uploaded" in job.error
    assert not BadgeDefinition.objects.exists()


def test_a_file_that_is_gone(previewed: Any, run_commits: Any) -> None:
    job = previewed(["Bronze", 10])
    job.file.storage.delete(job.file.name)

    run(job, run_commits)

    assert job.state == State.FAILED
    assert "isn't there any more" in job.error


def test_permissions_that_were_taken_away(
    editor: Any, previewed: Any, run_commits: Any
) -> None:
    job = previewed(["Bronze", 10])
    editor.user_permissions.remove(
        Permission.objects.get(codename="add_badgedefinition")
    )

    run(job, run_commits)

    assert job.state == State.FAILED
    assert job.rows.get().action == "refused"
    assert not BadgeDefinition.objects.exists()


def test_a_definition_that_somebody_edited(
    editor: Any, ran: Any, previewed: Any, run_commits: Any
) -> None:
    ran(["Bronze", 10], ["Silver", 20])
    job = previewed(["Bronze", 11], ["Silver", 21])
    bronze = BadgeDefinition.objects.get(slug="bronze")
    bronze.points = 500
    bronze.save_revision().publish()

    run(job, run_commits, ImportOptions(skip_refused=True))

    assert job.state == State.DONE
    assert job.totals == {"created": 0, "updated": 1, "skipped": 0, "refused": 1}
    [error] = job.rows.get(key="bronze").errors
    assert "since the preview" in error["message"]
    points = dict(BadgeDefinition.objects.values_list("slug", "points"))
    assert points == {"bronze": 500, "silver": 21}


def test_a_definition_that_somebody_deleted(
    ran: Any, previewed: Any, run_commits: Any
) -> None:
    ran(["Bronze", 10])
    job = previewed(["Bronze", 11])
    BadgeDefinition.objects.get().delete()

    run(job, run_commits)

    assert job.state == State.FAILED
    assert "deleted since" in job.rows.get().errors[0]["message"]
    assert not BadgeDefinition.objects.exists()


# Workers that go away


@pytest.mark.parametrize(
    ("state", "to"),
    [
        (State.PREVIEWING, State.MAPPED),
        (State.RUNNING, State.INTERRUPTED),
        (State.UNDOING, State.DONE),
    ],
)
def test_silence_is_noticed(editor: Any, state: str, to: str) -> None:
    job = made(editor, ["Bronze", 10])
    job.move(job.state, to=state)
    assert not jobs.notice_silence(job)

    ImportJob.objects.update(changed_at=timezone.now() - timedelta(seconds=61))
    job.refresh_from_db()
    assert jobs.notice_silence(job)

    assert job.state == to
    assert "interrupted" in job.error


def test_a_worker_that_says_something_is_not_silent(editor: Any) -> None:
    job = made(editor, ["Bronze", 10])
    job.move(job.state, to=State.RUNNING)
    ImportJob.objects.update(changed_at=timezone.now() - timedelta(seconds=61))
    job.refresh_from_db()
    ProgressNote(job).write(Stage.WRITING, 3, 4)

    assert not jobs.notice_silence(job)

    noted = ProgressNote(job).read()
    assert noted is not None
    assert (noted.label, noted.percent) == ("Writing", 75)


def test_a_worker_that_was_given_up_writes_nothing(
    previewed: Any, run_commits: Any, monkeypatch: Any
) -> None:
    job = previewed(["Bronze", 10])
    store = runs._store

    def taken_away(job: ImportJob, result: Any) -> None:
        store(job, result)
        ImportJob.objects.update(state=State.INTERRUPTED)

    monkeypatch.setattr(runs, "_store", taken_away)
    run(job, run_commits)
    assert not BadgeDefinition.objects.exists()

    monkeypatch.undo()
    ImportJob.objects.update(state=State.INTERRUPTED)
    job.refresh_from_db()
    with run_commits():
        assert jobs.start_again(job)
    job.refresh_from_db()
    assert job.state == State.DONE
    assert BadgeDefinition.objects.live().count() == 1


def test_a_worker_that_was_given_up_leaves_no_image(
    admin_user: Any, run_commits: Any, media: Path, monkeypatch: Any
) -> None:
    images = ContentFile(archive({"star.png": picture()}), "images.zip")
    job = made(admin_user, ["Bronze", 10, None, None, "star.png"], images=images)
    jobs.set_mapping(job, job.mapping)
    with run_commits():
        jobs.start_preview(job)
    job.refresh_from_db()
    before = files_in(media)
    store = runs._store

    def taken_away(job: ImportJob, result: Any) -> None:
        assert "star.png" in files_in(media)
        store(job, result)
        ImportJob.objects.update(state=State.INTERRUPTED)

    monkeypatch.setattr(runs, "_store", taken_away)
    run(job, run_commits)

    assert not get_image_model().objects.exists()
    assert files_in(media) == before


def test_there_is_always_a_note_of_the_progress(editor: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0)
    job = made(editor, ["Bronze", 10])
    note = ProgressNote(job)
    note.write(Stage.WRITING, 1, 4)
    delete = note._storage.delete
    seen = []

    def deleting(path: str) -> None:
        delete(path)
        seen.append(ProgressNote(job).read())

    monkeypatch.setattr(
        type(note._storage), "delete", lambda self, path: deleting(path)
    )
    note.write(Stage.WRITING, 2, 4)
    note.write(Stage.WRITING, 3, 4)

    assert [found and found.done for found in seen] == [1, 2]
    assert ProgressNote(job).read().done == 3


# Columns


def test_the_mapping_is_remembered_for_the_same_headings(
    editor: Any, django_user_model: Any
) -> None:
    data = separated([["Bezeichnung", "name", "punkte"], ["x", "Bronze", 10]])

    def upload(user: Any) -> ImportJob:
        file = ContentFile(data, "badges.csv")
        return jobs.create_job(CATALOGUE, file, user=user, sheet="Badges")

    first = upload(editor)
    assert first.mapping["Badges"]["Bezeichnung"] == ""
    chosen = {"Badges": {"Bezeichnung": "", "name": "name", "punkte": "points"}}
    assert jobs.set_mapping(first, chosen)

    assert upload(editor).mapping == chosen
    other = django_user_model.objects.create_user(username="other")
    assert upload(other).mapping != chosen


def test_a_mapping_to_fields_that_are_gone_is_not_remembered(editor: Any) -> None:
    job = made(editor, ["Bronze", 10])
    job.move(State.UPLOADED, to=State.MAPPED, mapping={"Badges": {"name": "colour"}})

    assert made(editor, ["Bronze", 10]).mapping == {
        "Badges": {heading: heading for heading in HEADINGS}
    }


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"Badges": {"a": "name", "b": "name"}}, "more than one column"),
        ({"Badges": {"a": "name", "b": "password"}}, "has no field"),
        ({"Badges": {"a": "points"}}, "no column is matched"),
        ({}, "no column is matched"),
    ],
)
def test_a_mapping_that_does_not_work(
    editor: Any, mapping: dict[str, Any], message: str
) -> None:
    file = ContentFile(separated([["a", "b"], ["Bronze", 10]]), "badges.csv")
    job = jobs.create_job(CATALOGUE, file, user=editor, sheet="Badges")

    with pytest.raises(CatalogueError, match=message):
        jobs.set_mapping(job, mapping)

    job.refresh_from_db()
    assert job.state == State.UPLOADED


# Undoing


def test_undo_deletes_what_was_new_and_brings_back_what_was_changed(
    ran: Any, run_commits: Any
) -> None:
    ran(["Bronze", 10, None, "bronze-2"], ["Bronze 2", 15])
    job = ran(
        ["Bronze", 11, None, "silver"], ["Silver", 20, None, "bronze-2"], ["Gold", 30]
    )
    assert BadgeDefinition.objects.get(slug="bronze").next_badge.slug == "silver"

    undo(job, run_commits)

    assert job.state == State.UNDONE
    assert set(BadgeDefinition.objects.values_list("slug", "points", "live")) == {
        ("bronze", 10, True),
        ("bronze-2", 15, True),
    }
    bronze = BadgeDefinition.objects.get(slug="bronze")
    assert bronze.next_badge.slug == "bronze-2"
    assert not bronze.has_unpublished_changes
    assert job.rows.filter(undone=True).count() == 3
    assert (
        ModelLogEntry.objects.filter(
            uuid=job.uuid, action__in=["wagtail.delete", "wagtail.revert"]
        ).count()
        == 3
    )


def test_undo_leaves_what_was_earned_edited_or_deleted(
    ran: Any, run_commits: Any
) -> None:
    job = ran(["Bronze", 10], ["Silver", 20], ["Gold", 30], ["Iron", 40])
    BadgeDefinition.objects.get(slug="bronze").award(create_player())
    silver = BadgeDefinition.objects.get(slug="silver")
    silver.points = 21
    silver.save_revision().publish()
    BadgeDefinition.objects.get(slug="gold").delete()
    assert obstacles(job) == {
        "bronze": "1 player has earned it.",
        "silver": "It was edited since.",
        "gold": "It was deleted since.",
        "iron": "",
    }

    undo(job, run_commits)

    assert set(BadgeDefinition.objects.values_list("slug", flat=True)) == {
        "bronze",
        "silver",
    }
    assert [row.key for row in job.rows.filter(undone=True)] == ["iron"]


def test_undo_leaves_what_was_translated_and_minds_no_dragging(ran: Any) -> None:
    job = ran(["Bronze", 10], ["Silver", 20])
    french = Locale.objects.get_or_create(language_code="fr")[0]
    silver = BadgeDefinition.objects.get(slug="silver")
    silver.copy_for_translation(french).save()
    BadgeDefinition.objects.filter(slug="bronze").update(sort_order=7)

    assert obstacles(job) == {"bronze": "", "silver": "It was translated since."}


def test_undo_brings_drafts_back_beside_what_was_live(
    ran: Any, run_commits: Any
) -> None:
    ran(["Bronze", 10])
    bronze = BadgeDefinition.objects.get()
    bronze.points = 99
    bronze.save_revision()
    job = ran(["Bronze", 11], options=ImportOptions(replace_drafts=True))
    assert BadgeDefinition.objects.get().points == 11

    undo(job, run_commits)

    bronze = BadgeDefinition.objects.get()
    assert (bronze.points, bronze.live, bronze.has_unpublished_changes) == (
        10,
        True,
        True,
    )
    assert bronze.get_latest_revision_as_object().points == 99


def test_undo_of_drafts_leaves_no_draft(ran: Any, run_commits: Any) -> None:
    ran(["Bronze", 10])
    job = ran(["Bronze", 11], options=ImportOptions(destination=Destination.DRAFT))
    assert BadgeDefinition.objects.get().has_unpublished_changes

    undo(job, run_commits)

    bronze = BadgeDefinition.objects.get()
    assert (bronze.points, bronze.has_unpublished_changes) == (10, False)


def test_undo_brings_a_draft_back_that_was_never_live(
    ran: Any, run_commits: Any
) -> None:
    ran(["Bronze", 10], options=DRAFT)
    job = ran(["Bronze", 11], options=DRAFT)
    assert BadgeDefinition.objects.get().points == 11

    undo(job, run_commits)

    bronze = BadgeDefinition.objects.get()
    assert (bronze.points, bronze.live) == (10, False)
    assert bronze.get_latest_revision_as_object().points == 10


def test_undo_publishes_no_draft_of_what_was_made_without_revisions(
    ran: Any, run_commits: Any
) -> None:
    bronze = BadgeDefinition.objects.create(name="Bronze", slug="bronze", points=10)
    bronze.points = 99
    bronze.save_revision()
    job = ran(["Bronze", 11], options=ImportOptions(replace_drafts=True))

    undo(job, run_commits)

    bronze.refresh_from_db()
    assert (bronze.points, bronze.live, bronze.has_unpublished_changes) == (
        10,
        True,
        True,
    )
    assert bronze.get_latest_revision_as_object().points == 99


def test_undo_brings_back_what_has_revisions_but_no_drafts(
    admin_user: Any, run_commits: Any
) -> None:
    menus = Workbook("test.menus", "menus", {"Menus": MenuResource})
    register_workbook(menus)
    soup = Recipe.objects.create(title="Soup", slug="soup")
    monday = Menu.objects.create(name="Monday")
    data = workbook(Menus=[["name", "recipe"], ["Monday", "soup"]])
    file = ContentFile(data, "menus.xlsx")
    job = jobs.create_job(menus, file, user=admin_user)
    jobs.set_mapping(job, job.mapping)
    with run_commits():
        jobs.start_preview(job)
    run(job, run_commits)
    monday.refresh_from_db()
    assert monday.recipe == soup

    undo(job, run_commits)

    monday.refresh_from_db()
    assert (job.state, monday.recipe) == (State.UNDONE, None)


def test_undo_leaves_what_was_unpublished_or_has_no_revision_to_go_back_to(
    ran: Any, run_commits: Any
) -> None:
    ran(["Bronze", 10], ["Silver", 20])
    job = ran(["Bronze", 11], ["Silver", 21])
    BadgeDefinition.objects.get(slug="bronze").unpublish()
    silver = BadgeDefinition.objects.get(slug="silver")
    silver.revisions.exclude(pk=silver.latest_revision_id).delete()

    undo(job, run_commits)

    assert (job.state, job.error) == (State.UNDONE, "")
    assert obstacles(job) == {
        "bronze": "It was edited since.",
        "silver": "How it was before isn't known.",
    }
    assert dict(BadgeDefinition.objects.values_list("points", "live")) == {
        11: False,
        21: True,
    }


def test_undo_asks_for_permissions(editor: Any, ran: Any, run_commits: Any) -> None:
    job = ran(["Bronze", 10])
    editor.user_permissions.remove(
        Permission.objects.get(codename="delete_badgedefinition")
    )

    undo(job, run_commits)

    assert obstacles(job) == {"bronze": "You may not delete it."}
    assert BadgeDefinition.objects.count() == 1


def test_undo_of_levels_and_categories_that_changed_places(
    admin_user: Any, run_commits: Any
) -> None:
    def imported(levels: list[Any], category: str) -> ImportJob:
        data = workbook(
            Categories=[["slug", "name", "description"], ["c", "Cups", category]],
            Levels=[["slug", "name", "points_required"], *levels],
        )
        file = ContentFile(data, "catalogue.xlsx")
        job = jobs.create_job(CATALOGUE, file, user=admin_user)
        jobs.set_mapping(job, job.mapping)
        with run_commits():
            jobs.start_preview(job)
        job.refresh_from_db()
        return run(job, run_commits)

    imported([["a", "A", 0], ["b", "B", 100]], "Old")
    job = imported([["a", "A", 100], ["b", "B", 0]], "New")
    assert job.state == State.DONE, job.error

    undo(job, run_commits)

    assert job.state == State.UNDONE, job.error
    assert dict(Level.objects.values_list("slug", "points_required")) == {
        "a": 0,
        "b": 100,
    }
    assert Category.objects.get().description == "Old"


# The command, and the files


def test_the_command_leaves_a_job_in_the_history(tmp_path: Any) -> None:
    path = tmp_path / "badges.xlsx"
    path.write_bytes(workbook(Badges=[HEADINGS, ["Bronze", 10]]))

    call_command("gamification_import", str(path), verbosity=0)

    job = ImportJob.objects.get()
    assert (job.state, job.user, job.file_name) == (State.DONE, None, "badges.xlsx")
    assert job.totals["created"] == 1

    call_command("gamification_import", str(path), verbosity=0)
    assert ImportJob.objects.get() == job


def test_what_a_command_began_an_editor_goes_on_with_as_themselves(
    editor: Any, run_commits: Any
) -> None:
    def command(*levels: list[Any]) -> None:
        file = ContentFile(workbook(Levels=[["name", "points_required"], *levels]), "l")
        file.name = "levels.xlsx"
        jobs.run_here(CATALOGUE, file, options=ImportOptions(), user=editor)

    command(["One", 1])
    job = ImportJob.objects.get()
    assert obstacles(job) == {"one": "You may not delete it."}
    undo(job, run_commits)
    assert Level.objects.count() == 1

    command(["Two", "many"])
    job = ImportJob.objects.get(state=State.FAILED)
    job.move(State.FAILED, to=State.INTERRUPTED)
    with run_commits():
        assert jobs.start_again(job)
    job.refresh_from_db()
    assert "You may not add levels." in str(job.rows.get().errors)


def test_old_files_are_deleted_and_the_history_stays(
    ran: Any, capsys: Any, settings: Any
) -> None:
    job = ran(["Bronze", 10])
    path, storage = job.file.name, job.file.storage
    call_command("gamification_purge_imports")
    assert "0 imports" in capsys.readouterr().out
    assert storage.exists(path)

    ImportJob.objects.update(changed_at=timezone.now() - timedelta(days=31))
    call_command("gamification_purge_imports")

    assert "1 import " in capsys.readouterr().out
    assert not storage.exists(path)
    assert ImportRow.objects.count() == 1
    call_command("gamification_purge_imports", "--days=0")
    assert "0 imports" in capsys.readouterr().out


def test_a_number_of_days_below_zero() -> None:
    with pytest.raises(CommandError, match="less than 0"):
        call_command("gamification_purge_imports", "--days=-1")


def test_no_path_says_what_is_in_it(editor: Any) -> None:
    data = workbook(Badges=[HEADINGS, ["Bronze", 10]])
    file = ContentFile(data, "../../etc/passwd.xlsx")
    job = jobs.create_job(CATALOGUE, file, user=editor)

    assert job.file.name == f"gamification-imports/{job.uuid}/file.xlsx"
    assert uuid.UUID(str(job.uuid)).version == 4
