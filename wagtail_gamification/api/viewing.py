"""What the person who asks may know of players: in two queries, for any number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from wagtail_gamification.models import Badge, GamificationInterface

LEDGER_PERMISSION = "wagtail_gamification.view_pointchange"


@dataclass(frozen=True)
class Viewing:
    """Whom ``viewer`` may see, of the players that an answer is about."""

    viewer: Any
    visible: frozenset[int]
    own: frozenset[int]
    known_badges: frozenset[int]
    """The definitions of the badges that the viewer has."""

    @classmethod
    def of(cls, viewer: Any, interfaces: Collection[int]) -> Viewing:
        everybody = GamificationInterface.objects.order_by()
        players = everybody.filter(pk__in=set(interfaces))
        visible = players.visible_to(viewer).values_list("pk", flat=True)
        own: list[int] = []
        known: list[int] = []
        if getattr(viewer, "is_authenticated", False):
            own = list(everybody.owned_by(viewer).values_list("pk", flat=True))
            badges = Badge.acquired_objects.filter(interface__in=own)
            known = list(badges.values_list("badge_definition_id", flat=True))
        return cls(viewer, frozenset(visible), frozenset(own), frozenset(known))

    @classmethod
    def of_nobody(cls) -> Viewing:
        """Give what is seen where nobody has looked yet: nothing."""
        return cls(None, frozenset(), frozenset(), frozenset())

    def sees(self, interface_id: int) -> bool:
        return interface_id in self.visible or self.is_own(interface_id)

    def is_own(self, interface_id: int) -> bool:
        return interface_id in self.own

    def sees_ledger(self, interface_id: int) -> bool:
        """Whether the rows of a player's ledger may be read, with their reasons."""
        if self.is_own(interface_id):
            return True
        return bool(self.viewer) and self.viewer.has_perm(LEDGER_PERMISSION)
