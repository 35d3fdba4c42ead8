"""What is wrong with a file as a whole, in one line for the person who sent it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from wagtail_gamification.exceptions import GamificationError


class CatalogueError(GamificationError):
    """A file that can't be imported, or a catalogue that can't be exported.

    What is wrong with one row is no exception but part of that row's outcome.
    """


class ImagesRefused(CatalogueError):
    """The ZIP of images can't be used; the spreadsheet itself may be all right."""


class SheetNeeded(CatalogueError):
    """A file with one sheet that has no title: somebody has to say which it is."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give a sentence that offers what is nearest to ``word``, or nothing."""
    by_folded: dict[str, str] = {}
    for item in known:
        by_folded.setdefault(item.casefold(), item)
    near = difflib.get_close_matches(word.casefold()[:200], by_folded, n=1)
    if not near:
        return ""
    return " " + _("Did you mean “%(word)s”?") % {"word": by_folded[near[0]]}


def shortened(value: object, length: int = 60) -> str:
    """Give ``value`` as it may stand in a message: one line, not too long."""
    text = " ".join(str(value).split())
    text = "".join(char if char.isprintable() else "�" for char in text)
    return text if len(text) <= length else f"{text[: length - 1]}…"


def messages_of(error: ValidationError) -> dict[str, list[str]]:
    """Give the messages of an error by column."""
    messages: dict[str, list[str]] = {}
    for name, found in error.error_dict.items():
        column = "" if name == NON_FIELD_ERRORS else name
        messages[column] = [
            str(_("This is needed."))
            if item.code in ("blank", "null")
            else str(item.messages[0])
            for item in found
        ]
    return messages
