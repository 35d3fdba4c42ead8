"""What the list says of each player, asked for those on the page and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Count, QuerySet

from wagtail_gamification.models import (
    Badge,
    GamificationInterface,
    Level,
    LevelProgress,
)

from .people import People, people_of

CHUNK = 2000


@dataclass(frozen=True, kw_only=True)
class PlayerRow:
    """One player in the list, on the screen and in a spreadsheet."""

    pk: int
    people: People
    points: int
    level: Level | None
    badges: int
    """How many are earned and count now."""

    last_active: date | None
    is_public: bool

    def __str__(self) -> str:
        return self.people.name


def rows_of(
    players: Iterable[GamificationInterface], levels: Sequence[Level] | None = None
) -> list[PlayerRow]:
    """Give the rows of these players, in their order, in three queries at most."""
    players = list(players)
    if levels is None:
        levels = all_levels()
    people = people_of(players)
    earned = (
        Badge.objects.acquired()
        .filter(interface__in=[player.pk for player in players])
        .order_by()
        .values_list("interface")
        .annotate(number=Count("pk"))
    )
    badges = dict(earned)
    return [
        PlayerRow(
            pk=player.pk,
            people=people[player.pk],
            points=player.points,
            level=LevelProgress.from_levels(player.points_earned, levels).level,
            badges=badges.get(player.pk, 0),
            last_active=player.last_active,
            is_public=player.is_public,
        )
        for player in players
    ]


def all_levels() -> list[Level]:
    """Give the levels that players can have, the lowest first."""
    return list(Level.objects.live().originals().order_by("points_required"))


class RowsOf:
    """The rows of any number of players, read in parts when looped over."""

    def __init__(self, players: QuerySet) -> None:
        self.players = players
        self.model = players.model

    def __iter__(self) -> Iterator[PlayerRow]:
        levels = all_levels()
        found: Iterator[Any] = self.players.iterator(chunk_size=CHUNK)
        while part := list(islice(found, CHUNK)):
            yield from rows_of(part, levels)
