"""Hold the balances against the ledger."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.players import GamificationInterface

_EVERYTHING = Q()


def _ledger_points(which: Q = _EVERYTHING) -> Coalesce:
    totals = (
        PointChange.objects.filter(which, interface=OuterRef("pk"))
        .order_by()
        .values("interface")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    return Coalesce(Subquery(totals), 0)


def _ledger_spent() -> Any:
    return Value(0) - _ledger_points(Q(unlockable__isnull=False))


def find_wrong_balances() -> QuerySet[GamificationInterface]:
    """Give the interfaces whose points differ from ``ledger_points`` beside them.

    Or those that were spent from ``ledger_spent``.
    """
    return (
        GamificationInterface.objects.annotate(
            ledger_points=_ledger_points(), ledger_spent=_ledger_spent()
        )
        .exclude(points=F("ledger_points"), points_spent=F("ledger_spent"))
        .order_by("pk")
    )


def correct_balances() -> int:
    """Set every wrong balance to the sum of its ledger; give how many were wrong."""
    with transaction.atomic():
        # Locked first: an update that waits for a booking to be committed would
        # still add up the ledger as it was before.
        wrong = GamificationInterface.objects.filter(
            # A list: MariaDB refuses to update a table that a subquery reads.
            pk__in=list(find_wrong_balances().values_list("pk", flat=True))
        )
        locked = wrong.select_for_update().order_by("pk").values_list("pk", flat=True)
        return wrong.filter(pk__in=list(locked)).update(
            points=_ledger_points(), points_spent=_ledger_spent()
        )
