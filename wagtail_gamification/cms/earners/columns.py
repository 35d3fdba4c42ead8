"""What the list of a badge's players shows in a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from wagtail.admin.ui.tables import BaseColumn

from wagtail_gamification.cms.players.people import people_of
from wagtail_gamification.models import Award


def with_people(awards: Iterable[Award]) -> list[Any]:
    """Give each award with ``people``, who got it, in one query for all of them."""
    found: list[Any] = list(awards)
    people = people_of(award.badge.interface for award in found)
    for award in found:
        award.people = people[award.badge.interface_id]
    return found


class TakeBackColumn(BaseColumn):
    """The way to take a badge back from who has it."""

    cell_template_name = "wagtail_gamification/cms/earners/take_back_cell.html"

    def __init__(self, get_url: Callable[[Award], str | None], **kwargs: Any) -> None:
        super().__init__("take_back", **kwargs)
        self.get_url = get_url

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {
            "url": self.get_url(instance),
            "name": instance.people.name,
        }
