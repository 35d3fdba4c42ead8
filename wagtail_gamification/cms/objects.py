"""The objects that events are about, to choose one of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wagtail_gamification.events import (
    describe_object,
    object_key_of,
    registered_events,
)
from wagtail_gamification.events.objects import model_key_of

# So many of each model are offered. Who has more makes them pages, or snippets with
# requirements made in code.
MOST_OBJECTS = 300


@dataclass(frozen=True)
class ObjectGroup:
    """The objects of one model, and the events that are about them."""

    label: str
    choices: tuple[tuple[str, str], ...]
    events: tuple[str, ...]


def model_of_event(code: str) -> Any:
    """Give the model of what an event is about, None where nothing is known of it."""
    models = {event.code: event.target_model for event in registered_events()}
    return models.get(code)


def page_of(key: str) -> str:
    """Give the primary key of the page that a key stands for, or nothing."""
    from wagtail.models import Page

    label, _separator, pk = key.partition(":")
    return pk if label == model_key_of(Page) else ""


def _are_pages(model: Any) -> bool:
    from wagtail.models import Page

    return model is not None and issubclass(model, Page)


def is_about_pages(code: str) -> bool:
    """Whether what an event is about is chosen with the chooser of pages."""
    return _are_pages(model_of_event(code))


def page_events() -> list[str]:
    """Give the codes of the events that are about pages."""
    return [each.code for each in registered_events() if is_about_pages(each.code)]


def object_events() -> dict[Any, list[str]]:
    """Give the codes of the events that are about something else, by its model."""
    events: dict[Any, list[str]] = {}
    for event in registered_events():
        model = event.target_model
        if model is not None and not _are_pages(model):
            events.setdefault(model, []).append(event.code)
    return events


def object_groups() -> list[ObjectGroup]:
    """Give what isn't a page and can be chosen, by model."""
    return [
        ObjectGroup(
            label=capfirst(str(model._meta.verbose_name_plural)),
            choices=tuple(
                (object_key_of(each), str(each)) for each in _objects_of(model)
            ),
            events=tuple(codes),
        )
        for model, codes in object_events().items()
    ]


def group_of_one(key: str, event: str) -> ObjectGroup:
    """Give the group for an object that is chosen and not offered any more."""
    choice = (key, describe_object(key))
    return ObjectGroup(label=_("Chosen before"), choices=(choice,), events=(event,))


def _objects_of(model: Any) -> Iterable[Any]:
    objects = model._default_manager.all()
    if hasattr(objects, "originals"):
        # A translation is never what an event is about.
        objects = objects.originals()
    return objects[:MOST_OBJECTS]


class ObjectSelect(forms.Select):
    """A select in which only those objects show that the chosen event is about."""

    template_name = "wagtail_gamification/cms/requirements/object_select.html"

    groups: Callable[[], list[ObjectGroup]]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        event = f"{name.removesuffix('object_key')}event"
        rules = [json.dumps({event: group.events}) for group in self.groups()]
        [empty, *groups] = context["widget"]["optgroups"]
        context["empty"] = empty[1][0]
        context["groups"] = [
            {"label": label, "options": options, "rules": rule}
            for (label, options, _index), rule in zip(groups, rules, strict=True)
        ]
        return context
