"""Workloads on all players: a retroactive award, and the preview of it.

There are ten activities for each player on average. One badge asks for 18 lessons, the
other for 10 different lessons within 30 days; a seventh and a fifth of the players
qualify.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from wagtail_gamification.actions.qualifying import find_qualifying
from wagtail_gamification.actions.retroactive import (
    make_retroactive_award,
    requirements_of,
    run_retroactive_award,
)
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    BadgeDefinition,
    GamificationInterface,
    Notice,
    PointChange,
    Requirement,
    RetroactiveAward,
)

from . import data
from .runner import Workload

POINTS = 10
MOST_LESSONS = 20

# Player p has 0 to 20 lessons, one every 1 to 8 days.
_LESSONS = """
INSERT INTO wagtail_gamification_activity
    (interface_id, event, day, object_key, count)
SELECT p.id, 'lesson', 739000 + n.i * (1 + MOD(p.id, 8)), {object_key}, 1
FROM wagtail_gamification_gamificationinterface p CROSS JOIN ({numbers}) n
WHERE n.i < MOD(p.id * 5, 21)"""

_COUNT = """
SELECT interface_id AS who, SUM(count) AS total FROM wagtail_gamification_activity
WHERE event = 'lesson' AND count > 0 GROUP BY interface_id"""

_WITHIN_30_DAYS = """
SELECT who, MAX(total) AS total FROM (
  SELECT who, SUM(step) OVER (
      PARTITION BY who ORDER BY at_day, step ROWS UNBOUNDED PRECEDING
  ) AS total FROM (
    SELECT who, CASE WHEN step = 1 THEN day WHEN again < day + 30 THEN again
                     ELSE day + 30 END AS at_day, step
    FROM (
      SELECT interface_id AS who, day, LEAD(day) OVER (
          PARTITION BY interface_id, object_key ORDER BY day
      ) AS again
      FROM wagtail_gamification_activity
      WHERE event = 'lesson' AND count > 0 AND object_key <> ''
    ) uses CROSS JOIN (SELECT 1 AS step UNION ALL SELECT -1) steps
  ) sweep
) totals GROUP BY who"""


class _OnEverybody(Workload):
    asked: dict[str, Any]
    found = ""

    def set_up(self) -> None:
        data.make_players(self.players)
        data.make_definitions(badges=5)
        self.definition = BadgeDefinition.objects.create(name="Scholar", points=POINTS)
        Requirement.objects.create(
            badge_definition=self.definition, event="lesson", **self.asked
        )
        self.target = self.asked["target"]
        is_mysql = connection.vendor == "mysql"
        joined = "CONCAT('lesson:', n.i)" if is_mysql else "'lesson:' || n.i"
        numbers = " UNION ALL ".join(f"SELECT {i} AS i" for i in range(MOST_LESSONS))
        with connection.cursor() as cursor:
            cursor.execute(_LESSONS.format(object_key=joined, numbers=numbers))


class _Award(_OnEverybody):
    def before_round(self) -> None:
        for model in (RetroactiveAward, Notice, PointChange, Award):
            model._base_manager.all()._raw_delete(using="default")
        facts = Activity.objects.filter(event="badge_earned")
        facts._raw_delete(using="default")
        GamificationInterface.objects.exclude(points=0).update(points=0)
        badges = Badge._base_manager.filter(badge_definition=self.definition)
        badges.exclude(progress=0, acquired=False).update(
            progress=0,
            acquired=False,
            acquired_at=None,
            times_awarded=0,
            last_award_number=0,
            rounds=0,
        )
        if connection.vendor == "postgresql" and not connection.in_atomic_block:
            # What the round before left behind would slow this one down.
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")

    def run(self, number: int) -> None:
        job = make_retroactive_award(self.definition, awards=True, tells=False)
        run_retroactive_award(str(job.uuid))

    def floor(self, number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            # Found once, and kept for the statements that follow.
            cursor.execute(f"CREATE TEMPORARY TABLE found AS {self.found}")
            try:
                self._write(cursor)
            finally:
                drop = "DROP TEMPORARY TABLE" if _is_mysql() else "DROP TABLE"
                cursor.execute(f"{drop} found")

    def _write(self, cursor: Any) -> None:
        now = timezone.now()
        badge, met = "wagtail_gamification_badge", f"found.total >= {self.target}"
        changes = (
            f"progress = found.total, acquired = {met}, "
            f"acquired_at = CASE WHEN {met} THEN %s END, "
            f"times_awarded = CASE WHEN {met} THEN 1 ELSE 0 END, "
            f"last_award_number = CASE WHEN {met} THEN 1 ELSE 0 END, "
            f"rounds = CASE WHEN {met} THEN 1 ELSE 0 END"
        )
        where = (
            f"found.who = {badge}.interface_id AND {badge}.badge_definition_id = "
            f"{self.definition.pk}"
        )
        update = f"UPDATE {badge} SET {changes} FROM found WHERE {where}"
        if _is_mysql():
            update = f"UPDATE {badge}, found SET {changes} WHERE {where}"
        # PostgreSQL wants to know what kind of NULL it is.
        is_typed = connection.vendor == "postgresql"
        cursor.execute(
            update.replace("%s END", "%s::timestamptz END") if is_typed else update,
            [now],
        )
        cursor.execute(
            "INSERT INTO wagtail_gamification_award "
            "(badge_id, badge_definition_id, number, uuid, awarded_at, reason, "
            "note, points, revoke_reason, revoke_note) "
            f"SELECT id, badge_definition_id, 1, {_uuid()}, %s, "
            f"'Awarded retroactively.', '', {POINTS}, '', '' "
            f"FROM {badge} WHERE badge_definition_id = %s AND acquired_at = %s",
            [now, self.definition.pk, now],
        )
        cursor.execute(
            "INSERT INTO wagtail_gamification_pointchange (interface_id, amount, time, "
            "reason, award_id, event, object_key, key_, quantity) ".replace(
                "key_", connection.ops.quote_name("key")
            )
            + "SELECT b.interface_id, a.points, %s, 'Scholar', a.id, '', '', '', 0 "
            f"FROM wagtail_gamification_award a JOIN {badge} b ON b.id = a.badge_id "
            "WHERE a.awarded_at = %s",
            [now, now],
        )
        cursor.execute(
            "UPDATE wagtail_gamification_gamificationinterface SET points = points + "
            f"{POINTS} WHERE id IN (SELECT who FROM found WHERE {met})"
        )
        cursor.execute(
            "INSERT INTO wagtail_gamification_activity "
            "(interface_id, event, day, object_key, count) "
            "SELECT who, 'badge_earned', %s, %s, 1 FROM found "
            f"WHERE {met}",
            [
                now.date().toordinal(),
                f"wagtail_gamification.badgedefinition:{self.definition.pk}",
            ],
        )


class _Preview(_OnEverybody):
    def run(self, number: int) -> None:
        find_qualifying(
            self.definition,
            requirements_of(self.definition),
            seconds=app_settings.PREVIEW_SECONDS,
        )

    def floor(self, number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(CASE WHEN total >= %s THEN 1 END), "
                "COUNT(CASE WHEN total < %s AND total * 2 > %s THEN 1 END) "
                f"FROM ({self.found}) found",
                [self.target] * 3,
            )
            cursor.fetchall()


class _ByCount:
    asked = {"target": 18}
    found = _COUNT


class _WithinDays:
    asked = {"target": 10, "counting": "objects", "within_days": 30}
    found = _WITHIN_30_DAYS


class RetroactiveCount(_ByCount, _Award):
    name = "retroactive-count"


class RetroactiveWithinDays(_WithinDays, _Award):
    name = "retroactive-within-days"


class PreviewCount(_ByCount, _Preview):
    name = "preview-count"


class PreviewWithinDays(_WithinDays, _Preview):
    name = "preview-within-days"


def _is_mysql() -> bool:
    return connection.vendor == "mysql"


def _uuid() -> str:
    if connection.vendor == "postgresql":
        return "gen_random_uuid()"
    if connection.vendor == "sqlite":
        return "lower(hex(randomblob(16)))"
    return (
        "UUID()"
        if connection.features.has_native_uuid_field
        else "REPLACE(UUID(), '-', '')"
    )
