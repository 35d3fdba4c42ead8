"""Add steps to a badge, and award it when they are enough."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from wagtail_gamification.models.achievements import Award, Badge
from wagtail_gamification.models.amounts import MOST_STEPS, whole_number
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.signals import badge_progressed, send_on_commit

from .award_badge import AwardBadgeAction
from .badge_row import BadgeRow
from .players import lock_interface
from .scoring import scores_gathered


class AdvanceBadgeAction:
    """Add ``by`` steps to a player's badge; at the target it is acquired and paid.

    Steps are counted past the target too, and for a revoked badge, which only
    :class:`AwardBadgeAction` gives back. A badge that isn't published stands still.

    :raises InvalidAmount: where ``by`` isn't a whole number above zero
    """

    def __init__(
        self,
        definition: BadgeDefinition,
        interface: GamificationInterface,
        *,
        by: int = 1,
    ) -> None:
        self.definition = definition
        self.interface = interface
        self.row = BadgeRow(definition, interface)
        self.by = whole_number(by, at_least=1, at_most=MOST_STEPS)
        self.badge: Badge | None = None

    def execute(self) -> Award | None:
        """Give the award that the steps earned (the last of several), or None."""
        if not self.definition.live:
            return None
        with transaction.atomic(), scores_gathered():
            lock_interface(self.interface)
            self._advance()
            self.badge = self.row.read()
            award = self._award_while_due(self.badge)
        send_on_commit(
            badge_progressed,
            Badge,
            badge=self.badge,
            interface=self.interface,
            by=self.by,
        )
        return award

    def _advance(self) -> None:
        step = {"progress": F("progress") + self.by}
        if not self.row.rows.update(**step):
            self.row.make()
            self.row.rows.update(**step)

    def _award_while_due(self, badge: Badge) -> Award | None:
        """Award what the progress is enough for.

        Mostly once: only a badge that can be earned several times, advanced by
        several targets at once, is due more often.
        """
        award = None
        while badge.progression and badge.progression.finished:
            earned = AwardBadgeAction(
                self.definition, self.interface, at_target=True
            ).execute()
            if earned is None:
                break
            award, badge = earned, earned.badge
            self.badge = badge
            if not self.definition.can_be_earned_again:
                break
        return award
