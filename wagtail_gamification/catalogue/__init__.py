"""What all players share, kept ready: definitions, their texts, their images.

A shelf needs every definition in one language with a rendition of each image.
That is the same for all visitors, so it is read once and kept in the cache
``WAGTAIL_GAMIFICATION_CACHE_ALIAS`` under a version. :func:`drop` changes the
version when the transaction that changed a definition is committed. A reader
that began before then stores what it read under the old version, where nobody
looks any more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.utils import translation
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.images.models import Filter
from wagtail.models import Locale

from wagtail_gamification.caching import SharedVersion, shared_cache
from wagtail_gamification.conf import app_settings

from .entries import BadgeCatalogue, ShelfLevel, UnlockableEntry
from .reading import (
    default_language,
    filter_for,
    read_badges,
    read_levels,
    read_unlockables,
)

T = TypeVar("T")

_version = SharedVersion("catalogue")


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
    _version.drop()


def _cached(
    kind: str, language: str, size: str, read: Callable[[Locale, Filter], T]
) -> T:
    image_filter = filter_for(size)
    version = _version.current()
    if version is None:
        # This transaction has changed definitions, and nobody else may see that yet.
        return read(_locale(language), image_filter)
    cache = shared_cache()
    key = f"{_version.prefix}:{version}:{kind}:{language}:{image_filter.spec}"
    found = cache.get(key)
    if found is None:
        found = read(_locale(language), image_filter)
        cache.set(key, found, app_settings.CACHE_TIMEOUT)
    return found


def _locale(language: str) -> Locale:
    try:
        return Locale.objects.get(language_code=language)
    except Locale.DoesNotExist:
        return Locale.get_default()
