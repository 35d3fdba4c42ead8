"""What an import did, or would do: one outcome for each row.

Plain values that know no console and no view: a command prints them, a page can
show them, a job can store them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """What an import is doing."""

    READING = "reading", _("Reading the file")
    CHECKING = "checking", _("Checking the rows")
    IMAGES = "images", _("Storing the images")
    WRITING = "writing", _("Writing")
    PUBLISHING = "publishing", _("Publishing")
    UNDOING = "undoing", _("Undoing")


class RowAction(models.TextChoices):
    """What happened to a row."""

    CREATED = "created", _("created")
    UPDATED = "updated", _("updated")
    SKIPPED = "skipped", _("skipped")
    REFUSED = "refused", _("refused")


@dataclass(frozen=True, kw_only=True)
class CellError:
    """Why a row is refused."""

    column: str
    """The column that it is about; empty where it is about the whole row."""
    message: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """A field that a row changes, as the two values stand in a spreadsheet."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class RowOutcome:
    """What became of one row."""

    number: int
    """The row's number in the spreadsheet program, from 1."""
    action: RowAction
    slug: str
    locale: str
    """The language code; empty where the row names none that exists."""
    name: str
    errors: tuple[CellError, ...] = ()
    changes: tuple[Change, ...] = ()
    """What differs, for created and updated rows."""
    note: str = ""
    """What else there is to say about a row that isn't refused."""
    object_id: int | None = None
    """The primary key; of a created row only once it was written."""
    revision_id: int | None = None
    """The revision that was made for it; categories have none."""
    has_draft: bool = False
    """Whether it writes over a draft that isn't published, or would."""
    stamp: str = ""
    """What changes whenever somebody edits the definition, as it is now: after the
    import, or as a dry run found it. Empty for a new one that isn't written."""
    image: Mapping[str, Any] = field(default_factory=dict)
    """The image that it leads to, where that is new in the row: ``{"entry": path in
    the ZIP}`` or ``{"pk": number}``."""
    cells: Mapping[str, Any] = field(default_factory=dict)
    """The cells of a refused row by heading, as they stand in the file."""
    before: Mapping[str, Any] = field(default_factory=dict)
    """How a changed definition was: ``revision`` is the latest one, None where it has
    none, ``fields`` what its row held; ``live`` and ``live_revision`` where it is
    drafted."""


@dataclass(frozen=True, kw_only=True)
class SheetResult:
    """The outcomes of one sheet, in the order of its rows."""

    title: str
    rows: tuple[RowOutcome, ...]

    def count(self, action: RowAction) -> int:
        """Say how many rows had this outcome."""
        return sum(row.action == action for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class CatalogueResult:
    """The outcomes of a whole file."""

    sheets: tuple[SheetResult, ...]
    is_dry_run: bool
    """Whether it was only asked what would happen."""
    is_written: bool
    """Whether the outcomes are in the database: all of them, or all that are not
    refused where those were to be left out. Else none are."""
    images_stored: int = 0
    """How many new images were, or would be, added to the site."""

    @property
    def rows(self) -> Iterator[RowOutcome]:
        for sheet in self.sheets:
            yield from sheet.rows

    @property
    def is_refused(self) -> bool:
        """Whether any row is refused; then nothing is written, unless it was asked
        to leave such rows out."""
        return any(row.action == RowAction.REFUSED for row in self.rows)

    def count(self, action: RowAction) -> int:
        """Say how many rows of all sheets had this outcome."""
        return sum(sheet.count(action) for sheet in self.sheets)
