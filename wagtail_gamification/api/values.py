"""What the API says of a definition, field by field, and which may be asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Leaderboard,
    Level,
    UnlockableDefinition,
)

from .entries import PublicEntries

Read = Callable[[PublicEntries, Any, Any], Any]


@dataclass(frozen=True)
class Value:
    """One field: the type of what it gives, and how that is read."""

    type: type
    read: Read
    """Called with the entries, the definition and its entry."""

    is_filter: bool = False
    """Whether lists may be filtered and ordered by the column of this name."""


def _next_badge(entries: PublicEntries, _: Any, entry: Any) -> dict[str, Any] | None:
    following = entries.badge(entry.next_id)
    if following is None:
        return None
    return {
        "id": following.definition_id,
        "slug": following.slug,
        "name": following.name,
    }


def _category(entries: PublicEntries, _: Any, entry: Any) -> dict[str, Any] | None:
    if entry.category is None:
        return None
    return {
        "id": entry.category.definition_id,
        "slug": entry.category.slug,
        "name": entry.category.name,
    }


def _own(name: str) -> Read:
    return lambda entries, definition, entry: getattr(definition.source, name)


def _of_entry(name: str) -> Read:
    return lambda entries, definition, entry: getattr(entry, name)


NAME = Value(
    str, lambda entries, definition, entry: entries.name(definition), is_filter=True
)
SLUG = Value(str, _of_entry("slug"), is_filter=True)
DESCRIPTION = Value(
    str, lambda entries, definition, entry: entries.description(definition, entry)
)
IMAGE = Value(dict, lambda entries, definition, entry: entries.image(entry.image))
POINTS_REQUIRED = Value(int, _of_entry("points_required"), is_filter=True)

VALUES: Mapping[type, Mapping[str, Value]] = {
    BadgeDefinition: {
        "name": NAME,
        "slug": SLUG,
        "description": DESCRIPTION,
        "image": IMAGE,
        "category": Value(dict, _category),
        "points": Value(int, _of_entry("points"), is_filter=True),
        "progression_target": Value(int, _of_entry("target"), is_filter=True),
        "next_badge": Value(dict, _next_badge),
        "max_awards": Value(int, _of_entry("award_limit")),
        "expires_after": Value(int, _own("expires_after")),
    },
    UnlockableDefinition: {
        "name": NAME,
        "slug": SLUG,
        "description": DESCRIPTION,
        "image": IMAGE,
        "points_required": POINTS_REQUIRED,
        "price": Value(int, _of_entry("price"), is_filter=True),
    },
    Level: {
        "name": NAME,
        "slug": SLUG,
        "description": DESCRIPTION,
        "image": IMAGE,
        "points_required": POINTS_REQUIRED,
    },
    Leaderboard: {
        "name": NAME,
        "slug": SLUG,
        "description": DESCRIPTION,
        "measure": Value(str, _of_entry("measure"), is_filter=True),
        "window": Value(str, _of_entry("window"), is_filter=True),
        "starts_on": Value(date, _own("starts_on")),
        "ends_on": Value(date, _own("ends_on")),
    },
    Category: {"name": NAME, "slug": SLUG, "description": DESCRIPTION},
}


def filters_of(model: type) -> list[str]:
    """Give the columns that lists of a model may be filtered and ordered by."""
    values = VALUES.get(model, {})
    return ["id", *(name for name, value in values.items() if value.is_filter)]


def read(entries: PublicEntries, definition: Any, name: str) -> Any:
    """Give one value of a definition, None where not everybody may know it."""
    if name == "name":
        return entries.name(definition)
    entry = entries.entry(definition)
    if entry is None:
        return None
    return VALUES[type(definition)][name].read(entries, definition, entry)
