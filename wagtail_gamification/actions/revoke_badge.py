"""Take a badge back from a player."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_gamification.models.achievements import Award, Badge
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.signals import badge_revoked, send_on_commit

from .badge_row import BadgeRow
from .change_points import ChangePointsAction
from .count_scores import take_back_awards
from .follow import follow, follow_events
from .losses import Loss, loss_of
from .messages import deliver_revocations
from .players import lock_player
from .scoring import scores_gathered


class RevokeBadgeAction:
    """Take back a badge and exactly the points that its awards paid, once.

    What was paid is read from the ledger, so that a definition whose points were
    edited in between changes nothing. Each row that paid is reversed by one row.
    """

    def __init__(
        self,
        definition: BadgeDefinition,
        interface: GamificationInterface,
        *,
        by: Any = None,
        reason: str = "",
        note: str = "",
    ) -> None:
        self.definition = definition
        self.interface = interface
        self.row = BadgeRow(definition, interface)
        self.by = by
        self.reason = reason
        self.note = note

    def preview(self) -> Loss:
        """Say what :meth:`execute` would take back now."""
        badge = self.row.rows.filter(acquired=True).first()
        if badge is None:
            return loss_of(self.interface, 0)
        awards = _awards(badge)
        paid = _payments(awards).aggregate(total=Sum("amount"))["total"] or 0
        return loss_of(self.interface, -paid, badges=1, awards=awards.count())

    def execute(self) -> bool:
        """Give whether there was something to take back."""
        with transaction.atomic(), scores_gathered():
            player = lock_player(self.interface)
            if not self.row.rows.filter(acquired=True).update(
                times_awarded=0,
                acquired=False,
                acquired_at=None,
                expires_at=None,
                revoked=True,
            ):
                return False
            badge, now = self.row.read(), timezone.now()
            self._revoke_awards(badge, now)
            deliver_revocations(Award.objects.filter(badge=badge, revoked_at=now))
            # Other badges may ask for this one, or for the points.
            players = {self.interface.pk: player}
            lost = {"badge_earned", "points_reached"}
            follow(follow_events(lost, players), players)
        send_on_commit(
            badge_revoked,
            Badge,
            badge=badge,
            interface=self.interface,
            by=self.by,
            reason=self.reason,
        )
        return True

    def _revoke_awards(self, badge: Badge, now: datetime) -> None:
        take_back_awards(_awards(badge))
        _awards(badge).update(
            revoked_at=now,
            revoked_by=self.by,
            revoke_reason=self.reason,
            revoke_note=self.note,
        )
        reversals = [
            PointChange(
                interface=self.interface,
                amount=-change.amount,
                reason=_("Revoked: %(badge)s") % {"badge": self.definition.name},
                award_id=change.award_id,
                reverses=change,
            )
            for change in _payments(_awards(badge, revoked_at=now))
        ]
        if reversals:
            ChangePointsAction(self.interface, reversals, is_followed=False).execute()


def _awards(badge: Badge, revoked_at: datetime | None = None) -> QuerySet[Award]:
    """Give those that nobody has taken back, ended ones too, or those that were."""
    return Award.objects.filter(badge=badge, revoked_at=revoked_at)


def _payments(awards: QuerySet[Award]) -> QuerySet[PointChange]:
    """Give what was paid for them and hasn't been taken back."""
    return PointChange.objects.filter(award__in=awards, reversed_by=None, reverses=None)
