"""How definitions look in Wagtail's APIs: in these endpoints and in a site's own."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from rest_framework.fields import Field
from wagtail.api import APIField

from .entries import PublicEntries
from .values import VALUES, read


class DefinitionField(Field):
    """One value of a definition, as far as everybody may know it.

    A site's own pages may refer to a badge that is secret, or unpublished by now:
    that looks empty.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "read_only": True})

    def get_attribute(self, instance: Any) -> Any:
        entries = PublicEntries.of(self.context.get("request"))
        return read(entries, instance, self.field_name or "")

    def to_representation(self, value: Any) -> Any:
        return value


class TextField(DefinitionField):
    def to_representation(self, value: Any) -> str:
        return value


class NumberField(DefinitionField):
    def to_representation(self, value: Any) -> int:
        return value


class ObjectField(DefinitionField):
    def to_representation(self, value: Any) -> dict[str, Any]:
        return value


class DayField(DefinitionField):
    def to_representation(self, value: Any) -> date:
        return value


class LanguageField(DefinitionField):
    """The language of the texts, which isn't always the one that was asked for."""

    def get_attribute(self, instance: Any) -> Any:
        entries = PublicEntries.of(self.context.get("request"))
        entry = entries.entry(instance)
        return getattr(entry, "language", None)

    def to_representation(self, value: Any) -> str:
        return value


_FIELDS: dict[type, type[DefinitionField]] = {
    str: TextField,
    int: NumberField,
    dict: ObjectField,
    date: DayField,
}


@cache
def api_fields_of(model: type) -> list[APIField]:
    """Give the fields of a kind of definition."""
    return [
        APIField(name, serializer=_FIELDS[value.type]())
        for name, value in VALUES.get(model, {}).items()
    ]
