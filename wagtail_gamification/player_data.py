"""What is held about a player besides our own tables: sections of a site's own.

Register one in a ``gamification.py`` module of an app, where events are declared too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .exceptions import InvalidPlayerSection

if TYPE_CHECKING:
    from .models import GamificationInterface

_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")


@dataclass(frozen=True, kw_only=True)
class PlayerSection:
    """One table about a player, which is exported, and erased, with the others."""

    name: str
    """Its key in JSON and the title of its sheet: small letters, digits and _."""

    fields: tuple[str, ...]
    """The headings of the columns."""

    rows: Callable[[GamificationInterface], Iterable[Sequence[Any]]]
    """Gives the rows about a player; a value for each field, as JSON can hold it."""

    erase: Callable[[GamificationInterface], Any] | None = None
    """Deletes what there is about a player, in the transaction that erases the rest.

    None where a foreign key to the interface sees to it, or where it is to stay.
    """


_sections: dict[str, PlayerSection] = {}


def register_player_section(section: PlayerSection) -> None:
    """Export, and erase, what a site's own models hold about players.

    :raises InvalidPlayerSection: where its name is taken or isn't one
    """
    from .actions.player_sections import SECTIONS

    if not _NAME.fullmatch(section.name):
        raise InvalidPlayerSection(
            f"“{section.name}” can't be the name of a section: it has to be up to 31 "
            "small letters, digits and underscores, and begin with a letter."
        )
    ours = {each.name for each in SECTIONS}
    if section.name in ours or section.name in _sections:
        raise InvalidPlayerSection(f"There is a section “{section.name}” already.")
    if not section.fields:
        raise InvalidPlayerSection(f"The section “{section.name}” has no fields.")
    _sections[section.name] = section


def registered_player_sections() -> tuple[PlayerSection, ...]:
    """Give those that the site has registered."""
    return tuple(_sections.values())


@contextmanager
def temporary_player_sections() -> Iterator[None]:
    """Forget the sections that the block registers. For tests."""
    before = dict(_sections)
    try:
        yield
    finally:
        _sections.clear()
        _sections.update(before)
