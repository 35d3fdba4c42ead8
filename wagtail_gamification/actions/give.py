"""What editors do by hand: decided, done and logged in one transaction.

Each takes the person who does it first, and raises
:class:`~wagtail_gamification.exceptions.NotAllowed` where :mod:`.giving` says no. The
player is locked before it is decided, so nothing changes between that and the change.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from wagtail.log_actions import log

from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models.achievements import Award
from wagtail_gamification.models.amounts import MOST_POINTS, whole_number
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.players import GamificationInterface

from .award_badge import AwardBadgeAction
from .giving import Giver, lock_giver
from .players import locked_rows
from .reset_interface import ResetInterfaceAction
from .revoke_badge import RevokeBadgeAction

LOG_AWARD = "wagtail_gamification.award"
LOG_REVOKE = "wagtail_gamification.revoke"
LOG_ADJUST_POINTS = "wagtail_gamification.adjust_points"
LOG_RESET = "wagtail_gamification.reset"


def award_by_hand(
    user: Any,
    definition: BadgeDefinition,
    interface: GamificationInterface,
    *,
    reason: str = "",
    note: str = "",
) -> Award:
    """Award a badge in the name of ``user``.

    :raises NotAllowed: where that is more than ``user`` may do now
    """
    with transaction.atomic():
        _lock(interface)
        published = _allowed(Giver(user, "award", definition), interface)
        award = AwardBadgeAction(
            published, interface, by=user, reason=reason, note=note
        ).execute()
        assert award is not None  # noqa: S101 (the player is locked since the decision)
        data = {"points": award.points, "award": str(award.uuid)}
        _log(LOG_AWARD, user, interface, _badge(published) | data, reason)
    return award


def revoke_by_hand(
    user: Any,
    definition: BadgeDefinition,
    interface: GamificationInterface,
    *,
    reason: str = "",
    note: str = "",
) -> None:
    """Take a badge back in the name of ``user``.

    :raises NotAllowed: where that is more than ``user`` may do now
    """
    with transaction.atomic():
        _lock(interface)
        published = _allowed(Giver(user, "revoke", definition), interface)
        RevokeBadgeAction(
            published, interface, by=user, reason=reason, note=note
        ).execute()
        _log(LOG_REVOKE, user, interface, _badge(published), reason)


def adjust_points_by_hand(
    user: Any,
    interface: GamificationInterface,
    amount: int,
    *,
    reason: str = "",
    note: str = "",
) -> PointChange:
    """Book ``amount`` points, below zero to take them, in the name of ``user``.

    The note goes to the log alone: the ledger is what the player may see.

    :raises InvalidAmount: where ``amount`` isn't a whole number that can be booked
    :raises NotAllowed: where that is more than ``user`` may do now
    """
    whole_number(amount, at_least=-MOST_POINTS, at_most=MOST_POINTS)
    with transaction.atomic():
        _lock(interface)
        _allowed(Giver(user, "adjust_points"), interface)
        change = interface.change_points(amount, reason)
        data = {"points": amount, "note": note}
        _log(LOG_ADJUST_POINTS, user, interface, data, reason)
    return change


def reset_by_hand(
    user: Any, interface: GamificationInterface, *, reason: str = "", note: str = ""
) -> None:
    """Let a player start afresh, in the name of ``user``.

    :raises NotAllowed: where that is more than ``user`` may do now
    """
    with transaction.atomic():
        _lock(interface)
        _allowed(Giver(user, "reset"), interface)
        ResetInterfaceAction(interface, by=user, reason=reason, note=note).execute()
        _log(LOG_RESET, user, interface, {"note": note}, reason)


def _lock(interface: GamificationInterface) -> None:
    rows = GamificationInterface.objects.filter(pk=interface.pk)
    locked = locked_rows(rows)
    if locked is None:
        # The first write locks everything; what was read before it could be stale.
        rows.update(points=F("points"))
    else:
        list(locked.values_list("pk"))


def _allowed(giver: Giver, interface: GamificationInterface) -> Any:
    """Give the badge as it is published, where it may be done."""
    if giver.limit:
        # Others may be awarding in the same name: counted once they are done.
        lock_giver(giver.user)
    decision = giver.decide(interface)
    if not decision.allowed:
        raise NotAllowed(decision)
    return giver.definition


def _badge(definition: BadgeDefinition) -> dict[str, Any]:
    return {"badge": definition.name, "badge_id": definition.pk}


def _log(
    action: str,
    user: Any,
    interface: GamificationInterface,
    data: dict[str, Any],
    reason: str,
) -> None:
    """Write down names too: the entry is read when the objects are gone."""
    data = {"player": str(interface), "reason": reason} | data
    log(instance=interface, action=action, user=user, data=data)
