"""What a file may hold: sheets by their titles, each with the resource that reads it.

The catalogue of this app is one workbook of four sheets. A site's own snippet model
is another, of one sheet. A job stores the name of its workbook, so that another
process finds it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from wagtail import hooks

from .errors import CatalogueError

if TYPE_CHECKING:
    from .resources import SpreadsheetResource


class Workbook:
    """The sheets that are imported and exported together.

    :param name: names it in jobs and addresses; letters, digits, ``_``, ``-``, ``.``
    :param label: names it to editors, in lower case and the plural
    :param sheets: resources by the title of their sheet, in the order in which they
        are read and written: a row may name what comes before
    """

    def __init__(
        self,
        name: str,
        label: Any,
        sheets: Mapping[str, type[SpreadsheetResource]],
    ) -> None:
        self.name = name
        self.label = label
        self.sheets = dict(sheets)

    def __repr__(self) -> str:
        return f"<Workbook {self.name}>"

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The columns that each sheet may have, by the sheet's title."""
        return {
            title: tuple(resource._meta.fields)
            for title, resource in self.sheets.items()
        }

    @property
    def models(self) -> dict[str, type[models.Model]]:
        """The model of what each sheet changes, by the sheet's title.

        A sheet of children changes their parents.
        """
        return {title: resource.row_model() for title, resource in self.sheets.items()}

    def title_of(self, model: type[models.Model]) -> str:
        """Give the title of the sheet that holds a model; the first one does.

        :raises LookupError: if none does
        """
        for title, found in self.models.items():
            if found is model:
                return title
        raise LookupError(f"{self!r} has no sheet of {model._meta.label}.")


_registered: dict[str, Workbook] = {}


def register_workbook(workbook: Workbook) -> Workbook:
    """Let jobs find a workbook by its name. A later one replaces an earlier one."""
    _registered[workbook.name] = workbook
    return workbook


def get_workbook(name: str) -> Workbook:
    """Give the workbook that was registered under ``name``.

    :raises CatalogueError: if there is none; its model may have been taken away
    """
    if name not in _registered:
        # Those of a site are registered with its snippets; a worker has no screens.
        hooks.search_for_hooks()
    try:
        return _registered[name]
    except KeyError:
        raise CatalogueError(f"There is no workbook “{name}”.") from None
