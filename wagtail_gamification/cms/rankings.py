"""Rankings: a table whose rows have a bar beside the number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import Media
from wagtail.admin.ui.components import Component

from .reporting.columns import grouped

WIDTH = 100


@dataclass(frozen=True)
class RankingRow:
    """One bar: what it stands for and how long it is."""

    label: str
    value: float
    """At least 0."""

    url: str = ""
    """Where what was counted is, if anywhere."""

    text: str = ""
    """What is written for the value, where the number itself isn't."""


class Ranking(Component):
    """Bars in the order given. The table says all that the bars say."""

    template_name = "wagtail_gamification/cms/charts/ranking.html"

    def __init__(
        self,
        *,
        title: str,
        rows: Sequence[RankingRow],
        label_heading: str,
        value_heading: str,
        nothing: str,
        about: str = "",
        most: float | None = None,
        more: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Say what is ranked.

        :param nothing: what is said where there are no rows
        :param about: a sentence of what is ranked, and by what
        :param most: what a bar stands for that goes all the way; the highest value
            where it is left out
        :param more: names and addresses of where there is more; empty ones are left out
        """
        self.title = title
        self.rows = rows
        self.label_heading = label_heading
        self.value_heading = value_heading
        self.nothing = nothing
        self.about = about
        self.most = most or max((row.value for row in rows), default=0)
        self.more = [(name, url) for name, url in more if url]

    @property
    def media(self) -> Media:
        return Media(css={"all": ["wagtail_gamification/css/charts.css"]})

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {
            "ranking": self,
            "width": str(WIDTH),
            "bars": [
                {
                    "label": row.label,
                    "text": row.text or grouped(int(row.value)),
                    "url": row.url,
                    # As text: a number would be written in the language.
                    "length": f"{self._length(row.value):.2f}",
                }
                for row in self.rows
            ],
        }

    def _length(self, value: float) -> float:
        if not self.most or value <= 0:
            return 0
        # The smallest value is still to be seen.
        return min(WIDTH, max(1, value * WIDTH / self.most))
