"""What is sent back: thumbnails that are stored nowhere, and refused rows."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from PIL import Image as PillowImage
from wagtail.images import get_image_model
from wagtail.models import Collection, GroupCollectionPermission

from tests.cms.conftest import create_image
from tests.spreadsheets.conftest import files_in
from tests.spreadsheets.make import archive, picture
from wagtail_gamification.models import ImportState

from .conftest import url, zipped_star

pytestmark = pytest.mark.django_db

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    "<script>alert(1)</script></svg>"
)


def thumbnail(client, job, position=0):
    return client.get(url("thumbnail", job, position))


def bomb():
    """A PNG of 20,000 by 20,000 pixels in a few hundred bytes."""

    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


def test_an_image_of_the_zip_is_shown_small_and_stored_nowhere(
    importer, editor, make_job, add_row, media
):
    job = make_job(editor, zipped=archive({"art/star.png": picture(size=400)}))
    add_row(job, image={"entry": "art/star.png"})
    before = files_in(media)

    response = thumbnail(importer, job)

    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    with PillowImage.open(BytesIO(response.content)) as image:
        assert image.format == "PNG"
        assert max(image.size) <= 96
    assert files_in(media) == before
    assert not get_image_model().objects.exists()
    assert url("thumbnail", job, 0) in importer.get(url("detail", job)).content.decode()
    assert files_in(media) == before


@pytest.mark.parametrize("format", ["JPEG", "GIF", "WEBP"])
def test_other_formats_are_shown_as_well(importer, editor, make_job, add_row, format):
    job = make_job(editor, zipped=archive({"a": picture(size=50, format=format)}))
    add_row(job, image={"entry": "a"})

    assert thumbnail(importer, job).status_code == 200


@pytest.mark.parametrize(
    "content", [b"", b"no image", SVG.encode(), bomb(), picture()[:40]]
)
def test_what_is_no_image_or_too_large_a_one_is_not_shown(
    importer, editor, make_job, add_row, content
):
    job = make_job(editor, zipped=archive({"a.png": content}))
    add_row(job, image={"entry": "a.png"})

    assert thumbnail(importer, job).status_code == 404


@pytest.mark.parametrize("entry", ["../../settings.py", "/etc/passwd", "", "nothing"])
def test_only_what_the_zip_holds_is_read(importer, editor, make_job, add_row, entry):
    job = make_job(editor, zipped=zipped_star())
    add_row(job, image={"entry": entry})

    assert thumbnail(importer, job).status_code == 404


def test_a_zip_that_is_gone_shows_nothing(importer, editor, make_job, add_row):
    job = make_job(editor, zipped=zipped_star())
    add_row(job, image={"entry": "star.png"})
    job.images_file.delete()

    assert thumbnail(importer, job).status_code == 404
    html = importer.get(url("detail", job)).content.decode()
    assert url("thumbnail", job, 0) not in html


def test_a_row_without_image_and_no_row_at_all_show_nothing(
    importer, editor, make_job, add_row
):
    job = make_job(editor, zipped=zipped_star())
    add_row(job)

    assert thumbnail(importer, job).status_code == 404
    assert thumbnail(importer, job, 99999999999999999999).status_code == 404


def test_an_image_of_the_site_is_shown_to_whom_it_is_shown_elsewhere(
    importer, editor, make_job, add_row, media
):
    image = create_image()
    job = make_job(editor)
    add_row(job, image={"pk": image.pk})
    before = files_in(media)
    assert thumbnail(importer, job).status_code == 404

    GroupCollectionPermission.objects.create(
        group=editor.groups.get(),
        collection=Collection.get_first_root_node(),
        permission=Permission.objects.get(
            codename="choose_image", content_type__app_label="wagtailimages"
        ),
    )

    assert thumbnail(importer, job).status_code == 200
    assert files_in(media) == before
    assert not image.renditions.exists()


def test_an_image_that_was_deleted_shows_nothing(importer, editor, make_job, add_row):
    job = make_job(editor)
    add_row(job, image={"pk": 12345})

    assert thumbnail(importer, job).status_code == 404


def test_refused_rows_come_back_with_their_reasons(importer, editor, make_job, add_row):
    job = make_job(editor, ImportState.DONE)
    add_row(job)
    add_row(
        job,
        "refused",
        cells={"slug": "gold", "name": "=Gold", "points": "many"},
        errors=[{"column": "points", "message": "Enter a whole number."}],
    )

    response = importer.get(url("refused", job))

    assert "attachment" in response["Content-Disposition"]
    book = openpyxl.load_workbook(BytesIO(response.content))
    rows = list(book["Badges"].iter_rows(values_only=True))
    assert len(rows) == 2
    assert "Enter a whole number." in rows[1][0]
    assert "=Gold" in rows[1]
    assert importer.get(url("refused", job), {"format": "csv"}).status_code == 200


@pytest.mark.parametrize("format", ["exe", "", "../x"])
def test_a_format_that_there_is_not_is_not_found(
    importer, editor, make_job, add_row, format
):
    job = make_job(editor)
    add_row(job, "refused")

    assert importer.get(url("refused", job), {"format": format}).status_code == 404


def test_where_nothing_was_refused_nothing_comes_back(importer, editor, make_job):
    assert importer.get(url("refused", make_job(editor))).status_code == 404


def test_a_format_that_can_not_hold_the_rows_says_so(
    importer, editor, make_job, add_row
):
    job = make_job(editor, headings={"Badges": ["name"], "Levels": ["name"]})
    add_row(job, "refused")
    add_row(job, "refused", sheet="Levels")

    response = importer.get(url("refused", job), {"format": "csv"})

    assert response.url == url("detail", job)
