"""What the visitor calls what badges ask for, as far as it may be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.models import DraftStateMixin, Page

from wagtail_gamification.events.objects import describe_objects, split_object_key
from wagtail_gamification.models import BadgeDefinition, Level, UnlockableDefinition


@dataclass(frozen=True)
class Names:
    """What the visitor calls what requirements are about."""

    badge: Callable[[int], str | None]
    """Gives the name of a badge, None where the player doesn't get to know it."""

    categories: Mapping[int, str]
    levels: Callable[[], Mapping[int, str]]
    unlockables: Callable[[], Mapping[int, str]]

    def of_objects(self, keys: Iterable[str]) -> dict[str, str]:
        """Give the names of these objects, without those that stay hidden."""
        names: dict[str, str] = {}
        plain: list[str] = []
        drafted: dict[type[models.Model], dict[str, str]] = {}
        for key in set(keys):
            model, pk = split_object_key(key) or (None, "")
            if model is None:
                plain.append(key)
            elif issubclass(model, (BadgeDefinition, Level, UnlockableDefinition)):
                if name := self._of_definition(model, pk):
                    names[key] = name
            elif issubclass(model, (Page, DraftStateMixin)):
                drafted.setdefault(model, {})[key] = pk
            else:
                plain.append(key)
        for model, pks in drafted.items():
            found = _public(model, pks.values())
            plain += [key for key, pk in pks.items() if pk in found]
        return names | (describe_objects(plain) if plain else {})

    def _of_definition(self, model: type[models.Model], pk: str) -> str | None:
        if not pk.isdecimal():
            return None
        if issubclass(model, BadgeDefinition):
            return self.badge(int(pk))
        names = self.levels() if issubclass(model, Level) else self.unlockables()
        return names.get(int(pk))


def _public(model: type[models.Model], pks: Iterable[str]) -> set[str]:
    """Give the keys of those that are published, and open to everybody."""
    rows: Any = model._default_manager.all()
    is_page = issubclass(model, Page)
    rows = rows.live().public() if is_page else rows.filter(live=True)
    try:
        return {str(pk) for pk in rows.filter(pk__in=pks).values_list("pk", flat=True)}
    except (ValueError, ValidationError):
        return set()
