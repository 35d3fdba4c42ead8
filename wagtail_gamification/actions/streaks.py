"""Rows of days as players see them, written from what they did."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connections, router
from django.db.models import F

from wagtail_gamification.models.activity import Activity, Streak
from wagtail_gamification.models.sql import upsert_select
from wagtail_gamification.requirements.counting import FORGIVEN, RUNS

_STREAKS = f"""
SELECT who, %s, MAX(n) - MAX(begins) + 1, MAX(n - begins + 1), MAX(u),
       MAX(CASE WHEN gap = 2 AND n > newest THEN u - 1 END)
FROM (
  SELECT who, u, n, gap, begins, MAX(begins) OVER (PARTITION BY who) AS newest
  FROM ({RUNS}) runs
) streaks
GROUP BY who"""  # noqa: S608 - nothing in it comes from outside

_FIELDS = ("interface", "event", "current", "longest", "last_day", "rested_on")


def write_streaks(event: str, interfaces: Iterable[int], *, rests: bool) -> None:
    """Write the streaks of these players in one event, in one statement.

    ``rests``: whether one missed day a week is forgiven.
    """
    connection = connections[router.db_for_write(Streak)]
    facts = (
        Activity.objects.filter(
            event=event, count__gt=0, interface__in=sorted(interfaces)
        )
        .order_by()
        .values(who=F("interface_id"), d=F("day"))
    )
    facts_sql, params = facts.using(connection.alias).query.sql_with_params()
    select = _STREAKS.format(
        facts=f"({facts_sql})", unit="d", step=1, forgiven=FORGIVEN if rests else ""
    )
    upsert_select(
        Streak,
        _FIELDS,
        select,
        [event, *params],
        unique=("interface", "event"),
        replace=_FIELDS[2:],
    )


def forget_streaks(event: str, interface: int) -> None:
    """Forget a streak whose days may be gone; it is written again from what is left."""
    Streak.objects.filter(event=event, interface=interface).delete()
