"""All kinds of requirements that the site has, by code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_gamification.exceptions import InvalidRequirementKind

from .badge import BadgeKind
from .base import RequirementKind
from .event import EventKind
from .level import LevelKind
from .membership import MembershipKind
from .points import PointsKind

if TYPE_CHECKING:
    from wagtail_gamification.models import Requirement

_CODE = re.compile(r"[a-z0-9_]{1,64}")
_kinds: dict[str, RequirementKind] = {}


def register_requirement_kind(kind: type[RequirementKind]) -> type[RequirementKind]:
    """Make a kind known to editors and to the rules. Also a class decorator.

    :raises InvalidRequirementKind: where its code is taken or can't be one
    """
    code = getattr(kind, "code", None)
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise InvalidRequirementKind(
            f"{kind.__qualname__}.code is {code!r}. Use 1 to 64 small letters, digits "
            "and underscores."
        )
    if code in _kinds:
        raise InvalidRequirementKind(
            f"There is a requirement kind “{code}” already: "
            f"{type(_kinds[code]).__qualname__}."
        )
    _kinds[code] = kind()
    return kind


def registered_kinds() -> tuple[RequirementKind, ...]:
    """Give all kinds, the built-in ones first."""
    return tuple(_kinds.values())


def kind_of(requirement: Requirement) -> RequirementKind:
    """Give what knows about a requirement.

    One whose kind isn't registered any more is never met.
    """
    return _kinds.get(requirement.kind) or _unknown


def kind_choices() -> list[tuple[str, Any]]:
    """Give choices for a form."""
    return [(kind.code, kind.label) for kind in _kinds.values()]


def sentence_of(requirement: Requirement) -> str:
    """Give a requirement as editors and visitors read it."""
    return kind_of(requirement).sentence(requirement)


def check_requirement(requirement: Requirement) -> None:
    """Refuse a requirement that can't be right, beside the field that is wrong.

    What its kind doesn't read is emptied: it was set for another one.

    :raises ValidationError: with the names of fields
    """
    kind = _kinds.get(requirement.kind)
    if kind is None:
        raise ValidationError(
            {
                "kind": ValidationError(
                    _("The kind “%(kind)s” is not known. There are: %(known)s."),
                    code="unknown_kind",
                    params={"kind": requirement.kind, "known": ", ".join(_kinds)},
                )
            }
        )
    always = {"id", "sort_order", "badge_definition", "kind", "group"}
    for field in requirement._meta.concrete_fields:
        if field.name not in always and field.name not in kind.fields:
            setattr(requirement, field.attname, field.get_default())
    kind.check(requirement)
    requirement.refuse_circle()


@contextmanager
def temporary_kinds() -> Iterator[None]:
    """Forget the kinds that the block registers. For tests."""
    before = dict(_kinds)
    try:
        yield
    finally:
        _kinds.clear()
        _kinds.update(before)


class _UnknownKind(RequirementKind):
    """Stands for a kind that a site once had."""

    code = ""
    label = ""

    def events(self, requirement: Requirement) -> list[str]:
        return []

    def measure(self, requirement: Requirement) -> Any:
        from django.db.models import IntegerField, Value

        return Value(0, output_field=IntegerField())

    def ceiling(self, requirement: Requirement) -> int:
        return 0

    def sentence(self, requirement: Requirement) -> str:
        return _("Unknown requirement (%(kind)s)") % {"kind": requirement.kind}


_unknown = _UnknownKind()

for _kind in (EventKind, PointsKind, LevelKind, BadgeKind, MembershipKind):
    register_requirement_kind(_kind)
