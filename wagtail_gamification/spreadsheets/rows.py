"""A row on its way from the file to the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Locale

from .results import Change


@dataclass(eq=False)
class RowPlan:
    """A row on its way from the file to the database."""

    number: int
    values: Mapping[str, Any]
    sheet: str = ""
    position: int = 0
    """Its place among the rows of all sheets, from 0."""
    key: dict[str, Any] = field(default_factory=dict)
    """The values of the columns that identify it."""
    slug: str = ""
    """The key as text, without the language."""
    locale: Locale | None = None
    instance: Any = None
    """The object, found or new; None where the row has no valid key."""
    is_new: bool = False
    is_translation: bool = False
    """Whether it is only the texts of another one."""
    errors: dict[str, list[str]] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    needs: list[tuple[str, Any]] = field(default_factory=list)
    """The new objects that it refers to, each with the column."""
    note: str = ""
    has_draft: bool = False
    """Whether it would write over a draft that isn't published."""
    is_submitted: bool = False
    """Whether it starts a workflow, where that was chosen."""
    stamp: str = ""
    """What changes whenever somebody edits the object; empty for new ones."""
    image: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    """What the object was, of a changed one."""
    object_id: Any = None
    revision_id: Any = None
    source: Any = None
    """The row of the loader."""
    revision: Any = None
    """The revision that was made, until it is published."""
    leader: RowPlan | None = None
    """The row with which this one is written, where it is a part of something."""

    @property
    def is_written(self) -> bool:
        """Whether the row changes anything and isn't refused."""
        return not self.errors and (self.is_new or bool(self.changes))

    @property
    def cells(self) -> Mapping[str, Any]:
        """The cells as they stand in the file, by heading."""
        return self.source.cells if self.source is not None else {}

    def refuse(self, message: str, column: str = "") -> None:
        self.errors.setdefault(column, []).append(message)
