"""From the bytes of a file to sheets whose columns are known.

Everything that is wrong with a file as a whole is said here, in one line: the
type, the size, the sheets, the headings. What a row says is not looked at yet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_gamification.conf import app_settings

from .cells import BrokenCell, Formula, column_letter, is_blank
from .errors import CatalogueError, did_you_mean, shortened
from .readers import RawRow, RawSheet
from .readers.ods import read_ods
from .readers.text import LEFT_OUT, read_csv, read_json, read_tsv
from .readers.xlsx import read_xlsx

Reader = Callable[[bytes, str, Collection[str]], Iterator[RawSheet]]

READERS: dict[str, Reader] = {
    ".xlsx": read_xlsx,
    ".ods": read_ods,
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".json": read_json,
}

# How other files begin that people send by mistake, under whatever name.
_SIGNATURES: dict[bytes, Any] = {
    b"\x89PNG": gettext_lazy("a PNG image"),
    b"\xff\xd8\xff": gettext_lazy("a JPEG image"),
    b"GIF8": gettext_lazy("a GIF image"),
    b"%PDF": gettext_lazy("a PDF document"),
    b"\xd0\xcf\x11\xe0": gettext_lazy(
        "an old Excel file (.xls), or a workbook that is protected by a password"
    ),
}
_PACKED = b"PK"
_PACKED_TYPES = (".xlsx", ".ods")


@dataclass(frozen=True)
class Row:
    """A row by its number in the spreadsheet program, and its cells by column."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """One of the sheets that a catalogue has: Categories, Badges and so on."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def load(
    data: bytes,
    name: str,
    columns: Mapping[str, Collection[str]],
    sheet: str | None = None,
) -> list[Sheet]:
    """Read the sheets of a file.

    :param data: the file
    :param name: its name; the ending says the format
    :param columns: the columns that each sheet may have, by the sheet's title
    :param sheet: read only this sheet; a file that has only one, whatever its
        name, is taken for this one
    :raises CatalogueError: with one line that says what to change
    """
    reader = _reader_for(data, name)
    wanted = _known_title(sheet, columns) if sheet else None
    headings = {heading for names in columns.values() for heading in names}
    raw_sheets = list(reader(data, name, headings))
    found: dict[str, RawSheet] = {}
    for raw in raw_sheets:
        title = _title_of(raw, raw_sheets, columns, wanted)
        if title in found:
            raise CatalogueError(
                _("There are two sheets called “%(title)s”.") % {"title": title}
            )
        if title:
            found[title] = raw
    if not found or (wanted and wanted not in found):
        raise _no_sheet(raw_sheets, columns, wanted)
    # Nothing is read before: a sheet that nobody asked for may hold anything.
    return [
        _read(raw, title, columns[title])
        for title, raw in found.items()
        if wanted in (None, title)
    ]


def _reader_for(data: bytes, name: str) -> Reader:
    ending = PurePath(name).suffix.lower()
    label = shortened(PurePath(name).name)
    if not data:
        raise CatalogueError(_("“%(name)s” is empty.") % {"name": label})
    if len(data) > app_settings.IMPORT_MAX_FILE_SIZE:
        raise CatalogueError(
            _("“%(name)s” is larger than %(size)s. Split it into several files.")
            % {
                "name": label,
                "size": filesizeformat(app_settings.IMPORT_MAX_FILE_SIZE),
            }
        )
    kind = next(
        (kind for start, kind in _SIGNATURES.items() if data.startswith(start)), None
    )
    is_packed = data.startswith(_PACKED)
    if is_packed and ending not in _PACKED_TYPES:
        kind = _("a packed file, such as a workbook or a ZIP")
    if kind:
        raise CatalogueError(
            _("“%(name)s” is %(kind)s. Save the spreadsheet as .xlsx, .ods or .csv.")
            % {"name": label, "kind": kind}
        )
    if ending in _PACKED_TYPES and not is_packed:
        raise CatalogueError(
            _("“%(name)s” isn't a workbook, whatever its name says.") % {"name": label}
        )
    try:
        return READERS[ending]
    except KeyError:
        raise CatalogueError(
            _("“%(name)s” isn't of a type that can be imported. These can: %(types)s.")
            % {"name": label, "types": ", ".join(READERS)}
        ) from None


def _known_title(title: str, columns: Mapping[str, Any]) -> str:
    for known in columns:
        if known.casefold() == title.strip().casefold():
            return known
    raise CatalogueError(
        _("There is no sheet “%(title)s” in a catalogue, only %(known)s.%(hint)s")
        % {
            "title": shortened(title),
            "known": ", ".join(columns),
            "hint": did_you_mean(title, columns),
        }
    )


