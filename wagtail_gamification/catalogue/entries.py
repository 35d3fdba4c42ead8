"""A definition as visitors see it, in one language: plain data that can be cached."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString


@dataclass(frozen=True)
class ShelfImage:
    """A rendition, in its own pixels: mostly twice the size that it is shown in."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class ShelfCategory:
    """A category with its texts in the shelf's language."""

    definition_id: int
    """The original's primary key."""

    slug: str
    name: str
    description: str
    is_default: bool = True
    """Whether the original is in the site's default language."""

    language: str = ""
    """The language of name and description."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What all kinds of definitions have."""

    definition_id: int
    """The original's primary key, to which players' rows refer."""

    slug: str
    name: str
    description: SafeString
    """HTML, with its links and embeds expanded."""

    language: str
    """The language of name and description: not the one that was asked for where
    there is no translation."""

    image: ShelfImage | None
    is_live: bool
    is_default: bool
    """Whether the original is in the site's default language."""

    @property
    def initial(self) -> str:
        """What stands in for a missing image."""
        return self.name[:1].upper()


@dataclass(frozen=True, kw_only=True)
class BadgeEntry(Entry):
    """A badge as it is for everybody."""

    category: ShelfCategory | None
    points: int
    target: int | None
    next_id: int | None
    is_secret: bool
    award_limit: int


@dataclass(frozen=True)
class BadgeCatalogue:
    """All badges that a player may have, and all categories, also empty ones."""

    badges: tuple[BadgeEntry, ...]
    categories: tuple[ShelfCategory, ...]


@dataclass(frozen=True, kw_only=True)
class UnlockableEntry(Entry):
    """An unlockable as it is for everybody."""

    points_required: int
    price: int | None = None
    """What it costs, None where it isn't for sale."""


@dataclass(frozen=True, kw_only=True)
class ShelfLevel(Entry):
    """A level as it is for everybody."""

    points_required: int
