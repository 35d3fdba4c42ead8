"""Measure a whole range of players for one badge, without a look at each."""

from __future__ import annotations

from typing import Any

from django.db import router, transaction
from django.db.models import F, Q, QuerySet, Value
from django.utils import timezone

from wagtail_gamification.models.achievements import Badge
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import (
    database_settings,
    insert_from_select,
    update_from_groups,
    update_from_select,
)
from wagtail_gamification.requirements.counting import PlayerCount
from wagtail_gamification.requirements.index import RuledBadge

from .players import left_out, locked_rows
from .prepare_rows import BADGE_FIELDS
from .qualifying import eligible_players, rounds_of, with_badge


def measure_range(
    badge: RuledBadge, after: int, last: int, *, only_new: bool = False
) -> tuple[int, list[int]]:
    """Write the progress of the players behind ``after``, up to and with ``last``.

    Gives how many they are, and the keys of those to whom the badge is due. They stay
    locked until the end of the transaction, and so does what was measured of them.
    With ``only_new`` they are those who had not met the requirements when they were
    last measured, or whose award has expired.
    """
    alias = router.db_for_write(Badge)
    with transaction.atomic(using=alias):
        # Compiling these queries takes longer than running them.
        with database_settings(alias, jit="off"):
            size = _lock(after, last)
            before = _kept_back(badge, after, last) if only_new else set()
            _write_progress(badge, after, last, size)
            due = _due(badge, after, last).values_list("pk", flat=True)
            return size, [key for key in due if key not in before]


def _lock(after: int, last: int) -> int:
    """Lock the players, as every change of one does first; give how many they are."""
    rows = GamificationInterface.objects.filter(pk__gt=after, pk__lte=last)
    locked = locked_rows(rows.order_by("pk"))
    return rows.count() if locked is None else len(locked.values_list("pk", flat=True))


def _write_progress(badge: RuledBadge, after: int, last: int, size: int) -> None:
    definition, rules = badge.definition, badge.rules
    among = {"interface__gt": after, "interface__lte": last}
    rows = Badge._base_manager.filter(badge_definition=definition.pk, **among)
    measures = list(rules.measures().values())
    # What one requirement counts is the progress, unless awards use it up.
    is_count = len(measures) == 1 and isinstance(measures[0], PlayerCount)
    if is_count and not definition.can_be_earned_again and rows.count() == size:
        _write_counts(measures[0], rows, among)
        return
    players = GamificationInterface.objects.filter(pk__gt=after, pk__lte=last)
    measured = (
        with_badge(players.exclude(left_out()), definition)
        .annotate(**rules.measures(among=among))
        .annotate(value=rules.progress_expression(rounds_of(definition)))
    )
    held = measured.filter(held__isnull=False).annotate(key=F("held__pk"))
    update_from_select(
        Badge, "progress", held.order_by("pk").values_list("key", "value")[:size]
    )
    missing = with_badge(players, definition).filter(held=None)
    if missing.exists():
        new = [Value(False), Value(False), Value(0), Value(0), Value(0)]
        begun = measured.filter(held=None, value__gt=0).order_by()
        insert_from_select(
            Badge,
            BADGE_FIELDS,
            begun.values_list("pk", Value(definition.pk), "value", *new),
        )


def _write_counts(
    count: PlayerCount, rows: QuerySet[Badge], among: dict[str, int]
) -> None:
    """Write what is counted of all players in one go; who did nothing has none."""
    counted = rows.exclude(left_out("interface__user"))
    update_from_groups(counted, "progress", "interface", count.of_each(**among))
    did_something = count.activities(**among).order_by().values("interface")
    counted.filter(progress__gt=0).exclude(interface__in=did_something).update(
        progress=0
    )


def _kept_back(badge: RuledBadge, after: int, last: int) -> set[int]:
    """Give those who have met the requirements already and weren't awarded."""
    lasts = Q(held__expires_at=None) | Q(held__expires_at__gt=timezone.now())
    due = _due(badge, after, last).filter(lasts)
    return set(due.values_list("pk", flat=True))


def _due(badge: RuledBadge, after: int, last: int) -> QuerySet[Any]:
    # The progress says it: of one requirement it is what was counted since the last
    # award, of several the groups that are met.
    players = eligible_players(badge.definition).filter(
        pk__gt=after, pk__lte=last, held__progress__gte=badge.rules.target
    )
    return players.order_by("pk")
