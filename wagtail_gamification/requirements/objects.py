"""One object, or the pages below a page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from wagtail_gamification.events.objects import (
    find_object,
    model_key_of,
    split_object_key,
)

if TYPE_CHECKING:
    from wagtail_gamification.models import Requirement

_found: ContextVar[Collection[str]] = ContextVar("objects_found", default=())


@contextmanager
def objects_found(keys: Collection[str]) -> Iterator[None]:
    """Check requirements about objects that are there, without a query for each."""
    token = _found.set(keys)
    try:
        yield
    finally:
        _found.reset(token)


def pages_below(key: str) -> QuerySet:
    """Give the pages below the page that ``key`` stands for, none where it is gone."""
    from wagtail.models import Page

    _label, _separator, pk = key.partition(":")
    if not pk.isdigit():
        return Page.objects.none()
    path = Page.objects.filter(pk=int(pk)).values("path")[:1]
    return Page.objects.filter(path__startswith=Subquery(path)).exclude(pk=int(pk))


def keys_below(key: str) -> QuerySet:
    """Give the keys of the pages below a page, as a query."""
    from wagtail.models import Page

    prefix = Value(f"{model_key_of(Page)}:", output_field=CharField())
    keys = Concat(prefix, Cast("pk", CharField()), output_field=CharField())
    return pages_below(key).order_by().values_list(keys, flat=True)


def count_below(key: str, model: Any) -> int:
    """Count the pages of a model below a page: what can be done with different ones."""
    from wagtail.models import Page

    pages = pages_below(key)
    if model is not None and issubclass(model, Page) and model is not Page:
        pages = pages.type(model)
    return pages.count()


def check(requirement: Requirement) -> None:
    """Refuse an object that isn't there, and pages below what isn't a page.

    :raises ValidationError: beside the field
    """
    from wagtail.models import Page

    key = requirement.object_key
    if not key:
        if requirement.is_below:
            raise _error("is_below", _("Choose the page below which it counts."))
        return
    found = split_object_key(key)
    is_there = key in _found.get() or find_object(key) is not None
    if found is None or not is_there:
        raise _error("object_key", _("This object is not there any more."))
    if requirement.is_below and not issubclass(found[0], Page):
        raise _error("is_below", _("Only pages have others below them."))


def _error(field: str, message: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code="invalid")})
