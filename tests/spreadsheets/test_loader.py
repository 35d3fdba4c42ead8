"""Files as a whole: their type, encoding, sheets and headings."""

import datetime
import json
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from wagtail_gamification.spreadsheets import CatalogueError
from wagtail_gamification.spreadsheets.cells import BrokenCell, Formula
from wagtail_gamification.spreadsheets.loader import Sheet, load
from wagtail_gamification.spreadsheets.resources import CATALOGUE

from .make import archive, json_rows, ods, picture, replaced_in, separated, workbook

# Spreadsheets know no time zones.
DAY = datetime.datetime(2026, 1, 2)  # noqa: DTZ001
HEADINGS = ["slug", "name", "points"]
TABLE = '<table:table table:name="{title}">{rows}</table:table>'


def badges(data: bytes, name: str = "file.csv", sheet: str | None = "Badges") -> Sheet:
    (loaded,) = load(data, name, CATALOGUE, sheet)
    return loaded


def numbered(sheet: Sheet) -> dict[int, object]:
    return {row.number: row.values["name"] for row in sheet.rows}


def error_of(data: bytes, name: str, sheet: str | None = None) -> str:
    with pytest.raises(CatalogueError) as caught:
        load(data, name, CATALOGUE, sheet)
    message = str(caught.value)
    assert "\n" not in message
    return message


# Sheets


def test_sheets_are_found_by_name_in_any_case_and_order() -> None:
    data = workbook(levels=[["name"], ["One"]], BADGES=[["name"], ["First"]])

    loaded = load(data, "catalogue.xlsx", CATALOGUE)

    assert [sheet.title for sheet in loaded] == ["Levels", "Badges"]


def test_a_sheet_of_notes_is_left_alone() -> None:
    data = workbook(Badges=[["name"], ["First"]], Notes=[["What we thought", "=1/0"]])

    assert numbered(badges(data, "catalogue.xlsx", None)) == {2: "First"}


def test_one_sheet_of_a_workbook_can_be_asked_for() -> None:
    data = workbook(Badges=[["name"], ["First"]], Levels=[["nonsense"]])

    assert numbered(badges(data, "catalogue.xlsx", "badges")) == {2: "First"}


def test_the_only_sheet_of_a_workbook_can_be_given_a_name() -> None:
    assert numbered(badges(workbook(Sheet1=[["name"], ["A"]]), "a.xlsx")) == {2: "A"}


def test_a_sheet_name_that_is_nearly_right_is_a_mistake() -> None:
    data = workbook(Badgs=[["name"]], Levels=[["name"]])

    assert "Did you mean “Badges”?" in error_of(data, "catalogue.xlsx")


def test_no_known_sheet() -> None:
    data = workbook(Sheet1=[["name"]], Sheet2=[["name"]])

    assert "Sheet1, Sheet2" in error_of(data, "catalogue.xlsx")


def test_two_sheets_of_one_name() -> None:
    data = workbook(Badges=[["name"]], **{"badges ": [["name"]]})

    assert "two sheets" in error_of(data, "catalogue.xlsx")


def test_a_sheet_that_was_asked_for_is_missing() -> None:
    data = workbook(Levels=[["name"]], Notes=[["x"]])

    assert "no sheet called Badges" in error_of(data, "catalogue.xlsx", "Badges")


def test_a_text_file_needs_to_be_told_its_sheet() -> None:
    assert "Choose one of: Categories" in error_of(b"name\nFirst\n", "badges.csv")


def test_an_unknown_sheet_is_asked_for() -> None:
    assert "Did you mean “Badges”?" in error_of(b"name\nA\n", "a.csv", "Bagdes")


def test_an_empty_sheet() -> None:
    assert "“Badges” is empty" in error_of(workbook(Badges=[]), "catalogue.xlsx")


def test_json_may_hold_several_sheets() -> None:
    data = b'{"Badges": [{"name": "A"}], "Levels": [{"name": "One"}]}'

    assert [sheet.title for sheet in load(data, "a.json", CATALOGUE)] == [
        "Badges",
        "Levels",
    ]


# Types


@pytest.mark.parametrize("name", ["image.csv", "image.xlsx", "image.json", "image.png"])
def test_a_picture_under_whatever_name(name: str) -> None:
    assert "a PNG image" in error_of(picture(), name, "Badges")


@pytest.mark.parametrize("name", ["old.xls", "secret.xlsx"])
def test_an_old_or_a_protected_workbook(name: str) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)

    assert "protected by a password" in error_of(data, name, "Badges")


