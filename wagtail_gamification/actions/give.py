"""What editors do by hand: decided, done and logged in one transaction.

Each takes the person who does it first, and raises
:class:`~wagtail_gamification.exceptions.NotAllowed` where :mod:`.giving` says no. The
player is locked before it is decided, so nothing changes between that and the change.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
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
    renews: bool = False,
    known: int | None = None,
) -> Award:
    """Award a badge in the name of ``user``.

    With ``renews``, a badge that ends is followed by the next term of it, as
    :meth:`~wagtail_gamification.models.Award.renew` does. ``known`` is the key of the
    player's latest award that ``user`` knew of, 0 for none: where the badge was awarded
    since, nothing is done.

    :raises NotAllowed: where that is more than ``user`` may do now
    """
    with transaction.atomic():
        _lock(interface)
        giver = Giver(user, "renew" if renews else "award", definition)
        published = _allowed(giver, interface)
        if known is not None:
            _refuse_later(giver, interface, known)
        award = AwardBadgeAction(
            published,
            interface,
            by=user,
            reason=reason,
            note=note,
            renews=_latest(published, interface) if renews else None,
        ).execute()
        assert award is not None  # noqa: S101 (the player is locked since the decision)
        data = {"points": award.points, "award": str(award.uuid), "renews": renews}
        _log(LOG_AWARD, user, interface, _badge(published) | data, reason)
    return award


def revoke_by_hand(
    user: Any,
    definition: BadgeDefinition,
    interface: GamificationInterface,
    *,
    reason: str = "",
    note: str = "",
    told: str | None = None,
) -> None:
    """Take a badge back in the name of ``user``.

    ``told`` is the digest of the :class:`~.losses.Loss` that ``user`` was told of:
    where that isn't what would be taken back now, nothing is.

    :raises NotAllowed: where that is more than ``user`` may do now
    """
    with transaction.atomic():
        _lock(interface)
        giver = Giver(user, "revoke", definition)
        published = _allowed(giver, interface)
        revoking = RevokeBadgeAction(
            published, interface, by=user, reason=reason, note=note
        )
        if told is not None and told != revoking.preview().digest:
            raise NotAllowed(giver.decision_of("changed_meanwhile"))
        revoking.execute()
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


def _refuse_later(giver: Giver, interface: GamificationInterface, known: int) -> None:
    # Awards of one player are made one after the other: a later one has a higher key.
    later = _awards(giver.definition, interface).filter(pk__gt=known)
    if later.exists():
        raise NotAllowed(giver.decision_of("awarded_meanwhile"))


def _latest(definition: BadgeDefinition, interface: GamificationInterface) -> Award:
    return _awards(definition, interface).latest("number")


def _awards(
    definition: BadgeDefinition | None, interface: GamificationInterface
) -> QuerySet[Award]:
    return Award.objects.filter(
        badge__interface=interface.pk, badge__badge_definition=definition
    )


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
