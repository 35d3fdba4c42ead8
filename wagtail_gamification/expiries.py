"""Which badges of a player end, as plain data: for a player's page in the CMS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from wagtail_gamification.models import Award, BadgeDefinition, GamificationInterface


@dataclass(frozen=True, kw_only=True)
class BadgeExpiry:
    """The end of one badge: past, or to come."""

    definition: BadgeDefinition
    award: Award
    """The latest of the badge, whose end is the badge's."""

    expires_at: datetime
    is_expired: bool
    reminded_at: datetime | None
    """When the player was told that it ends soon, None where nobody was."""

    @property
    def time_left(self) -> timedelta:
        """What is left of the term, nothing after its end."""
        return max(self.expires_at - timezone.now(), timedelta())


def badge_expiries(interface: GamificationInterface) -> list[BadgeExpiry]:
    """Give the badges of a player that end, those that ended first at the beginning.

    One query. Revoked badges are left out, and so is what never ends.
    """
    awards = (
        Award.objects.filter(
            badge__interface=interface,
            badge__acquired=True,
            badge__revoked=False,
            expires_at__isnull=False,
            revoked_at=None,
            number=F("badge__last_award_number"),
        )
        .select_related("badge__badge_definition")
        .order_by("expires_at", "pk")
    )
    now = timezone.now()
    return [
        BadgeExpiry(
            definition=award.badge.badge_definition,
            award=award,
            expires_at=award.expires_at,
            is_expired=award.expires_at <= now,
            reminded_at=award.reminded_at,
        )
        for award in awards
    ]