@pytest.mark.parametrize("name", ["badges.txt", "badges", "badges.xls", "badges.pdf"])
def test_an_ending_that_is_not_known(name: str) -> None:
    assert ".xlsx, .ods, .csv" in error_of(b"name\nFirst\n", name, "Badges")


def test_a_workbook_that_is_called_a_text_file() -> None:
    assert "packed file" in error_of(
        workbook(Badges=[["name"]]), "badges.csv", "Badges"
    )


def test_a_text_file_that_is_called_a_workbook() -> None:
    assert "isn't a workbook" in error_of(b"name\nFirst\n", "badges.xlsx")


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.json", "a.xlsx", "a.ods"])
def test_an_empty_file(name: str) -> None:
    assert error_of(b"", name, "Badges") == f"“{name}” is empty."


def test_a_file_of_blank_lines() -> None:
    assert "is empty" in error_of(b"\n ,\n\n", "a.csv", "Badges")


def test_a_file_that_is_too_large(settings: object) -> None:
    settings.WAGTAIL_GAMIFICATION_IMPORT_MAX_FILE_SIZE = 100  # type: ignore[attr-defined]

    assert "larger than 100" in error_of(b"name\n" + b"x" * 100, "a.csv", "Badges")


def test_a_zip_that_is_no_workbook() -> None:
    data = archive({"hello.txt": "Hello"})

    assert "isn't a workbook" in error_of(data, "a.xlsx")
    assert "isn't a spreadsheet" in error_of(data, "a.ods")


def test_half_a_workbook() -> None:
    data = workbook(Badges=[["name"], ["A"]])

    assert "damaged" in error_of(data[: len(data) // 2], "a.xlsx")


def test_a_workbook_whose_sheet_is_nonsense() -> None:
    data = workbook(Badges=[["name"], ["A"]])
    sheet = '<worksheet xmlns="{}"><sheetData><row r="x"/></sheetData></worksheet>'
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    broken = replaced_in(data, "xl/worksheets/sheet1.xml", sheet.format(namespace))

    assert "damaged" in error_of(broken, "a.xlsx")


def test_a_protected_ods_file() -> None:
    data = ods("", "<manifest><encryption-data/></manifest>")

    assert "protected by a password" in error_of(data, "a.ods")


# Text files


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"]
)
def test_encodings(encoding: str) -> None:
    data = separated([HEADINGS, ["zoe", "Zoë, 5 €", "1"]], encoding=encoding)

    assert numbered(badges(data)) == {2: "Zoë, 5 €"}


@pytest.mark.parametrize("data", [b"name\n\x81\x8d\n", b"name\n\0\n", b"\xff\xfea"])
def test_bytes_that_are_no_text(data: bytes) -> None:
    assert "isn't a text file" in error_of(data, "a.csv", "Badges")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(delimiter: str) -> None:
    rows = [["Name", "Description"], ["A", "One, two; three,\tfour, and ; five"]]

    sheet = badges(separated(rows, delimiter))

    assert sheet.columns == ("name", "description")
    assert sheet.rows[0].values["description"] == rows[1][1]


def test_the_line_by_which_excel_names_the_delimiter() -> None:
    assert numbered(badges(b"sep=;\r\nslug;name\r\na;A\r\n")) == {3: "A"}


def test_blank_rows_keep_the_numbers_of_those_below() -> None:
    data = b'name,points\n\nFirst,1\n,\n"Two\nlines",2\n\n\nThird,3\n'

    assert numbered(badges(data)) == {3: "First", 5: "Two\nlines", 8: "Third"}


def test_a_quotation_mark_that_is_not_closed() -> None:
    assert "quotation mark" in error_of(b'name\n"First\n', "a.csv", "Badges")


def test_a_cell_that_is_longer_than_python_reads() -> None:
    data = b"name\n" + b"x" * 200_000

    assert "too long" in error_of(data, "a.csv", "Badges")


def test_values_between_tabs() -> None:
    assert numbered(badges(b"slug\tname\na\tA, B\n", "a.tsv")) == {2: "A, B"}


def test_json_rows_are_counted_from_one() -> None:
    data = json_rows({"name": "A"}, {"name": ""}, {"name": "C"})

    assert numbered(badges(data, "a.json")) == {1: "A", 3: "C"}


def test_a_key_that_a_json_row_leaves_out_is_no_empty_cell() -> None:
    sheet = badges(json_rows({"name": "A", "points": 1}, {"name": "B"}), "a.json")

    assert [dict(row.values) for row in sheet.rows] == [
        {"name": "A", "points": 1},
        {"name": "B"},
    ]


def test_brackets_in_json_text_are_text() -> None:
    name = "[{" * 50 + '"'

    [row] = badges(json.dumps([{"name": name}]).encode(), "a.json").rows

    assert row.values["name"] == name


def test_an_empty_json_list_has_no_rows() -> None:
    assert badges(b"[]", "a.json").rows == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "isn't valid JSON"),
        (b"[" * 100_000, "isn't valid JSON"),
        (b'["' + b'\\"' * 500_000, "isn't valid JSON"),
        (b'["' + b"\\", "isn't valid JSON"),
        (b'[{"name": "' + b"[" * 21 + b"\\" + b'""}', "isn't valid JSON"),
        (b"[1" + b"0" * 5000 + b"]", "isn't valid JSON"),
        (b"12", "a list of objects"),
        (b'["a"]', "a list of objects"),
        (b'{"Badges": {"name": "A"}}', "a list of objects"),
        (b'[{"name": "A", "name": "B"}]', "“name” is there twice"),
    ],
)
def test_json_of_another_shape(data: bytes, message: str) -> None:
    assert message in error_of(data, "a.json", "Badges")


