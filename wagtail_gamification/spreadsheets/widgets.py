"""How the cells of each kind of field are read and written.

Django's forms are strict where spreadsheet programs are sloppy: they turn ``10``
into ``10.0``, write TRUE in the language of their owner and make dates of what
looks like one. What is surely meant is accepted; anything else is an error that
says what to write.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from .cells import BrokenCell, Formula
from .errors import shortened
from .richtext import clean_rich_text, same_rich_text

# The largest number that every supported database stores in such a column.
MAX_NUMBER = 2_147_483_647
# As long as a cell of a CSV file may be for Python to read it.
MAX_TEXT = 100_000

# Three zeros are the thousands of one language and the decimals of another.
_WHOLE_NUMBER = re.compile(r"([+-]?\d+)(?:[.,]0{0,2})?")
_YES = {"true", "yes", "y", "1", "on", "x", "wahr", "ja", "vrai", "oui", "verdadero"}
_YES |= {"sí", "si", "vero", "sì", "verdadeiro", "sim", "waar", "да", "истина"}
_NO = {"false", "no", "n", "0", "off", "-", "falsch", "nein", "faux", "non"}
_NO |= {"falso", "nee", "não", "onwaar", "нет", "ложь"}


class CellWidget(Widget):
    """Reads a cell whose type a spreadsheet program has chosen."""

    def clean(
        self,
        value: Any,
        row: Mapping[str, Any] | None = None,
        current: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Give the value of a cell.

        :param current: what the definition holds now
        :raises ValueError: with what is wrong with it
        """
        if isinstance(value, Formula):
            raise ValueError(
                _(
                    "This cell holds a formula (%(text)s). Put its result there; text "
                    "that begins with “=” needs an apostrophe before it."
                )
                % {"text": shortened(value.text, 30)}
            )
        if isinstance(value, BrokenCell):
            raise ValueError(
                _("This cell shows the error %(text)s.")
                % {"text": shortened(value.text)}
            )
        if isinstance(value, (list, dict)):
            raise ValueError(_("This has to be a single value, not a list of them."))
        return self.read(value, current)

    def read(self, value: Any, current: Any) -> Any:
        """Give what a cell means that holds a plain value."""
        raise NotImplementedError

    def same(self, one: Any, other: Any) -> bool:
        """Say whether two values of the field are one to its readers."""
        return bool(one == other)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class TextWidget(CellWidget):
    """Text in several lines."""

    def read(self, value: Any, current: Any) -> str:
        text = as_text(value)
        if current and self.same(text, current):
            return current
        if len(text) > MAX_TEXT:
            raise ValueError(
                _("This is longer than %(count)d characters.") % {"count": MAX_TEXT}
            )
        for char in text:
            if unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n\r":
                raise ValueError(
                    _("This holds a control character (U+%(code)s). Remove it.")
                    % {"code": f"{ord(char):04X}"}
                )
        return self.tidy(text)

    def tidy(self, text: str) -> str:
        return _plain_lines(text).strip()

    def same(self, one: Any, other: Any) -> bool:
        return _visible(one or "") == _visible(other or "")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return _visible(value or "")


class LineWidget(TextWidget):
    """Text in one line: a line break in a cell counts as a space."""

    def tidy(self, text: str) -> str:
        return re.sub(r"[\t\n]+", " ", _plain_lines(text)).strip()


class RichTextWidget(TextWidget):
    """HTML or plain text, reduced to what editors have buttons for.

    :param features: the features of those buttons; by default those of descriptions
    """

    def __init__(self, features: Sequence[str] | None = None) -> None:
        super().__init__()
        self.features = features

    def tidy(self, text: str) -> str:
        return clean_rich_text(text, self.features)

    def same(self, one: Any, other: Any) -> bool:
        one, other = one or "", other or ""
        return super().same(one, other) or same_rich_text(
            _visible(one), _visible(other), self.features
        )


class NumberWidget(CellWidget):
    """Whole numbers between ``minimum`` and ``maximum``, by default what databases
    can store."""

    def __init__(
        self,
        minimum: int = 0,
        default: int | None = None,
        maximum: int = MAX_NUMBER,
    ) -> None:
        super().__init__()
        self.minimum = minimum
        self.maximum = maximum
        self.default = default

    def read(self, value: Any, current: Any) -> int | None:
        _refuse_dates(value, _("a number"))
        text = "" if value is None else str(value).strip()
        if not text:
            return self.default
        if isinstance(value, bool) or not (match := _WHOLE_NUMBER.fullmatch(text)):
            number = self._whole_float(value)
        else:
            digits = match[1]
            # int() takes its time over a million digits.
            number = int(digits) if len(digits) < 50 else self.maximum + 1
            if len(digits) >= 50 and digits.startswith("-"):
                number = self.minimum - 1
        if number < self.minimum:
            raise ValueError(
                _("This can't be less than %(minimum)d.") % {"minimum": self.minimum}
            )
        if number > self.maximum:
            raise ValueError(
                _("This is too large: at most %(maximum)d.") % {"maximum": self.maximum}
            )
        return number

    def _whole_float(self, value: Any) -> int:
        # A large number of a workbook: 1e+20, which str() doesn't write out.
        if isinstance(value, float) and value.is_integer():
            return int(value)
        raise ValueError(
            _("“%(value)s” isn't a whole number.") % {"value": shortened(value, 30)}
        )


class BooleanWidget(CellWidget):
    """Yes or no, as people and spreadsheet programs write it.

    :param default: what an empty cell means
    """

    def __init__(self, default: bool | None = False) -> None:
        super().__init__()
        self.default = default

    def read(self, value: Any, current: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        _refuse_dates(value, _("yes or no"))
        text = as_text(value).strip().casefold()
        if not text:
            return self.default
        if text in _YES:
            return True
        if text in _NO:
            return False
        raise ValueError(
            _("“%(value)s” is neither yes nor no.") % {"value": shortened(value, 30)}
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else bool(value)


def as_text(value: Any) -> str:
    """Give the text of a cell that a program may have taken for a number."""
    _refuse_dates(value, _("text"))
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return str(value)


def _refuse_dates(value: Any, wanted: str) -> None:
    dates = (datetime.date, datetime.time, datetime.timedelta)
    if isinstance(value, dates):
        raise ValueError(
            _(
                "This cell holds a date or a time, where %(wanted)s is needed. Format "
                "it as text and type it again."
            )
            % {"wanted": wanted}
        )


def _plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _visible(text: str) -> str:
    """Give text as a cell can show it: no control characters, lines by line feeds."""
    return "".join(
        char
        for char in _plain_lines(text)
        if char in "\t\n" or unicodedata.category(char) not in ("Cc", "Cs")
    ).strip()
