"""Which sheets a file holds, and all that can be wrong with a file as a whole.

The type, the size, the titles of the sheets: each mistake is one line that says what
to change. No row is looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_gamification.conf import app_settings

from .errors import CatalogueError, SheetNeeded, did_you_mean, shortened
from .readers import RawSheet
from .readers.ods import read_ods
from .readers.text import read_csv, read_json, read_tsv
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


# Sheets of the template that hold no definitions.
INSTRUCTIONS = gettext_lazy("Instructions")
LISTS = gettext_lazy("Lists")


def find_sheets(
    data: bytes,
    name: str,
    titles: Collection[str],
    sheet: str | None = None,
    *,
    headings: Collection[str] = (),
) -> dict[str, RawSheet]:
    """Give the sheets of a file that are known, by their titles.

    :param data: the file
    :param name: its name; the ending says the format
    :param titles: the titles that are known
    :param sheet: give only this sheet; a file that has only one, whatever its
        name, is taken for this one
    :param headings: headings that are known, as :func:`.cells.folded` gives them, by
        which the delimiter of a text file is found
    :raises CatalogueError: with one line that says what to change
    """
    reader = _reader_for(data, name)
    wanted = known_title(sheet, titles) if sheet else None
    # Where there is but one, a file that names none must mean that.
    only = wanted or (next(iter(titles)) if len(titles) == 1 else None)
    raw_sheets = list(reader(data, name, headings))
    found: dict[str, RawSheet] = {}
    for raw in raw_sheets:
        title = _title_of(raw, raw_sheets, titles, only)
        if title in found:
            raise CatalogueError(
                _("There are two sheets called “%(title)s”.") % {"title": title}
            )
        if title:
            found[title] = raw
    if not found or (wanted and wanted not in found):
        raise _no_sheet(raw_sheets, titles, wanted)
    return {title: raw for title, raw in found.items() if wanted in (None, title)}


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


def known_title(title: str, titles: Collection[str]) -> str:
    for known in titles:
        if known.casefold() == title.strip().casefold():
            return known
    raise CatalogueError(
        _("There is no sheet “%(title)s” in a catalogue, only %(known)s.%(hint)s")
        % {
            "title": shortened(title),
            "known": ", ".join(titles),
            "hint": did_you_mean(title, titles),
        }
    )


def _title_of(
    raw: RawSheet,
    raw_sheets: list[RawSheet],
    titles: Collection[str],
    wanted: str | None,
) -> str | None:
    """Give the sheet of the catalogue that ``raw`` is, or None for any other.

    Sheets of notes are left alone; a name that is nearly right is a mistake.
    """
    folded = raw.title.strip().casefold()
    for title in titles:
        if title.casefold() == folded:
            return title
    if wanted and len(raw_sheets) == 1:
        return wanted
    present = {other.title.strip().casefold() for other in raw_sheets}
    if folded in _own_titles():
        return None
    hint = did_you_mean(raw.title, [t for t in titles if t.casefold() not in present])
    if hint:
        raise CatalogueError(
            _("The sheet “%(title)s” isn't known.%(hint)s")
            % {"title": shortened(raw.title), "hint": hint}
        )
    return None


def _own_titles() -> set[str]:
    """Give what the template's other sheets are called, in every language."""
    titles = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            titles |= {str(INSTRUCTIONS).casefold(), str(LISTS).casefold()}
    return titles


def _no_sheet(
    raw_sheets: list[RawSheet], titles: Collection[str], wanted: str | None
) -> CatalogueError:
    if len(raw_sheets) == 1 and not raw_sheets[0].title:
        return SheetNeeded(
            _("The file doesn't say which sheet it is. Choose one of: %(known)s.")
            % {"known": ", ".join(titles)}
        )
    return CatalogueError(
        _("The file has no sheet called %(known)s, only: %(titles)s.")
        % {
            "known": wanted or ", ".join(titles),
            "titles": shortened(", ".join(raw.title for raw in raw_sheets) or "-", 200),
        }
    )
