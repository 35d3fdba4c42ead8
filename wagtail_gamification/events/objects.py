"""Objects as texts: what an activity is about, whatever model it is of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from wagtail_gamification.exceptions import InvalidEvent

LENGTH = 191
# What no database takes for something else: some don't tell capitals from small
# letters, or letters with accents from those without. Others are written as %c3%a9.
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-._~")


def object_key_of(target: Any) -> str:
    """Give the text that stands for a saved object: ``"news.article:7"``.

    Pages of all types are named alike, and a model and its proxies too.

    :raises InvalidEvent: where it isn't a saved object of a model
    """
    if not isinstance(target, models.Model) or target.pk is None:
        raise InvalidEvent(f"The target {target!r} is not a saved object.")
    key = key_of(type(target), target.pk)
    if len(key) > LENGTH:
        raise InvalidEvent(f"The key “{key}” of the target is too long.")
    return key


def model_key_of(model: type[models.Model]) -> str:
    """Give the first half of the keys of a model's objects."""
    from wagtail.models import Page

    if issubclass(model, Page):
        model = Page
    return model._meta.concrete_model._meta.label_lower


def key_of(model: type[models.Model], pk: Any) -> str:
    """Give the key of the object of ``model`` with that primary key."""
    quoted = (
        sign if sign in PLAIN else "".join(f"%{byte:02x}" for byte in sign.encode())
        for sign in str(pk)
    )
    return f"{model_key_of(model)}:{''.join(quoted)}"


def split_object_key(key: str) -> tuple[type[models.Model], str] | None:
    """Give the model and the primary key, or None where there is no such model."""
    label, _separator, pk = key.partition(":")
    try:
        return apps.get_model(label), unquote(pk)
    except (LookupError, ValueError):
        return None


def find_object(key: str) -> models.Model | None:
    """Give the object that ``key`` stands for, or None where it is gone."""
    found = split_object_key(key)
    if found is None:
        return None
    model, pk = found
    try:
        return model._default_manager.filter(pk=pk).first()
    except (ValueError, ValidationError):
        return None


def describe_object(key: str) -> str:
    """Give what people call the object."""
    return _described(key, find_object(key))


def describe_objects(keys: Iterable[str]) -> dict[str, str]:
    """Give what people call each of these objects: one query for each model."""
    by_model: dict[type[models.Model], dict[str, str]] = {}
    wanted = set(keys)
    for key in wanted:
        if found := split_object_key(key):
            by_model.setdefault(found[0], {})[key] = found[1]
    names = {key: _described(key, None) for key in wanted}
    for model, pks in by_model.items():
        try:
            rows = model._default_manager.filter(pk__in=pks.values())
            objects = {str(found.pk): found for found in rows}
        except (ValueError, ValidationError):
            continue
        names |= {key: _described(key, objects.get(pk)) for key, pk in pks.items()}
    return names


def _described(key: str, found: models.Model | None) -> str:
    return str(found) if found else _("an object that is gone (%(key)s)") % {"key": key}
