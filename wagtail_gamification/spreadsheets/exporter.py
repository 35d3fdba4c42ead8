"""Exporting a workbook, so that importing it again changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Locale

from wagtail_gamification.models.base import TranslatableDefinition

from .children import ChildResource
from .errors import CatalogueError, shortened
from .images import ImageLibrary, image_names
from .records import SiteRecords
from .references import ImageWidget
from .resources import CATALOGUE, SpreadsheetResource
from .sheets import known_title
from .workbooks import Workbook
from .writers import FORMATS, SINGLE, Table, find_format, write_tables

__all__ = ["FORMATS", "export_catalogue", "export_tables", "read_resources"]


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
    resources: Mapping[str, SpreadsheetResource] | None = None,
) -> list[Table]:
    """Give what :func:`export_catalogue` writes, as tables.

    :param single: whether there may be only one
    :param resources: what :func:`read_resources` gave, where it is there already
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
    resources = resources or read_resources(workbook)
    kept = _locale(locale) if locale else None
    wanted = None if pks is None else set(pks)
    tables = []
    for title in titles:
        resource = resources[title]
        chosen = [
            item
            for item in resource.own.all
            if (kept is None or getattr(item, "locale_id", kept.pk) == kept.pk)
            and (wanted is None or item.pk in wanted)
        ]
        rows = _in_order(resource, chosen)
        if isinstance(resource, ChildResource):
            rows = resource.exported(rows)
        dataset = resource.export(rows)
        tables.append(Table(title, dataset.headers, list(dataset)))
    return tables


def read_resources(workbook: Workbook) -> dict[str, SpreadsheetResource]:
    """Read what the site has for each sheet of a workbook, by the sheet's title."""
    records = SiteRecords(workbook, list(Locale.objects.all()))
    names: dict[int, str] = {}
    resources = {
        title: resource(records, ImageLibrary(), names)
        for title, resource in workbook.sheets.items()
    }
    images = (
        resource.value(item, column)
        for resource in resources.values()
        for column, field in resource.fields.items()
        if isinstance(field.widget, ImageWidget)
        for item in resource.own.all
    )
    # Which names are clear is only known when all of them are.
    names.update(image_names(image for image in images if image is not None))
    for resource in resources.values():
        resource.image_names = names
    return resources


def _locale(code: str) -> Locale:
    locales = list(Locale.objects.all())
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


def _in_order(resource: SpreadsheetResource, chosen: list[Any]) -> list[Any]:
    """Give objects as the site orders them, translations behind their originals."""
    model = resource.row_model()
    if issubclass(model, TranslatableDefinition):
        by_points = model._meta.ordering[0] != "sort_order"
        return sorted(chosen, key=lambda item: _place(item)[0 if by_points else 1 :])
    if len(chosen) < 2:
        return chosen
    keys = model._default_manager.values_list("pk", flat=True)
    places = {pk: place for place, pk in enumerate(keys)}
    return sorted(chosen, key=lambda item: (places.get(item.pk, 0), item.pk))


def _place(item: Any) -> tuple[Any, ...]:
    original = item.original or item
    return (
        getattr(original, "points_required", 0),
        original.sort_order,
        original.name.casefold(),
        original.pk,
        item.original is not None,
        item.locale.language_code,
    )
