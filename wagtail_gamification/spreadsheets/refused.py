"""The rows that were refused, sent back with the reasons beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from .headings import column_label, reason_heading
from .workbooks import Workbook
from .writers import NOT_THERE, Table, write_tables


def refused_rows_file(
    format: str,
    workbook: Workbook,
    rows: Iterable[Any],
    *,
    headings: Mapping[str, Sequence[str]] | None = None,
    mapping: Mapping[str, Mapping[str, str]] | None = None,
) -> bytes:
    """Give a file of refused rows in the layout of the one that was sent.

    Its first column says why; that column is passed over when the file, mended, is
    imported again.

    :param format: one of ``FORMATS``; CSV and TSV only hold rows of one sheet
    :param rows: objects with ``sheet``, ``number``, ``cells`` (by heading) and
        ``errors`` (each with ``column`` and ``message``, as a mapping or an object),
        such as :class:`~wagtail_gamification.models.ImportRow`
    :param headings: the headings of each sheet in the sender's order; a database may
        not keep the order of the cells
    :param mapping: the column of each heading, so that a reason names the heading
        that the sender wrote
    :raises CatalogueError: if the format can't hold the rows
    """
    by_sheet: dict[str, list[Any]] = {}
    for row in rows:
        by_sheet.setdefault(row.sheet, []).append(row)
    tables = [
        _table(
            workbook,
            title,
            sorted(by_sheet[title], key=lambda row: row.number),
            (headings or {}).get(title, ()),
            (mapping or {}).get(title, {}),
        )
        for title in workbook.sheets
        if title in by_sheet
    ]
    if not tables:
        title = next(iter((headings or {}) or workbook.sheets))
        tables = [_table(workbook, title, [], (headings or {}).get(title, ()), {})]
    # A list of objects doesn't say its sheet, so it is only for files that hold one.
    is_single = len(tables) == 1 and len(headings or workbook.sheets) == 1
    return write_tables(format, tables, single=is_single)


def _table(
    workbook: Workbook,
    title: str,
    rows: list[Any],
    headings: Sequence[str],
    mapping: Mapping[str, str],
) -> Table:
    found = dict.fromkeys([*headings, *(key for row in rows for key in row.cells)])
    given = list(found) or list(workbook.columns[title])
    resource = workbook.sheets[title]
    names = {column: heading for heading, column in mapping.items() if column}
    return Table(
        title,
        [reason_heading(workbook, title), *given],
        [
            [
                "\n".join(_reasons(resource, row.errors, names)),
                *(row.cells.get(heading, NOT_THERE) for heading in given),
            ]
            for row in rows
        ],
    )


def _reasons(
    resource: Any, errors: Iterable[Any], names: Mapping[str, str]
) -> Iterable[str]:
    for error in errors:
        if isinstance(error, Mapping):
            column, message = error.get("column", ""), error["message"]
        else:
            column, message = error.column, error.message
        if not column:
            yield str(message)
            continue
        yield _("%(column)s: %(message)s") % {
            "column": names.get(column) or column_label(resource, column),
            "message": message,
        }
