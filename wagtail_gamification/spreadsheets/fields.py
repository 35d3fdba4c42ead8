"""The widget that reads a field of a model where nobody declares another."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.fields import RichTextField
from wagtail.models import Locale
from wagtail.rich_text import features as feature_registry

from .errors import did_you_mean, shortened
from .references import (
    ChildrenWidget,
    ImageWidget,
    LocaleWidget,
    ManyReferenceWidget,
    ReferenceWidget,
)
from .relations import is_image
from .widgets import (
    MAX_NUMBER,
    BooleanWidget,
    CellWidget,
    LineWidget,
    NumberWidget,
    RichTextWidget,
    TextWidget,
    as_text,
)

_MAX_BIG = 9_223_372_036_854_775_807
_MAX_SMALL = 32_767


class ChoiceWidget(CellWidget):
    """One of a field's choices, by its value or by its label."""

    def __init__(self, field: models.Field) -> None:
        super().__init__()
        self.field = field

    def read(self, value: Any, current: Any) -> Any:
        text = as_text(value).strip()
        if not text:
            return _default(self.field)
        choices = [(item, str(label)) for item, label in self.field.flatchoices]
        for item, label in choices:
            if text.casefold() in (str(item).casefold(), label.casefold()):
                return item
        known = [label for _item, label in choices]
        raise ValueError(
            _("“%(value)s” isn't one of: %(known)s.%(hint)s")
            % {
                "value": shortened(text, 30),
                "known": shortened(", ".join(known), 200),
                "hint": did_you_mean(text, known),
            }
        )


class ValueWidget(CellWidget):
    """A day, a time, a decimal number: what Django makes of the text of a cell."""

    def __init__(self, field: models.Field) -> None:
        super().__init__()
        self.field = field

    def read(self, value: Any, current: Any) -> Any:
        if value is None or (isinstance(value, str) and not value.strip()):
            return _default(self.field)
        value = self._prepared(value)
        try:
            value = self.field.to_python(value)
        except (ValidationError, TypeError, ArithmeticError):
            raise ValueError(
                _("“%(value)s” isn't %(wanted)s.")
                % {"value": shortened(value, 30), "wanted": self.wanted()}
            ) from None
        is_moment = isinstance(value, datetime.datetime)
        return timezone.make_aware(value) if _is_naive(value, is_moment) else value

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return ""
        if isinstance(value, datetime.datetime) and timezone.is_aware(value):
            value = timezone.localtime(value).replace(tzinfo=None)
        is_time = isinstance(value, (datetime.date, datetime.time))
        return (
            value.isoformat(" ")
            if type(value) is datetime.datetime
            else (value.isoformat() if is_time else str(value))
        )

    def _prepared(self, value: Any) -> Any:
        kind = self.field.get_internal_type()
        if isinstance(value, datetime.datetime):
            # A day is a moment at midnight to spreadsheet programs.
            return value.date() if kind == "DateField" else value
        if isinstance(value, (datetime.date, datetime.time)):
            return value
        if kind in ("DecimalField", "FloatField"):
            return (
                repr(value)
                if isinstance(value, float)
                else as_text(value).replace(",", ".")
            )
        return as_text(value).strip()

    def wanted(self) -> str:
        """Say what the field takes, as it may stand behind “this isn't”."""
        return {
            "DateField": _("a date, such as 2026-12-31"),
            "DateTimeField": _("a date and a time, such as 2026-12-31 18:30"),
            "TimeField": _("a time, such as 18:30"),
            "DecimalField": _("a number"),
            "FloatField": _("a number"),
        }.get(
            self.field.get_internal_type(),
            str(self.field.description % vars(self.field)),
        )


def widget_for(field: Any) -> CellWidget:
    """Give the widget for a field of a model, by its type.

    :raises ImproperlyConfigured: if there is none
    """
    if field.is_relation:
        return _widget_for_relation(field)
    if field.choices:
        return ChoiceWidget(field)
    if isinstance(field, RichTextField):
        return RichTextWidget(field.features or feature_registry.get_default_features())
    for kind, make in _WIDGETS.items():
        if isinstance(field, kind):
            return make(field)
    raise ImproperlyConfigured(
        f"{field} can't be read from a spreadsheet: declare a field with a widget."
    )


def _widget_for_relation(field: Any) -> CellWidget:
    if field.one_to_many:
        return ChildrenWidget(_text_of_children(field))
    if field.many_to_many:
        return ManyReferenceWidget()
    if is_image(field):
        return ImageWidget()
    return LocaleWidget() if field.related_model is Locale else ReferenceWidget()


def _text_of_children(field: Any) -> str:
    """Name the one field that a child has besides its parent and its order."""
    own = [
        child.name
        for child in field.related_model._meta.fields
        if not child.primary_key and child.editable and child is not field.field
    ]
    if len(own) != 1:
        raise ImproperlyConfigured(
            f"Say which field of {field.related_model._meta.label} a line holds: "
            f"ChildrenWidget(field=…)."
        )
    return own[0]


def _number(field: Any) -> NumberWidget:
    is_small = isinstance(
        field, models.SmallIntegerField | models.PositiveSmallIntegerField
    )
    maximum = _MAX_SMALL if is_small else MAX_NUMBER
    if isinstance(field, models.BigIntegerField):
        maximum = _MAX_BIG
    limits = [
        item.limit_value
        for item in field._validators
        if isinstance(item, MinValueValidator) and isinstance(item.limit_value, int)
    ]
    is_positive = field.get_internal_type().startswith("Positive")
    return NumberWidget(
        max([0 if is_positive else -maximum - 1, *limits]), _default(field), maximum
    )


def _default(field: Any) -> Any:
    return None if field.null or not field.has_default() else field.get_default()


def _is_naive(value: Any, is_moment: bool) -> bool:
    return is_moment and timezone.is_naive(value)


_WIDGETS: Mapping[Any, Any] = {
    models.BooleanField: lambda field: BooleanWidget(
        None if field.null else bool(_default(field))
    ),
    models.IntegerField: _number,
    models.TextField: lambda field: TextWidget(),
    models.CharField: lambda field: LineWidget(),
    models.DateField: ValueWidget,
    models.TimeField: ValueWidget,
    models.DecimalField: ValueWidget,
    models.FloatField: ValueWidget,
    models.UUIDField: ValueWidget,
}
