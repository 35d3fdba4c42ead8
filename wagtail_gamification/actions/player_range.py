"""Measure a whole range of players for one badge, without a look at each."""

from __future__ import annotations

from django.db import router
from django.db.models import F, Q, QuerySet, Value
from django.utils import timezone

from wagtail_gamification.models.achievements import Badge
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import (
    database_settings,
    insert_from_select,
    update_from_groups,
    update_from_select,
    upsert_select,
)
from wagtail_gamification.requirements.counting import PlayerCount
from wagtail_gamification.requirements.index import RuledBadge

from .award_many import can_be_had_once_more
from .players import left_out, locked_rows
from .prepare_rows import BADGE_FIELDS
from .qualifying import rounds_of, with_badge


class PlayerRange:
    """The players behind one key, up to and with another, and their rows of a badge.

    It is used in a transaction, and they stay locked until its end.
    """

    def __init__(self, badge: RuledBadge, after: int, last: int) -> None:
        self.definition, self.rules = badge.definition, badge.rules
        self.among = {"interface__gt": after, "interface__lte": last}
        self.players = GamificationInterface.objects.filter(pk__gt=after, pk__lte=last)
        self.rows = Badge._base_manager.filter(
            badge_definition=badge.definition.pk, **self.among
        )
        self.left_out = self.players.filter(left_out()).order_by().values("pk")

    def measure(self) -> int:
        """Lock these players and write the progress of each; give how many they are."""
        # Compiling these queries takes longer than running them.
        with database_settings(router.db_for_write(Badge), jit="off"):
            size = self.lock()
            self._write_progress(size)
        return size

    def lock(self) -> int:
        """Lock them, as every change of one player does first; give how many."""
        locked = locked_rows(self.players.order_by("pk"))
        if locked is None:
            return self.players.count()
        return len(locked.values_list("pk", flat=True))

    def kept_back(self) -> set[int]:
        """Give those who have met the requirements already and weren't awarded."""
        lasts = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return set(self.due().filter(lasts).values_list("interface", flat=True))

    def due(self) -> QuerySet[Badge]:
        """Give the rows whose players have what it takes and can have the badge.

        The progress says it: of one requirement it is what was counted since the last
        award, of several the groups that are met.
        """
        definitions = {self.definition.pk: self.definition}
        rows = self.rows.filter(can_be_had_once_more(definitions, timezone.now()))
        rows = rows.filter(progress__gte=self.rules.target)
        return rows.exclude(interface__in=self.left_out).order_by("interface")

    def _write_progress(self, size: int) -> None:
        measures = list(self.rules.measures().values())
        # What one requirement counts is the progress, unless awards use it up.
        is_count = len(measures) == 1 and isinstance(measures[0], PlayerCount)
        if is_count and not self.definition.can_be_earned_again:
            self._write_counts(measures[0], size)
        else:
            self._write_measures(size)

    def _write_counts(self, count: PlayerCount, size: int) -> None:
        """Write what is counted of all of them in one go; who did nothing has none."""
        counted = self.rows.exclude(interface__in=self.left_out)
        did_something = count.activities(**self.among).order_by().values("interface")
        # Before the others are written: then there are next to none to look at.
        counted.filter(progress__gt=0).exclude(interface__in=did_something).update(
            progress=0
        )
        update_from_groups(
            counted, "progress", "interface", count.of_each(**self.among)
        )
        if self.rows.count() < size:
            select, params = count.without(self.left_out).of_each(**self.among)
            new = ["who", "%s", "value", "%s", "%s", "0", "0", "0"]
            upsert_select(
                Badge,
                BADGE_FIELDS,
                f"SELECT {', '.join(new)} FROM ({select}) found WHERE value > 0",  # noqa: S608 (nothing that anybody types in)
                [self.definition.pk, False, False, *params],
            )

    def _write_measures(self, size: int) -> None:
        measured = (
            with_badge(self.players.exclude(left_out()), self.definition)
            .annotate(**self.rules.measures(among=self.among))
            .annotate(value=self.rules.progress_expression(rounds_of(self.definition)))
        )
        held = measured.filter(held__isnull=False).annotate(key=F("held__pk"))
        update_from_select(
            Badge, "progress", held.order_by("pk").values_list("key", "value")[:size]
        )
        if self.rows.count() < size:
            new = [Value(False), Value(False), Value(0), Value(0), Value(0)]
            begun = measured.filter(held=None, value__gt=0).order_by()
            insert_from_select(
                Badge,
                BADGE_FIELDS,
                begun.values_list("pk", Value(self.definition.pk), "value", *new),
            )
