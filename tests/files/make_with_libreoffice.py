"""Make the files in this directory, with LibreOffice itself.

    python tests/files/make_with_libreoffice.py

Needs ``soffice`` (Debian: ``libreoffice-calc``). It opens a source that is written
here, as flat OpenDocument XML, and saves it in each format; so what the tests read is
what LibreOffice writes, with all of its habits.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

HERE = Path(__file__).parent

# Codes of LibreOffice's CSV filter: the delimiter, the quotation mark, the character
# set; then cells "as shown", and every sheet in a file of its own.
CSV = "csv:Text - txt - csv (StarCalc):{delimiter},34,{encoding},1,,0,false,true,false"
UTF_8, WINDOWS_1252 = 76, 1
COMMA, SEMICOLON = 44, 59

BLANK = None

CATEGORIES: list[list[Any]] = [
    ["slug", "name", "description", "sort_order"],
    ["uebungen", "Übungen", "Für Geübte & Anfänger", 1],
    ["ete", "Été à l’œuvre", "Ça marche; vraiment, «oui»", 2],  # noqa: RUF001
    [BLANK] * 4,
    ["formel", ("text", "=SUMME(A1)"), "Two\nlines", -3],
]
ARABIC = ["shujaa", "شجاع", "للشجعان فقط", 9]

BADGE_HEADINGS = ["Slug", "Name", "Category", "Points", "Progression target"]
BADGE_HEADINGS += ["Is secret", "Expires after", "Description"]
# The first column is blank, as is the first row.
BADGES: list[list[Any]] = [
    [],
    [BLANK, *BADGE_HEADINGS],
    [
        BLANK,
        "erste",
        "Größte Mühe",
        "uebungen",
        10,
        1000,
        True,
        BLANK,
        "Zoë  says “hi”",
    ],
    [BLANK, ("text", "007"), ("text", "1/2"), "ete", 2.0, BLANK, False, 30, "-5 °C"],
    [BLANK, "minus", ("text", "-1"), BLANK, 0, 5, ("text", "ja"), BLANK, "50 %"],
    [BLANK, "at", ("text", "@home"), "formel", ("text", "15"), BLANK, BLANK, 365, "€"],
]

# What goes wrong in spreadsheet programs: each of these is refused in its own words.
TRAPS: list[list[Any]] = [
    ["name", "points", "is_secret"],
    [("date", "2026-03-01"), 1, False],
    ["Percent", ("percentage", 0.5), False],
    ["Formula", ("formula", "of:=1+1"), False],
    ["Broken", ("formula", "of:=1/0"), False],
    ["Half", 1.5, False],
    ["Maybe", 1, "vielleicht"],
]

_START = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
    ' xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3"'
    ' office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
    "<office:automatic-styles>"
    '<number:date-style style:name="N1"><number:day/><number:text>.</number:text>'
    "<number:month/><number:text>.</number:text>"
    '<number:year number:style="long"/></number:date-style>'
    '<number:percentage-style style:name="N2"><number:number'
    ' number:decimal-places="0" number:min-integer-digits="1"/>'
    "<number:text>%</number:text></number:percentage-style>"
    '<number:boolean-style style:name="N3"><number:boolean/></number:boolean-style>'
    '<style:style style:name="date" style:family="table-cell"'
    ' style:data-style-name="N1"/>'
    '<style:style style:name="percentage" style:family="table-cell"'
    ' style:data-style-name="N2"/>'
    '<style:style style:name="boolean" style:family="table-cell"'
    ' style:data-style-name="N3"/>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
_END = "</office:spreadsheet></office:body></office:document>"
# Formatted rows below the last, as are left when rows are cleared.
_EMPTY_ROWS = (
    '<table:table-row table:number-rows-repeated="500"><table:table-cell'
    ' table:style-name="boolean" table:number-columns-repeated="12"/></table:table-row>'
)


def document(**sheets: Iterable[Iterable[Any]]) -> str:
    """Give a spreadsheet as flat OpenDocument XML."""
    tables = "".join(
        f"<table:table table:name={quoteattr(title)}>"
        + "".join(
            f"<table:table-row>{''.join(map(_cell, row)) or _cell(BLANK)}"
            "</table:table-row>"
            for row in rows
        )
        + f"{_EMPTY_ROWS}</table:table>"
        for title, rows in sheets.items()
    )
    return f"{_START}{tables}{_END}"


def _cell(value: Any) -> str:
    kind, value = value if isinstance(value, tuple) else ("", value)
    if value is BLANK:
        return "<table:table-cell/>"
    if kind == "formula":
        return f"<table:table-cell table:formula={quoteattr(value)}/>"
    if kind in ("date", "percentage"):
        name = "date-value" if kind == "date" else "value"
        return (
            f'<table:table-cell table:style-name="{kind}" office:value-type="{kind}"'
            f' office:{name}="{value}"/>'
        )
    if isinstance(value, bool):
        return (
            '<table:table-cell table:style-name="boolean" office:value-type="boolean"'
            f' office:boolean-value="{str(value).lower()}"/>'
        )
    if isinstance(value, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    lines = "".join(
        f"<text:p>{escape(line).replace('  ', ' <text:s/>')}</text:p>"
        for line in value.split("\n")
    )
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def convert(source: str, name: str, filter: str) -> None:
    """Let LibreOffice save a document as the file ``name`` of this directory."""
    soffice = shutil.which("soffice")
    if soffice is None:
        raise SystemExit("soffice isn't installed.")
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "source.fods")
        path.write_text(source, encoding="utf-8")
        command = [soffice, "--headless", f"-env:UserInstallation=file://{directory}/u"]
        command += ["--convert-to", filter, "--outdir", f"{directory}/out", str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        (saved,) = Path(directory, "out").iterdir()
        shutil.copy(saved, HERE / name)


def main() -> None:
    catalogue = document(
        Categories=[*CATEGORIES, ARABIC],
        Badges=BADGES,
        Notes=[["What we thought"], [("formula", "of:=1+1")]],
    )
    convert(catalogue, "libreoffice.xlsx", "xlsx")
    convert(catalogue, "libreoffice.ods", "ods")
    traps = document(Badges=TRAPS)
    convert(traps, "libreoffice_traps.xlsx", "xlsx")
    convert(traps, "libreoffice_traps.ods", "ods")
    # Windows-1252 has no Arabic letters.
    for name, encoding, rows in (
        ("libreoffice_utf8.csv", UTF_8, [*CATEGORIES, ARABIC]),
        ("libreoffice_windows1252.csv", WINDOWS_1252, CATEGORIES),
    ):
        filter = CSV.format(delimiter=SEMICOLON, encoding=encoding)
        convert(document(Categories=rows), name, filter)
    badges = CSV.format(delimiter=COMMA, encoding=UTF_8)
    convert(document(Badges=BADGES), "libreoffice_badges.csv", badges)


if __name__ == "__main__":
    main()
