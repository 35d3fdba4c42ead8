"""Descriptions from a spreadsheet, brought to what an editor could have typed.

What comes in goes the same way as what Draftail sends: into its content state and
back, with the features that editors have for descriptions. Nothing else gets
through that: no scripts, no event handlers, no ``javascript:`` links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from threading import local

from bs4 import BeautifulSoup
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from wagtail_gamification.conf import app_settings

_TAG = re.compile(r"<[a-zA-Z!/?]")
_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
# What these hold was never meant to be read.
_UNREADABLE = ("script", "style", "template", "noscript", "iframe", "object")
_EMPTY = "<p></p>"
# A converter holds what it is reading, so that each thread has its own.
_made = local()


def clean_rich_text(value: str, features: Sequence[str] | None = None) -> str:
    """Give ``value``, HTML or plain text, as HTML that is safe to store.

    :param features: the features of rich text that are kept; by default those of
        descriptions
    :raises ValueError: if it is too tangled to be read as HTML
    """
    if not value.strip():
        return ""
    if not _TAG.search(value):
        value = _paragraphs(value)
    try:
        soup = BeautifulSoup(value, "html.parser")
        for element in soup(_UNREADABLE):
            element.decompose()
        # Wagtail's converter takes it for granted that every tag is closed.
        html = str(soup)
        converter = _converter(tuple(features or app_settings.DESCRIPTION_FEATURES))
        content = converter.from_database_format(html)
        cleaned = converter.to_database_format(content)
    except Exception as error:
        # The converter states its expectations by assertions and bare lookups, so
        # that HTML which Draftail never wrote fails in any way there is.
        raise ValueError(
            _("This isn't HTML that can be read. Use plain text or simple HTML.")
        ) from error
    return "" if without_keys(cleaned) == _EMPTY else cleaned


def same_rich_text(one: str, other: str, features: Sequence[str] | None = None) -> bool:
    """Say whether two descriptions are one, whatever keys their blocks have."""
    if without_keys(one) == without_keys(other):
        return True
    try:
        cleaned = [
            without_keys(clean_rich_text(html, features)) for html in (one, other)
        ]
    except ValueError:
        return False
    return cleaned[0] == cleaned[1]


def without_keys(html: str) -> str:
    """Give HTML without the keys by which Draftail tells blocks apart."""
    return _BLOCK_KEY.sub("", html.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _converter(features: tuple[str, ...]) -> ContentstateConverter:
    """Give a converter; making one takes longer than a description does."""
    if getattr(_made, "features", None) != features:
        _made.features, _made.converter = features, ContentstateConverter(features)
    return _made.converter


def _paragraphs(text: str) -> str:
    lines: Iterable[str] = (line.strip() for line in text.splitlines())
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)
