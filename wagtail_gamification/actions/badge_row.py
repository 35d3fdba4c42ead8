"""The one row that says what a player has of a badge, which may be missing."""

from __future__ import annotations

from functools import cached_property

from django.db.models import QuerySet

from wagtail_gamification.models.achievements import Badge
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.players import GamificationInterface


class BadgeRow:
    """Finds, makes and reads the badge of ``interface`` for ``definition``."""

    def __init__(
        self, definition: BadgeDefinition, interface: GamificationInterface
    ) -> None:
        self.definition = definition
        self.interface = interface

    @cached_property
    def rows(self) -> QuerySet[Badge]:
        """The row as a query, to be narrowed by conditions and updated.

        No join: every condition must stand on the row that is updated, because
        the database looks at that row once more after waiting for its lock, and at
        no other.
        """
        return Badge._base_manager.filter(
            interface_id=self.interface.pk, badge_definition_id=self.definition.pk
        )

    def make(self) -> None:
        """Insert the row, unless somebody else has done so by now."""
        Badge._base_manager.bulk_create(
            [Badge(interface=self.interface, badge_definition=self.definition)],
            ignore_conflicts=True,
        )

    def read(self) -> Badge:
        """Give what the database holds, with the objects that are at hand."""
        badge = self.rows.get()
        badge.interface = self.interface
        badge.badge_definition = self.definition
        return badge
