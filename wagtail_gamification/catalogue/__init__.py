"""What all players share, kept ready: definitions, their texts, their images.

A shelf needs every definition in one language with a rendition of each image.
That is the same for all visitors, so it is read once and kept in the cache
``WAGTAIL_GAMIFICATION_CACHE_ALIAS`` under a version. :func:`drop` changes the
version when the transaction that changed a definition is committed. A reader
that began before then stores what it read under the old version, where nobody
looks any more.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import caches
from django.db import router, transaction
from django.utils import translation
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.images.models import Filter
from wagtail.models import Locale

from wagtail_gamification import __version__
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import BadgeDefinition

from .entries import BadgeCatalogue, ShelfLevel, UnlockableEntry
from .reading import (
    default_language,
    filter_for,
    read_badges,
    read_levels,
    read_unlockables,
)

T = TypeVar("T")

# With the package's version: what another one stored has another shape.
_PREFIX = f"wagtail_gamification:{__version__}:catalogue"


def badges(language: str, size: str) -> BadgeCatalogue:
    """Give every badge that a player may have, in the editors' order."""
    return _cached("badges", language, size, read_badges)


def unlockables(language: str, size: str) -> tuple[UnlockableEntry, ...]:
    """Give every unlockable that a player may have, in the editors' order."""
    return _cached("unlockables", language, size, read_unlockables)


def levels(language: str, size: str) -> tuple[ShelfLevel, ...]:
    """Give the published levels, lowest first."""
    return _cached("levels", language, size, read_levels)


def active_language() -> str:
    """Give the content language that the visitor reads."""
    try:
        return get_supported_content_language_variant(translation.get_language())
    except LookupError:
        return default_language()


def drop() -> None:
    """Forget what is cached once the running transaction is committed.

    Call it after changes that send no signals: ``update()``, ``bulk_create()``.
    """
    connection = _connection()
    held = set(connection.savepoint_ids)
    # Importing a catalogue asks for this a thousand times. Once is enough, unless
    # the one that waits could be rolled back without this one.
    for savepoints, waiting, *_rest in connection.run_on_commit:
        if _is_waiting(waiting) and savepoints <= held:
            return
    transaction.on_commit(_Drop(), using=connection.alias)


class _Drop:
    """Changes the version, and can be told from what else waits for the commit."""

    is_done = False

    def __call__(self) -> None:
        self.is_done = True
        _cache().set(f"{_PREFIX}:version", _new_version(), timeout=None)


def _is_waiting(callback: Any) -> bool:
    return isinstance(callback, _Drop) and not callback.is_done


def _cached(
    kind: str, language: str, size: str, read: Callable[[Locale, Filter], T]
) -> T:
    image_filter = filter_for(size)
    if any(_is_waiting(callback) for _ids, callback, *_rest in _run_on_commit()):
        # This transaction has changed definitions, and nobody else may see that yet.
        return read(_locale(language), image_filter)
    cache = _cache()
    version = cache.get_or_set(f"{_PREFIX}:version", _new_version, timeout=None)
    key = f"{_PREFIX}:{version}:{kind}:{language}:{image_filter.spec}"
    found = cache.get(key)
    if found is None:
        found = read(_locale(language), image_filter)
        cache.set(key, found, app_settings.CACHE_TIMEOUT)
    return found


def _cache() -> Any:
    return caches[app_settings.CACHE_ALIAS]


def _connection() -> Any:
    return transaction.get_connection(router.db_for_write(BadgeDefinition))


def _run_on_commit() -> list[Any]:
    return _connection().run_on_commit


def _new_version() -> str:
    return uuid.uuid4().hex


def _locale(language: str) -> Locale:
    try:
        return Locale.objects.get(language_code=language)
    except Locale.DoesNotExist:
        return Locale.get_default()
