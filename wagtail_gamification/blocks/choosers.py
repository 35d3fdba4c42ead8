"""Choosers whose choice isn't looked up until somebody asks for more than its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.functional import SimpleLazyObject, cached_property
from wagtail.blocks import ChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock


class _Choices:
    """What was chosen in all blocks of one kind on a page, to be read in one query."""

    def __init__(self, model: Any, keys: Sequence[Any]) -> None:
        self.model = model
        self.keys = keys

    @cached_property
    def found(self) -> dict[Any, Any]:
        return self.model.objects.in_bulk({key for key in self.keys if key is not None})


class Choice(SimpleLazyObject):
    """An object of the database, or None once it was deleted."""

    def __init__(self, choices: _Choices, key: Any) -> None:
        super().__init__(lambda: choices.found.get(key))
        self.__dict__["chosen_key"] = key


def key_of(value: Any) -> Any:
    """Give the key of what was chosen, without looking it up; None for nothing."""
    if type(value) is Choice:
        return vars(value)["chosen_key"]
    return getattr(value, "pk", None)


def _looked_up(value: Any) -> Any:
    """Give the object itself, None where it is gone."""
    if type(value) is not Choice:
        return value
    bool(value)
    return vars(value)["_wrapped"]


class LazyChooserMixin(ChooserBlock):
    """Costs a page no query where the catalogue, or the reader, knows the rest."""

    def to_python(self, value: Any) -> Any:
        return self.bulk_to_python([value])[0]

    def bulk_to_python(self, values: Sequence[Any]) -> list[Any]:
        choices = _Choices(self.model_class, values)
        return [None if key is None else Choice(choices, key) for key in values]

    def get_prep_value(self, value: Any) -> Any:
        return key_of(value)

    def get_form_state(self, value: Any) -> Any:
        return super().get_form_state(_looked_up(value))

    def clean(self, value: Any) -> Any:
        return super().clean(_looked_up(value))

    def extract_references(self, value: Any) -> Any:
        return super().extract_references(_looked_up(value))

    class Meta:
        icon = None


class DefinitionChooserBlock(LazyChooserMixin, SnippetChooserBlock):
    """Chooses a badge, a category or another definition: an original."""


class PlayerChooserBlock(LazyChooserMixin):
    """Chooses a player, for those who may see players in the CMS."""

    target_model = "wagtail_gamification.GamificationInterface"

    @cached_property
    def widget(self) -> Any:
        from wagtail_gamification.cms.player_chooser import player_chooser

        return player_chooser.widget_class()

    class Meta:
        icon = "user"
