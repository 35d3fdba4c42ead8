"""Cells that name something the site's code has declared: an event, a kind."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from wagtail_gamification.events.registry import events_by_category
from wagtail_gamification.requirements import registered_kinds

from .errors import shortened
from .widgets import CellWidget, as_text

_NEAREST = 3

Choices = Callable[[], Iterable[tuple[str, Any]]]


class CodeWidget(CellWidget):
    """One of what was declared, by its code or its label.

    What a field holds already is taken even where nothing declares it any more.

    :param choices: gives the codes and labels there are
    :param default: what an empty cell means
    """

    def __init__(self, choices: Choices, default: str = "") -> None:
        super().__init__()
        self.choices = choices
        self.default = default

    def read(self, value: Any, current: Any) -> str:
        text = as_text(value).strip()
        if not text:
            return self.default
        if current and text == current:
            return text
        known = [(code, str(label)) for code, label in self.choices()]
        for code, label in known:
            if text.casefold() in (code.casefold(), label.casefold()):
                return code
        raise ValueError(
            _("“%(value)s” is not known. %(hint)s")
            % {"value": shortened(text, 30), "hint": _nearest(text, known)}
        )

    def labels(self) -> list[str]:
        """Give what the template offers."""
        return [str(label) for _code, label in self.choices()]


def event_codes() -> list[tuple[str, Any]]:
    """Give the events that editors can count and pay for."""
    return [
        (event.code, event.label)
        for events in events_by_category().values()
        for event in events
    ]


def kind_codes() -> list[tuple[str, Any]]:
    return [(kind.code, kind.label) for kind in registered_kinds()]


def _nearest(text: str, known: list[tuple[str, str]]) -> str:
    by_name = {name.casefold(): code for code, label in known for name in (code, label)}
    near = difflib.get_close_matches(text.casefold()[:200], by_name, n=_NEAREST)
    if near:
        codes = ", ".join(dict.fromkeys(by_name[name] for name in near))
        return _("The nearest are: %(known)s.") % {"known": codes}
    codes = shortened(", ".join(code for code, _label in known), 300)
    return _("Known are: %(known)s.") % {"known": codes}
