"""Let a player claim a badge with a code."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_gamification.models.achievements import Award
from wagtail_gamification.models.claims import Claim, ClaimCode
from wagtail_gamification.models.codes import normalise_code
from wagtail_gamification.models.players import GamificationInterface

from .award_badge import AwardBadgeAction
from .players import lock_player


class ClaimOutcome(enum.Enum):
    """What came of a claim. Apart from the first, nothing has changed."""

    CLAIMED = "claimed"

    REFUSED = "refused"
    """No such code, or one that is used up, expired, deactivated or for a badge that
    isn't published: who guesses learns nothing from it."""

    HAS_IT_ALREADY = "has_it_already"
    """The player has the badge, as often as it can be had."""

    CLAIMED_BEFORE = "claimed_before"
    """The player has used this code before."""

    OWN_CODE = "own_code"
    """The player has made the code, for a badge that nobody may give themselves."""

    NOT_COUNTED = "not_counted"
    """The player is inactive, or in a group that the site leaves out."""


@dataclass(frozen=True)
class ClaimResult:
    """What came of a claim, and the award where there is one."""

    outcome: ClaimOutcome

    code: ClaimCode | None = None
    """The code, unless the claim was refused."""

    award: Award | None = None
    """The award, where the badge was claimed."""


class ClaimCodeAction:
    """Claim a badge for ``interface`` with ``text``, a code as the player typed it.

    One conditional update of the code's row decides who gets the last place, in one
    transaction with the award. ``user`` is the person who claims.
    """

    def __init__(self, text: str, interface: GamificationInterface, user: Any) -> None:
        self.code = normalise_code(text)
        self.interface = interface
        self.user = user

    def execute(self) -> ClaimResult:
        """Claim it, or give the reason why not."""
        code = self._find()
        if code is None:
            return ClaimResult(ClaimOutcome.REFUSED)
        with transaction.atomic():
            result = self._claim(code)
            if result.outcome is not ClaimOutcome.CLAIMED:
                # The place that was taken is free again.
                transaction.set_rollback(True)
        return result

    def _find(self) -> ClaimCode | None:
        """Find the code, if this player can do anything with it.

        One statement whatever is wrong with it, so that the time tells nothing either.
        """
        codes = ClaimCode.objects.claimable().filter(badge_definition__live=True)
        own = ClaimCode.objects.filter(Exists(self._claims(OuterRef("pk"))))
        return (
            (codes | own)
            .filter(code=self.code)
            .select_related("badge_definition")
            .first()
        )

    def _claims(self, code: Any) -> QuerySet[Claim]:
        return Claim.objects.filter(claim_code=code, interface=self.interface.pk)

    def _claim(self, code: ClaimCode) -> ClaimResult:
        player = lock_player(self.interface)
        rows = ClaimCode.objects.filter(pk=code.pk)
        if not rows.claimable().update(claim_count=F("claim_count") + 1):
            if self._claims(code).exists():
                return ClaimResult(ClaimOutcome.CLAIMED_BEFORE, code)
            return ClaimResult(ClaimOutcome.REFUSED)
        if self._claims(code).exists():
            return ClaimResult(ClaimOutcome.CLAIMED_BEFORE, code)
        if not player.is_counted:
            return ClaimResult(ClaimOutcome.NOT_COUNTED, code)
        if self._is_own(code):
            return ClaimResult(ClaimOutcome.OWN_CODE, code)
        definition = code.badge_definition
        reason = _("Claimed with a code.")
        award = AwardBadgeAction(definition, self.interface, reason=reason).execute()
        if award is None:
            return ClaimResult(ClaimOutcome.HAS_IT_ALREADY, code)
        Claim.objects.create(
            claim_code=code,
            interface=self.interface,
            award=award,
            claimed_at=timezone.now(),
        )
        return ClaimResult(ClaimOutcome.CLAIMED, code, award)

    def _is_own(self, code: ClaimCode) -> bool:
        may = code.badge_definition.may_award_oneself
        return code.created_by_id == self.user.pk and not may
