"""Several objects in one field, in memory: what revisions hold of them.

Children and parental relations live in modelcluster's lists, so that a revision is
made of them as they are there. Django's own many-to-many relations are kept beside
the object until it is saved: no revision holds them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.fields import GenericRelation
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import (
    get_serializable_data_for_fields,
    model_from_serializable_data,
)
from wagtail.images import get_image_model

if TYPE_CHECKING:
    from .records import Records

_KEPT = "_spreadsheet_relations"


def is_image(field: Any) -> bool:
    """Say whether a field leads to one of the site's images."""
    return bool(field.many_to_one) and field.related_model is get_image_model()


def is_several(field: Any) -> bool:
    """Say whether a field holds several objects."""
    return bool(field.many_to_many or field.one_to_many)


def is_parental(field: Any) -> bool:
    """Say whether modelcluster keeps the objects of a field in memory."""
    return bool(field.one_to_many) or isinstance(field, ParentalManyToManyField)


def accessor(field: Any) -> str:
    """Give the attribute of a relation, which children's relations name themselves."""
    return str(field.get_accessor_name() if field.one_to_many else field.name)


def get_related(instance: Any, field: Any) -> list[Any]:
    """Give the objects of a field, without a query where they were read."""
    if is_parental(field):
        return list(getattr(instance, accessor(field)).all())
    return list(getattr(instance, _KEPT, {}).get(field.name, ()))


def set_related(instance: Any, field: Any, values: list[Any]) -> None:
    """Set the objects of a field in memory, without a query."""
    if is_parental(field):
        getattr(instance, accessor(field)).set(values)
    else:
        if not hasattr(instance, _KEPT):
            setattr(instance, _KEPT, {})
        getattr(instance, _KEPT)[field.name] = list(values)


def save_plain_relations(instance: Any, names: set[str]) -> None:
    """Write the many-to-many relations that no revision holds."""
    for name, values in getattr(instance, _KEPT, {}).items():
        if name in names:
            getattr(instance, name).set(values)


def related_values(instance: Any, field: Any) -> list[Any]:
    """Give the objects of a field as plain values: their keys, or children's fields."""
    values = get_related(instance, field)
    if field.many_to_many:
        return sorted(value.pk for value in values)
    return [get_serializable_data_for_fields(value) for value in values]


def restore_fields(instance: Any, fields: Mapping[str, Any]) -> None:
    """Set what :meth:`.records.Records.stored_fields` gave, in memory.

    Many-to-many relations that no revision holds are written at once.
    """
    for field in instance._meta.get_fields():
        if isinstance(field, GenericRelation):
            continue
        name = accessor(field) if is_several(field) else getattr(field, "attname", "")
        if name not in fields:
            continue
        if field.one_to_many:
            made = [
                model_from_serializable_data(field.related_model, data)
                for data in fields[name]
            ]
            set_related(instance, field, [child for child in made if child])
        elif field.many_to_many:
            others = field.related_model._base_manager.filter(pk__in=fields[name])
            getattr(instance, name).set(others)
        else:
            setattr(instance, name, field.to_python(fields[name]))


def read_related(records: Records, found: list[Any]) -> None:
    """Read the related objects of all of these, with one query for each field."""
    for name in records.columns:
        field = records.model._meta.get_field(name)
        if field.many_to_many:
            groups = _many(records, field)
        elif field.one_to_many:
            groups = _children(field)
        else:
            continue
        for instance in found:
            set_related(instance, field, groups.get(instance.pk, []))


def _many(records: Records, field: Any) -> dict[Any, list[Any]]:
    source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
    rows = field.remote_field.through._base_manager.order_by("pk")
    pairs = list(rows.values_list(f"{source}_id", f"{target}_id"))
    others = records.site[field.related_model].by_pk if pairs else {}
    groups: dict[Any, list[Any]] = defaultdict(list)
    for own, other in pairs:
        if other in others:
            groups[own].append(others[other])
    return groups


def _children(field: Any) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    model = field.related_model
    for child in model._default_manager.order_by(*model._meta.ordering, "pk"):
        groups[getattr(child, field.field.attname)].append(child)
    return groups
