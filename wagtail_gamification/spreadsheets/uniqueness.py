"""Values that may be there only once, held against what all rows lead to together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from .relations import is_several
from .rows import RowPlan

if TYPE_CHECKING:
    from .base import SpreadsheetResource


def refuse_equal(resource: SpreadsheetResource, plans: Sequence[RowPlan]) -> None:
    """Refuse rows that would have what only one may, and another has.

    :param plans: the rows that change something, as far as they will be written
    """
    for names in _unique_together(resource):
        _refuse(resource, plans, names)


def _unique_together(resource: SpreadsheetResource) -> list[tuple[str, ...]]:
    """Give the sets of columns whose values may be there only once, but the key."""
    opts = resource._meta.model._meta
    found = {
        (name,)
        for name, field in resource.model_fields.items()
        if getattr(field, "unique", False) and not is_several(field)
    }
    found |= {tuple(names) for names in opts.unique_together}
    found |= {tuple(item.fields) for item in opts.total_unique_constraints}
    return [
        names
        for names in sorted(found)
        if set(names) <= set(resource.fields) and set(names) != set(resource.key)
    ]


def _refuse(
    resource: SpreadsheetResource, plans: Sequence[RowPlan], names: tuple[str, ...]
) -> None:
    concerned = {
        id(plan): plan for plan in plans if plan.is_new or set(names) & {*plan.changes}
    }
    if not concerned:
        return
    changed = {id(plan.instance) for plan in concerned.values()}
    taken: dict[tuple[Any, ...], Any] = {}
    for item in resource.own.all:
        if item.pk and id(item) not in changed:
            stored = tuple(
                resource.own.stored_value(item, resource.model_fields[name].attname)
                for name in names
            )
            taken.setdefault(stored, item)
    for plan in concerned.values():
        parts = tuple(_part(getattr(plan.instance, name, None)) for name in names)
        if None in parts:
            continue
        twin = taken.setdefault(parts, plan.instance)
        if twin is not plan.instance:
            plan.refuse(
                _("“%(name)s” has this already, and only one may have it.")
                % {"name": resource.label(twin)},
                names[0],
            )


def _part(value: Any) -> Any:
    return (value.pk or id(value)) if isinstance(value, models.Model) else value
