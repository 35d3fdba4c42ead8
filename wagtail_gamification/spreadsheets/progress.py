"""How far a running import is, for whoever watches it from another process.

An import is one transaction, so that it is written whole or not at all; until its
end nobody else sees what it writes to the database. The one other place that the
site's processes surely share is the storage that the worker reads the file from.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils.functional import cached_property

from wagtail_gamification.models import ImportJob
from wagtail_gamification.models.imports import import_storage

from .results import Stage

logger = logging.getLogger(__name__)

# Seconds between two notes; a page that watches asks about as often.
INTERVAL = 1


@dataclass(frozen=True)
class Progress:
    """What a running import is doing."""

    stage: str
    done: int
    total: int
    at: float
    """When it said so, in seconds since 1970."""

    @property
    def label(self) -> str:
        """The stage in words, empty where it is none that is known."""
        return str(Stage(self.stage).label) if self.stage in Stage.values else ""

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0


class ProgressNote:
    """The note that a running import leaves and that others read."""

    def __init__(self, job: ImportJob) -> None:
        folder = f"gamification-imports/{job.uuid}"
        # No storage can write over a file in one step; one of the two is always there.
        self.paths = [f"{folder}/progress-{number}.json" for number in (0, 1)]
        self._written_at = 0.0
        self._count = 0

    @cached_property
    def _storage(self):  # type: ignore[no-untyped-def]
        return import_storage()

    def write(self, stage: Stage, done: int, total: int) -> None:
        """Note how far the import is, if the last note is old enough."""
        if time.monotonic() - self._written_at < INTERVAL:
            return
        self._written_at = time.monotonic()
        values = {"stage": stage.value, "done": done, "total": total, "at": time.time()}
        try:
            path = self.paths[self._count % 2]
            self._count += 1
            self._storage.delete(path)
            self._storage.save(path, ContentFile(json.dumps(values).encode()))
        except OSError:
            # Better an import that can't be watched than none.
            logger.warning("The progress of an import can't be noted.", exc_info=True)

    def read(self) -> Progress | None:
        """Give what was noted last, or None."""
        notes = [note for path in self.paths if (note := self._read(path))]
        return max(notes, key=lambda note: note.at, default=None)

    def _read(self, path: str) -> Progress | None:
        try:
            with self._storage.open(path) as file:
                return Progress(**json.loads(file.read()))
        except (OSError, ValueError, TypeError):
            # Not written yet, just being written, or deleted with the job's files.
            return None

    def delete(self) -> None:
        for path in self.paths:
            self._storage.delete(path)
