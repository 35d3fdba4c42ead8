"""How activities are counted: each way is one expression over all players.

Days are numbers, day 1 a Monday (``datetime.date.toordinal``), so that weeks and rows
of days are arithmetic. Streaks and time windows are one pass of window functions over
a player's activities, never a comparison of each with each.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, router
from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery

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

# How each way of counting sums up: an aggregate, and the rows that it is of.
_LONGEST_RUN = ("MAX(n - begins + 1)", f"({RUNS}) runs")

_TIMES = ("SUM(times)", "{facts} facts")
_OBJECTS = ("COUNT(DISTINCT what)", "{facts} facts")
_DAYS = ("COUNT(DISTINCT d)", "{facts} facts")

_MOST_TIMES_WITHIN = (
    "MAX(total)",
    """(
  SELECT who, SUM(times) OVER (
      PARTITION BY who ORDER BY d RANGE BETWEEN {before} PRECEDING AND CURRENT ROW
  ) AS total FROM {facts} facts
) totals""",
)

_MOST_DAYS_WITHIN = (
    "MAX(total)",
    """(
  SELECT who, COUNT(*) OVER (
      PARTITION BY who ORDER BY d RANGE BETWEEN {before} PRECEDING AND CURRENT ROW
  ) AS total FROM (SELECT DISTINCT who, d FROM {facts} facts) days
) totals""",
)

# Each object is in the window from the day it was used until that day has left the
# window, or until it is used again. Sweeping over those beginnings and ends counts
# the different objects that are in it.
_MOST_OBJECTS_WITHIN = (
    "MAX(total)",
    """(
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
) totals""",
)


class PlayerCount(Func):
    """What a player's activities come to, as a subquery of its own for each player.

    ``facts`` are activities of all players; ``way`` is an aggregate and the rows that
    it is of. Where the database lets derived tables look at the row outside, the facts
    are narrowed to the player. MariaDB and MySQL don't: there the outermost rows are,
    and :meth:`among` narrows the facts beforehand.
    """

    def __init__(
        self, facts: QuerySet[Activity], way: tuple[str, str], **words: Any
    ) -> None:
        self._facts, self._way, self._words = facts, way, words
        rows = _as_facts(facts)
        if _looks_outside():
            rows = rows.filter(interface=OuterRef("pk"))
        # It has several columns, of which none is asked for as a value.
        facts_of_player = Subquery(rows, output_field=IntegerField())
        super().__init__(facts_of_player, F("pk"), output_field=IntegerField())

    def among(self, **players: Any) -> PlayerCount:
        """Look at these players only: lookups of activities (``interface__in=…``)."""
        if _looks_outside():
            return self
        return type(self)(self._facts.filter(**players), self._way, **self._words)

    def without(self, interfaces: QuerySet) -> PlayerCount:
        """Count nothing of these players."""
        facts = self._facts.exclude(interface__in=interfaces)
        return type(self)(facts, self._way, **self._words)

    def of_each(self, **players: Any) -> tuple[str, list[Any]]:
        """Give a statement, and its parameters, that counts for many players in one go.

        Its columns are ``who``, the interface, and ``value``; players without any
        activity are not in it. For thousands of players it takes a fraction of what a
        subquery for each does.
        """
        facts = _as_facts(self._facts.filter(**players))
        facts_sql, params = facts.query.sql_with_params()
        aggregate, source = self._way
        rows = source.format(facts=f"({facts_sql})", **self._words)
        statement = f"SELECT who, {aggregate} AS value FROM {rows} GROUP BY who"  # noqa: S608 (nothing that anybody types in)
        return statement, list(params)

    def activities(self, **players: Any) -> QuerySet[Activity]:
        """Give what is counted of these players."""
        return self._facts.filter(**players)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        facts, player = self.get_source_expressions()
        facts_sql, params = compiler.compile(facts)
        player_sql, _params = compiler.compile(player)
        aggregate, source = self._way
        rows = source.format(facts=facts_sql, **self._words)
        of_player = "" if _looks_outside() else f" WHERE who = {player_sql}"
        return f"(SELECT COALESCE({aggregate}, 0) FROM {rows}{of_player})", params  # noqa: S608 (nothing that anybody types in)


def measure(
    activities: QuerySet[Activity],
    how: Counting,
    *,
    within_days: int | None = None,
    allows_rest_days: bool = False,
) -> PlayerCount:
    """Give an annotation of interfaces: what these activities come to.

    Within a number of days it is the best of any so many days running; of days or
    weeks in a row, the longest row.
    """
    if how == Counting.OBJECTS:
        activities = activities.exclude(object_key="")
    if how == Counting.DAYS_IN_A_ROW:
        forgiven = FORGIVEN if allows_rest_days else ""
        return PlayerCount(
            activities, _LONGEST_RUN, unit="d", step=1, forgiven=forgiven
        )
    if how == Counting.WEEKS_IN_A_ROW:
        return PlayerCount(
            activities, _LONGEST_RUN, unit="d - MOD(d - 1, 7)", step=7, forgiven=""
        )
    if within_days is None:
        ways = {
            Counting.EVERY_TIME: _TIMES,
            Counting.OBJECTS: _OBJECTS,
            Counting.DAYS: _DAYS,
        }
        return PlayerCount(activities, ways[how])
    ways = {
        Counting.EVERY_TIME: _MOST_TIMES_WITHIN,
        Counting.OBJECTS: _MOST_OBJECTS_WITHIN,
        Counting.DAYS: _MOST_DAYS_WITHIN,
    }
    days = int(within_days)
    return PlayerCount(activities, ways[how], days=days, before=days - 1)


def _as_facts(activities: QuerySet[Activity]) -> QuerySet:
    return activities.order_by().values(
        who=F("interface_id"), d=F("day"), what=F("object_key"), times=F("count")
    )


def _looks_outside() -> bool:
    return connections[router.db_for_read(Activity)].vendor != "mysql"
