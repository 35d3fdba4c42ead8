"""What an editor chooses before an import runs, and that it runs once."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    Workflow,
    WorkflowContentType,
)

from wagtail_gamification.models import BadgeDefinition, ImportJob, ImportState
from wagtail_gamification.spreadsheets import jobs

from .conftest import url
from .test_upload import csv_of, upload

pytestmark = pytest.mark.django_db


def fields_of(client, job):
    form = client.get(url("detail", job)).context["form"]
    return {
        name: dict(getattr(field, "choices", ())) for name, field in form.fields.items()
    }


@pytest.fixture
def job(editor, make_job, add_row):
    job = make_job(editor)
    add_row(job)
    add_row(job)
    return job


@pytest.fixture
def asked(monkeypatch):
    """What was asked of the job runner."""
    calls = []

    def start_run(job, options):
        calls.append(options)
        return True

    monkeypatch.setattr("wagtail_gamification.cms.imports.preview.start_run", start_run)
    return calls


@pytest.fixture
def workflow(db):
    workflow = Workflow.objects.create(name="Four eyes", active=True)
    WorkflowContentType.objects.create(
        workflow=workflow,
        content_type=ContentType.objects.get_for_model(BadgeDefinition),
    )
    return workflow


def test_who_may_publish_chooses_between_that_and_drafts(importer, job):
    assert list(fields_of(importer, job)) == ["destination"]
    assert list(fields_of(importer, job)["destination"]) == ["publish", "draft"]


def test_moderation_is_offered_where_there_is_a_workflow(
    importer, job, workflow, settings
):
    assert list(fields_of(importer, job)["destination"]) == [
        "publish",
        "draft",
        "submit",
    ]
    settings.WAGTAIL_WORKFLOW_ENABLED = False
    assert "submit" not in fields_of(importer, job)["destination"]


def test_who_may_not_publish_has_no_choice_but_drafts(importer, editor, job, asked):
    group = editor.groups.get()
    group.permissions.remove(Permission.objects.get(codename="publish_badgedefinition"))

    assert fields_of(importer, job) == {}
    importer.post(url("run", job), {"destination": "publish"})

    assert [options.destination for options in asked] == ["draft"]


def test_what_may_not_be_chosen_is_refused(importer, job, asked):
    response = importer.post(url("run", job), {"destination": "submit"})

    assert response.context["form"].errors["destination"]
    assert asked == []


def test_the_models_of_other_sheets_have_no_say(importer, editor, make_job, add_row):
    # The editor may do nothing with levels.
    job = make_job(editor, headings={"Badges": ["name"], "Levels": ["name"]})
    add_row(job)

    assert "destination" not in fields_of(importer, job)


def test_the_button_counts_the_rows(importer, job, add_row):
    add_row(job, "skipped")

    assert "Import 2 rows" in importer.get(url("detail", job)).content.decode()


def test_where_nothing_changes_there_is_nothing_to_import(
    importer, editor, make_job, add_row, asked
):
    job = make_job(editor)
    add_row(job, "skipped")
    add_row(job, "refused")

    html = importer.get(url("detail", job)).content.decode()
    importer.post(url("run", job), {"destination": "draft", "refused": "skip"})

    assert "There is nothing to import" in html
    assert url("run", job) not in html
    assert asked == []


def test_with_refused_rows_nothing_starts_unless_they_are_left_out(
    importer, job, add_row, asked
):
    add_row(job, "refused")

    response = importer.post(
        url("run", job), {"destination": "publish", "refused": "stop"}
    )
    assert response.status_code == 200
    assert response.context["form"].errors["refused"]
    assert asked == []

    importer.post(url("run", job), {"destination": "publish", "refused": "skip"})
    assert [options.skip_refused for options in asked] == [True]


def test_the_refused_rows_are_offered_to_take_home(importer, job, add_row):
    add_row(job, "refused")

    html = importer.get(url("detail", job)).content.decode()

    assert f"{url('refused', job)}?format=xlsx" in html
    assert f"{url('refused', job)}?format=csv" in html


@pytest.mark.parametrize(
    ("choice", "skipped", "replaced"), [("keep", True, False), ("replace", False, True)]
)
def test_drafts_are_left_alone_or_written_over(
    importer, job, add_row, asked, choice, skipped, replaced
):
    add_row(job, "updated", has_draft=True)

    importer.post(url("run", job), {"destination": "draft", "drafts": choice})

    [options] = asked
    assert options.skip_refused is skipped
    assert options.replace_drafts is replaced


def test_drafts_are_left_alone_unless_somebody_says_so(importer, job, add_row, asked):
    add_row(job, "updated", has_draft=True)

    response = importer.post(url("run", job), {"destination": "draft"})

    assert response.context["form"].errors["drafts"]
    assert asked == []


def test_new_images_go_where_the_editor_may_add_some(
    importer, editor, job, add_row, asked
):
    add_row(job, image={"entry": "star.png"})
    root = Collection.get_first_root_node()
    mine = root.add_child(name="Badges")
    other = root.add_child(name="Others")
    assert "collection" not in fields_of(importer, job)
    GroupCollectionPermission.objects.create(
        group=editor.groups.get(),
        collection=mine,
        permission=Permission.objects.get(
            codename="add_image", content_type__app_label="wagtailimages"
        ),
    )

    response = importer.get(url("detail", job))
    assert list(response.context["form"].fields["collection"].queryset) == [mine]
    data = {"destination": "draft", "collection": other.pk}
    response = importer.post(url("run", job), data)
    assert response.context["form"].errors["collection"]
    importer.post(url("run", job), data | {"collection": mine.pk})
    assert [options.collection_id for options in asked] == [mine.pk]


def test_the_collection_is_asked_for_only_where_there_are_new_images(
    importer, editor, job, add_row
):
    editor.is_superuser = True
    editor.save()
    add_row(job, image={"pk": 1})

    assert "collection" not in fields_of(importer, job)


@pytest.mark.parametrize(
    "data", [{}, {"destination": "\0"}, {"destination": ["draft", "x"]}]
)
def test_garbage_starts_nothing(importer, job, asked, data):
    assert importer.post(url("run", job), data).status_code == 200
    assert asked == []


def test_the_second_click_finds_that_it_runs(importer, job):
    data = {"destination": "publish"}

    first = importer.post(url("run", job), data)
    second = importer.post(url("run", job), data)

    assert first.url == second.url == url("detail", job)
    job.refresh_from_db()
    assert job.state == ImportState.QUEUED


def test_the_second_of_two_at_once_is_told_so(importer, job, monkeypatch):
    monkeypatch.setattr(
        "wagtail_gamification.cms.imports.preview.start_run", lambda *args: False
    )

    response = importer.post(url("run", job), {"destination": "publish"}, follow=True)

    assert "has been started already" in response.content.decode()


@pytest.mark.parametrize(
    "state", [item for item in ImportState if item != ImportState.PREVIEWED]
)
def test_what_was_not_checked_is_not_run(importer, editor, make_job, add_row, state):
    job = make_job(editor, state)
    add_row(job)

    response = importer.post(url("run", job), {"destination": "publish"})

    assert response.url == url("detail", job)
    job.refresh_from_db()
    assert job.state == state


def test_the_whole_way(importer, at_work):
    with at_work():
        upload(importer, csv_of(["Gold", "gold", 10], ["Silver", "silver", "many"]))
    job = ImportJob.objects.get()
    html = importer.get(url("detail", job)).content.decode()
    assert "New" in html
    assert not BadgeDefinition.objects.exists()

    with at_work():
        importer.post(url("run", job), {"destination": "publish", "refused": "skip"})
    job.refresh_from_db()
    assert job.state == ImportState.DONE
    assert BadgeDefinition.objects.get().live
    html = importer.get(url("detail", job)).content.decode()
    assert "imported by" in html
    assert url("undo", job) in html

    html = importer.get(url("undo", job)).content.decode()
    assert "1 new definition will be deleted." in html
    with at_work():
        importer.post(url("undo", job))
    job.refresh_from_db()
    assert job.state == ImportState.UNDONE
    assert not BadgeDefinition.objects.exists()
    html = importer.get(url("detail", job)).content.decode()
    assert "1 definition was taken back" in html
    assert not jobs.start_undo(job)
