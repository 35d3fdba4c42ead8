"""Images: of the site or from a ZIP, checked, stored once, or not at all."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from wagtail.images import get_image_model
from wagtail.models import Collection, ModelLogEntry

from wagtail_gamification.models import BadgeDefinition
from wagtail_gamification.spreadsheets import (
    CatalogueError,
    CatalogueResult,
    import_catalogue,
    writer,
)

from .conftest import files_in
from .make import archive, picture
from .test_import import actions, badges, errors

pytestmark = pytest.mark.django_db

Image = get_image_model()
GOLD = {"name": "Gold", "image": "gold.png"}


def with_images(
    *rows: dict[str, Any], files: dict[str, Any], **options: Any
) -> CatalogueResult:
    return badges(*rows, images=archive(files), **options)


def message_of(result: CatalogueResult) -> str:
    ((_, column, message),) = errors(result)
    assert column == "image"
    return message


# From the site


def test_by_exact_title_or_by_number(make_image: Any) -> None:
    medal, cup = make_image("Medal"), make_image("A cup", "green")

    badges({"name": "A", "image": "Medal"}, {"name": "B", "image": float(cup.pk)})

    images = {badge.slug: badge.image for badge in BadgeDefinition.objects.all()}
    assert images == {"a": medal, "b": cup}


def test_a_title_in_another_case_is_another_title(make_image: Any) -> None:
    make_image("Medal")

    assert "Did you mean “Medal”?" in message_of(
        badges({"name": "A", "image": "MEDAL"})
    )


def test_a_title_that_several_images_have(make_image: Any) -> None:
    first, second = make_image("Medal"), make_image("Medal", "green")

    message = message_of(badges({"name": "A", "image": "Medal"}))

    assert f"Use a number: {first.pk}, {second.pk}." in message


def test_the_image_that_a_badge_has_keeps_its_title(make_image: Any) -> None:
    image = make_image("Medal")
    badges({"name": "A", "image": str(image.pk)})
    make_image("Medal", "green")

    assert actions(badges({"name": "A", "image": "Medal"})) == ["skipped"]


def test_an_empty_cell_takes_the_image_away(make_image: Any) -> None:
    make_image("Medal")
    badges({"name": "A", "image": "Medal"})

    assert actions(badges({"name": "A", "image": ""})) == ["updated"]
    assert BadgeDefinition.objects.get().image is None


def test_a_number_that_no_image_has() -> None:
    assert "no image “99”" in message_of(badges({"name": "A", "image": 99}))


# From a ZIP


def test_a_file_of_the_zip_is_stored_as_an_upload_would_be(media: Path) -> None:
    user = get_user_model().objects.create_user("editor")

    result = with_images(GOLD, files={"gold.png": picture("gold")}, user=user)

    assert result.images_stored == 1
    image = BadgeDefinition.objects.get().image
    assert image.title == "gold"
    assert image.collection == Collection.get_first_root_node()
    assert image.uploaded_by_user == user
    assert image.file_hash
    assert (image.width, image.height) == (8, 8)
    assert files_in(media) == ["gold.png"]
    entry = ModelLogEntry.objects.for_instance(image).get()
    assert (entry.action, entry.user) == ("wagtail.create", user)


def test_files_in_folders_and_what_systems_add(media: Path) -> None:
    files = {
        "art/badges/gold.png": picture("gold"),
        "art/unused.png": picture("red"),
        "__MACOSX/art/badges/._gold.png": b"rubbish",
        "art/.DS_Store": b"rubbish",
        "art/": b"",
    }

    with_images(GOLD, {"name": "B", "image": "art/badges/gold.png"}, files=files)

    assert files_in(media) == ["gold.png"]
    assert len({badge.image_id for badge in BadgeDefinition.objects.all()}) == 1


def test_two_files_of_one_name() -> None:
    files = {"a/gold.png": picture("gold"), "b/gold.png": picture("red")}

    message = message_of(with_images(GOLD, files=files))

    assert "a/gold.png, b/gold.png" in message


def test_two_rows_and_two_names_share_one_file(media: Path) -> None:
    files = {"gold.png": picture("gold"), "same.png": picture("gold")}

    result = with_images(
        GOLD,
        {"name": "B", "image": "gold.png"},
        {"name": "C", "image": "same.png"},
        files=files,
    )

    assert result.images_stored == 1
    assert Image.objects.count() == 1
    assert files_in(media) == ["gold.png"]


def test_a_file_that_the_site_has_already_is_used(make_image: Any, media: Path) -> None:
    image = make_image("Medal", "gold")

    result = with_images(GOLD, files={"gold.png": picture("gold")})

    assert result.images_stored == 0
    assert BadgeDefinition.objects.get().image == image
    assert len(files_in(media)) == 1


def test_the_same_again_is_skipped() -> None:
    files = {"gold.png": picture("gold")}
    with_images(GOLD, files=files)

    assert actions(with_images(GOLD, files=files)) == ["skipped"]


def test_a_twin_of_the_image_that_a_badge_has_is_no_change(make_image: Any) -> None:
    make_image("First", "gold")
    second = make_image("Second", "gold")
    badges({"name": "Gold", "image": str(second.pk)})

    result = with_images(GOLD, files={"gold.png": picture("gold")})

    assert actions(result) == ["skipped"]


def test_a_misspelt_file_name() -> None:
    result = with_images(
        {"name": "A", "image": "glod.png"}, files={"gold.png": picture()}
    )

    assert "Did you mean “gold.png”?" in message_of(result)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gold.png", b"not an image", "gold.png: Upload a valid image."),
        ("gold.png", picture(format="BMP"), "gold.png: Not a valid .png image."),
        ("gold.svg", b"<svg onload='alert(1)'/>", "gold.svg: "),
        ("gold.exe", picture(), "gold.exe: "),
        ("gold.png", b"", "gold.png: "),
    ],
)
def test_what_wagtail_refuses_is_refused(
    name: str, content: bytes, message: str, media: Path
) -> None:
    result = with_images({"name": "A", "image": name}, files={name: content})

    assert message_of(result).startswith(message)
    assert files_in(media) == []


def test_an_image_larger_than_the_site_allows(settings: Any) -> None:
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10

    assert "too big" in message_of(with_images(GOLD, files={"gold.png": picture()}))


def test_an_image_with_more_pixels_than_the_site_allows(settings: Any) -> None:
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 10

    assert "pixels" in message_of(with_images(GOLD, files={"gold.png": picture()}))


# Leaving nothing behind

FILES = {"gold.png": picture("gold")}


def test_a_refused_row_leaves_no_file(media: Path) -> None:
    result = with_images(GOLD, {"name": "B", "points": "x"}, files=FILES)

    assert errors(result)
    assert not Image.objects.exists()
    assert files_in(media) == []


def test_a_dry_run_leaves_no_file(media: Path) -> None:
    result = with_images(GOLD, files=FILES, dry_run=True)

    assert result.images_stored == 1
    assert not Image.objects.exists()
    assert files_in(media) == []


def test_a_failure_after_the_files_were_written_takes_them_back(
    monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        assert files_in(media) == ["gold.png"]
        raise RuntimeError("The power went.")

    monkeypatch.setattr(writer, "_write_sheet", fail)

    with pytest.raises(RuntimeError, match="power"):
        with_images(GOLD, files=FILES)
    assert not Image.objects.exists()
    assert files_in(media) == []


def test_an_image_that_existed_outlives_a_failure(
    make_image: Any, monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    make_image("Medal", "gold")

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("The power went.")

    monkeypatch.setattr(writer, "_write_sheet", fail)

    with pytest.raises(RuntimeError, match="power"):
        with_images(GOLD, files=FILES)
    assert files_in(media) == ["gold.png"]


def test_a_spreadsheet_of_images_only_asks_the_site_once(
    make_image: Any, django_assert_num_queries: Any
) -> None:
    make_image("Medal")
    data = [{"name": f"Badge {number}", "image": "Medal"} for number in range(20)]
    badges(*data)

    with django_assert_num_queries(10):
        badges(*data, dry_run=True)


def test_the_file_name_of_the_zip_is_named_in_errors() -> None:
    with pytest.raises(CatalogueError, match=r"“art\.zip” is damaged"):
        import_catalogue(
            b"name\nA\n", "a.csv", sheet="Badges", images=b"PK", images_name="art.zip"
        )


# Files that are no images, or not such as the site takes

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'


def vast_png(width: int, height: int) -> bytes:
    """Make a file of a few bytes that says it has ever so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", checksum)
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = zlib.compress(b"")
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", content)
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.png", b"no image", "not an image or a corrupted image"),
        ("a.jpg", picture("red"), "does not match the file format"),
        ("a.txt", picture("red"), "Not a supported image format"),
        ("a.svg", SVG, "Not a supported image format"),
        ("a.png", SVG, "does not match the file format"),
        ("a.png", vast_png(20_000, 20_000), "too many pixels"),
    ],
)
def test_what_the_site_does_not_take_is_a_reason_on_the_row(
    name: str, content: bytes | str, message: str, media: Path
) -> None:
    row = {"name": "Gold", "image": name}

    ((number, column, text),) = errors(with_images(row, files={name: content}))

    assert (number, column) == (1, "image")
    assert text.startswith(f"{name}: ")
    assert message in text
    assert files_in(media) == []


def test_a_site_may_set_how_many_pixels_are_too_many(settings: Any) -> None:
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60
    row = {"name": "Gold", "image": "a.png"}

    ((_, _, text),) = errors(with_images(row, files={"a.png": picture()}))

    assert "too many pixels" in text


def test_an_svg_where_the_site_takes_them(settings: Any) -> None:
    settings.WAGTAILIMAGES_EXTENSIONS = ["svg", "png"]

    result = with_images({"name": "Gold", "image": "a.svg"}, files={"a.svg": SVG})

    assert result.is_written
    assert Image.objects.get().is_svg()
