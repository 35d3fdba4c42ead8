"""A list of people, pasted or in a spreadsheet, as lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from wagtail_gamification.conf import app_settings
from wagtail_gamification.spreadsheets.cells import cell_text, folded
from wagtail_gamification.spreadsheets.errors import CatalogueError
from wagtail_gamification.spreadsheets.sheets import find_sheets

SHEET = "Awards"


@dataclass(frozen=True)
class Line:
    """What somebody wrote about one award."""

    number: int
    person: str
    badge: str = ""
    reason: str = ""
    date: Any = None
    """A text, or what a spreadsheet holds as a date."""


def headings() -> dict[str, str]:
    """Give the headings that are understood, folded, with what each stands for."""
    known = {
        "person": ["person", "player", "user", "username", "email", "name"],
        "badge": ["badge"],
        "reason": ["reason"],
        "date": ["date", "awarded at"],
    }
    translated = {
        "person": _("Person"),
        "badge": _("Badge"),
        "reason": _("Reason"),
        "date": _("Date"),
    }
    return {
        folded(heading): column
        for column, texts in known.items()
        for heading in [*texts, translated[column]]
    }


def read_pasted(text: str) -> list[Line]:
    """Give a line for each that isn't blank.

    :raises CatalogueError: where there are too many, or none
    """
    # Counted before anything is made of them.
    if text.count("\n") > 2 * app_settings.BULK_MAX_LINES:
        raise _too_many()
    return _limited(
        Line(number, person.strip())
        for number, person in enumerate(text.splitlines(), start=1)
        if person.strip()
    )


def read_spreadsheet(data: bytes, name: str) -> list[Line]:
    """Give the rows of the first sheet; a person is needed, the rest may be missing.

    :raises CatalogueError: where the file, or its headings, can't be understood
    """
    known = headings()
    sheets = find_sheets(data, name, [SHEET], SHEET, headings=known)
    rows = iter(sheets[SHEET].rows)
    first = next(rows, None)
    if first is None:
        raise CatalogueError(_("There is nobody in this list."))
    columns = [known.get(folded(cell_text(cell)[:255]), "") for cell in first.cells]
    if "person" not in columns:
        raise CatalogueError(
            _(
                "The first row has to name the columns. One of them has to be called "
                "“Person”; “Badge”, “Reason” and “Date” may be there too."
            )
        )
    return _limited(_line(row.number, columns, row.cells) for row in rows)


def _line(number: int, columns: list[str], cells: tuple[Any, ...]) -> Line:
    values: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column and column not in values:
            values[column] = cell if column == "date" else cell_text(cell)
    return Line(number, values.pop("person", ""), **values)


def _limited(lines: Iterator[Line]) -> list[Line]:
    found = []
    for line in lines:
        found.append(line)
        if len(found) > app_settings.BULK_MAX_LINES:
            raise _too_many()
    if not found:
        raise CatalogueError(_("There is nobody in this list."))
    return found


def _too_many() -> CatalogueError:
    return CatalogueError(too_many_lines())


def too_many_lines() -> str:
    """Say how long a list may be."""
    most = number_format(app_settings.BULK_MAX_LINES, force_grouping=True)
    return _("This list is too long. At most %(count)s lines can be given here.") % {
        "count": most
    }
