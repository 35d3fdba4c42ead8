"""Give a player everything that is held about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.log_actions import log

from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.player_data import (
    PlayerSection,
    registered_player_sections,
)

from .player_sections import SECTIONS, ModelSection, TraceSection
from .traces import title_of_erased

LOG_EXPORT_PLAYER = "wagtail_gamification.export_player"


@dataclass(frozen=True)
class ExportedSection:
    """One table of a player's data. Its rows are read while they are looped over."""

    name: str
    fields: tuple[str, ...]
    interface: GamificationInterface
    source: ModelSection | TraceSection | PlayerSection

    def __iter__(self) -> Iterator[Sequence[Any]]:
        rows: Iterable[Sequence[Any]] = self.source.rows(self.interface)
        return iter(rows)


@dataclass(frozen=True, kw_only=True)
class PlayerData:
    """All that is held about one player."""

    player: int
    exported_at: datetime
    sections: tuple[ExportedSection, ...]


class ExportPlayerAction:
    """Collect what is held about a player, and log that it was asked for.

    ``by`` is the user who wants it, None where nobody is known. Other people are
    ``other`` in it, whoever they are. Write it with
    :func:`wagtail_gamification.player_files.write_player_data`.
    """

    def __init__(self, interface: GamificationInterface, *, by: Any = None) -> None:
        self.interface = interface
        self.by = by

    def execute(self) -> PlayerData:
        data = PlayerData(
            player=self.interface.pk,
            exported_at=timezone.now(),
            sections=tuple(
                ExportedSection(source.name, source.fields, self.interface, source)
                for source in (*SECTIONS, *registered_player_sections())
            ),
        )
        # The log outlives the player: it gets no name.
        log(
            instance=self.interface,
            action=LOG_EXPORT_PLAYER,
            user=self.by,
            title=title_of_erased(self.interface.pk),
        )
        return data
