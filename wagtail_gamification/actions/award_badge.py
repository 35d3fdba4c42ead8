"""Give a badge to a player."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from wagtail_gamification.events.objects import object_key_of
from wagtail_gamification.models.achievements import Award
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.signals import badge_awarded, send_on_commit

from .badge_row import BadgeRow
from .change_points import ChangePointsAction
from .facts import Fact
from .follow import follow
from .messages import deliver_award
from .notices import tell_of_award
from .players import lock_player
from .scoring import add_awards, scores_gathered


class AwardBadgeAction:
    """Acquire a badge, record the award, pay its points and unlock what they reach.

    ``definition`` is an original. ``by`` is the user who decided it, None where code
    did. The player may see the ``reason``; the ``note`` is internal. With
    ``at_target`` the badge's progress must have reached the target, a revoked badge
    stays revoked, and where the badge can be earned again the progress starts over.
    With ``renews``, an award that ends, the new one takes its place, before or after
    its end: of two who renew the same award, one does.
    """

    def __init__(
        self,
        definition: BadgeDefinition,
        interface: GamificationInterface,
        *,
        by: Any = None,
        reason: str = "",
        note: str = "",
        at_target: bool = False,
        renews: Award | None = None,
    ) -> None:
        self.definition = definition
        self.interface = interface
        self.row = BadgeRow(definition, interface)
        self.by = by
        self.reason = reason
        self.note = note
        self.at_target = at_target
        self.renews = renews

    def execute(self) -> Award | None:
        """Give the award, or None where the player gets none now."""
        if not self.definition.live:
            return None
        with transaction.atomic(), scores_gathered():
            player = lock_player(self.interface)
            now = timezone.now()
            if not self._claim(now) and not (self._make_row() and self._claim(now)):
                return None
            award = self._record(now)
            # Before what follows: receivers hear of things in their order.
            send_on_commit(
                badge_awarded,
                Award,
                award=award,
                badge=award.badge,
                interface=self.interface,
            )
            tell_of_award(award, self.interface.pk)
            deliver_award(award, self.definition, self.interface.pk)
            facts = self._pay(award) if award.points else []
            earned = object_key_of(self.definition)
            facts.append(Fact("badge_earned", self.interface.pk, earned, "award"))
            follow(facts, {self.interface.pk: player})
        return award

    def _claim(self, now: datetime) -> bool:
        """Take the next award; the row count of the update decides who gets it."""
        definition = self.definition
        # A badge that isn't acquired has no awards that count, so it is due too.
        has_expired = Q(expires_at__lte=now)
        is_due = Q(times_awarded__lt=definition.award_limit) | has_expired
        values: dict[str, Any] = {}
        if self.at_target:
            is_due &= Q(revoked=False, progress__gte=definition.progression_target)
            if definition.can_be_earned_again:
                values["progress"] = F("progress") - definition.progression_target
        if self.renews is not None:
            is_due = self._is_held() & Q(last_award_number=self.renews.number)
        # MariaDB sets columns in this order, each seeing the ones before: the
        # counter comes before the columns it looks at.
        values |= {
            "times_awarded": self._times_awarded(has_expired),
            "last_award_number": F("last_award_number") + 1,
            "acquired": True,
            "acquired_at": now,
            "revoked": False,
            "expires_at": self.expiry(now),
        }
        return bool(self.row.rows.filter(is_due).update(**values))

    def _is_held(self) -> Q:
        return Q(acquired=True, revoked=False, expires_at__isnull=False)

    def expiry(self, now: datetime) -> datetime | None:
        """Say when an award of now ends, None where it never does."""
        ends = self.definition.expiry_from(now)
        running = self.renews.expires_at if self.renews else None
        # Renewing early, after an editor has shortened the term, takes nothing away.
        return max(ends, running) if ends and running else ends

    def _times_awarded(self, has_expired: Q) -> Any:
        """Count this award, after those that haven't expired."""
        if self.definition.award_limit == 1:
            return 1
        # One that is renewed takes no further place.
        more = 0 if self.renews else 1
        return Case(When(has_expired, then=Value(1)), default=F("times_awarded") + more)

    def _make_row(self) -> bool:
        """Insert the player's row where it is missing; say whether it was."""
        if self.row.rows.exists():
            return False
        self.row.make()
        return True

    def _record(self, now: datetime) -> Award:
        # The row is locked by the claim: the number read here is ours alone.
        badge = self.row.read()
        add_awards([(self.interface.pk, now)])
        return Award.objects.create(
            badge=badge,
            badge_definition_id=badge.badge_definition_id,
            number=badge.last_award_number,
            awarded_at=now,
            awarded_by=self.by,
            reason=self.reason,
            note=self.note,
            points=self.definition.points,
            expires_at=badge.expires_at,
        )

    def _pay(self, award: Award) -> list[Fact]:
        change = PointChange(
            interface=self.interface,
            amount=award.points,
            reason=self.definition.name,
            award=award,
        )
        booking = ChangePointsAction(self.interface, [change], is_followed=False)
        booking.execute()
        return booking.facts
