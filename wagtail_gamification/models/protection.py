"""What happens to players' rows when a definition is deleted.

Rows that say nothing go with their definition. A row that records an
achievement protects it: unpublishing is the way to retire a definition.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, ProtectedError


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


def protect_what_paid(
    collector: Any, field: Any, sub_objs: models.QuerySet, using: str
) -> None:
    """Keep a point rule that has paid: without it, nothing could be taken back."""
    _protect(sub_objs)


# Or Django would first read everything that the rule has ever paid.
protect_what_paid.lazy_sub_objs = True  # type: ignore[attr-defined]


def _protect(achieved: models.QuerySet) -> None:
    # One is enough to refuse; a popular badge has very many.
    protecting = next(iter(achieved.order_by()[:1]), None)
    if protecting is not None:
        raise ProtectedError("Players have achieved this.", {protecting})


def players_by_definition(definitions: Iterable[Any]) -> dict[Any, int]:
    """Say how many players have achieved each of some definitions of one model.

    Definitions that nobody has achieved are left out, and so are models that nobody
    can achieve. A point rule is achieved by those whom it has paid.
    """
    definitions = list(definitions)
    label = definitions[0]._meta.model_name if definitions else ""
    if label == "badgedefinition":
        rows = apps.get_model("wagtail_gamification", "Award")._base_manager.all()
        key, player = "badge__badge_definition_id", "badge__interface_id"
    elif label == "unlockabledefinition":
        unlockables = apps.get_model("wagtail_gamification", "Unlockable")
        rows = unlockables._base_manager.filter(acquired=True)
        key, player = "unlockable_definition_id", "interface_id"
    elif label == "pointrule":
        rows = apps.get_model("wagtail_gamification", "PointChange")._base_manager.all()
        key, player = "rule_id", "interface_id"
    else:
        return {}
    counted = (
        rows.filter(**{f"{key}__in": [definition.pk for definition in definitions]})
        .order_by()
        .values(key)
        .annotate(players=Count(player, distinct=True))
    )
    return dict(counted.values_list(key, "players"))
