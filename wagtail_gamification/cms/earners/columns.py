"""What the list of a badge's players shows in a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wagtail.admin.ui.tables import BaseColumn, TitleColumn

from wagtail_gamification.cms.players.people import People, person_of
from wagtail_gamification.models import Award


def people_of_award(award: Award) -> People:
    """Give who got it: what the row was read with is enough to say so."""
    return person_of(award.badge.interface)


class PersonColumn(TitleColumn):
    """The name, with what tells apart who has the same."""

    cell_template_name = "wagtail_gamification/cms/earners/person_cell.html"

    def get_value(self, instance: Award) -> str:
        return people_of_award(instance).name

    def get_cell_context_data(self, instance: Award, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"detail": people_of_award(instance).detail}


class TakeBackColumn(BaseColumn):
    """The way to take a badge back from who has it."""

    cell_template_name = "wagtail_gamification/cms/earners/take_back_cell.html"

    def __init__(self, get_url: Callable[[Award], str | None], **kwargs: Any) -> None:
        super().__init__("take_back", **kwargs)
        self.get_url = get_url

    def get_cell_context_data(self, instance: Award, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {
            "url": self.get_url(instance),
            "name": people_of_award(instance).name,
        }