# Headings


def test_headings_in_any_case_with_any_spaces() -> None:
    data = separated([[" NAME ", "Progression target", "is_Secret"], ["A", "1", ""]])

    assert badges(data).columns == ("name", "progression_target", "is_secret")


def test_an_unknown_column_gets_a_suggestion() -> None:
    message = error_of(b"name,Piont\nA,1\n", "a.csv", "Badges")

    assert message == "Badges: the column “Piont” isn't known. Did you mean “points”?"


def test_a_column_that_is_like_no_other() -> None:
    message = error_of(b"name,zzz\nA,1\n", "a.csv", "Categories")

    assert "Known are: slug, locale, name, description, sort_order." in message


def test_a_column_of_another_sheet() -> None:
    assert "“relock”" in error_of(b"name,relock\nA,1\n", "a.csv", "Badges")


def test_a_column_that_is_there_twice() -> None:
    message = error_of(b"name,points,Name\nA,1,B\n", "a.csv", "Badges")

    assert message == "Badges: columns A and C are both “name”."


def test_no_column_that_identifies_a_row() -> None:
    assert "“name” or “slug”" in error_of(b"points\n1\n", "a.csv", "Badges")


def test_a_value_without_a_heading_says_where_it_is() -> None:
    message = error_of(b"name,,points\nA,,1\nB,,1,,note\n", "a.csv", "Badges")

    assert message == "Badges, row 3: column E holds a value but has no heading."


def test_a_formula_for_a_heading() -> None:
    data = workbook(Badges=[["name", "=A1"]])

    assert "“=A1” isn't known" in error_of(data, "a.xlsx")


def test_too_many_columns(settings: object) -> None:
    settings.WAGTAIL_GAMIFICATION_IMPORT_MAX_COLUMNS = 3  # type: ignore[attr-defined]

    message = error_of(b"name,slug,points,image\nA\n", "a.csv", "Badges")

    assert "more than 3 columns" in message


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.ods", "a.json"])
def test_too_many_rows(name: str, settings: object) -> None:
    settings.WAGTAIL_GAMIFICATION_IMPORT_MAX_ROWS = 2  # type: ignore[attr-defined]
    row = "<table:table-row{}><table:table-cell><text:p>{}</text:p></table:table-cell>"
    repeated = row.format(' table:number-rows-repeated="9999999"', "A")
    data = {
        "a.csv": b"name\nA\nB\nC\n",
        "a.xlsx": workbook(Badges=[["name"], ["A"], ["B"], ["C"]]),
        "a.ods": ods(
            TABLE.format(
                title="Badges",
                rows=f"{row.format('', 'name')}</table:table-row>"
                f"{repeated}</table:table-row>",
            )
        ),
        "a.json": json_rows({"name": "A"}, {"name": "B"}, {"name": "C"}),
    }

    assert "more than 2 rows" in error_of(data[name], name, "Badges")


# Workbooks


