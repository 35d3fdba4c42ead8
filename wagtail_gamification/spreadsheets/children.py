"""Sheets whose rows are parts of another sheet's objects: the requirements of badges.

All rows that name one parent together are its children (``ParentalKey``), in their
order, and take the place of those that it had. They belong to the parent's draft and
revision as if an editor had changed them there: one row, the parent's own or else the
first that names it, is written for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from .base import SpreadsheetResource
from .cells import is_blank
from .declaring import model_field
from .errors import messages_of
from .relations import get_related, set_related
from .results import Change
from .rows import RowPlan

if TYPE_CHECKING:
    from .planner import CataloguePlan
    from .rules import RowRules
    from .workbooks import Workbook


@dataclass(eq=False)
class Family:
    """The rows that name one parent, and what they replace."""

    parent: Any
    own: RowPlan | None
    """The row of the parent on its own sheet, where the file has one."""
    rows: list[RowPlan] = field(default_factory=list)
    before: list[Any] = field(default_factory=list)
    """The children as its editors last left them."""
    after: list[Any] = field(default_factory=list)
    leader: RowPlan | None = None
    """The row that is written for all; None where nothing changes."""
    is_left_out: bool = False
    kept: Any = None
    """What :meth:`ChildResource.left_out` needs to know."""

    @property
    def is_refused(self) -> bool:
        plans = [*self.rows, self.own] if self.own else self.rows
        return any(plan.errors for plan in plans)


class ChildResource(SpreadsheetResource):
    """Reads the rows of a sheet into children of another sheet's objects.

    ``Meta.model`` is the model of the children, ``Meta.import_id_fields`` names the
    one column that says whose child a row is: its ``attribute`` is the ``ParentalKey``.
    In a workbook it stands after the sheet of the parents. A row that holds the parent
    and nothing else says that it has no children; a parent that no row names keeps
    its own. Columns of images aren't supported.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relation = self.parental_relation()
        self.families: dict[int, Family] = {}

    @classmethod
    def parental_relation(cls) -> Any:
        """Give the parent's relation to these children."""
        column = cls._meta.import_id_fields[0]
        key = model_field(cls._meta.model, cls.fields[column].attribute)
        return key.remote_field

    @classmethod
    def row_model(cls) -> type[models.Model]:
        return cls.parental_relation().model

    # Steps of planning, called by the planner

    def plan_families(
        self,
        plans: Sequence[RowPlan],
        parents: Sequence[RowPlan],
        rules: RowRules,
    ) -> None:
        """Find what the rows of each parent change together.

        :param plans: all rows of the sheet, with their keys
        :param parents: the rows of the parents' own sheet
        """
        own = {id(plan.instance): plan for plan in parents}
        for plan in plans:
            if plan.errors:
                continue
            (parent,) = plan.key.values()
            plan.instance, plan.object_id = parent, parent.pk
            plan.locale = getattr(parent, "locale", None)
            if parent.pk is None:
                plan.needs.append((self.key[0], parent))
            else:
                plan.stamp = self.own.stamp(parent)
            family = self.families.setdefault(
                id(parent), Family(parent, own.get(id(parent)))
            )
            family.rows.append(plan)
        for family in self.families.values():
            family.before = self.children(family.parent)
        self.prepare(plans, [c for f in self.families.values() for c in f.before])
        for family in self.families.values():
            self._read(family)
            if not family.is_refused:
                self._apply(family, rules)

    def check_together(self, catalogue: CataloguePlan) -> None:
        """Leave out families of which a row is refused: a badge isn't half imported."""
        for family in self.families.values():
            if family.is_refused and not family.is_left_out:
                self._leave_out(family, is_said=catalogue.options.skip_refused)

    def counted_families(self) -> list[Family]:
        """Give those that change something, as far as they will be written."""
        return [
            family
            for family in self.families.values()
            if family.leader is not None and not family.is_left_out
        ]

    # What a subclass may want to change

    def prepare(self, plans: Sequence[RowPlan], children: Sequence[Any]) -> None:
        """Look up at once what the rows and these children refer to."""

    def validate_child(self, child: Any) -> None:
        """Refuse a child that can't be right, and empty what doesn't belong to it.

        What it refers to has a primary key here, which is -1 where it is new.

        :raises ValidationError: with the names of fields
        """
        references = {f.name for f in child._meta.fields if f.is_relation}
        child.full_clean(
            exclude=references, validate_unique=False, validate_constraints=False
        )

    def summary(self, child: Any) -> str:
        """Give a child as one line of a report."""
        return str(child)

    def adopted(self, family: Family) -> None:
        """Follow up when a parent has got other children, in memory."""

    def left_out(self, family: Family) -> None:
        """Take back what :meth:`adopted` did: the rows are refused after all."""

    # Children and their fields

    def children(self, parent: Any) -> list[Any]:
        return get_related(parent, self.relation)

    def value(self, instance: Any, name: str) -> Any:
        return getattr(instance, self._attribute(name), None)

    def set_value(self, instance: Any, name: str, value: Any) -> None:
        setattr(instance, self._attribute(name), value)

    def _attribute(self, name: str) -> str:
        return str(self.fields[name].attribute)

    # Reading

    def _read(self, family: Family) -> None:
        if self._says_none(family):
            return
        for place, plan in enumerate(family.rows):
            old = family.before[place] if place < len(family.before) else None
            child = self._child(plan, old)
            if not plan.errors and (
                old is None or self._content(child) != self._content(old)
            ):
                self._validate(plan, child)
            setattr(child, getattr(child, "sort_order_field", "sort_order"), place)
            family.after.append(child)

    def _says_none(self, family: Family) -> bool:
        (first, *others) = family.rows
        cells = (first.values.get(name) for name in self.columns)
        return not others and all(is_blank(cell) for cell in cells)

    def _child(self, plan: RowPlan, old: Any) -> Any:
        self.plan = plan
        child = self._meta.model()
        for name in self.columns:
            before = None if old is None else self.value(old, name)
            widget = self.fields[name].widget
            try:
                # A column that is missing is empty: the rows replace what was there.
                value = widget.clean(plan.values.get(name), current=before)
            except ValueError as error:
                plan.refuse(str(error), name)
                continue
            if value is None and not getattr(self.model_fields[name], "null", True):
                value = ""
            self.set_value(child, name, value)
            self._note_needs(name, value)
        return child

    def _validate(self, plan: RowPlan, child: Any) -> None:
        new = {
            f.name: getattr(child, f.name)
            for f in child._meta.fields
            if f.is_relation and f.is_cached(child)
        }
        new = {name: item for name, item in new.items() if item and item.pk is None}
        for name, item in new.items():
            # It will have one when the row is written.
            item.pk = -1
            setattr(child, name, item)
        try:
            self.validate_child(child)
        except ValidationError as error:
            columns = {self._attribute(name): name for name in self.fields}
            for name, messages in messages_of(error).items():
                for message in messages:
                    plan.refuse(message, columns.get(name, ""))
        finally:
            for name, item in new.items():
                item.pk = None
                if getattr(child, f"{name}_id"):
                    setattr(child, name, item)

    # What that changes

    def _apply(self, family: Family, rules: RowRules) -> None:
        same = list(map(self._content, family.after)) == list(
            map(self._content, family.before)
        )
        if same:
            if getattr(family.parent, "has_unpublished_changes", False):
                for plan in family.rows:
                    plan.note = _("The same as its draft, which isn't published.")
            return
        for plan, child, old in zip(
            family.rows, family.after, self._origins(family), strict=False
        ):
            self._note_changes(plan, child, old)
        leader = family.own or family.rows[0]
        is_unchanged = not leader.is_new and not leader.changes
        leader.changes[self.relation.name] = Change(
            column=self.relation.name,
            before="\n".join(map(self.summary, family.before)),
            after="\n".join(map(self.summary, family.after)),
        )
        family.leader = leader
        for plan in family.rows:
            plan.leader = None if plan is leader else leader
            if plan.changes and family.parent.pk is not None:
                rules.check(plan)
        if leader is family.own and is_unchanged:
            leader.note = ""
            rules.check(leader)
        set_related(family.parent, self.relation, family.after)
        self.adopted(family)

    def _origins(self, family: Family) -> list[Any]:
        """Say which child each new one was; a row that stays the same stays the same.

        Of the others, the first takes the place of the first, and so on.
        """
        by_content: dict[Any, list[Any]] = {}
        for old in family.before:
            by_content.setdefault(self._content(old), []).append(old)
        found: list[Any] = []
        for child in family.after:
            equal = by_content.get(self._content(child))
            found.append(equal.pop(0) if equal else None)
        kept = {id(old) for old in found if old is not None}
        left = iter([old for old in family.before if id(old) not in kept])
        found = [next(left, None) if old is None else old for old in found]
        for child, old in zip(family.after, found, strict=True):
            if old is not None:
                child.pk = old.pk
        return found

    def _note_changes(self, plan: RowPlan, child: Any, old: Any) -> None:
        for name in self.columns:
            widget = self.fields[name].widget
            before = "" if old is None else widget.render(self.value(old, name))
            after = widget.render(self.value(child, name))
            if before != after:
                plan.changes[name] = Change(column=name, before=before, after=after)

    def _content(self, child: Any) -> tuple[Any, ...]:
        values = (self.value(child, name) for name in self.columns)
        return tuple(
            (value.pk or id(value)) if isinstance(value, models.Model) else value
            for value in values
        )

    def _leave_out(self, family: Family, *, is_said: bool) -> None:
        family.is_left_out = True
        own = family.own
        plans = [*([own] if own else []), *family.rows]
        refused = next(plan for plan in plans if plan.errors)
        for plan in family.rows if is_said else ():
            if not plan.errors:
                _refuse_needing(plan, refused, self.key[0])
        if own and own.is_new and not own.errors and is_said:
            # It would be something else than what the file says.
            _refuse_needing(own, refused)
        if family.leader is not None:
            family.leader.changes.pop(self.relation.name, None)
            set_related(family.parent, self.relation, family.before)
            self.left_out(family)

    # The steps of export()

    def exported(self, parents: Sequence[Any]) -> list[Any]:
        """Give the children of these, in the order of their rows.

        Translations have none of their own: those of the original count.
        """
        originals = [p for p in parents if getattr(p, "original", None) is None]
        found = [child for parent in originals for child in self.children(parent)]
        self.prepare([], found)
        return found


