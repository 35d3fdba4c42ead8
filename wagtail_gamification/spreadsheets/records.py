"""What the site has already of one model, and what the file adds to it, read once.

A row refers to other objects by keys and names: to the one it changes and to those
that its foreign keys lead to. All of that is answered from memory, whatever the
number of rows: one query for each model, one for each of its many-to-many relations
and one for each kind of its children.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, models
from django.utils.translation import gettext as _
from wagtail.models import Locale, TranslatableMixin

from .drafts import apply_drafts
from .errors import did_you_mean, shortened
from .relations import (
    get_related,
    is_image,
    read_related,
    related_values,
    set_related,
)
from .workbooks import Workbook

# As many misspelt names as are worth the time of looking for what was meant.
_HINTS = 100
# The fields by which people call a thing that has no key of its own.
_NAMES = ("name", "title", "label")


class SiteRecords(dict[type[models.Model], "Records"]):
    """The records of each model of a workbook, and of those they refer to.

    The models of the workbook are read at once, in the order of its sheets; others
    when the first row refers to them.

    :param lock: keep everybody else from changing what the workbook holds until the
        transaction ends
    """

    def __init__(
        self, workbook: Workbook, locales: Sequence[Locale], *, lock: bool = False
    ) -> None:
        from .children import relations_of

        super().__init__()
        self.locales = {locale.pk: locale for locale in locales}
        self.lock = lock
        self._relations = relations_of(workbook.sheets)
        self._resources = {
            workbook.models[title]: resource
            for title, resource in reversed(workbook.sheets.items())
        }
        for model in self._resources:
            self[model]

    def __missing__(self, model: type[models.Model]) -> Records:
        from .definitions import records_class

        resource = self._resources.get(model)
        if resource is None:
            return records_class(model)(self, model)
        return records_class(model)(
            self,
            model,
            resource._meta.fields,
            key=resource._meta.import_id_fields,
            undrafted=resource.undrafted,
            relations=self._relations.get(model, ()),
            lock=self.lock,
        )


class Records:
    """The objects of one model, each as its editors last left it.

    :param columns: the fields that a spreadsheet has for them
    :param key: those of them that identify a row
    :param undrafted: those that no draft holds, besides the key
    :param relations: those to children that have a sheet of their own
    """

    def __init__(
        self,
        site: SiteRecords,
        model: type[models.Model],
        columns: Sequence[str] = (),
        *,
        key: Sequence[str] = (),
        undrafted: Sequence[str] = (),
        relations: Sequence[str] = (),
        lock: bool = False,
    ) -> None:
        self.site = site
        self.model = model
        self.columns = (*columns, *relations)
        self.relations = tuple(relations)
        self.key = tuple(key)
        self.undrafted = (*key, *undrafted)
        self.locales = site.locales
        self.all: list[Any] = []
        # What the rows hold themselves, where a draft says something else.
        self.stored: dict[Any, dict[str, Any]] = {}
        self.by_pk: dict[Any, Any] = {}
        self._name_field = self._find_name_field()
        self._by_key: dict[tuple[Any, ...], Any] = {}
        self._folded: dict[tuple[Any, ...], Any] = {}
        self._named: dict[str, list[Any]] = defaultdict(list)
        self._called: dict[str, list[Any]] = defaultdict(list)
        self._hints: dict[str, str] = {}
        self._read(lock)

    # Finding

    def find_key(self, key: Mapping[str, Any]) -> Any:
        """Give the object that a row with this key is about, or None."""
        return self._by_key.get(self._parts(key))

    def nearly_key(self, key: Mapping[str, Any]) -> Any:
        """Give an object whose key differs from ``key`` by case only."""
        return self._folded.get(folded_key(self._parts(key)))

    def referred_to(
        self, text: str, locale: Locale | None = None, current: Any = None
    ) -> Any:
        """Give the object that a cell names by its key, or by its exact name.

        A cell that names what the field holds already changes nothing.

        :raises ValueError: if there is none, or more than one
        """
        if current is not None and text == self.name_of(current):
            return current
        found = self._named.get(text) or self._called.get(text) or []
        if locale is not None:
            found = [i for i in found if _locale_id(i) == locale.pk] or found
        if not found and text.isdecimal() and len(text) < 19:
            numbered = self.by_pk.get(int(text))
            found = [] if numbered is None else [numbered]
        if len(found) > 1:
            if current is not None and any(current is item for item in found):
                return current
            raise self._ambiguous(text, [str(item.pk) for item in found])
        if not found:
            raise self._unknown(text)
        return found[0]

    def name_of(self, instance: Any) -> str:
        """Give the text by which a cell finds an object again."""
        if self._name_field:
            name, found = getattr(instance, self._name_field), self._named
        else:
            name, found = str(instance), self._called
        is_unique = bool(name) and len(found.get(name, ())) < 2
        return str(name if is_unique else instance.pk)

    def add(self, instance: Any) -> None:
        """Take in an object, from the database or new in the file."""
        self.all.append(instance)
        if self.key:
            parts = self._parts({name: getattr(instance, name) for name in self.key})
            self._by_key.setdefault(parts, instance)
            self._folded.setdefault(folded_key(parts), instance)
        if self._name_field and (name := getattr(instance, self._name_field)):
            self._named[name].append(instance)
        for called in self._names_of(instance):
            self._called[called].append(instance)

    # What there was before

    def stored_value(self, instance: Any, attname: str) -> Any:
        """Give what the object's own row holds, whatever a draft says."""
        return self.stored.get(instance.pk, {}).get(attname)

    def stored_fields(self, instance: Any) -> dict[str, Any]:
        """Give all that its own row holds, as plain values that JSON can hold."""
        return json.loads(
            json.dumps(self.stored.get(instance.pk, {}), cls=DjangoJSONEncoder)
        )

    def stamp(self, instance: Any) -> str:
        """Give what changes whenever an editor changes the object.

        Its place among others isn't counted: dragging one changes that of many.
        """
        stored = dict(self.stored.get(instance.pk, {}))
        stored.pop(getattr(instance, "sort_order_field", None), None)
        # Publishing and unpublishing make no revision.
        is_live = getattr(instance, "live", None)
        content = [getattr(instance, "latest_revision_id", None), is_live, stored]
        text = json.dumps(content, cls=DjangoJSONEncoder, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    # Reading

    def _read(self, lock: bool) -> None:
        rows = self.model._base_manager.order_by("pk")
        if lock:
            features = connections[rows.db].features
            # Awarding a badge only asks that its key stays: PostgreSQL lets it.
            locking = {"no_key": True} if features.has_select_for_no_key_update else {}
            # A statement of its own: PostgreSQL locks no rows of an outer join.
            list(rows.select_for_update(**locking).values_list("pk", flat=True))
        images = [name for name in self.columns if is_image(self.field(name))]
        found = list(rows.select_related(*images) if images else rows)
        self.by_pk = {instance.pk: instance for instance in found}
        # Objects may refer to one another in circles.
        self.site[self.model] = self
        read_related(self, found)
        for instance in found:
            self.attach(instance)
            self._store(instance)
        apply_drafts(self, found)
        for instance in sorted(found, key=self._precedence):
            self.add(instance)

    def attach(self, instance: Any) -> None:
        """Let foreign keys lead to the objects in memory instead of to queries."""
        if isinstance(instance, TranslatableMixin):
            instance.locale = self.locales[instance.locale_id]
        for name in self.columns:
            field = self.field(name)
            if _is_reference(field) and field.related_model is not Locale:
                pk = getattr(instance, field.attname)
                others = self.site[field.related_model] if pk else None
                setattr(instance, name, others and others.by_pk.get(pk))
        for name in self.relations:
            for child in get_related(instance, self.field(name)):
                self._attach_child(instance, child, self.field(name).field)

    def _attach_child(self, instance: Any, child: Any, parental_key: Any) -> None:
        for field in child._meta.fields:
            if field is parental_key:
                setattr(child, field.name, instance)
            elif _is_reference(field) and getattr(child, field.attname):
                pk = getattr(child, field.attname)
                setattr(child, field.name, self.site[field.related_model].by_pk.get(pk))

    def _store(self, instance: Any) -> None:
        stored: dict[str, Any] = {}
        for name in {*self.columns, *self.undrafted}:
            field = self.field(name)
            if getattr(field, "attname", None) and not field.many_to_many:
                stored[field.attname] = getattr(instance, field.attname)
            else:
                stored[name] = related_values(instance, field)
        self.stored[instance.pk] = dict(sorted(stored.items()))

    def set_related(self, instance: Any, name: str, values: list[Any]) -> None:
        set_related(instance, self.field(name), values)

    def field(self, name: str) -> Any:
        return self.model._meta.get_field(name)

    def _parts(self, key: Mapping[str, Any]) -> tuple[Any, ...]:
        return key_parts([key[name] for name in self.key])

    def _precedence(self, instance: Any) -> Any:
        return not getattr(getattr(instance, "locale", None), "is_default", True)

    def _find_name_field(self) -> str:
        names = [name for name in self.key if not self.field(name).is_relation]
        if not names:
            try:
                return str(self.field("slug").name)
            except FieldDoesNotExist:
                names = [
                    field.name
                    for field in self.model._meta.fields
                    if field.unique and isinstance(field, models.CharField)
                ]
        return names[0] if names else ""

    def _names_of(self, instance: Any) -> list[str]:
        found = [getattr(instance, name, None) for name in _NAMES]
        names = [name for name in found if name and isinstance(name, str)]
        if not names and (instance.pk or not self._name_field):
            names = [str(instance)]
        return [name for name in names if name][:1]

    # Mistakes

    def _ambiguous(self, text: str, names: list[str]) -> ValueError:
        return ValueError(
            _("More than one %(kind)s is called “%(text)s”. Use a number: %(ids)s.")
            % {
                "kind": self.model._meta.verbose_name,
                "text": shortened(text),
                "ids": ", ".join(names[:5]),
            }
        )

    def _unknown(self, text: str) -> ValueError:
        if text not in self._hints and len(self._hints) < _HINTS:
            self._hints[text] = did_you_mean(text, self._known())
        return ValueError(
            _("There is no %(kind)s “%(text)s”.%(hint)s")
            % {
                "kind": self.model._meta.verbose_name,
                "text": shortened(text),
                "hint": self._hints.get(text, ""),
            }
        )

    def _known(self) -> list[str]:
        return [*self._named, *self._called]


def key_parts(values: Sequence[Any]) -> tuple[Any, ...]:
    """Give a key as what can be looked up; objects by which they are."""
    return tuple(
        (value.pk or id(value)) if isinstance(value, models.Model) else value
        for value in values
    )


def folded_key(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Give a key without the difference of case, which MySQL doesn't make."""
    return tuple(part.casefold() if isinstance(part, str) else part for part in parts)


def _is_reference(field: Any) -> bool:
    is_single = bool(field.many_to_one or field.one_to_one) and field.concrete
    return is_single and not is_image(field)


def _locale_id(instance: Any) -> Any:
    return getattr(instance, "locale_id", None)
