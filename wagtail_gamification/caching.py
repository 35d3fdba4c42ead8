"""Versions of what all processes keep ready, changed when a transaction is committed.

What was read is kept under a version. Changing something drops the version once the
transaction that changed it is committed. A reader that began before then keeps what it
read under the old version, where nobody looks any more.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from time import monotonic
from typing import Any, Generic, TypeVar

from django.core.cache import caches
from django.db import router, transaction

from wagtail_gamification import __version__
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models.definitions import BadgeDefinition

T = TypeVar("T")


class SharedVersion:
    """A version in the cache ``WAGTAIL_GAMIFICATION_CACHE_ALIAS``, under a name."""

    def __init__(self, name: str) -> None:
        self.name = name
        # With the package's version: what another one stored has another shape.
        self.prefix = f"wagtail_gamification:{__version__}:{name}"

    def current(self) -> str | None:
        """Give the version, or None where this transaction has changed something.

        Then it has to be read anew, and kept for nobody else.
        """
        waiting = _connection().run_on_commit
        if any(self._is_waiting(callback) for _ids, callback, *_rest in waiting):
            return None
        return shared_cache().get_or_set(
            f"{self.prefix}:version", _new_version, timeout=None
        )

    def drop(self) -> None:
        """Change the version once the running transaction is committed."""
        connection = _connection()
        held = set(connection.savepoint_ids)
        # Importing a catalogue asks for this a thousand times. Once is enough, unless
        # the one that waits could be rolled back without this one.
        for savepoints, waiting, *_rest in connection.run_on_commit:
            if self._is_waiting(waiting) and savepoints <= held:
                return
        transaction.on_commit(_Drop(self), using=connection.alias)

    def _is_waiting(self, callback: Any) -> bool:
        return (
            isinstance(callback, _Drop)
            and callback.version is self
            and not callback.is_done
        )


class _Drop:
    """Changes the version, and can be told from what else waits for the commit."""

    is_done = False

    def __init__(self, version: SharedVersion) -> None:
        self.version = version

    def __call__(self) -> None:
        self.is_done = True
        key = f"{self.version.prefix}:version"
        shared_cache().set(key, _new_version(), timeout=None)


class KeptReading(Generic[T]):
    """What each process reads once under a version, and keeps for itself.

    A transaction that changed something reads it anew, with its own changes.
    """

    # A cache that each process has for itself tells none of the others of a change.
    SECONDS = 60

    def __init__(self, version: SharedVersion, read: Callable[[], T]) -> None:
        self.version = version
        self.read = read
        # When it was read, by the clock that only goes on.
        self._kept: dict[str, tuple[float, T]] = {}

    def get(self) -> T:
        """Give it as it is now."""
        version = self.version.current()
        if version is None:
            return self.read()
        kept = self._kept.get(version)
        if kept is None or monotonic() - kept[0] > self.SECONDS:
            return self.keep(version, self.read())
        return kept[1]

    def keep(self, version: str, found: T) -> T:
        """Keep what was found under a version, and nothing of others."""
        self._kept.clear()
        self._kept[version] = (monotonic(), found)
        return found

    def forget(self) -> None:
        """Read it anew in this process, which may not have heard of a change."""
        self._kept.clear()


def shared_cache() -> Any:
    """Give the cache that the site's processes share."""
    return caches[app_settings.CACHE_ALIAS]


def _connection() -> Any:
    return transaction.get_connection(router.db_for_write(BadgeDefinition))


def _new_version() -> str:
    return uuid.uuid4().hex
