"""A player's data as a file that people and programs can read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import IO, Any

import openpyxl
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from openpyxl.styles import Font

from wagtail_gamification.actions.export_player import ExportedSection, PlayerData
from wagtail_gamification.spreadsheets.writers import xlsx_cell

# What one sheet of a workbook holds besides its headings, and one of its cells.
SHEET_ROWS = 1_048_575
CELL_LENGTH = 32_767
# Programs keep no more digits of a number.
SAFE_NUMBER = 10**15


def write_player_data(data: PlayerData, format: str, stream: IO[bytes]) -> None:
    """Write ``data`` as ``json`` or ``xlsx``; rows are read while they are written.

    :raises ValueError: for any other format
    """
    if format not in FORMATS:
        raise ValueError(
            f"“{format}” isn't a format for a player's data. There are: "
            f"{', '.join(FORMATS)}."
        )
    FORMATS[format](data, stream)


def write_json(data: PlayerData, stream: IO[bytes]) -> None:
    """Write one object, whose ``sections`` are lists of objects."""
    head = {"player": data.player, "exported_at": data.exported_at}
    for text in _json(head, data.sections):
        stream.write(text.encode("utf-8", "replace"))


def _json(
    head: Mapping[str, Any], sections: Sequence[ExportedSection]
) -> Iterator[str]:
    yield _dumps(head)[:-1] + ',\n"sections": {'
    for number, section in enumerate(sections):
        yield f"{',' if number else ''}\n{_dumps(section.name)}: ["
        for position, row in enumerate(section):
            record = dict(zip(section.fields, row, strict=True))
            yield f"{',' if position else ''}\n{_dumps(record)}"
        yield "]"
    yield "\n}}\n"


def _dumps(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def write_xlsx(data: PlayerData, stream: IO[bytes]) -> None:
    """Write a workbook with a sheet for each section, text as text.

    A section with more rows than a sheet can have goes on in another one.
    """
    workbook = openpyxl.Workbook(write_only=True)
    for section in data.sections:
        rows = iter(section)
        number = 1
        while True:
            # One is read ahead, so that no sheet is begun for nothing.
            first = list(islice(rows, 1))
            if number > 1 and not first:
                break
            title = section.name if number == 1 else f"{section.name[:25]} {number}"
            _write_sheet(
                workbook.create_sheet(title),
                section.fields,
                chain(first, islice(rows, SHEET_ROWS - 1)),
            )
            number += 1
    workbook.save(stream)


def _write_sheet(
    sheet: Any, fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    sheet.freeze_panes = "A2"
    headings = [xlsx_cell(sheet, name) for name in fields]
    for cell in headings:
        cell.font = Font(bold=True)
    sheet.append(headings)
    for row in rows:
        sheet.append([xlsx_cell(sheet, _plain(value)) for value in row])


def _plain(value: Any) -> Any:
    """Give what a cell can hold."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, datetime):
        # Cells know no time zones.
        moment = timezone.localtime(value) if timezone.is_aware(value) else value
        return moment.replace(tzinfo=None)
    if isinstance(value, (int, float)) and abs(value) < SAFE_NUMBER:
        return value
    text = value if isinstance(value, str) else _dumps(value).strip('"')
    return text[:CELL_LENGTH]


FORMATS: Mapping[str, Callable[[PlayerData, IO[bytes]], None]] = {
    "json": write_json,
    "xlsx": write_xlsx,
}
CONTENT_TYPES = {
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_name(player: int, format: str) -> str:
    """Name the file by the player's number, which tells no more than it has to."""
    return f"player-{player}.{format}"
