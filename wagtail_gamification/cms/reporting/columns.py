"""Columns of numbers: as shares, and with what was counted behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column, UserColumn


def grouped(value: int) -> str:
    """Write a number with the separators of the reader's language."""
    return number_format(value, force_grouping=True)


def percent(share: float | None) -> str:
    """Write a share of a hundred; a small one isn't rounded to nothing."""
    if share is None:
        return ""
    if 0 < share < 0.1:
        return _("below %(share)s%%") % {"share": number_format(0.1, 1)}
    return _("%(share)s%%") % {"share": number_format(round(share, 1), 1)}


class ShareColumn(Column):
    def get_value(self, instance: Any) -> str:
        return percent(super().get_value(instance))


class DayColumn(Column):
    """A day without a time."""

    def get_value(self, instance: Any) -> str:
        value: date | None = super().get_value(instance)
        return date_format(value, "DATE_FORMAT") if value else ""


class LinkedNumberColumn(Column):
    """A number that leads to the list of what was counted."""

    cell_template_name = "wagtail_gamification/cms/reports/number_cell.html"

    def __init__(
        self, name: str, get_url: Callable[[Any], str | None], **kwargs: Any
    ) -> None:
        super().__init__(name, **kwargs)
        self.get_url = get_url

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        number = self.get_value(instance)
        return context | {
            "value": grouped(number),
            "url": self.get_url(instance) if number else "",
        }


class GiverColumn(UserColumn):
    """Who decided something; nobody has no picture."""

    cell_template_name = "wagtail_gamification/cms/reports/giver_cell.html"
