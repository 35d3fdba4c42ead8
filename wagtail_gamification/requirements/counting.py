"""How activities are counted: each way is one expression over all players.

Days are numbers, day 1 a Monday (``datetime.date.toordinal``), so that weeks and rows
of days are arithmetic. Streaks and time windows are one pass of window functions over
a player's activities, never a comparison of each with each.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, router
from django.db.models import (
    Expression,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from wagtail_gamification.models.activity import Activity
from wagtail_gamification.models.requirements import Counting

# A single missed day between two days doesn't end a row, but no row holds two of one
# week: it begins after the one before. Days are u; the missed one is u - 1, and
# u - 1 - MOD(u - 2, 7) is the Monday of its week.
FORGIVEN = """
    WHEN gap = 2 THEN COALESCE(LAG(n) OVER (
        PARTITION BY who, gap, u - 1 - MOD(u - 2, 7) ORDER BY u
    ), 0)"""

# Units (days, or Mondays) of each player, counted with n; the longest row that ends
# with a unit begins with the one whose n is in begins: after the last that doesn't
# follow in a step of {step}. It is the longest there is, so that what arrives late
# makes no row shorter.
RUNS = """
SELECT who, u, n, gap, MAX(barrier) OVER (
    PARTITION BY who ORDER BY u ROWS UNBOUNDED PRECEDING
) AS begins FROM (
  SELECT who, u, n, gap,
         CASE WHEN gap = {step} THEN 0 {forgiven} ELSE n END AS barrier FROM (
    SELECT who, u, u - LAG(u) OVER (PARTITION BY who ORDER BY u) AS gap,
           ROW_NUMBER() OVER (PARTITION BY who ORDER BY u) AS n FROM (
      SELECT DISTINCT who, {unit} AS u FROM {facts} facts
    ) units
  ) gaps
) marked"""

_LONGEST_RUN = f"""(
SELECT COALESCE(MAX(n - begins + 1), 0) FROM ({RUNS}) runs{{of_player}})"""  # noqa: S608 (nothing that anybody types in)

_MOST_TIMES_WITHIN = """(
SELECT COALESCE(MAX(total), 0) FROM (
  SELECT who, SUM(times) OVER (
      PARTITION BY who ORDER BY d RANGE BETWEEN {before} PRECEDING AND CURRENT ROW
  ) AS total FROM {facts} facts
) totals{of_player})"""

_MOST_DAYS_WITHIN = """(
SELECT COALESCE(MAX(total), 0) FROM (
  SELECT who, COUNT(*) OVER (
      PARTITION BY who ORDER BY d RANGE BETWEEN {before} PRECEDING AND CURRENT ROW
  ) AS total FROM (SELECT DISTINCT who, d FROM {facts} facts) days
) totals{of_player})"""

# Each object is in the window from the day it was used until that day has left the
# window, or until it is used again. Sweeping over those beginnings and ends counts
# the different objects that are in it.
_MOST_OBJECTS_WITHIN = """(
SELECT COALESCE(MAX(total), 0) FROM (
  SELECT who, SUM(change_by) OVER (
      PARTITION BY who ORDER BY at_day, change_by ROWS UNBOUNDED PRECEDING
  ) AS total FROM (
    SELECT who, CASE WHEN change_by = 1 THEN d
                     WHEN again < d + {days} THEN again
                     ELSE d + {days} END AS at_day, change_by
    FROM (
      SELECT who, d, LEAD(d) OVER (PARTITION BY who, what ORDER BY d) AS again
      FROM {facts} facts
    ) uses CROSS JOIN (SELECT 1 AS change_by UNION ALL SELECT -1) changes
  ) sweep
) totals{of_player})"""


class BestOfPlayer(Func):
    """The highest number that a chain of derived tables gives for a player.

    ``facts`` are activities of all players. Where the database lets derived tables
    look at the row outside, they are narrowed to the player. MariaDB and MySQL don't:
    there the outermost one is, and :meth:`among` narrows the facts beforehand.
    """

    def __init__(self, facts: QuerySet[Activity], template: str, **words: Any) -> None:
        self._facts, self._template, self._words = facts, template, words
        rows = facts.order_by().values(
            who=F("interface_id"), d=F("day"), what=F("object_key"), times=F("count")
        )
        if _looks_outside():
            rows = rows.filter(interface=OuterRef("pk"))
        super().__init__(Subquery(rows), F("pk"), output_field=IntegerField())

    def among(self, **players: Any) -> BestOfPlayer:
        """Look at these players only: lookups of activities (``interface__in=…``)."""
        if _looks_outside():
            return self
        facts = self._facts.filter(**players)
        return type(self)(facts, self._template, **self._words)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        facts, player = self.get_source_expressions()
        facts_sql, params = compiler.compile(facts)
        player_sql, _params = compiler.compile(player)
        of_player = "" if _looks_outside() else f" WHERE who = {player_sql}"
        words = {"facts": facts_sql, "of_player": of_player, **self._words}
        return self._template.format(**words), params


def measure(
    activities: QuerySet[Activity],
    how: Counting,
    *,
    within_days: int | None = None,
    allows_rest_days: bool = False,
) -> Expression:
    """Give an annotation of interfaces: what these activities come to.

    Within a number of days it is the best of any so many days running; of days or
    weeks in a row, the longest row.
    """
    if how == Counting.OBJECTS:
        activities = activities.exclude(object_key="")
    if how == Counting.DAYS_IN_A_ROW:
        forgiven = FORGIVEN if allows_rest_days else ""
        return BestOfPlayer(
            activities, _LONGEST_RUN, unit="d", step=1, forgiven=forgiven
        )
    if how == Counting.WEEKS_IN_A_ROW:
        return BestOfPlayer(
            activities, _LONGEST_RUN, unit="d - MOD(d - 1, 7)", step=7, forgiven=""
        )
    if within_days is not None:
        days = int(within_days)
        template = {
            Counting.EVERY_TIME: _MOST_TIMES_WITHIN,
            Counting.OBJECTS: _MOST_OBJECTS_WITHIN,
            Counting.DAYS: _MOST_DAYS_WITHIN,
        }[how]
        return BestOfPlayer(activities, template, days=days, before=days - 1)
    counted = {
        Counting.EVERY_TIME: Func("count", function="SUM"),
        Counting.OBJECTS: Func(
            "object_key", template="COUNT(DISTINCT %(expressions)s)"
        ),
        Counting.DAYS: Func("day", template="COUNT(DISTINCT %(expressions)s)"),
    }[how]
    # Of one player, and so not grouped by player: that is what takes the time.
    totals = (
        activities.filter(interface=OuterRef("pk"))
        .order_by()
        .annotate(total=counted)
        .values("total")
    )
    return Coalesce(Subquery(totals, output_field=IntegerField()), 0)


def _looks_outside() -> bool:
    return connections[router.db_for_read(Activity)].vendor != "mysql"
