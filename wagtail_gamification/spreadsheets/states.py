"""What Wagtail's mixins add to a model, and what a spreadsheet has to do with it."""

from __future__ import annotations

from typing import Any

from django.db import models
from modelcluster.models import get_all_child_m2m_relations
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)

from .relations import get_related, is_several

_MIXINS = (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)


def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """Name the fields of a model that its editors fill, for a resource's columns."""
    of_wagtail = {field.name for mixin in _MIXINS for field in mixin._meta.fields}
    own = [
        field.name
        for field in model._meta.fields
        if field.editable and not field.primary_key and field.name not in of_wagtail
    ]
    return (*own, *(field.name for field in get_all_child_m2m_relations(model)))


def required(instance: Any, field: Any) -> bool:
    """Say whether a reference is empty that may not be."""
    if is_several(field):
        return not getattr(field, "blank", True) and not get_related(instance, field)
    is_needed = field.is_relation and not field.null and not field.blank
    return is_needed and getattr(instance, field.name, None) is None
