"""A badge within a text: its name and picture, as they are when the text is read.

The text is the same for everybody who reads it, so a badge that is secret is one to
everybody here, also to those who have earned it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    KEEP_WHITESPACE,
    InlineEntityElementHandler,
)
from wagtail.rich_text import EmbedHandler

from . import catalogue
from .catalogue.entries import BadgeEntry
from .conf import app_settings
from .models import BadgeDefinition
from .templatetags.engine import render_template

FEATURE = "gamification-badge"
ENTITY = "GAMIFICATION_BADGE"
TEMPLATE = "wagtail_gamification/shelf/inline_badge.html"

# Descriptions of badges may name badges, and are in the catalogue themselves.
_is_expanding: ContextVar[bool] = ContextVar("is_expanding", default=False)


class BadgeEmbedHandler(EmbedHandler):
    """Writes badges into texts: all of a text at once, and from the catalogue."""

    identifier = FEATURE

    @staticmethod
    def get_model() -> type[BadgeDefinition]:
        return BadgeDefinition

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: Sequence[dict]) -> list[str]:
        found = {str(entry.definition_id): entry for entry in _entries(attrs_list)}
        return [_html(found.get(attrs.get("id", ""))) for attrs in attrs_list]

    @classmethod
    def extract_references(cls, attrs: dict) -> Iterator[tuple[Any, str, str, str]]:
        yield BadgeDefinition, attrs["id"], "", ""


class BadgeElementHandler(InlineEntityElementHandler):
    """Gives the editor the badge with the name that it has now."""

    mutability = "IMMUTABLE"

    def get_attribute_data(self, attrs: dict) -> dict[str, str]:
        return {"id": attrs.get("id", "")}

    def handle_starttag(
        self, name: str, attrs: Any, state: Any, contentstate: Any
    ) -> None:
        super().handle_starttag(name, attrs, state, contentstate)
        key = dict(attrs).get("id", "")
        [title] = [
            entry.name
            for entry in catalogue.badges(catalogue.active_language(), "small").badges
            if str(entry.definition_id) == key
        ] or [gettext("A badge that was deleted")]
        state.current_block.text += title
        state.leading_whitespace = KEEP_WHITESPACE


def to_database(props: dict) -> Any:
    """Write what the editor has as it is stored."""
    return DOM.create_element("embed", {"embedtype": FEATURE, "id": props.get("id")})


CONVERSION = {
    "from_database_format": {
        f'embed[embedtype="{FEATURE}"]': BadgeElementHandler(ENTITY)
    },
    "to_database_format": {"entity_decorators": {ENTITY: to_database}},
}


def _entries(attrs_list: Sequence[dict]) -> Sequence[BadgeEntry | _Named]:
    if _is_expanding.get():
        keys = [attrs["id"] for attrs in attrs_list if attrs.get("id", "").isdecimal()]
        return [
            _Named(definition)
            for definition in BadgeDefinition.objects.filter(pk__in=keys)
        ]
    token = _is_expanding.set(True)
    try:
        return catalogue.badges(catalogue.active_language(), "small").badges
    finally:
        _is_expanding.reset(token)


class _Named:
    """A badge of which only the name is shown."""

    image = None
    language = ""

    def __init__(self, definition: BadgeDefinition) -> None:
        self.definition_id = definition.pk
        self.slug = definition.slug
        self.name = definition.name
        self.is_live = definition.live
        self.is_secret = definition.is_secret


def _html(badge: Any) -> str:
    if badge is None or not badge.is_live:
        return ""
    values: dict[str, Any] = {"name": gettext("Secret badge")}
    if not badge.is_secret:
        values = {
            "name": badge.name,
            "language": badge.language,
            "image": badge.image,
            "url": _url_of(badge),
        }
    # A full stop may follow.
    return render_template(TEMPLATE, None, values).strip()


def _url_of(badge: Any) -> str | None:
    if not app_settings.BADGE_URL:
        return None
    return import_string(app_settings.BADGE_URL)(badge)