def relations_of(
    sheets: Mapping[str, type[SpreadsheetResource]],
) -> dict[type[models.Model], tuple[str, ...]]:
    """Name the relations of each model that a sheet of children fills."""
    found: dict[type[models.Model], tuple[str, ...]] = {}
    for resource in sheets.values():
        if issubclass(resource, ChildResource):
            model = resource.row_model()
            name = resource.parental_relation().name
            found[model] = (*found.get(model, ()), name)
    return found


def in_order_of_need(workbook: Workbook) -> list[str]:
    """Give the titles of the sheets, each behind those that its rows refer to.

    Rows refer to what stands before them, but children also to what stands between
    their parents and them. The sheets of children are left out.
    """
    needs: dict[str, set[Any]] = {}
    for title, resource in workbook.sheets.items():
        own = workbook.title_of(workbook.models[title])
        title = own if issubclass(resource, ChildResource) else title
        model = resource._meta.model
        fields = (model_field(model, f.attribute) for f in resource.fields.values())
        needs.setdefault(title, set()).update(f.related_model for f in fields)
    order: list[str] = []

    def visit(title: str, waiting: tuple[str, ...]) -> None:
        if title in order or title in waiting:
            return
        for other in needs:
            if workbook.models[other] in needs[title]:
                visit(other, (*waiting, title))
        order.append(title)

    for title in needs:
        visit(title, ())
    return order


def _refuse_needing(plan: RowPlan, refused: RowPlan, column: str = "") -> None:
    plan.refuse(
        _("Row %(number)d of “%(sheet)s”, which this needs, is refused.")
        % {"number": refused.number, "sheet": refused.sheet},
        column,
    )
