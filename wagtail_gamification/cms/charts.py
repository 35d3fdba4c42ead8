"""Charts that the server draws: SVG to look at, the same as a table to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.forms import Media
from django.utils.formats import date_format, number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

HEIGHT = 100
STEP = 10
GAP = 2


@dataclass(frozen=True, kw_only=True)
class ChartValue:
    """One column: what it stands for and how high it is."""

    label: str
    """What the value is of, such as a day, as it is written in the table."""

    value: int
    """At least 0."""

    url: str = ""
    """Where the rows are that were counted, if anywhere."""


@dataclass(frozen=True)
class _Column:
    """Where a column stands, as text: a number would be written in the language."""

    x: str
    y: str
    height: str
    said: str


class ColumnChart(Component):
    """A column for each value, in the order given, of something that is counted.

    ``{% component chart %}`` draws it; add ``chart.media`` to the page's. The drawing
    has one name, a sentence of what is to be seen in it, and each column says what it
    is to whoever points at it. The numbers themselves are in a table that opens below.
    """

    template_name = "wagtail_gamification/cms/charts/column_chart.html"

    def __init__(
        self,
        *,
        title: str,
        values: Iterable[ChartValue],
        label_heading: str,
        value_heading: str,
        shows_title: bool = True,
    ) -> None:
        """Say what is drawn.

        :param title: what the chart shows: “Activity by day”
        :param label_heading: the heading of the labels in the table: “Day”
        :param value_heading: the heading of the values in the table: “Times”
        :param shows_title: False where a heading beside it says the same
        """
        self.title = title
        self.values: Sequence[ChartValue] = tuple(values)
        self.label_heading = label_heading
        self.value_heading = value_heading
        self.shows_title = shows_title

    @property
    def media(self) -> Media:
        return Media(css={"all": ["wagtail_gamification/css/charts.css"]})

    @property
    def highest(self) -> int:
        return max((each.value for each in self.values), default=0)

    @property
    def total(self) -> int:
        return sum(each.value for each in self.values)

    @cached_property
    def columns(self) -> list[_Column]:
        """The columns that aren't empty, as far apart as all of them would be."""
        return [
            self._column(number, each)
            for number, each in enumerate(self.values)
            if each.value > 0
        ]

    def _column(self, number: int, each: ChartValue) -> _Column:
        # The smallest value is still to be seen.
        height = max(1, each.value * HEIGHT / self.highest)
        return _Column(
            x=str(number * STEP + GAP // 2),
            y=f"{HEIGHT - height:.2f}",
            height=f"{height:.2f}",
            said=_("%(label)s: %(value)s")
            % {"label": each.label, "value": _number(each.value)},
        )

    @property
    def summary(self) -> str:
        """What the drawing is called by who can't see it."""
        if not self.total:
            return _("%(title)s: nothing") % {"title": self.title}
        highest = max(self.values, key=lambda each: each.value)
        return _("%(title)s: %(total)s in all, most at %(label)s, %(highest)s") % {
            "title": self.title,
            "total": _number(self.total),
            "label": highest.label,
            "highest": _number(highest.value),
        }

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {
            "chart": self,
            "highest": _number(self.highest),
            "view_box": f"0 0 {max(1, len(self.values)) * STEP} {HEIGHT}",
            "column_width": str(STEP - GAP),
            "first": self.values[0].label if self.values else "",
            "last": self.values[-1].label if len(self.values) > 1 else "",
        }


def days_between(first: date, last: date) -> list[date]:
    """Give every day from ``first`` to ``last``, both included."""
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def day_values(
    first: date, last: date, counted: dict[date, int], url: Any = None
) -> list[ChartValue]:
    """Give a value for each day, 0 where nothing was counted.

    ``url`` gives the address of a day's rows.
    """
    return [
        ChartValue(
            label=date_format(day, "DATE_FORMAT"),
            value=counted.get(day, 0),
            url=url(day) if url else "",
        )
        for day in days_between(first, last)
    ]


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)
