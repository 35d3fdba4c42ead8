"""Hold the balances against the ledger."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.players import GamificationInterface


def _ledger_points() -> Coalesce:
    totals = (
        PointChange.objects.filter(interface=OuterRef("pk"))
        .order_by()
        .values("interface")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    return Coalesce(Subquery(totals), 0)


def find_wrong_balances() -> QuerySet[GamificationInterface]:
    """Give the interfaces whose points differ from ``ledger_points`` beside them."""
    return (
        GamificationInterface.objects.annotate(ledger_points=_ledger_points())
        .exclude(points=F("ledger_points"))
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
        return wrong.filter(pk__in=list(locked)).update(points=_ledger_points())
