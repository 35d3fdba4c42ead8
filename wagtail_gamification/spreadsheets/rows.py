"""A row on its way from the file to the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Locale

from .results import Change

# What identifies a row, and is never changed by one.
KEY = ("slug", "locale")
# All that a translation contributes; the original's other fields count.
TEXTS = ("name", "description", "image")


@dataclass
class RowPlan:
    """A row on its way from the file to the database."""

    number: int
    values: Mapping[str, Any]
    slug: str = ""
    locale: Locale | None = None
    instance: Any = None
    """The definition, found or new; None where the row has no valid key."""
    is_new: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    note: str = ""
    object_id: int | None = None
    revision_id: int | None = None

    @property
    def is_translation(self) -> bool:
        return self.instance is not None and self.instance.original is not None

    def refuse(self, message: str, column: str = "") -> None:
        self.errors.setdefault(column, []).append(message)
