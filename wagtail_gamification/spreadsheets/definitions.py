"""Definitions in several languages: originals, and translations that refer to them.

What the rows of a file refer to is always an original, and a row in another language
is the translation of the original that has its slug.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from wagtail.models import Locale

from wagtail_gamification.models.base import TranslatableDefinition

from .errors import shortened
from .records import Records


class Definitions(Records):
    """The definitions of one model, each as its editors last left it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._by_slug: dict[tuple[str, int], Any] = {}
        self._nearly: dict[tuple[str, int], Any] = {}
        self._originals: dict[str, list[Any]] = defaultdict(list)
        self._translations: dict[tuple[int, int], Any] = {}
        super().__init__(*args, **kwargs)

    def find(self, slug: str, locale: Locale) -> Any:
        """Give the definition that a row with this key is about, or None.

        That is the one with this slug in this language; else the translation into
        this language of the original that has this slug.
        """
        exact = self._by_slug.get((slug, locale.pk))
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
        return self._nearly.get((slug.casefold(), locale.pk))

    def referred_to(
        self, text: str, locale: Locale | None = None, current: Any = None
    ) -> Any:
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
        named = [i for i in self._called.get(text, ()) if i.original is None]
        here = [item for item in named if locale and item.locale_id == locale.pk]
        named = here or named
        if len(named) > 1:
            raise ValueError(
                _("More than one %(kind)s is called “%(text)s”. Use a slug: %(slugs)s.")
                % {
                    "kind": self.model._meta.verbose_name,
                    "text": shortened(text),
                    "slugs": ", ".join(item.slug for item in named[:5]),
                }
            )
        if not named:
            raise self._unknown(text)
        return named[0]

    def name_of(self, instance: Any) -> str:
        return str(instance.source.slug)

    def add(self, instance: Any) -> None:
        super().add(instance)
        self._by_slug[instance.slug, instance.locale_id] = instance
        self._nearly.setdefault(
            (instance.slug.casefold(), instance.locale_id), instance
        )
        original = instance.original
        if original is None:
            self._originals[instance.slug].append(instance)
        else:
            self._translations[id(original), instance.locale_id] = instance

    def attach(self, instance: Any) -> None:
        instance.original = self.by_pk.get(instance.original_id)
        super().attach(instance)

    def _precedence(self, instance: Any) -> Any:
        # Originals first: translations are filed under them.
        return instance.original is not None

    def _known(self) -> list[str]:
        return [*self._originals, *self._called]


def records_class(model: type[models.Model]) -> type[Records]:
    """Give what reads the objects of a model."""
    return Definitions if issubclass(model, TranslatableDefinition) else Records


def _nearness(item: Any, locale: Locale | None) -> tuple[bool, bool, int]:
    in_locale = locale is not None and item.locale_id == locale.pk
    return not in_locale, not item.locale.is_default, item.pk or 0
