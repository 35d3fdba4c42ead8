"""The first page: what is taken in, and what is refused beside its field."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.spreadsheets.make import archive, picture, separated, workbook
from wagtail_gamification.cms.imports.upload import UploadView
from wagtail_gamification.models import BadgeDefinition, ImportJob, ImportState

from .conftest import url, zipped_star

pytestmark = pytest.mark.django_db

KB = 1024


def upload(client, data, name="badges.csv", **fields):
    file = SimpleUploadedFile(name, data)
    return client.post(url("add"), {"file": file, "sheet": "Badges", **fields})


def csv_of(*rows):
    return separated([["name", "slug", "points"], *rows])


def errors(response, field):
    return response.context["form"].errors.get(field, [])


def test_the_page_says_what_it_takes(importer, settings):
    settings.WAGTAIL_GAMIFICATION_IMPORT_MAX_ROWS = 1234

    html = importer.get(url("add")).content.decode()

    assert "10.0\xa0MB" in html
    assert "30.0\xa0MB" in html
    assert "1,234 rows" in html
    assert ".xlsx" in html
    assert reverse("wagtail_gamification_imports:template", args=["catalogue"]) in html
    assert "?filled=1" in html


def test_what_is_recognised_is_checked_at_once(importer, editor, at_work):
    with at_work():
        response = upload(importer, csv_of(["Gold", "gold", 10]))

    job = ImportJob.objects.get()
    assert response.url == url("detail", job)
    assert job.user == editor
    assert job.state == ImportState.PREVIEWED
    assert not BadgeDefinition.objects.exists()


def test_a_heading_that_nobody_knows_is_asked_about_first(importer):
    response = upload(importer, separated([["name", "Sparkle"], ["Gold", "much"]]))

    job = ImportJob.objects.get()
    assert response.url == url("match", job)
    assert job.state == ImportState.UPLOADED


def test_the_same_headings_are_asked_about_once(importer):
    data = separated([["name", "Sparkle"], ["Gold", "much"]])
    upload(importer, data)
    first = ImportJob.objects.get()
    importer.post(url("match", first), {"column-1-0": "name", "column-1-1": ""})

    response = upload(importer, data)

    second = ImportJob.objects.exclude(pk=first.pk).get()
    assert response.url == url("detail", second)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("badges.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("badges.csv", picture()),
        ("badges.xlsx", b"not a workbook"),
        ("badges.docx", b"PK"),
        ("badges.csv", b""),
    ],
)
def test_what_is_no_spreadsheet_is_refused_beside_the_field(importer, name, data):
    response = upload(importer, data, name)

    assert response.status_code == 200
    assert errors(response, "file")
    assert not ImportJob.objects.exists()


def test_without_a_file_the_field_says_so(importer):
    response = importer.post(url("add"), {})

    assert errors(response, "file") == ["This field is required."]


def test_a_broken_zip_is_said_beside_the_images(importer):
    images = SimpleUploadedFile("images.zip", b"not a zip")

    response = upload(importer, csv_of(["Gold", "gold", 10]), images=images)

    assert errors(response, "images")
    assert not errors(response, "file")
    assert not ImportJob.objects.exists()


def test_images_come_with_it(importer):
    images = SimpleUploadedFile("images.zip", zipped_star())

    upload(importer, csv_of(["Gold", "gold", 10]), images=images)

    assert ImportJob.objects.get().images_name == "images.zip"


def test_a_file_that_does_not_name_its_sheet_has_to_be_told(importer):
    response = upload(importer, separated([["slug", "name"], ["a", "A"]]), sheet="")

    assert errors(response, "sheet")


def test_the_sheet_that_a_list_stands_for_is_chosen_already(importer):
    html = importer.get(url("add"), {"sheet": "Levels"}).content.decode()

    assert '<option value="Levels" selected>' in html


def test_a_sheet_that_the_workbook_has_not_is_refused(importer):
    response = upload(importer, csv_of(["Gold", "gold", 10]), sheet="Secrets")

    assert errors(response, "sheet")


def test_a_workbook_that_nobody_registered_is_not_found(importer):
    assert importer.get(url("add"), {"workbook": "nothing"}).status_code == 404


def test_a_file_beyond_its_limit_is_named_with_the_limit(importer, settings, media):
    settings.WAGTAIL_GAMIFICATION_IMPORT_MAX_FILE_SIZE = 100 * KB

    response = upload(importer, b"x" * 200 * KB)

    [message] = errors(response, "file")
    assert "100.0\xa0KB" in message
    assert not ImportJob.objects.exists()
    assert not media.exists()


def test_images_beyond_their_limit_leave_the_spreadsheet_alone(importer, settings):
    settings.WAGTAIL_GAMIFICATION_IMPORT_MAX_IMAGES_SIZE = 100 * KB
    images = SimpleUploadedFile("images.zip", b"x" * 200 * KB)

    response = upload(importer, csv_of(["Gold", "gold", 10]), images=images)

    [message] = errors(response, "images")
    assert "100.0\xa0KB" in message
    assert not errors(response, "file")


class Unread(BytesIO):
    """A body that nobody may read."""

    def read(self, *args):
        raise AssertionError("It was read.")


def test_what_is_larger_than_all_limits_is_not_read_at_all(editor):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)

    response = browser.generic(
        "POST",
        url("add"),
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(50 * KB * KB),
        **{"wsgi.input": Unread()},
    )

    assert response.status_code == 413
    assert "10.0\xa0MB" in response.content.decode()
    assert not ImportJob.objects.exists()


def test_a_length_that_is_no_number_is_taken_for_none(editor):
    request = RequestFactory().post(url("add"), CONTENT_LENGTH="many")
    request.user = editor
    request._dont_enforce_csrf_checks = True

    assert UploadView.as_view()(request).status_code == 200


def test_a_file_in_a_field_that_the_form_has_not_is_left_out(importer):
    other = SimpleUploadedFile("other.bin", b"x" * KB)

    response = upload(importer, csv_of(["Gold", "gold", 10]), other=other)

    assert response.status_code == 302


def test_a_file_name_is_text_and_not_markup(importer):
    name = "<img src=x onerror=alert(1)>.xlsx"

    html = upload(importer, b"broken", name).content.decode()

    assert "<img src=x" not in html


def test_json_names_its_sheets(importer):
    data = json.dumps({"Badges": [{"name": "Gold", "slug": "gold"}]}).encode()

    response = upload(importer, data, "badges.json", sheet="")

    assert response.url == url("detail", ImportJob.objects.get())


def test_a_workbook_names_its_sheets(importer):
    data = workbook(Badges=[["name", "slug"], ["Gold", "gold"]])

    response = upload(importer, data, "badges.xlsx", sheet="")

    assert response.url == url("detail", ImportJob.objects.get())


def test_a_zip_that_plays_tricks_is_refused(importer):
    images = SimpleUploadedFile("images.zip", archive({"../../star.png": picture()}))

    response = upload(importer, csv_of(["Gold", "gold", 10]), images=images)

    assert errors(response, "images")
