"""Nominate a player for a badge, and take a nomination back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_gamification.conf import app_settings
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.nominations import Nomination
from wagtail_gamification.models.players import GamificationInterface

from .giving import Decision, lock_giver
from .players import left_out, lock_interface

State = Nomination.State


def nominable_badges() -> QuerySet[BadgeDefinition]:
    """Give the badges that members may nominate for.

    Not the secret ones: whoever reads what to nominate for would learn of them.
    """
    definitions = BadgeDefinition.objects.live().originals()
    return definitions.filter(allows_nominations=True, is_secret=False)


class NominateAction:
    """Nominate the player ``nominee`` for a badge, in the name of ``nominator``.

    ``nominator`` is a user. Whether the nominee has the badge already isn't asked:
    that may be nobody's business. Whoever decides sees it.
    """

    def __init__(
        self,
        nominator: Any,
        definition: BadgeDefinition,
        nominee: GamificationInterface,
        *,
        reason: str,
    ) -> None:
        self.nominator = nominator
        self.definition = definition
        self.nominee = nominee
        self.reason = reason

    def execute(self) -> Nomination:
        """Store the nomination.

        :raises NotAllowed: where it can't be made now; ``decision.code`` says why
        """
        with transaction.atomic():
            # The player first, as whoever awards does; then two nominations by one
            # person at once wait for each other, and the limit holds for both.
            lock_interface(self.nominee)
            lock_giver(self.nominator)
            self._refuse()
            try:
                with transaction.atomic():
                    return Nomination.objects.create(
                        badge_definition_id=self.definition.state_id,
                        nominee=self.nominee,
                        nominator=self.nominator,
                        reason=self.reason,
                    )
            except IntegrityError:
                raise not_allowed("nominated_already") from None

    def _refuse(self) -> None:
        if not nominable_badges().filter(pk=self.definition.state_id).exists():
            raise not_allowed("not_nominable")
        players = GamificationInterface.objects.filter(pk=self.nominee.pk)
        if players.owned_by(self.nominator).exists():
            raise not_allowed("oneself")
        if not players.exclude(left_out()).exists():
            raise not_allowed("player_left_out")
        refuse_beyond_limit(self.nominator)


def refuse_beyond_limit(nominator: Any) -> None:
    """Refuse a user who has nominated as many people as one may in a day.

    :raises NotAllowed: with the code ``daily_limit``
    """
    limit = app_settings.NOMINATIONS_PER_DAY
    since = timezone.now() - timedelta(days=1)
    mine = Nomination.objects.filter(nominator=nominator, created_at__gt=since)
    if limit and mine.count() >= limit:
        raise not_allowed("daily_limit")


def withdraw_nomination(nominator: Any, nomination: Nomination) -> bool:
    """Take a nomination back that nobody has decided; give whether that was so."""
    rows = Nomination.objects.filter(
        pk=nomination.pk, nominator=nominator.pk, state=State.WAITING
    )
    values: dict[str, Any] = {"state": State.WITHDRAWN, "is_open": None}
    return bool(rows.update(**values))


def not_allowed(code: str) -> NotAllowed:
    """Give the error that says why something about a nomination can't be done."""
    return NotAllowed(Decision(False, code, MESSAGES[code]()))


MESSAGES: dict[str, Callable[[], str]] = {
    "not_nominable": lambda: _("Nobody can be nominated for this badge."),
    "oneself": lambda: _("You can't nominate yourself."),
    "player_left_out": lambda: _("This player isn't counted."),
    "nominated_already": lambda: _(
        "You have nominated this player for this badge already."
    ),
    "daily_limit": lambda: _(
        "You have nominated as many people today as you can. Please go on tomorrow."
    ),
    "no_permission": lambda: _("You don't have the permission to do this."),
    "not_in_group": lambda: _(
        "Only members of certain groups may decide who gets this badge."
    ),
    "own_nomination": lambda: _(
        "You have made this nomination. Somebody else has to decide it."
    ),
    "nominee": lambda: _("You are nominated. Somebody else has to decide it."),
    "decided_already": lambda: _("Somebody has decided this nomination already."),
    "not_live": lambda: _("This badge isn't published, so nobody can get it."),
    "has_it_already": lambda: _(
        "This player has this badge already, as often as it can be had. Decline the "
        "nomination."
    ),
}
