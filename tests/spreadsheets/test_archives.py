"""Packed files that are out to harm."""

import pytest

from wagtail_gamification.spreadsheets import CatalogueError
from wagtail_gamification.spreadsheets.archives import inspect_xml, open_archive
from wagtail_gamification.spreadsheets.images import ImageLibrary
from wagtail_gamification.spreadsheets.loader import load
from wagtail_gamification.spreadsheets.resources import CATALOGUE

from .make import (
    archive,
    archive_with_link,
    ods,
    picture,
    replaced_in,
    workbook,
    zeros,
)

GIGABYTE = 1024**3
BOMB = """<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><sst>&b;</sst>"""


def refusal_of(data: bytes, name: str) -> str:
    with pytest.raises(CatalogueError) as caught:
        load(data, name, CATALOGUE, "Badges")
    message = str(caught.value)
    assert "\n" not in message
    return message


def refusal_of_images(data: bytes) -> str:
    with pytest.raises(CatalogueError) as caught:
        ImageLibrary(data)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.fixture(scope="module")
def two_gigabytes() -> bytes:
    return zeros("xl/worksheets/sheet1.xml", 2 * GIGABYTE)


@pytest.mark.parametrize("name", ["bomb.xlsx", "bomb.ods"])
def test_two_gigabytes_of_zeros_in_a_workbook(two_gigabytes: bytes, name: str) -> None:
    assert len(two_gigabytes) < 10 * 1024 * 1024
    assert "unpacks to more than 200" in refusal_of(two_gigabytes, name)


def test_two_gigabytes_of_zeros_among_the_images(two_gigabytes: bytes) -> None:
    assert "unpacks to more than 200" in refusal_of_images(two_gigabytes)


def test_the_sizes_that_an_archive_states_are_not_believed() -> None:
    data = bytearray(archive({"a.png": bytes(5000)}))
    # The size of the unpacked file, where it stands and in the list.
    data[22:26] = data[(at := data.index(b"PK\x01\x02") + 24) : at + 4] = bytes(4)

    assert "can't be read" in refusal_of_images(bytes(data))


def test_what_an_archive_holds_counts_together(settings: object) -> None:
    settings.WAGTAIL_GAMIFICATION_IMPORT_MAX_UNPACKED_SIZE = 1000  # type: ignore[attr-defined]

    message = refusal_of_images(archive({f"{n}.png": bytes(300) for n in range(4)}))

    assert "unpacks to more than 1000" in message


def test_thousands_of_entries() -> None:
    data = archive({f"{number}.png": b"" for number in range(5001)})

    assert "more than 5000 files" in refusal_of_images(data)
    assert "more than 1000 files" in refusal_of(data, "a.xlsx")


def test_an_image_archive_larger_than_it_may_unpack_to(settings: object) -> None:
    settings.WAGTAIL_GAMIFICATION_IMPORT_MAX_UNPACKED_SIZE = 100  # type: ignore[attr-defined]

    assert "larger than 100" in refusal_of_images(archive({"a.png": picture()}))


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "badges/../../gold.png",
        "..\\gold.png",
        "C:gold.png",
        "badges\\gold.png",
        "go\x07ld.png",
    ],
)
def test_a_path_that_leads_elsewhere(name: str) -> None:
    assert "isn't a plain file" in refusal_of_images(archive({name: picture()}))


def test_a_symbolic_link() -> None:
    data = archive_with_link("gold.png", "/etc/passwd")

    assert "isn't a plain file" in refusal_of_images(data)


def test_something_else_than_an_archive() -> None:
    assert "damaged" in refusal_of_images(picture())


def test_an_encrypted_archive() -> None:
    data = bytearray(archive({"gold.png": picture()}))
    # The flag of an encrypted file, where it stands and in the list.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert "protected by a password" in refusal_of_images(bytes(data))


def test_a_method_of_packing_that_is_not_known() -> None:
    data = bytearray(archive({"gold.png": picture()}))
    data[8] = 99
    data[data.index(b"PK\x01\x02") + 10] = 99

    assert "can't be read" in refusal_of_images(bytes(data))


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_an_entity_bomb_in_a_workbook(part: str) -> None:
    data = replaced_in(workbook(Badges=[["name"], ["A"]]), part, BOMB)

    assert "XML that no spreadsheet program writes" in refusal_of(data, "a.xlsx")


def test_an_entity_bomb_in_an_ods_file() -> None:
    data = replaced_in(ods(""), "content.xml", BOMB)

    assert "XML that no spreadsheet program writes" in refusal_of(data, "a.ods")


def test_xml_that_breaks_off() -> None:
    data = replaced_in(workbook(Badges=[["name"]]), "xl/workbook.xml", "<workbook><she")

    assert "XML that no spreadsheet program writes" in refusal_of(data, "a.xlsx")


def test_a_row_of_a_million_cells() -> None:
    cells = "<c/>" * 20_000
    xml = f"<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>"
    data = replaced_in(workbook(Badges=[["name"]]), "xl/worksheets/sheet1.xml", xml)

    assert "far more cells" in refusal_of(data, "a.xlsx")


def test_an_endless_number_of_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wagtail_gamification.spreadsheets.archives._MAX_ELEMENTS", 100)
    data = archive({"a.xml": f"<a>{'<b/>' * 100}</a>"})

    with pytest.raises(CatalogueError, match="far more cells"):
        inspect_xml(open_archive(data, "a.xlsx", 10), "a.xlsx")
