"""While an import is worked on, when it stands still, and after it was taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from wagtail_gamification.models import BadgeDefinition, ImportJob, ImportState
from wagtail_gamification.spreadsheets.jobs import start_run
from wagtail_gamification.spreadsheets.options import ImportOptions
from wagtail_gamification.spreadsheets.progress import ProgressNote
from wagtail_gamification.spreadsheets.results import Stage

from .conftest import url
from .test_upload import csv_of, upload

pytestmark = pytest.mark.django_db

BUSY = [
    ImportState.PREVIEWING,
    ImportState.QUEUED,
    ImportState.RUNNING,
    ImportState.UNDOING,
]
LONG_AGO = timedelta(days=1)


@pytest.mark.parametrize("state", BUSY)
def test_the_page_of_a_job_at_work_asks_again_by_itself(
    importer, editor, make_job, state
):
    job = make_job(editor, state)

    html = importer.get(url("detail", job)).content.decode()

    assert f'data-w-swap-src-value="{url("status", job)}"' in html
    assert "w-session:ping->w-swap#submit" in html
    assert 'role="status"' in html
    assert "<progress" in html
    assert '<label for="import-bar"' in html


def test_it_says_what_is_being_done_and_how_far_it_is(importer, editor, make_job):
    job = make_job(editor, ImportState.RUNNING)
    ProgressNote(job).write(Stage.WRITING, 1200, 5000)

    html = importer.get(url("status", job)).content.decode()

    assert f"{Stage.WRITING.label}: 1,200 of 5,000" in html
    assert 'value="24"' in html
    assert "<html" not in html


def test_a_screen_reader_hears_of_each_tenth_once(importer, editor, make_job):
    job = make_job(editor, ImportState.RUNNING)
    ProgressNote(job).write(Stage.WRITING, 1200, 5000)
    first = importer.get(url("status", job))
    said = first.context["said"]

    again = importer.get(url("status", job), {"said": said}).content.decode()
    ProgressNote(job).write(Stage.WRITING, 1600, 5000)
    later = importer.get(url("status", job), {"said": said}).content.decode()

    assert "w-teleport" in first.content.decode()
    assert "w-teleport" not in again
    assert "w-teleport" in later


@pytest.mark.parametrize("state", [ImportState.PREVIEWED, ImportState.DONE])
def test_when_it_is_over_the_page_goes_on_by_itself(importer, editor, make_job, state):
    job = make_job(editor, state)

    html = importer.get(url("status", job)).content.decode()

    assert "w-init:ready->w-action#redirect" in html
    assert f'data-w-action-url-param="{url("detail", job)}"' in html
    # And a link for those whose browser does not.
    assert f'href="{url("detail", job)}"' in html


@pytest.mark.parametrize(
    ("state", "after", "button"),
    [
        (ImportState.PREVIEWING, ImportState.MAPPED, "Check again"),
        (ImportState.RUNNING, ImportState.INTERRUPTED, "Start again"),
    ],
)
@pytest.mark.parametrize("name", ["detail", "status"])
def test_a_worker_that_went_away_is_noticed(
    importer, editor, make_job, state, after, button, name
):
    job = make_job(editor, state, changed_at=timezone.now() - LONG_AGO)

    importer.get(url(name, job))

    job.refresh_from_db()
    assert job.state == after
    html = importer.get(url("detail", job)).content.decode()
    assert job.error in html
    assert button in html


def test_where_no_worker_comes_it_can_be_started_again(importer, editor, make_job):
    job = make_job(editor, ImportState.QUEUED, changed_at=timezone.now() - LONG_AGO)

    html = importer.get(url("detail", job)).content.decode()
    part = importer.get(url("status", job)).content.decode()
    importer.post(url("again", job))

    assert url("again", job) in html
    # The page that is open already learns of it, too.
    assert 'form="import-again"' in html
    assert 'form="import-again"' in part
    job.refresh_from_db()
    assert job.state == ImportState.QUEUED
    assert timezone.now() - job.changed_at < LONG_AGO


def test_an_interrupted_import_is_started_again_once(importer, editor, make_job):
    job = make_job(editor, ImportState.INTERRUPTED)

    importer.post(url("again", job))
    response = importer.post(url("again", job), follow=True)

    assert "gone on already" in response.content.decode()
    job.refresh_from_db()
    assert job.state == ImportState.QUEUED


@pytest.mark.parametrize(
    "state", [ImportState.MAPPED, ImportState.PREVIEWED, ImportState.FAILED]
)
def test_a_file_can_be_checked_again(importer, editor, make_job, state):
    job = make_job(editor, state)

    assert importer.post(url("check", job)).url == url("detail", job)
    job.refresh_from_db()
    assert job.state == ImportState.PREVIEWING


@pytest.mark.parametrize(
    "state", [ImportState.RUNNING, ImportState.DONE, ImportState.UNDONE]
)
def test_what_went_on_is_not_checked_again(importer, editor, make_job, state):
    job = make_job(editor, state)

    response = importer.post(url("check", job), follow=True)

    assert "checked any more" in response.content.decode()
    job.refresh_from_db()
    assert job.state == state


def test_a_failed_import_says_why_and_shows_what_was_refused(
    importer, editor, make_job, add_row
):
    job = make_job(editor, ImportState.FAILED, error="The moon was too bright.")
    add_row(job, "refused", errors=[{"column": "name", "message": "Too long."}])

    html = importer.get(url("detail", job)).content.decode()

    assert "The moon was too bright." in html
    assert "Too long." in html
    assert url("check", job) in html
    assert url("match", job) in html
    assert url("add") in html


def test_an_import_whose_files_are_gone_can_only_be_uploaded_again(
    importer, editor, make_job
):
    job = make_job(editor, ImportState.FAILED)
    job.file.delete()

    html = importer.get(url("detail", job)).content.decode()

    assert url("check", job) not in html
    assert url("add") in html


def test_what_can_not_be_undone_says_why_first(
    importer, editor, make_job, add_row, at_work
):
    with at_work():
        upload(importer, csv_of(["Gold", "gold", 10], ["Silver", "silver", 5]))
    job = ImportJob.objects.get()
    with at_work():
        start_run(job, ImportOptions())
    silver = BadgeDefinition.objects.get(slug="silver")
    silver.points = 7
    silver.save_revision().publish()

    html = importer.get(url("undo", job)).content.decode()
    assert "1 new definition will be deleted." in html
    assert "1 can't be undone" in html.replace("&#x27;", "'")
    assert "It was edited since." in html
    assert html.index("Silver") < html.index("Gold")

    with at_work():
        importer.post(url("undo", job))
    html = importer.get(url("detail", job)).content.decode()
    assert "1 definition was taken back" in html
    assert "It was edited since." in html
    assert list(BadgeDefinition.objects.all()) == [silver]


@pytest.mark.parametrize(
    "state", [item for item in ImportState if item != ImportState.DONE]
)
def test_what_is_not_done_is_not_undone(importer, editor, make_job, state):
    job = make_job(editor, state)

    assert importer.get(url("undo", job)).url == url("detail", job)
    assert importer.post(url("undo", job)).url == url("detail", job)
    job.refresh_from_db()
    assert job.state == state


def test_the_result_leads_to_the_audit_log(importer, editor, make_job):
    job = make_job(editor, ImportState.DONE, finished_at=timezone.now())

    html = importer.get(url("detail", job)).content.decode()

    address = f"/admin/reports/site-history/?user={editor.pk}&amp;timestamp_from="
    assert address in html
    assert importer.get(address.split("&")[0]).status_code == 200
