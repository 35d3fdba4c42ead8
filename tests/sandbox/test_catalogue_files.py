"""The demo's catalogue: the spreadsheet, its images, and the scripts they come from."""

import io
import subprocess
import sys
import zipfile

import openpyxl
import pytest
from PIL import Image

from .conftest import REPOSITORY

SANDBOX = REPOSITORY / "sandbox"


def rows(path):
    """The sheets of a workbook, each a list of dictionaries."""
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        return {sheet.title: _records(sheet) for sheet in book}
    finally:
        book.close()


def _records(sheet):
    head, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


@pytest.fixture(scope="module")
def catalogue():
    return rows(SANDBOX / "catalogue.xlsx")


@pytest.fixture(scope="module")
def originals(catalogue):
    return {
        title: [row for row in sheet if row.get("locale", "en") == "en"]
        for title, sheet in catalogue.items()
    }


def test_the_spreadsheet_is_what_its_script_writes(tmp_path, catalogue):
    written = tmp_path / "catalogue.xlsx"

    subprocess.run(
        [sys.executable, str(SANDBOX / "make_catalogue.py"), str(written)], check=True
    )

    assert rows(written) == catalogue


def test_there_is_enough_to_earn(originals):
    badges = originals["Badges"]

    assert len(badges) >= 30
    assert len(originals["Categories"]) == 5
    assert len(originals["Unlockables"]) == 5
    assert len(originals["Levels"]) == 6
    assert {row["badge"] for row in originals["Requirements"]} <= {
        row["slug"] for row in badges
    }
    assert originals["Point rules"]
    assert originals["Campaigns"]
    for column in ("next_badge", "max_awards", "expires_after"):
        assert any(row[column] for row in badges), column
    assert any(row["is_secret"] is True for row in badges)
    assert any(row["relock"] is True for row in originals["Unlockables"])


def test_every_image_that_is_named_is_in_the_archive(catalogue):
    named = {
        row["image"] for sheet in catalogue.values() for row in sheet if "image" in row
    }

    with zipfile.ZipFile(SANDBOX / "images.zip") as archive:
        there = set(archive.namelist())

    assert named == there
    assert (SANDBOX / "images.zip").stat().st_size < 3_000_000


def test_badge_art_is_square_and_transparent_around():
    with zipfile.ZipFile(SANDBOX / "images.zip") as archive:
        for name in archive.namelist():
            picture = Image.open(io.BytesIO(archive.read(name))).convert("RGBA")
            assert picture.size == (512, 512), name
            assert picture.getpixel((0, 0))[3] == 0, name
            assert picture.getpixel((256, 256))[3] == 255, name


def test_the_art_script_draws_every_image_of_the_archive():
    code = (
        "from art.catalogue import BADGES, LEVELS, UNLOCKABLES;"
        "print(*BADGES, *LEVELS, *UNLOCKABLES)"
    )

    drawn = subprocess.run(
        [sys.executable, "-c", code],
        cwd=SANDBOX,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()

    with zipfile.ZipFile(SANDBOX / "images.zip") as archive:
        assert {f"{name}.png" for name in drawn} == set(archive.namelist())