def _title_of(
    raw: RawSheet,
    raw_sheets: list[RawSheet],
    columns: Mapping[str, Any],
    wanted: str | None,
) -> str | None:
    """Give the sheet of the catalogue that ``raw`` is, or None for any other.

    Sheets of notes are left alone; a name that is nearly right is a mistake.
    """
    folded = raw.title.strip().casefold()
    for title in columns:
        if title.casefold() == folded:
            return title
    if wanted and len(raw_sheets) == 1:
        return wanted
    titles = {other.title.strip().casefold() for other in raw_sheets}
    hint = did_you_mean(raw.title, [t for t in columns if t.casefold() not in titles])
    if hint:
        raise CatalogueError(
            _("The sheet “%(title)s” isn't known.%(hint)s")
            % {"title": shortened(raw.title), "hint": hint}
        )
    return None


def _no_sheet(
    raw_sheets: list[RawSheet], columns: Mapping[str, Any], wanted: str | None
) -> CatalogueError:
    if len(raw_sheets) == 1 and not raw_sheets[0].title:
        return CatalogueError(
            _("Say which sheet this file is with --sheet: %(known)s.")
            % {"known": ", ".join(columns)}
        )
    return CatalogueError(
        _("The file has no sheet called %(known)s, only: %(titles)s.")
        % {
            "known": wanted or ", ".join(columns),
            "titles": shortened(", ".join(raw.title for raw in raw_sheets) or "-", 200),
        }
    )


def _read(raw: RawSheet, title: str, known: Collection[str]) -> Sheet:
    first = next(raw.rows, None)
    if first is None:
        raise CatalogueError(
            _(
                "The sheet “%(title)s” is empty. Its first row has to hold the "
                "headings: %(known)s."
            )
            % {"title": title, "known": ", ".join(known)}
        )
    columns = _columns(first, title, known)
    rows = tuple(_rows(raw.rows, title, columns))
    return Sheet(title, tuple(column for column in columns if column), rows)


def _columns(first: RawRow, title: str, known: Collection[str]) -> list[str]:
    """Recognise the headings, whatever their case and spaces."""
    columns: list[str] = []
    given = sum(not is_blank(cell) for cell in first.cells)
    if given > app_settings.IMPORT_MAX_COLUMNS:
        raise CatalogueError(
            _("The sheet “%(title)s” has more than %(count)d columns.")
            % {"title": title, "count": app_settings.IMPORT_MAX_COLUMNS}
        )
    for index, cell in enumerate(first.cells):
        if is_blank(cell):
            columns.append("")
            continue
        heading = "_".join(str(cell).casefold().replace("_", " ").split())
        if isinstance(cell, (Formula, BrokenCell)) or heading not in known:
            text = cell.text if isinstance(cell, (Formula, BrokenCell)) else str(cell)
            raise CatalogueError(
                _("%(title)s: the column “%(heading)s” isn't known.%(hint)s")
                % {
                    "title": title,
                    "heading": shortened(text),
                    "hint": did_you_mean(heading, known)
                    or " " + _("Known are: %(known)s.") % {"known": ", ".join(known)},
                }
            )
        if heading in columns:
            raise CatalogueError(
                _("%(title)s: columns %(first)s and %(second)s are both “%(name)s”.")
                % {
                    "title": title,
                    "first": column_letter(columns.index(heading)),
                    "second": column_letter(index),
                    "name": heading,
                }
            )
        columns.append(heading)
    if not {"slug", "name"} & set(columns):
        raise CatalogueError(
            _("%(title)s: a column “name” or “slug” is missing, so no row has a key.")
            % {"title": title}
        )
    return columns


def _rows(rows: Iterator[RawRow], title: str, columns: list[str]) -> Iterator[Row]:
    for count, raw in enumerate(rows, start=1):
        if count > app_settings.IMPORT_MAX_ROWS:
            raise CatalogueError(
                _("The sheet “%(title)s” has more than %(count)d rows. Split it.")
                % {"title": title, "count": app_settings.IMPORT_MAX_ROWS}
            )
        for index, cell in enumerate(raw.cells):
            if (index >= len(columns) or not columns[index]) and not is_blank(cell):
                raise CatalogueError(
                    _(
                        "%(title)s, row %(number)d: column %(letter)s holds a value "
                        "but has no heading."
                    )
                    % {
                        "title": title,
                        "number": raw.number,
                        "letter": column_letter(index),
                    }
                )
        # A short row ends before its empty cells.
        cells = chain(raw.cells, [None] * (len(columns) - len(raw.cells)))
        values = {
            column: cell
            for column, cell in zip(columns, cells, strict=False)
            if column and cell is not LEFT_OUT
        }
        yield Row(raw.number, values)
