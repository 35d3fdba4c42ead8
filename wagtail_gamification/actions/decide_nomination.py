"""Approve a nomination, which awards the badge, or decline it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models.achievements import Award
from wagtail_gamification.models.nominations import Nomination
from wagtail_gamification.models.players import GamificationInterface

from .award_badge import AwardBadgeAction
from .giving import Decision, Giver, definitions_open_to, lock_giver
from .nominate import not_allowed
from .players import left_out, lock_interface

PERMISSION = "wagtail_gamification.decide_nomination"
LOG_APPROVE = "wagtail_gamification.nominate.approve"
LOG_DECLINE = "wagtail_gamification.nominate.decline"

State = Nomination.State


def may_decide(user: Any, nomination: Nomination) -> Decision:
    """Say whether ``user`` may decide a nomination, and why not.

    Nobody decides what they have proposed, or what they would get.
    """
    code = "allowed"
    definitions = definitions_open_to(user)
    nominees = GamificationInterface.objects.filter(pk=nomination.nominee_id)
    if not user.has_perm(PERMISSION):
        code = "no_permission"
    elif not definitions.filter(pk=nomination.badge_definition_id).exists():
        code = "not_in_group"
    elif nomination.nominator_id == user.pk:
        code = "own_nomination"
    elif nominees.owned_by(user).exists():
        code = "nominee"
    elif nomination.state != State.WAITING:
        code = "decided_already"
    if code == "allowed":
        return Decision(True, code, "")
    return not_allowed(code).decision


class DecideNominationAction:
    """Approve or decline a nomination in the name of ``user``.

    Of several who decide at once, a conditional update lets one. The award has the
    nominator's reason, and comes in the same transaction.
    """

    def __init__(
        self, user: Any, nomination: Nomination, *, approves: bool, message: str = ""
    ) -> None:
        self.user = user
        self.nomination = nomination
        self.approves = approves
        self.message = message

    def execute(self) -> Award | None:
        """Decide it; give the award, None where it is declined.

        :raises NotAllowed: where ``user`` may not, or the badge can't be awarded
        """
        decision = may_decide(self.user, self.nomination)
        if not decision.allowed:
            raise not_allowed(decision.code)
        with transaction.atomic():
            lock_interface(self.nomination.nominee)
            self._decide()
            award = self._award() if self.approves else None
            self._log(award)
        return award

    def _decide(self) -> None:
        values: dict[str, Any] = {
            "state": State.APPROVED if self.approves else State.DECLINED,
            "is_open": None,
            "decided_by": self.user,
            "decided_at": timezone.now(),
            "message": self.message,
        }
        rows = Nomination.objects.filter(pk=self.nomination.pk)
        if not rows.filter(state=State.WAITING).update(**values):
            raise not_allowed("decided_already")

    def _award(self) -> Award:
        definition = self.nomination.badge_definition
        nominee = self.nomination.nominee
        if not definition.live:
            raise not_allowed("not_live")
        self._check_limit()
        players = GamificationInterface.objects.filter(pk=nominee.pk)
        if not players.exclude(left_out()).exists():
            raise not_allowed("player_left_out")
        award = AwardBadgeAction(
            definition, nominee, by=self.user, reason=self.nomination.reason
        ).execute()
        if award is None:
            raise not_allowed("has_it_already")
        Nomination.objects.filter(pk=self.nomination.pk).update(award=award)
        return award

    def _check_limit(self) -> None:
        """Hold an approval to what one person may award of the badge in a month.

        It is all that is asked of who awards: deciding takes a permission of its own.
        """
        giver = Giver(self.user, "award", self.nomination.badge_definition)
        if not giver.limit:
            return
        # Others may be awarding in the same name: counted once they are done.
        lock_giver(self.user)
        if giver.awards_left == 0:
            raise NotAllowed(giver.decision_of("monthly_limit"))

    def _log(self, award: Award | None) -> None:
        """Write down names too: the entry is read when the objects are gone.

        Not the nominator's: what is logged of a player is handed to the player.
        """
        nomination = self.nomination
        data = {
            "player": str(nomination.nominee),
            "badge": nomination.badge_definition.name,
            "badge_id": nomination.badge_definition_id,
            "reason": nomination.reason,
            "message": self.message,
        }
        if award:
            data |= {"points": award.points, "award": str(award.uuid)}
        action = LOG_APPROVE if self.approves else LOG_DECLINE
        log(instance=nomination.nominee, action=action, user=self.user, data=data)
