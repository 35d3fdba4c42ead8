"""What everybody may know of definitions, read once for each response."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext
from wagtail.api.v2.utils import get_full_url
from wagtail.models import Locale

from wagtail_gamification import catalogue, compat
from wagtail_gamification.catalogue import reading
from wagtail_gamification.catalogue.entries import (
    BadgeEntry,
    Entry,
    ShelfCategory,
    ShelfImage,
)
from wagtail_gamification.leaderboards.boards import Board, published_boards
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Leaderboard,
    Level,
    UnlockableDefinition,
)

# Where a response keeps the entries that it reads.
_KEPT = "_gamification_entries"
DEFAULT_SIZE = "medium"

Reader = Callable[[Locale, Any], Any]
# How the entries of a kind are read: from the cache, and from the database.
_READERS: dict[type, tuple[Callable[[str, str], Any], Reader]] = {
    BadgeDefinition: (catalogue.badges, reading.read_badges),
    UnlockableDefinition: (catalogue.unlockables, reading.read_unlockables),
    Level: (catalogue.levels, reading.read_levels),
    Leaderboard: (
        lambda language, size: published_boards(language),
        lambda locale, image_filter: published_boards(locale.language_code),
    ),
}


class PublicEntries:
    """The definitions as everybody may see them, in one language.

    A badge that is secret, and whatever isn't published, has no entry here.
    """

    def __init__(
        self,
        *,
        language: str | None = None,
        size: str = DEFAULT_SIZE,
        request: Any = None,
    ) -> None:
        self.language = language or catalogue.active_language()
        self.size = size
        self.request = request
        self.rich_text_format = compat.rich_text_format(request)
        self._by_key: dict[type, dict[int, Any]] = {}
        self._are_fresh: set[type] = set()
        self._sources: dict[type, dict[int, str]] = {}

    @classmethod
    def of(cls, request: Any) -> PublicEntries:
        """Give those of the response to ``request``, or new ones without a request."""
        kept = getattr(_plain(request), _KEPT, None)
        if kept is None:
            kept = cls(request=request)
            kept.keep()
        return kept

    def keep(self) -> None:
        """Have all that is made for the same response use these."""
        if self.request is not None:
            setattr(_plain(self.request), _KEPT, self)

    def entry(self, definition: Any) -> Any:
        """Give the entry of a definition, None where not everybody may know it."""
        if isinstance(definition, Category):
            return self.categories.get(definition.state_id)
        if not definition.source.live or self.is_secret(definition):
            return None
        model = type(definition)
        entry = self._entries(model).get(definition.state_id)
        if not self.is_public(entry) and model not in self._are_fresh:
            # It was published a moment ago, and the cache doesn't know yet.
            self._are_fresh.add(model)
            self._by_key[model] = self._fresh(model)
            entry = self._by_key[model].get(definition.state_id)
        return entry if self.is_public(entry) else None

    def known(self, definition: Any) -> Any:
        """Give the entry of a definition to somebody who has what it defines."""
        return self._entries(type(definition)).get(definition.state_id)

    def badge(self, definition_id: int | None) -> BadgeEntry | None:
        """Give the badge with this key, None where not everybody may know it."""
        entry = self._entries(BadgeDefinition).get(definition_id or 0)
        return entry if self.is_public(entry) else None

    def is_secret(self, definition: Any) -> bool:
        """Whether there is a badge that nobody sees who hasn't earned it."""
        source = definition.source
        return getattr(source, "is_secret", False) and source.live

    @staticmethod
    def is_public(entry: Entry | Board | None) -> bool:
        if entry is None or not getattr(entry, "is_live", True):
            return False
        return not getattr(entry, "is_secret", False)

    def name(self, definition: Any) -> str | None:
        """Give the name; of a secret badge, one that says nothing."""
        if self.is_secret(definition):
            return gettext("Secret badge")
        entry = self.entry(definition)
        return entry.name if entry else None

    def description(self, definition: Any, entry: Any) -> Any:
        """Give the description in the format that was asked for."""
        if self.rich_text_format == "html" or isinstance(entry, ShelfCategory):
            return str(entry.description)
        source = self._sources_of(type(definition))[entry.definition_id]
        return compat.serialize_rich_text(source, self.rich_text_format)

    def image(self, image: ShelfImage | None) -> dict[str, Any] | None:
        """Give a rendition, with an address that works on other hosts too."""
        if image is None:
            return None
        return {
            "url": image.url,
            "full_url": get_full_url(self.request, image.url),
            "width": image.width,
            "height": image.height,
            "alt": image.alt,
        }

    @cached_property
    def categories(self) -> dict[int, ShelfCategory]:
        found = catalogue.badges(self.language, self.size).categories
        return {category.definition_id: category for category in found}

    @cached_property
    def locale(self) -> Locale:
        return (
            Locale.objects.filter(language_code=self.language).first()
            or Locale.get_default()
        )

    def _entries(self, model: type) -> dict[int, Any]:
        if model not in self._by_key:
            read, _ = _READERS[model]
            self._by_key[model] = _by_key(read(self.language, self.size))
        return self._by_key[model]

    def _fresh(self, model: type) -> dict[int, Any]:
        _, read = _READERS[model]
        return _by_key(read(self.locale, reading.filter_for(self.size)))

    def _sources_of(self, model: Any) -> dict[int, str]:
        """Give the descriptions as they are stored, by the originals' keys."""
        if model not in self._sources:
            found = model.objects.in_locale(self.locale).only("description")
            self._sources[model] = {
                definition.pk: definition.texts.description for definition in found
            }
        return self._sources[model]


def _plain(request: Any) -> Any:
    """Give Django's request, which that of Django REST Framework is wrapped around."""
    return getattr(request, "_request", request)


def _by_key(entries: Any) -> dict[int, Any]:
    items: Sequence[Entry | Board] = getattr(entries, "badges", entries)
    return {entry.definition_id: entry for entry in items}
