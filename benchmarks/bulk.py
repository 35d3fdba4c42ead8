"""Workloads on many players whom an editor gives a badge, or points.

All of them get it. Each has a row of the badge, as where rows are prepared. The floor
writes what has to be written, and knows already who gets it; the package also asks
who may, writes down whom it is about, and goes on where it was interrupted.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from wagtail_gamification.actions.giving_jobs import (
    run_giving,
    start_bulk_award,
    start_bulk_points,
)
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    BadgeDefinition,
    GamificationInterface,
    GivingJob,
    GivingRow,
    Notice,
    PointChange,
)

from . import data
from .retroactive import _uuid
from .runner import Workload

POINTS = 10
INTERFACE = "wagtail_gamification_gamificationinterface"
BADGE = "wagtail_gamification_badge"
_LEDGER = (
    "INSERT INTO wagtail_gamification_pointchange (interface_id, amount, time, reason, "
    "award_id, event, object_key, key_, quantity) "
)


class _Giving(Workload):
    def set_up(self) -> None:
        data.make_players(self.players)
        data.make_definitions(badges=5)
        self.definition = BadgeDefinition.objects.create(name="Guest", points=POINTS)
        self.giver = get_user_model().objects.create_superuser("giver")
        # Plain SQL gives it to everybody who is there.
        GamificationInterface.objects.filter(user=self.giver).delete()
        self.chosen = GamificationInterface.objects.filter(user=None)

    def before_round(self) -> None:
        for model in (Notice, PointChange, Award, GivingRow, GivingJob, Activity):
            model._base_manager.all()._raw_delete(using="default")
        GamificationInterface.objects.exclude(points=0).update(points=0)
        badges = Badge._base_manager.filter(badge_definition=self.definition)
        badges.exclude(acquired=False).update(
            acquired=False,
            acquired_at=None,
            times_awarded=0,
            last_award_number=0,
        )
        if connection.vendor == "postgresql" and not connection.in_atomic_block:
            # What the round before left behind would slow this one down.
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")

    def run(self, number: int) -> None:
        run_giving(str(self.start().uuid))

    def start(self) -> GivingJob:
        raise NotImplementedError

    def floor(self, number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            self.write(cursor)

    def write(self, cursor: Any) -> None:
        raise NotImplementedError


class BulkAward(_Giving):
    """A badge with its points, its record and its ledger row."""

    name = "bulk-award"

    def start(self) -> GivingJob:
        return start_bulk_award(
            self.chosen, self.definition, by=self.giver, reason="Thanks", tells=False
        )

    def write(self, cursor: Any) -> None:
        now = timezone.now()
        cursor.execute(
            f"UPDATE {BADGE} SET acquired = %s, acquired_at = %s, "
            "times_awarded = times_awarded + 1, "
            "last_award_number = last_award_number + 1 "
            "WHERE badge_definition_id = %s AND acquired = %s",
            [True, now, self.definition.pk, False],
        )
        cursor.execute(
            "INSERT INTO wagtail_gamification_award "
            "(badge_id, badge_definition_id, number, uuid, awarded_at, "
            "awarded_by_id, reason, note, points, revoke_reason, revoke_note) "
            f"SELECT id, badge_definition_id, last_award_number, {_uuid()}, %s, %s, "
            f"'Thanks', '', {POINTS}, '', '' FROM {BADGE} "
            "WHERE badge_definition_id = %s AND acquired_at = %s",
            [now, self.giver.pk, self.definition.pk, now],
        )
        cursor.execute(
            f"UPDATE {INTERFACE} SET points = points + {POINTS} WHERE id IN "
            f"(SELECT interface_id FROM {BADGE} WHERE badge_definition_id = %s AND "
            "acquired_at = %s)",
            [self.definition.pk, now],
        )
        cursor.execute(
            _ledger()
            + "SELECT b.interface_id, a.points, %s, 'Guest', a.id, '', '', '', 0 "
            f"FROM wagtail_gamification_award a JOIN {BADGE} b ON b.id = a.badge_id "
            "WHERE a.awarded_at = %s",
            [now, now],
        )
        cursor.execute(
            "INSERT INTO wagtail_gamification_activity "
            "(interface_id, event, day, object_key, count) "
            f"SELECT interface_id, 'badge_earned', %s, %s, 1 FROM {BADGE} "
            "WHERE badge_definition_id = %s AND acquired_at = %s",
            [
                now.date().toordinal(),
                f"wagtail_gamification.badgedefinition:{self.definition.pk}",
                self.definition.pk,
                now,
            ],
        )


class BulkPoints(_Giving):
    """Points with their ledger row."""

    name = "bulk-points"

    def start(self) -> GivingJob:
        return start_bulk_points(
            self.chosen, POINTS, by=self.giver, reason="Thanks", tells=False
        )

    def write(self, cursor: Any) -> None:
        now = timezone.now()
        cursor.execute(
            f"UPDATE {INTERFACE} SET points = points + {POINTS} WHERE user_id IS NULL"
        )
        cursor.execute(
            _ledger() + f"SELECT id, {POINTS}, %s, 'Thanks', NULL, '', '', '', 0 "
            f"FROM {INTERFACE} WHERE user_id IS NULL",
            [now],
        )


def _ledger() -> str:
    return _LEDGER.replace("key_", connection.ops.quote_name("key"))
