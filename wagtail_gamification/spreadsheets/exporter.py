"""Exporting a workbook, so that importing it again changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Locale

from .errors import CatalogueError, shortened
from .images import ImageLibrary, image_names
from .planner import read_definitions
from .resources import CATALOGUE, DefinitionResource
from .sheets import known_title
from .workbooks import Workbook
from .writers import FORMATS, SINGLE, Table, find_format, write_tables

__all__ = ["FORMATS", "export_catalogue", "export_tables"]


def export_catalogue(
    format: str,
    *,
    sheet: str | None = None,
    locale: str | None = None,
    workbook: Workbook = CATALOGUE,
    pks: Collection[Any] | None = None,
) -> bytes:
    """Give the definitions as a spreadsheet, each as its editors last left it.

    :param format: one of ``FORMATS``
    :param sheet: only this sheet; needed for formats that have just one
    :param locale: only definitions in the language with this code
    :param workbook: the sheets that there are; the catalogue of this app by itself
    :param pks: only the definitions of ``sheet`` with these primary keys
    :raises CatalogueError: if there is no such format, sheet or locale
    """
    name = find_format(format)
    if sheet is None and name in SINGLE and len(workbook.sheets) == 1:
        sheet = next(iter(workbook.sheets))
    tables = export_tables(
        workbook, sheet=sheet, locale=locale, pks=pks, single=name in SINGLE
    )
    return write_tables(name, tables, single=sheet is not None)


def export_tables(
    workbook: Workbook = CATALOGUE,
    *,
    sheet: str | None = None,
    locale: str | None = None,
    pks: Collection[Any] | None = None,
    single: bool = False,
) -> list[Table]:
    """Give what :func:`export_catalogue` writes, as tables.

    :param single: whether there may be only one
    """
    if pks is not None and sheet is None:
        raise ValueError("Primary keys belong to one sheet: name it.")
    titles = list(workbook.sheets)
    if sheet:
        titles = [known_title(sheet, titles)]
    if single and len(titles) > 1:
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
    tables = []
    for title in titles:
        resource = workbook.sheets[title](definitions, ImageLibrary(), names)
        chosen = [
            item
            for item in resource.own.all
            if (kept is None or item.locale_id == kept.pk)
            and (pks is None or item.pk in pks)
        ]
        dataset = resource.export(_in_order(resource, chosen))
        tables.append(Table(title, dataset.headers, list(dataset)))
    return tables


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


def _in_order(resource: DefinitionResource, chosen: list[Any]) -> list[Any]:
    """Give originals as the site orders them, each followed by its translations."""

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
        return sorted(chosen, key=lambda item: place(item)[1:])
    return sorted(chosen, key=place)
