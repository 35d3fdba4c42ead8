"""Which heading of a file is which column of its sheet.

People write headings as they see them on the screen, in their own language, or as
another program exported them. What is recognised here is matched by itself; for the
rest somebody is asked, and the answer is kept for the next file with these headings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_gamification.conf import app_settings

from .cells import cell_text, column_letter, folded, is_blank
from .errors import CatalogueError, shortened
from .readers import RawRow
from .sheets import find_sheets
from .workbooks import Workbook

# The column of a file that was sent back. The second is for sheets that have a
# column of the first name.
REASONS = (gettext_lazy("Reason"), gettext_lazy("Why this row was refused"))

_LONGEST = 255


@dataclass(frozen=True)
class Missing:
    """Columns that a sheet should have and that no heading was matched to."""

    needed: tuple[str, ...] = ()
    """Without these no row can be read."""
    recommended: tuple[str, ...] = ()
    """Without these no row can be new: its definition couldn't be valid."""


def read_headings(
    data: bytes, name: str, workbook: Workbook, sheet: str | None = None
) -> dict[str, list[str]]:
    """Give the headings of each known sheet of a file, as they stand there.

    No more than the first row of each is read. The column of reasons that a file of
    refused rows has is left out: nobody has to match it.

    :param sheet: read only this sheet, as :func:`.loader.load` does
    :raises CatalogueError: for whatever is wrong with the file as a whole
    """
    found = find_sheets(data, name, workbook.sheets, sheet, headings=known(workbook))
    rows = {
        title: headings_in(next(raw.rows, None), title, workbook.columns)
        for title, raw in found.items()
    }
    return {
        title: [
            heading
            for heading in headings
            if heading and not is_reason(heading, workbook, title)
        ]
        for title, headings in rows.items()
        # An empty list of JSON has none, and nothing to match.
        if headings
    }


def match_headings(
    workbook: Workbook, headings: Mapping[str, Iterable[str]]
) -> dict[str, dict[str, str]]:
    """Give the column of each heading, "" for those that are not recognised.

    Names of columns come before labels in the active language, those before labels
    in any language of the site, and those before aliases. No two headings get one
    column: the first has it.
    """
    return {
        title: _matched(list(given), meanings(workbook, title))
        for title, given in headings.items()
    }


def missing_columns(
    workbook: Workbook, mapping: Mapping[str, Mapping[str, str]]
) -> dict[str, Missing]:
    """Name the columns that are required and not matched, by the sheet's title.

    :param mapping: the column of each heading, as from :func:`match_headings`
    :return: only the sheets that lack something
    """
    found = {
        title: _missing(workbook.sheets[title], set(columns.values()))
        for title, columns in mapping.items()
    }
    return {title: missing for title, missing in found.items() if missing != Missing()}


