"""Which column is which field."""

from __future__ import annotations

import pytest

from tests.spreadsheets.make import separated
from wagtail_gamification.models import ImportJob, ImportState

from .conftest import url
from .test_upload import upload

pytestmark = pytest.mark.django_db

# Badges are the second sheet of the catalogue.
NAME, OTHER = "column-1-0", "column-1-1"


@pytest.fixture
def job(importer):
    upload(importer, separated([["name", "Sparkle"], ["Gold", "7"]]))
    return ImportJob.objects.get()


def test_what_was_recognised_is_chosen_and_the_rest_is_marked(importer, job):
    response = importer.get(url("match", job))
    html = response.content.decode()

    form = response.context["form"]
    assert form[NAME].initial == "name"
    assert form[OTHER].initial == ""
    assert not form.fields[NAME].help_text
    assert "recognised" in form.fields[OTHER].help_text
    assert "Ignore this column" in html
    assert "Sparkle" in html


def test_what_was_chosen_is_checked(importer, job, at_work):
    with at_work():
        response = importer.post(url("match", job), {NAME: "name", OTHER: "points"})

    job.refresh_from_db()
    assert response.url == url("detail", job)
    assert job.mapping == {"Badges": {"name": "name", "Sparkle": "points"}}
    assert job.state == ImportState.PREVIEWED
    [row] = job.rows.all()
    assert {change["column"]: change["after"] for change in row.changes}["points"] == 7


def test_one_field_is_not_filled_by_two_columns(importer, job):
    response = importer.post(url("match", job), {NAME: "name", OTHER: "name"})

    assert response.context["form"].errors[OTHER]
    job.refresh_from_db()
    assert job.state == ImportState.UPLOADED


def test_what_is_missing_is_named(importer, job):
    response = importer.post(url("match", job), {NAME: "", OTHER: "points"})

    html = response.content.decode()
    assert response.context["form"].non_field_errors()
    assert "no row can be read without them" in html
    job.refresh_from_db()
    assert job.state == ImportState.UPLOADED


@pytest.mark.parametrize(
    "data",
    [
        {NAME: "password"},
        {NAME: ["name", "slug"], OTHER: "__class__"},
        {OTHER: "\0"},
        {"column-99-0": "name"},
        {NAME: "x" * 10_000},
    ],
)
def test_garbage_changes_nothing(importer, job, data):
    assert importer.post(url("match", job), data).status_code == 200

    job.refresh_from_db()
    assert job.state == ImportState.UPLOADED


def test_a_heading_is_text_and_not_markup(importer):
    heading = "<script>alert(1)</script>"
    upload(importer, separated([["name", heading], ["Gold", "7"]]))

    html = importer.get(url("match", ImportJob.objects.get())).content.decode()

    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize(
    "state",
    [ImportState.QUEUED, ImportState.RUNNING, ImportState.DONE, ImportState.UNDONE],
)
def test_an_import_that_went_on_is_not_matched_again(importer, editor, make_job, state):
    job = make_job(editor, state)

    assert importer.get(url("match", job)).url == url("detail", job)
    assert importer.post(url("match", job), {NAME: "name"}).url == url("detail", job)
    job.refresh_from_db()
    assert job.state == state
