"""The fields of a resource that nobody declared: those of its model."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models
from import_export.declarative import ModelDeclarativeMetaclass

from .states import columns_of


class ResourceType(ModelDeclarativeMetaclass):
    """Gives a resource the fields that nobody declared."""

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        meta = attrs.get("Meta")
        model = getattr(meta, "model", None)
        if model is not None and getattr(meta, "fields", None) is None:
            meta.fields = columns_of(model)
        made = super().__new__(cls, name, bases, attrs)
        if made._meta.model is not None:
            cls._complete(made)
        return made

    @staticmethod
    def _complete(made: Any) -> None:
        opts = made._meta
        for name in opts.fields:
            if name not in made.fields:
                made.fields[name] = made.field_from_django_field(
                    name, model_field(opts.model, name), readonly=False
                )
            # A heading finds its column by the name of the field.
            made.fields[name].column_name = name
            made.fields[name].attribute = made.fields[name].attribute or name
        missing = [name for name in opts.import_id_fields if name not in opts.fields]
        if missing:
            raise ImproperlyConfigured(
                f"{made.__name__}: Meta.import_id_fields names what identifies a row. "
                f"Meta.fields lacks {', '.join(missing)}."
            )


def model_field(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        for field in model._meta.related_objects:
            if field.get_accessor_name() == name:
                return field
        raise ImproperlyConfigured(
            f"{model._meta.label} has no field {name}."
        ) from None
