"""What the site has already, and what the file adds to it, read once.

A row refers to definitions by slugs and names: to the one it changes, to the
original it translates, to its category and to the badge that comes next. All of
that is answered from memory, whatever the number of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.models import DraftStateMixin, Locale, Revision, WorkflowState

from wagtail_gamification.models.base import TranslatableDefinition

from .errors import did_you_mean, shortened

# Fields that an editor's draft doesn't hold: they belong to the definition itself.
UNDRAFTED = ("slug", "locale", "sort_order")


class Definitions:
    """The definitions of one model, each as its editors last left it.

    :param columns: the fields that a spreadsheet has for them
    :param others: the definitions that foreign keys lead to, by model
    :param lock: keep everybody else from changing them until the transaction ends
    """

    def __init__(
        self,
        model: type[TranslatableDefinition],
        columns: Collection[str],
        locales: Iterable[Locale],
        *,
        others: dict[type[models.Model], Definitions] | None = None,
        lock: bool = False,
    ) -> None:
        self.model = model
        self.columns = columns
        self.others = {**(others or {}), model: self}
        self.locales = {locale.pk: locale for locale in locales}
        self.all: list[Any] = []
        self._by_pk: dict[int, Any] = {}
        self._by_key: dict[tuple[str, int], Any] = {}
        self._folded: dict[tuple[str, int], Any] = {}
        self._originals: dict[str, list[Any]] = defaultdict(list)
        self._translations: dict[tuple[int, int], Any] = {}
        # What the rows hold themselves, where a draft says something else.
        self.stored: dict[int, dict[str, Any]] = {}
        self._read(lock)

    def find(self, slug: str, locale: Locale) -> Any:
        """Give the definition that a row with this key is about, or None.

        That is the one with this slug in this language; else the translation into
        this language of the original that has this slug.
        """
        exact = self._by_key.get((slug, locale.pk))
        if exact is not None:
            return exact
        original = self.original(slug, locale)
        return original and self._translations.get((id(original), locale.pk))

    def original(self, slug: str, locale: Locale | None = None) -> Any:
        """Give the original that ``slug`` names, or None.

        Originals in several languages may share a slug: the one in ``locale`` is
        meant then, else the one in the site's default language.
        """
        found = self._originals.get(slug)
        return min(found, key=lambda item: _nearness(item, locale)) if found else None

    def nearly(self, slug: str, locale: Locale) -> Any:
        """Give a definition whose slug differs from ``slug`` by its case only."""
        return self._folded.get((slug.casefold(), locale.pk))

    def referred_to(self, text: str, locale: Locale, current: Any = None) -> Any:
        """Give the original that a cell names by slug or by exact name.

        A cell that names what the field holds already changes nothing.

        :raises ValueError: if there is none, or more than one
        """
        if current is not None and text in (current.slug, current.source.slug):
            return current
        original = self.original(text, locale)
        if original is not None:
            return original
        if current is not None and text == current.name:
            return current
        named = [item for item in self.all if self._is_original(item, text)]
        here = [item for item in named if item.locale_id == locale.pk]
        named = here or named
        kind = self.model._meta.verbose_name
        if len(named) > 1:
            raise ValueError(
                _("More than one %(kind)s is called “%(text)s”. Use a slug: %(slugs)s.")
                % {
                    "kind": kind,
                    "text": shortened(text),
                    "slugs": ", ".join(item.slug for item in named[:5]),
                }
            )
        if not named:
            known = [*self._originals, *(item.name for item in self.all)]
            raise ValueError(
                _("There is no %(kind)s “%(text)s”.%(hint)s")
                % {
                    "kind": kind,
                    "text": shortened(text),
                    "hint": did_you_mean(text, known),
                }
            )
        return named[0]

    def add(self, instance: Any) -> None:
        """Take in a definition, from the database or new in the file."""
        self.all.append(instance)
        key = (instance.slug, instance.locale_id)
        self._by_key[key] = instance
        self._folded.setdefault(
            (instance.slug.casefold(), instance.locale_id), instance
        )
        original = instance.original
        if original is None:
            self._originals[instance.slug].append(instance)
        else:
            self._translations[(id(original), instance.locale_id)] = instance

    def obstacle(self, instance: Any) -> str:
        """Say why a definition must not be changed by an import now, if so."""
        if not isinstance(instance, DraftStateMixin):
            return ""
        if instance.locked:
            return _("It is locked. Have it unlocked first.")
        if str(instance.pk) in self._in_workflow:
            return _("It is in a workflow. Finish or cancel that first.")
        if str(instance.pk) in self._scheduled:
            return _("It is scheduled for publishing. Cancel that first.")
        if instance.has_unpublished_changes and not instance.live:
            return _("It isn't published. Publish its draft, or edit that in the CMS.")
        if instance.has_unpublished_changes:
            return _(
                "It has a draft with unpublished changes. Publish or undo that first."
            )
        return ""

    def stored_value(self, instance: Any, attname: str) -> Any:
        """Give what the definition's own row holds, whatever a draft says."""
        return self.stored.get(instance.pk, {}).get(attname)

    def _is_original(self, item: Any, name: str) -> bool:
        return item.name == name and item.original is None

    @cached_property
    def _in_workflow(self) -> set[str]:
        states = WorkflowState.objects.active()
        return self._of_this_model(states)

    @cached_property
    def _scheduled(self) -> set[str]:
        return self._of_this_model(
            Revision.objects.filter(approved_go_live_at__isnull=False)
        )

    def _of_this_model(self, queryset: models.QuerySet) -> set[str]:
        content_type = self.model.get_base_content_type()  # type: ignore[attr-defined]
        found = queryset.filter(base_content_type=content_type)
        return set(found.values_list("object_id", flat=True))

    def _read(self, lock: bool) -> None:
        rows = self.model._base_manager.order_by("pk")
        if lock:
            # A statement of its own: PostgreSQL locks no rows of an outer join.
            list(rows.select_for_update().values_list("pk", flat=True))
        if self._has_image:
            rows = rows.select_related("image")
        found = list(rows)
        self._by_pk = {instance.pk: instance for instance in found}
        for instance in found:
            instance.locale = self.locales[instance.locale_id]
            instance.original = self._by_pk.get(instance.original_id)
            self._attach(instance)
            self.stored[instance.pk] = {
                name: getattr(instance, name, None)
                for name in ("next_badge_id", "points_required")
            }
        self._apply_drafts(found)
        # Originals first: translations are filed under them.
        for instance in sorted(found, key=lambda item: item.original is not None):
            self.add(instance)

    @property
    def _has_image(self) -> bool:
        return "image" in self.columns

    def _attach(self, instance: Any) -> None:
        """Let foreign keys lead to the objects in memory instead of to queries."""
        for name in self.columns:
            field = self.model._meta.get_field(name)
            others = self.others.get(field.related_model)
            if others is not None:
                related = others._by_pk.get(getattr(instance, field.attname))
                setattr(instance, name, related)

    def _apply_drafts(self, found: list[Any]) -> None:
        """Set what the latest revision says where there is an unpublished draft.

        ``Revision.as_object()`` would ask the database several times for each.
        """
        if not issubclass(self.model, DraftStateMixin):
            return
        drafted = {
            instance.latest_revision_id: instance
            for instance in found
            if instance.has_unpublished_changes and instance.latest_revision_id
        }
        if not drafted:
            return
        contents = dict(
            Revision.objects.filter(pk__in=drafted).values_list("pk", "content")
        )
        images = get_image_model()._base_manager.in_bulk(
            {content.get("image") for content in contents.values()} - {None}
        )
        for revision_id, content in contents.items():
            instance = drafted[revision_id]
            for name in self.columns:
                if name in UNDRAFTED or name not in content:
                    continue
                field = self.model._meta.get_field(name)
                if name == "image":
                    instance.image = images.get(content[name])
                elif field.related_model:
                    setattr(instance, field.attname, content[name])
                else:
                    setattr(instance, name, field.to_python(content[name]))
            self._attach(instance)


def _nearness(item: Any, locale: Locale | None) -> tuple[bool, bool, int]:
    in_locale = locale is not None and item.locale_id == locale.pk
    return not in_locale, not item.locale.is_default, item.pk or 0
