"""Let a player start afresh."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_gamification.events import registered_events
from wagtail_gamification.models.achievements import Award, Badge
from wagtail_gamification.models.activity import Activity, Streak
from wagtail_gamification.models.definitions import UnlockableDefinition
from wagtail_gamification.models.giving_jobs import KEY_PREFIX
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.unlockables import Unlockable
from wagtail_gamification.score_index import all_series

from .change_points import ChangePointsAction
from .count_scores import count_scores
from .losses import Loss, loss_of
from .notices import forget_notices
from .players import lock_interface
from .receipts import give_back_receipts, once_key


class ResetInterfaceAction:
    """Take back all badges, progress, points and unlockables of one player.

    What happened stays on record: awards are marked as revoked, and one row in the
    ledger takes the balance to zero.
    """

    def __init__(
        self,
        interface: GamificationInterface,
        *,
        by: Any = None,
        reason: str = "",
        note: str = "",
    ) -> None:
        self.interface = interface
        self.by = by
        self.reason = reason or _("Everything was reset.")
        self.note = note

    def preview(self) -> Loss:
        """Say what :meth:`execute` would take back now."""
        badges = Badge._base_manager.filter(interface=self.interface)
        awards = Award.objects.filter(badge__in=badges, revoked_at=None)
        balance = GamificationInterface.objects.filter(pk=self.interface.pk)
        return loss_of(
            self.interface,
            -(balance.values_list("points", flat=True).first() or 0),
            badges=badges.filter(acquired=True).count(),
            awards=awards.count(),
            locked=self._unlockables(),
            forgets_spending=True,
        )

    def execute(self) -> None:
        with transaction.atomic():
            lock_interface(self.interface)
            self._forget_activities()
            forget_notices(self.interface.pk)
            self._take_badges()
            balance = (
                GamificationInterface.objects.select_for_update()
                .values_list("points", flat=True)
                .get(pk=self.interface.pk)
            )
            # What was awarded meanwhile for a row that wasn't there yet is kept, badge
            # and points: as if it had come after the reset.
            amount = self._points_of_awards_that_count() - balance
            self._forget_spending()
            if amount:
                change = PointChange(
                    interface=self.interface,
                    amount=amount,
                    reason=self.reason,
                )
                ChangePointsAction(self.interface, [change]).execute()
            self._lock_unlockables()
            self._leave_boards()

    def _forget_spending(self) -> None:
        # What points were spent on is gone, and can be bought anew. The reasons in the
        # ledger still name it.
        bought = PointChange.objects.filter(interface=self.interface)
        bought.exclude(unlockable=None).update(unlockable=None)
        GamificationInterface.objects.filter(pk=self.interface.pk).update(
            points_spent=0
        )
        self.interface.points_spent = 0

    def _forget_activities(self) -> None:
        # What was done before would earn everything again at once. The receipts of
        # deliveries stay: a late second one still changes nothing.
        once = {each.code: each for each in registered_events() if each.once_per}
        rows = Activity.objects.filter(interface=self.interface, event__in=list(once))
        give_back_receipts(
            once_key(once[code], self.interface.pk, day, object_key)
            for code, day, object_key in rows.values_list("event", "day", "object_key")
        )
        # What rules have paid so far counts for none of their limits any more, nor is
        # it taken back once more.
        PointChange.objects.filter(interface=self.interface).exclude(rule=None).update(
            rule=None
        )
        # Nor what was given to many: taking that back finds its bookings by their key.
        PointChange.objects.filter(
            interface=self.interface, key__startswith=KEY_PREFIX
        ).update(key="")
        Activity.objects.filter(interface=self.interface).delete()
        Streak.objects.filter(interface=self.interface).delete()

    def _take_badges(self) -> None:
        badges = Badge._base_manager.filter(interface=self.interface)
        # Read without a lock first: MariaDB would wait for a row that isn't committed.
        badges = badges.filter(pk__in=list(badges.values_list("pk", flat=True)))
        # Locked in one order, or two resets at once would wait for each other.
        locked = badges.select_for_update().order_by("pk").values_list("pk", flat=True)
        taken = list(locked)
        badges.filter(pk__in=taken).update(
            times_awarded=0,
            progress=0,
            rounds=0,
            acquired=False,
            acquired_at=None,
            expires_at=None,
            revoked=False,
        )
        Award.objects.filter(badge__in=taken, revoked_at=None).update(
            revoked_at=timezone.now(),
            revoked_by=self.by,
            revoke_reason=self.reason,
            revoke_note=self.note,
        )

    def _points_of_awards_that_count(self) -> int:
        paid = PointChange.objects.filter(
            interface=self.interface, award__isnull=False, award__revoked_at=None
        )
        return paid.aggregate(total=Sum("amount"))["total"] or 0

    def _leave_boards(self) -> None:
        """Begin every score anew: what came before counts for none."""
        booked = PointChange.objects.filter(interface=self.interface)
        last = booked.aggregate(last=Max("pk"))["last"] or 0
        players = GamificationInterface.objects.filter(pk=self.interface.pk)
        players.update(counts_after=last)
        for series in all_series():
            count_scores(series, {"interface": self.interface.pk})

    def _lock_unlockables(self) -> None:
        self._unlockables().update(acquired=False, acquired_at=None)

    def _unlockables(self) -> QuerySet[Unlockable]:
        """Give those that go: what asks for no points, a new player has too."""
        free = UnlockableDefinition.objects.live().filter(points_required=0, price=None)
        rows = Unlockable._base_manager.filter(interface=self.interface, acquired=True)
        return rows.exclude(unlockable_definition__in=free)
