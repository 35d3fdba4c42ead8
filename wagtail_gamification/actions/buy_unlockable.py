"""Let a player pay for an unlockable with points."""

from __future__ import annotations

import enum

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_gamification.events.objects import object_key_of
from wagtail_gamification.models.definitions import UnlockableDefinition
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import insert_rows
from wagtail_gamification.models.unlockables import Unlockable
from wagtail_gamification.signals import points_changed, send_on_commit

from .balances import tell_of_reached
from .facts import Fact
from .follow import follow
from .messages import deliver_changes
from .players import lock_player
from .prepare_rows import UNLOCKABLE_FIELDS


class BuyOutcome(enum.Enum):
    """What came of it. Apart from the first, nothing has changed."""

    BOUGHT = "bought"

    HAS_IT_ALREADY = "has_it_already"
    """The player has it, bought or not."""

    TOO_FEW_POINTS = "too_few_points"
    """The balance is below the price."""

    NOT_YET = "not_yet"
    """The player hasn't earned as many points as it takes to buy it."""

    NOT_FOR_SALE = "not_for_sale"
    """It has no price, or isn't published."""

    PRICE_CHANGED = "price_changed"
    """It costs something else than the price that the player has seen."""

    NOT_COUNTED = "not_counted"
    """The player is inactive, or in a group that the site leaves out."""


class BuyUnlockableAction:
    """Unlock ``definition`` for ``interface``, which pays its price.

    ``price`` is what the player was told, where that was some time ago: for anything
    else nothing is sold. One conditional update of the balance decides whether there
    are points enough, in one transaction with the booking and all that follows.
    """

    def __init__(
        self,
        definition: UnlockableDefinition,
        interface: GamificationInterface,
        *,
        price: int | None = None,
    ) -> None:
        self.definition = definition
        self.interface = interface
        self.price = price

    def execute(self) -> BuyOutcome:
        """Buy it, or give the reason why not."""
        with transaction.atomic():
            outcome = self._buy()
            if outcome is not BuyOutcome.BOUGHT:
                # What was claimed before the price was paid goes back.
                transaction.set_rollback(True)
        return outcome

    def _buy(self) -> BuyOutcome:
        player = lock_player(self.interface)
        # What is asked for now, whatever was read before.
        definition = UnlockableDefinition.objects.get(pk=self.definition.pk)
        if not player.is_counted:
            return BuyOutcome.NOT_COUNTED
        if not definition.live or definition.price is None:
            return BuyOutcome.NOT_FOR_SALE
        if self.price is not None and self.price != definition.price:
            return BuyOutcome.PRICE_CHANGED
        players = GamificationInterface.objects.filter(pk=self.interface.pk)
        # The first write: on SQLite, which has no other lock, nobody else writes then.
        paid = players.filter(
            points__gte=definition.price,
            points_earned__gte=definition.points_required,
        ).update(
            points=F("points") - definition.price,
            points_spent=F("points_spent") + definition.price,
        )
        if not self._unlock(definition):
            return BuyOutcome.HAS_IT_ALREADY
        if not paid:
            has_earned = players.filter(points_earned__gte=definition.points_required)
            return (
                BuyOutcome.TOO_FEW_POINTS if has_earned.exists() else BuyOutcome.NOT_YET
            )
        self._book(definition)
        fact = Fact("unlockable_unlocked", self.interface.pk, object_key_of(definition))
        follow([fact], {self.interface.pk: player})
        return BuyOutcome.BOUGHT

    def _unlock(self, definition: UnlockableDefinition) -> bool:
        """Say whether it was locked: once, whoever else tries."""
        now = timezone.now()
        rows = Unlockable._base_manager.filter(
            interface=self.interface, unlockable_definition=definition
        )
        if rows.filter(acquired=False).update(acquired=True, acquired_at=now):
            return True
        new = [(self.interface.pk, definition.pk, True, now)]
        return bool(
            not rows.exists() and insert_rows(Unlockable, UNLOCKABLE_FIELDS, new)
        )

    def _book(self, definition: UnlockableDefinition) -> None:
        change = PointChange(
            interface=self.interface,
            amount=-(definition.price or 0),
            reason=_("Bought: %(name)s") % {"name": definition.name},
            unlockable=definition,
        )
        change.save_base(force_insert=True)
        self.interface.refresh_from_db(
            fields=["points", "points_spent", "points_earned"]
        )
        send_on_commit(
            points_changed,
            PointChange,
            interface=self.interface,
            change=change,
            balance=self.interface.points,
        )
        interfaces = {self.interface.pk: self.interface}
        deliver_changes([change], interfaces)
        item = Unlockable(
            interface=self.interface, unlockable_definition=definition, acquired=True
        )
        tell_of_reached([item], {}, interfaces)
