"""What happens to players' rows when a definition is deleted.

Rows that say nothing go with their definition. A row that records an
achievement protects it: unpublishing is the way to retire a definition.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import ProtectedError


def cascade_unless_awarded(
    collector: Any, field: Any, sub_objs: models.QuerySet, using: str
) -> None:
    """Delete players' badges with their definition unless one was ever awarded."""
    _protect(sub_objs.filter(awards__isnull=False))
    models.CASCADE(collector, field, sub_objs, using)


def cascade_unless_acquired(
    collector: Any, field: Any, sub_objs: models.QuerySet, using: str
) -> None:
    """Delete players' unlockables with their definition unless one is unlocked."""
    _protect(sub_objs.filter(acquired=True))
    models.CASCADE(collector, field, sub_objs, using)


def _protect(achieved: models.QuerySet) -> None:
    # One is enough to refuse; a popular badge has very many.
    protecting = achieved.first()
    if protecting is not None:
        raise ProtectedError("Players have achieved this.", {protecting})
