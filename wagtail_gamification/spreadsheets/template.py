"""The workbook that editors download to fill it in.

It is an XLSX workbook: instructions first, then the sheets, empty or with what the site
has, with lists to choose from; those stand on a sheet that isn't shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from wagtail_gamification.conf import app_settings

from .codes import CodeWidget
from .exporter import export_tables, read_resources
from .fields import ChoiceWidget
from .instructions import ColumnHelp, column_help, introduction, number_limits
from .objects import ObjectWidget
from .references import (
    ChildrenWidget,
    ImageWidget,
    LocaleWidget,
    ManyReferenceWidget,
    ReferenceWidget,
)
from .sheets import INSTRUCTIONS, LISTS
from .widgets import BooleanWidget, NumberWidget, RichTextWidget, TextWidget
from .workbooks import Workbook
from .writers import Table, refuse_long_cells, xlsx_cell

_BOLD = Font(bold=True)
_HEADING = Font(bold=True, size=14)
_SHADED = PatternFill("solid", fgColor="FFE8E8E8")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
# What spreadsheet programs show of a message.
_TITLE, _MESSAGE = 32, 255
_TEXT = "@"


def template_workbook(workbook: Workbook, *, filled: bool) -> bytes:
    """Give a workbook to fill in, in the active language.

    Importing it as it is changes nothing: an empty one has no rows, and a filled one
    holds what the site has.

    :param filled: whether it holds what the site has
    :raises CatalogueError: if a cell of a workbook can't hold what the site has
    """
    resources = read_resources(workbook)
    tables = (
        export_tables(workbook, resources=resources)
        if filled
        else [Table(title, names, []) for title, names in workbook.columns.items()]
    )
    for table in tables:
        refuse_long_cells(table.rows)
    helps = {
        title: [column_help(resource, column) for column in workbook.columns[title]]
        for title, resource in resources.items()
    }
    book = openpyxl.Workbook(write_only=True)
    _write_instructions(book, workbook, helps)
    lists = _Lists(_free_title(str(LISTS), workbook))
    for table in tables:
        _write_sheet(book, table, resources[table.title], helps[table.title], lists)
    lists.write(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _free_title(title: str, workbook: Workbook) -> str:
    taken = {name.casefold() for name in workbook.sheets}
    return title if title.casefold() not in taken else f"{title} 2"


# The instructions


def _write_instructions(
    book: Any, workbook: Workbook, helps: dict[str, list[ColumnHelp]]
) -> None:
    sheet = book.create_sheet(_free_title(str(INSTRUCTIONS), workbook))
    for letter, width in zip("ABCDEF", (24, 24, 50, 10, 50, 30), strict=True):
        sheet.column_dimensions[letter].width = width
    rows: list[list[Any]] = [
        _styled(sheet, [_("How to fill in this workbook")], _HEADING),
        # Wide text runs on over the empty cells beside it.
        *([xlsx_cell(sheet, text)] for text in introduction(workbook)),
    ]
    for title, columns in helps.items():
        rows += [
            [],
            _styled(sheet, [_("Sheet “%(title)s”") % {"title": title}], _HEADING),
            _styled(
                sheet,
                [
                    _("Column"),
                    _("Name"),
                    _("Meaning"),
                    _("Needed"),
                    _("What it may hold"),
                    _("Example"),
                ],
                _BOLD,
                _SHADED,
            ),
            *(_wrapped(sheet, _description(item)) for item in columns),
            [],
            _styled(sheet, [_("Two rows, made up")], _BOLD),
            _styled(sheet, [item.column for item in columns], _BOLD, _SHADED),
            *(
                [xlsx_cell(sheet, item.examples[row]) for item in columns]
                for row in (0, 1)
            ),
        ]
    for row in rows:
        sheet.append(row)


def _description(item: ColumnHelp) -> list[Any]:
    return [
        item.column,
        item.label,
        item.meaning,
        _("Yes") if item.is_needed else _("No"),
        item.allowed,
        item.examples[0],
    ]


def _styled(
    sheet: Any, texts: Sequence[str], font: Font, fill: PatternFill | None = None
) -> list[Any]:
    cells = [xlsx_cell(sheet, text) for text in texts]
    for cell in cells:
        cell.font = font
        if fill is not None:
            cell.fill = fill
    return cells


def _wrapped(sheet: Any, values: Iterable[Any]) -> list[Any]:
    cells = [xlsx_cell(sheet, value) for value in values]
    for cell in cells:
        if hasattr(cell, "alignment"):
            cell.alignment = _WRAPPED
    return cells


# The sheets


def _write_sheet(
    book: Any, table: Table, resource: Any, helps: list[ColumnHelp], lists: _Lists
) -> None:
    sheet = book.create_sheet(table.title)
    sheet.freeze_panes = "A2"
    for index, item in enumerate(helps, start=1):
        letter = get_column_letter(index)
        widget = resource.fields[item.column].widget
        dimension = sheet.column_dimensions[letter]
        dimension.width = _width(item.column, widget)
        if _is_text(widget):
            # Or “1/2” becomes a day when somebody types it.
            dimension.number_format = _TEXT
        sheet.data_validations.append(_hint(item, f"{letter}1"))
        validation = _validation(resource, item.column, lists)
        if validation is not None:
            validation.add(f"{letter}2:{letter}{app_settings.IMPORT_MAX_ROWS + 1}")
            sheet.data_validations.append(validation)
    sheet.append(_styled(sheet, list(table.headings), _BOLD, _SHADED))
    for row in table.rows:
        cells = [xlsx_cell(sheet, value) for value in row]
        for cell in cells:
            if hasattr(cell, "number_format"):
                cell.number_format = _TEXT
        sheet.append(cells)


def _hint(item: ColumnHelp, cell: str) -> DataValidation:
    """Make the message that shows when somebody selects a heading."""
    text = "\n".join(filter(None, [item.meaning, item.allowed]))
    hint = DataValidation(allow_blank=True, showInputMessage=True)
    hint.promptTitle = item.label[:_TITLE]
    hint.prompt = text if len(text) <= _MESSAGE else f"{text[: _MESSAGE - 1]}…"
    hint.add(cell)
    return hint


def _validation(resource: Any, column: str, lists: _Lists) -> DataValidation | None:
    """Make what a column offers or refuses while somebody types."""
    widget = resource.fields[column].widget
    if isinstance(widget, BooleanWidget):
        return _choice('"TRUE,FALSE"')
    if isinstance(widget, NumberWidget):
        minimum, maximum = number_limits(widget)
        return DataValidation(
            type="whole",
            operator="between",
            formula1=str(minimum),
            formula2=str(maximum),
            allow_blank=True,
            showErrorMessage=True,
            errorTitle=_("Not a whole number")[:_TITLE],
            error=_("This cell takes whole numbers from %(minimum)d to %(maximum)d.")
            % {"minimum": minimum, "maximum": maximum},
        )
    values = _offered(resource, column, widget)
    return _choice(lists.add(values)) if values else None


def _choice(formula: str) -> DataValidation:
    return DataValidation(
        type="list",
        formula1=formula,
        allow_blank=True,
        showErrorMessage=True,
        # What the file itself adds isn't in the list, and may be named.
        errorStyle="warning",
        errorTitle=_("Not in the list")[:_TITLE],
        error=_("Keep it only if this file adds it, or if the list is out of date."),
    )


def _offered(resource: Any, column: str, widget: Any) -> list[str]:
    if isinstance(widget, LocaleWidget):
        return [locale.language_code for locale in resource.locales]
    if isinstance(widget, CodeWidget):
        return widget.labels()
    if isinstance(widget, ChoiceWidget):
        return [str(label) for _value, label in widget.field.flatchoices]
    if isinstance(widget, (ImageWidget, ManyReferenceWidget)):
        return []
    if isinstance(widget, ReferenceWidget):
        model = resource.model_fields[column].related_model
        names = {widget.render(item) for item in resource.records[model].all}
        return sorted(name for name in names if name)
    return []


def _is_text(widget: Any) -> bool:
    return isinstance(
        widget, (TextWidget, ReferenceWidget, ChildrenWidget, ObjectWidget)
    )


def _width(column: str, widget: Any) -> int:
    if isinstance(widget, RichTextWidget) or column == "description":
        return 60
    if isinstance(widget, (ManyReferenceWidget, ChildrenWidget)):
        return 40
    if isinstance(widget, (BooleanWidget, NumberWidget, LocaleWidget)):
        return max(10, len(column) + 2)
    return 28


class _Lists:
    """The lists to choose from, each in a column of a sheet that isn't shown."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.columns: list[list[str]] = []

    def add(self, values: list[str]) -> str:
        """Note a list, and give the range where it will stand."""
        if values not in self.columns:
            self.columns.append(values)
        letter = get_column_letter(self.columns.index(values) + 1)
        return f"{quote_sheetname(self.title)}!${letter}$1:${letter}${len(values)}"

    def write(self, book: Any) -> None:
        if not self.columns:
            return
        sheet = book.create_sheet(self.title)
        sheet.sheet_state = "hidden"
        for number in range(max(map(len, self.columns))):
            sheet.append(
                [
                    xlsx_cell(sheet, values[number] if number < len(values) else "")
                    for values in self.columns
                ]
            )
