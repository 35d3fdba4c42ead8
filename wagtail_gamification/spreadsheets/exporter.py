"""Exporting the catalogue, so that importing it again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from itertools import chain
from typing import Any

import openpyxl
import tablib
from django.utils.translation import gettext as _
from odf import opendocument, table, teletype, text
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from wagtail.models import Locale

from .cells import escape_formula
from .definitions import Definitions
from .errors import CatalogueError, did_you_mean, shortened
from .images import ImageLibrary, image_names
from .planner import read_definitions
from .resources import RESOURCES, DefinitionResource

# What one cell of a workbook holds; openpyxl cuts off the rest without a word.
_XLSX_CELL = 32_767


def export_catalogue(
    format: str, *, sheet: str | None = None, locale: str | None = None
) -> bytes:
    """Give the definitions as a spreadsheet, each as its editors last left it.

    :param format: one of ``FORMATS``
    :param sheet: only this sheet; needed for formats that have just one
    :param locale: only definitions in the language with this code
    :raises CatalogueError: if there is no such format, sheet or locale
    """
    write = FORMATS.get(format.lower().lstrip("."))
    if write is None:
        raise CatalogueError(
            _("“%(format)s” isn't a format for catalogues. These are: %(known)s.")
            % {"format": shortened(format), "known": ", ".join(FORMATS)}
        )
    titles = [_title(sheet)] if sheet else list(RESOURCES)
    if len(titles) > 1 and write in (_csv, _tsv):
        raise CatalogueError(
            _("A file of this type holds one sheet. Say which: %(known)s.")
            % {"known": ", ".join(titles)}
        )
    locales = list(Locale.objects.all())
    kept = _locale(locale, locales) if locale else None
    definitions = read_definitions(locales)
    names = image_names(
        item.image
        for own in definitions.values()
        for item in own.all
        if getattr(item, "image", None) is not None
    )
    datasets = {}
    for title in titles:
        resource = RESOURCES[title](definitions, ImageLibrary(), names)
        datasets[title] = resource.export(_in_order(resource, kept))
        datasets[title].title = title
    return write(datasets, bool(sheet))


def _title(sheet: str) -> str:
    for title in RESOURCES:
        if title.casefold() == sheet.strip().casefold():
            return title
    raise CatalogueError(
        _("There is no sheet “%(title)s” in a catalogue, only %(known)s.%(hint)s")
        % {
            "title": shortened(sheet),
            "known": ", ".join(RESOURCES),
            "hint": did_you_mean(sheet, RESOURCES),
        }
    )


def _locale(code: str, locales: list[Locale]) -> Locale:
    for locale in locales:
        if locale.language_code.casefold() == code.casefold():
            return locale
    raise CatalogueError(
        _("The site has no locale “%(code)s”, only: %(known)s.")
        % {
            "code": shortened(code),
            "known": ", ".join(locale.language_code for locale in locales),
        }
    )


def _in_order(resource: DefinitionResource, locale: Locale | None) -> list[Any]:
    """Give originals as the site orders them, each followed by its translations."""
    own: Definitions = resource.own

    def place(item: Any) -> tuple[Any, ...]:
        original = item.original or item
        return (
            getattr(original, "points_required", 0),
            original.sort_order,
            original.name.casefold(),
            original.pk,
            item.original is not None,
            item.locale.language_code,
        )

    if resource._meta.model._meta.ordering[0] == "sort_order":
        return sorted(_kept(own, locale), key=lambda item: place(item)[1:])
    return sorted(_kept(own, locale), key=place)


def _kept(own: Definitions, locale: Locale | None) -> list[Any]:
    return [item for item in own.all if locale is None or item.locale_id == locale.pk]


def _csv(datasets: Mapping[str, tablib.Dataset], single: bool) -> bytes:
    return _separated(datasets, "csv")


def _tsv(datasets: Mapping[str, tablib.Dataset], single: bool) -> bytes:
    return _separated(datasets, "tsv")


def _separated(datasets: Mapping[str, tablib.Dataset], format: str) -> bytes:
    (dataset,) = datasets.values()
    escaped = tablib.Dataset(headers=dataset.headers)
    for row in dataset:
        escaped.append([escape_formula(value) for value in row])
    # The mark tells Excel that this is UTF-8.
    return escaped.export(format).encode("utf-8-sig")


def _json(datasets: Mapping[str, tablib.Dataset], single: bool) -> bytes:
    sheets = {title: dataset.dict for title, dataset in datasets.items()}
    content = next(iter(sheets.values())) if single else sheets
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _xlsx(datasets: Mapping[str, tablib.Dataset], single: bool) -> bytes:
    # Said before the first row: openpyxl keeps files open until the last.
    for value in chain.from_iterable(chain.from_iterable(datasets.values())):
        if isinstance(value, str) and len(value) > _XLSX_CELL:
            raise CatalogueError(
                _(
                    "“%(text)s” is longer than a cell of a workbook can be. Export to "
                    "JSON or CSV."
                )
                % {"text": shortened(value)}
            )
    workbook = openpyxl.Workbook(write_only=True)
    for title, dataset in datasets.items():
        worksheet = workbook.create_sheet(title)
        worksheet.freeze_panes = "A2"
        headings = [_xlsx_cell(worksheet, heading) for heading in dataset.headers]
        for cell in headings:
            cell.font = Font(bold=True)
        worksheet.append(headings)
        for row in dataset:
            worksheet.append([_xlsx_cell(worksheet, value) for value in row])
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _xlsx_cell(worksheet: Any, value: Any) -> WriteOnlyCell:
    """Make a cell whose text is text, whatever it begins with."""
    if not isinstance(value, str):
        return WriteOnlyCell(worksheet, value)
    cell = WriteOnlyCell(worksheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    if escape_formula(value) != value:
        # Excel then keeps it as text when somebody edits the cell, too.
        cell.quotePrefix = True
    return cell


def _ods(datasets: Mapping[str, tablib.Dataset], single: bool) -> bytes:
    """Write ODS with odfpy; tablib's writer loses line breaks and double spaces."""
    document = opendocument.OpenDocumentSpreadsheet()
    for title, dataset in datasets.items():
        sheet = table.Table(name=title)
        for row in [dataset.headers, *dataset]:
            line = table.TableRow()
            for value in row:
                line.addElement(_ods_cell(value))
            sheet.addElement(line)
        document.spreadsheet.addElement(sheet)
    stream = BytesIO()
    document.write(stream)
    return stream.getvalue()


def _ods_cell(value: Any) -> table.TableCell:
    if isinstance(value, bool):
        return table.TableCell(
            valuetype="boolean", booleanvalue="true" if value else "false"
        )
    if isinstance(value, int):
        return table.TableCell(valuetype="float", value=value)
    if value == "":
        return table.TableCell()
    cell = table.TableCell(valuetype="string")
    paragraph = text.P()
    teletype.addTextToElement(paragraph, value)
    cell.addElement(paragraph)
    return cell


Writer = Callable[[Mapping[str, tablib.Dataset], bool], bytes]

FORMATS: dict[str, Writer] = {
    "xlsx": _xlsx,
    "ods": _ods,
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
}