def headings_key(workbook: Workbook, headings: Mapping[str, Iterable[str]]) -> str:
    """Give what is the same for all files with these headings, in any order."""
    content = [
        workbook.name,
        sorted((title, sorted(given)) for title, given in headings.items()),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def column_label(resource: Any, column: str) -> str:
    """Give a column's name for people, in the active language."""
    return str(capfirst(_verbose_name(resource, column) or column.replace("_", " ")))


def is_reason(heading: str, workbook: Workbook, title: str) -> bool:
    """Say whether a heading is that of the reasons in a file that was sent back."""
    text = folded(heading)
    if text not in _reasons():
        return False
    return not any(text in meaning for meaning in meanings(workbook, title))


def reason_heading(workbook: Workbook, title: str) -> str:
    """Give the heading for reasons that no column of the sheet has."""
    for reason in REASONS:
        if is_reason(str(reason), workbook, title):
            return str(reason)
    return str(REASONS[0])


# What headings mean


def known(workbook: Workbook) -> set[str]:
    """Give every heading that would be recognised on any sheet, folded."""
    return _reasons().union(
        *(meaning for title in workbook.sheets for meaning in meanings(workbook, title))
    )


def meanings(workbook: Workbook, title: str) -> list[dict[str, str]]:
    """Give the columns by their folded headings, the surest headings first."""
    resource = workbook.sheets[title]
    columns = workbook.columns[title]
    tiers = [{folded(column): column for column in columns}, _labels(resource, columns)]
    in_any_language: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            in_any_language = {**_labels(resource, columns), **in_any_language}
    return [*tiers, in_any_language, _aliases(resource, columns)]


def _labels(resource: Any, columns: Sequence[str]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for column in columns:
        if label := folded(_verbose_name(resource, column)):
            labels.setdefault(label, column)
    return labels


def _aliases(resource: Any, columns: Sequence[str]) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for column, given in getattr(resource, "aliases", {}).items():
        for alias in [given] if isinstance(given, str) else given:
            if column in columns and (text := folded(str(alias))):
                aliases.setdefault(text, column)
    return aliases


def _verbose_name(resource: Any, column: str) -> str:
    if label := getattr(resource, "labels", {}).get(column):
        return str(label)
    field = model_field(resource, column)
    # Relations from the other side have no name of their own.
    return str(getattr(field, "verbose_name", ""))


def model_field(resource: Any, column: str) -> models.Field | None:
    """Give the field of the model that a column fills, if it is a single one."""
    attribute = resource.fields[column].attribute if column in resource.fields else ""
    try:
        return resource._meta.model._meta.get_field(attribute or column)
    except FieldDoesNotExist:
        return None


def _reasons() -> set[str]:
    found = {folded(str(reason)) for reason in REASONS}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {folded(str(reason)) for reason in REASONS}
    return found


def _matched(headings: list[str], tiers: list[dict[str, str]]) -> dict[str, str]:
    matched = dict.fromkeys(headings, "")
    taken: set[str] = set()
    for tier in tiers:
        for heading in headings:
            column = tier.get(folded(heading), "")
            if column and not matched[heading] and column not in taken:
                matched[heading] = column
                taken.add(column)
    return matched


# What a sheet must have


def _missing(resource: Any, columns: set[str]) -> Missing:
    lacking = [
        column
        for column in resource._meta.fields
        if column not in columns and is_required(resource, column)
    ]
    needed = lacking_keys(resource, columns)
    return Missing(needed, tuple(item for item in lacking if item not in needed))


def lacking_keys(resource: Any, columns: Iterable[str]) -> tuple[str, ...]:
    """Name the columns without which no row has a key.

    A definition's slug is made from its name where there is no column for it.
    """
    present = set(columns)
    keys = [key for key in resource._meta.import_id_fields if key != "locale"]
    source = resource.slug_source
    if "slug" in keys and source:
        return () if present & {"slug", source} else (source,)
    return tuple(key for key in keys if key not in present)


def is_required(resource: Any, column: str) -> bool:
    """Say whether a new definition needs a value in this column."""
    field = model_field(resource, column)
    if field is None or not field.concrete or field.many_to_many:
        return False
    if field.null or field.blank or field.has_default():
        return False
    widget = resource.fields[column].widget if column in resource.fields else None
    return column != "locale" and getattr(widget, "default", None) is None


# Headings as they stand


def headings_in(
    first: RawRow | None, title: str, columns: Mapping[str, Iterable[str]]
) -> list[str]:
    """Give the headings of a sheet by their place, "" where there is none.

    :param first: the first row that isn't blank
    :param columns: the columns that each sheet may have, for messages
    """
    if first is None:
        raise CatalogueError(
            _(
                "The sheet “%(title)s” is empty. Its first row has to hold the "
                "headings: %(known)s."
            )
            % {"title": title, "known": ", ".join(columns[title])}
        )
    if sum(not is_blank(cell) for cell in first.cells) > (
        app_settings.IMPORT_MAX_COLUMNS
    ):
        raise CatalogueError(
            _("The sheet “%(title)s” has more than %(count)d columns.")
            % {"title": title, "count": app_settings.IMPORT_MAX_COLUMNS}
        )
    headings: list[str] = []
    for index, cell in enumerate(first.cells):
        heading = "" if is_blank(cell) else cell_text(cell)
        if len(heading) > _LONGEST:
            raise CatalogueError(
                _("%(title)s: the heading of column %(letter)s is too long.")
                % {"title": title, "letter": column_letter(index)}
            )
        if heading and heading in headings:
            raise same_column(title, headings.index(heading), index, heading)
        headings.append(heading)
    return headings


def same_column(title: str, first: int, second: int, name: str) -> CatalogueError:
    """Give the error of two headings that mean one column."""
    return CatalogueError(
        _("%(title)s: columns %(first)s and %(second)s are both “%(name)s”.")
        % {
            "title": title,
            "first": column_letter(first),
            "second": column_letter(second),
            "name": shortened(name),
        }
    )