def test_what_the_cells_of_a_workbook_hold() -> None:
    row = ["=1+1", 10.0, True, DAY, "#REF!", " text "]
    data = workbook(
        Badges=[
            ["name", "points", "is_secret", "description", "image", "category"],
            row,
        ]
    )

    (loaded,) = badges(data, "a.xlsx").rows

    assert list(loaded.values.values()) == [
        Formula("=1+1"),
        10.0,
        True,
        DAY,
        BrokenCell("#REF!"),
        " text ",
    ]


def test_yes_and_no_as_libreoffice_saves_them() -> None:
    rows = "".join(
        f"<table:table-row><table:table-cell {cell}><text:p>{text}</text:p>"
        "</table:table-cell></table:table-row>"
        for cell, text in [
            ("", "name"),
            ('table:formula="of:=TRUE()" office:value-type="float"', "TRUE"),
            ('table:formula="of:=NOT(TRUE())"', "FALSE"),
        ]
    )
    saved = {
        "a.xlsx": workbook(Badges=[["name"], ["=TRUE()"], ["=NOT(TRUE())"]]),
        "a.ods": ods(TABLE.format(title="Badges", rows=rows)),
    }

    for name, data in saved.items():
        read = [row.values["name"] for row in badges(data, name).rows]
        assert read[0] is True
        assert isinstance(read[1], Formula)


def test_an_array_formula_is_a_formula() -> None:
    formula = openpyxl.worksheet.formula.ArrayFormula("A2", "=SUM(B1:B2)")

    sheet = badges(workbook(Badges=[["name"], [formula]]), "a.xlsx")

    assert sheet.rows[0].values["name"] == Formula("=SUM(B1:B2)")


def test_rows_of_a_workbook_keep_their_numbers() -> None:
    data = workbook(Badges=[[], ["name", "points"], [], [" ", None], ["A", 1]])

    assert numbered(badges(data, "a.xlsx")) == {5: "A"}


@pytest.mark.parametrize("size", ["A1", "A1:B99999999", "ZZ9"])
def test_a_workbook_that_lies_about_its_size(size: str) -> None:
    data = workbook(Badges=[["name", "points"], ["A", 1], ["B", 2]])
    path = "xl/worksheets/sheet1.xml"
    with ZipFile(BytesIO(data)) as packed:
        xml = packed.read(path).decode()

    lying = replaced_in(data, path, xml.replace('ref="A1:B3"', f'ref="{size}"'))

    assert numbered(badges(lying, "a.xlsx")) == {2: "A", 3: "B"}


# ODS


def test_what_the_cells_of_an_ods_file_hold() -> None:
    cells = """
      <table:table-cell><text:p>A<text:s text:c="2"/>b</text:p>
        <text:p>c<text:line-break/>d<text:tab/>e</text:p></table:table-cell>
      <table:table-cell office:value-type="float" office:value="10"/>
      <table:table-cell office:value-type="boolean" office:boolean-value="true"/>
      <table:table-cell table:number-columns-repeated="2"/>
      <table:table-cell office:value-type="date" office:date-value="2026-01-02"/>
      <table:table-cell table:formula="of:=1+1" office:value-type="float"
        office:value="2"/>
      <table:table-cell calcext:value-type="error"><text:p>#REF!</text:p>
      </table:table-cell>
    """
    names = ["name", "points", "is_secret", "slug", "locale"]
    names += ["description", "image", "category"]
    headings = "".join(
        f"<table:table-cell><text:p>{name}</text:p></table:table-cell>"
        for name in names
    )
    rows = (
        f"<table:table-row>{headings}</table:table-row>"
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/>'
        f"</table:table-row><table:table-row>{cells}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )

    sheet = badges(ods(TABLE.format(title="Badges", rows=rows)), "a.ods", None)

    assert [row.number for row in sheet.rows] == [5]
    assert sheet.rows[0].values == {
        "name": "A  b\nc\nd\te",
        "points": 10.0,
        "is_secret": True,
        "slug": "",
        "locale": "",
        "description": DAY,
        "image": Formula("of:=1+1"),
        "category": BrokenCell("#REF!"),
    }


def test_the_notes_on_ods_cells_are_left_alone() -> None:
    rows = (
        "<table:table-row><table:table-cell><office:annotation><text:p>Note</text:p>"
        "</office:annotation><text:p>name</text:p></table:table-cell></table:table-row>"
    )

    sheet = badges(ods(TABLE.format(title="Levels", rows=rows)), "a.ods", None)

    assert sheet.columns == ("name",)
