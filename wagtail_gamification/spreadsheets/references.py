"""Cells that name other objects: one, several, an image, a language, or children.

What a name means is known to the resource: it gives each widget the functions that
find an object and name it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .errors import did_you_mean, shortened
from .widgets import CellWidget, as_text


class ReferenceWidget(CellWidget):
    """An object by its key, such as a slug, or by its exact name.

    ``find`` is set by the resource: it takes the text and what the field holds, and
    gives the object or raises ValueError. ``name`` gives the text that finds an
    object again.
    """

    find: Callable[[str, Any], Any]
    name: Callable[[Any], str]

    def read(self, value: Any, current: Any) -> Any:
        text = as_text(value).strip()
        return self.find(text, current) if text else None

    def same(self, one: Any, other: Any) -> bool:
        return one is other or (one is not None and one == other)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else self.name(value)


class ImageWidget(ReferenceWidget):
    """An image of the site by title or number, or a file of the ZIP by its name."""


class LocaleWidget(CellWidget):
    """A language of the site by its code; an empty cell is the default language.

    ``locales`` and ``default`` are set by the resource.
    """

    locales: Sequence[Any] = ()
    default: Any = None

    def read(self, value: Any, current: Any) -> Any:
        code = as_text(value).strip()
        if not code:
            return self.default
        for locale in self.locales:
            if locale.language_code.casefold() == code.casefold():
                return locale
        codes = [locale.language_code for locale in self.locales]
        raise ValueError(
            _("The site has no locale “%(code)s”.%(hint)s")
            % {
                "code": shortened(code, 30),
                "hint": did_you_mean(code, codes)
                or " " + _("It has: %(known)s.") % {"known": ", ".join(codes)},
            }
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else value.language_code


class ManyReferenceWidget(ReferenceWidget):
    """Several objects in one cell, between commas or line breaks, in any order."""

    def read(self, value: Any, current: Any) -> list[Any]:
        found: list[Any] = []
        for text in self._texts(as_text(value)):
            if not any(self.find(text, None) is item for item in found):
                found.append(self.find(text, None))
        return found

    def same(self, one: Any, other: Any) -> bool:
        return {id(item) for item in one or ()} == {id(item) for item in other or ()}

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        names = sorted(self.name(item) for item in value or ())
        return ("\n" if any("," in name for name in names) else ", ").join(names)

    def _texts(self, value: str) -> list[str]:
        lines = [line.strip() for line in value.splitlines()]
        if len(lines) == 1 and "," in lines[0]:
            try:
                # One thing whose name has a comma in it.
                self.find(lines[0], None)
            except ValueError:
                lines = [part.strip() for part in lines[0].split(",")]
        return [line for line in lines if line]


class ChildrenWidget(CellWidget):
    """Children of an object, such as the ingredients of a recipe: one in each line.

    A child whose line stays the same stays the same child.

    :param field: the field of a child that its line holds
    """

    def __init__(self, field: str = "text") -> None:
        super().__init__()
        self.field = field
        # Set by the resource.
        self.relation: Any = None

    def read(self, value: Any, current: Any) -> list[Any]:
        lines = [line.strip() for line in as_text(value).splitlines()]
        kept = list(current or ())
        children = []
        for line in filter(None, lines):
            same = next((c for c in kept if getattr(c, self.field) == line), None)
            if same is not None:
                kept.remove(same)
                child = copy.copy(same)
            else:
                child = self._new(line, len(children) + 1)
            order = getattr(child, "sort_order_field", "")
            if order:
                setattr(child, order, len(children))
            children.append(child)
        return children

    def same(self, one: Any, other: Any) -> bool:
        return self._lines(one) == self._lines(other)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "\n".join(self._lines(value))

    def _lines(self, children: Any) -> list[str]:
        return [str(getattr(child, self.field)) for child in children or ()]

    def _new(self, line: str, number: int) -> Any:
        model = self.relation.related_model
        field = model._meta.get_field(self.field)
        child = model()
        try:
            setattr(child, self.field, field.clean(line, child))
        except ValidationError as error:
            raise ValueError(
                _("Line %(number)d: %(message)s")
                % {"number": number, "message": " ".join(error.messages)}
            ) from None
        return child
