"""Count scores from what is on record: when a board is published, or to repair them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connections, router
from django.db.models import Count, F, Q, QuerySet, Sum

from wagtail_gamification.days import bounds_of
from wagtail_gamification.models.achievements import Award
from wagtail_gamification.models.activity import Activity
from wagtail_gamification.models.leaderboards import Measure, Score, Window
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.sql import upsert_select
from wagtail_gamification.score_index import Series, Span, series_of

from .scoring import FIELDS, UNIQUE


def count_scores(series: Series, players: Mapping[str, Any]) -> None:
    """Count the scores of some players anew, in the windows that may still be shown.

    ``players`` are lookups on rows with an ``interface``. Those are locked.
    """
    Score.objects.filter(**players, series=series.pk).delete()
    for span in series.open_spans():
        rows, value = _on_record(series, span, players)
        _write(series, span, rows, value, replace=["score"])


def take_back_changes(rows: QuerySet[PointChange]) -> None:
    """Take off the scores what these bookings gave, which are about to be reversed.

    Their players are locked.
    """
    for series in series_of(Measure.POINTS):
        for span in series.open_spans():
            within = rows.filter(pk__gt=F("interface__counts_after"))
            _take_off(series, span, within.filter(_changes_within(series, span)))


def take_back_awards(rows: QuerySet[Award]) -> None:
    """Take these awards off the scores of their players, who are locked."""
    for series in series_of(Measure.BADGES):
        for span in series.open_spans():
            _take_off(series, span, rows.filter(_awards_within(series, span)))


def wrong_scores(series: Series, span: Span) -> int:
    """Count the players whose score isn't what is on record."""
    alias = router.db_for_write(Score)
    rows, value = _on_record(series, span, {})
    record, params = _by_player(rows, value)
    kept = Score.objects.using(alias).filter(series=series.pk, first_day=span.first_day)
    less, less_params = kept.values_list(
        "interface_id", F("score") * -1
    ).query.sql_with_params()
    # MariaDB takes no part of a union that Django has told not to sort its groups.
    statement = (
        f"SELECT COUNT(*) FROM (SELECT who FROM (SELECT * FROM ({record}) recorded "  # noqa: S608 (nothing that anybody types in)
        f"UNION ALL {less}) compared GROUP BY who HAVING SUM(value) <> 0) wrong"
    )
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, [*params, *less_params])
        return cursor.fetchone()[0]


def _on_record(
    series: Series, span: Span, players: Mapping[str, Any]
) -> tuple[QuerySet, Any]:
    """Give the rows that count for these players, and what they add up to."""
    rows: QuerySet
    value: Any
    if series.measure == Measure.POINTS:
        rows = PointChange.objects.filter(pk__gt=F("interface__counts_after"))
        rows, value = rows.filter(_changes_within(series, span)), Sum("amount")
    elif series.measure == Measure.BADGES:
        rows = Award.objects.filter(_awards_within(series, span), revoked_at=None)
        value = Count("pk")
    else:
        rows, value = Activity.objects.filter(event=series.event), Sum("count")
        if series.window != Window.ALL_TIME:
            rows = rows.filter(day__range=(span.first_day, span.last_day))
    lookups = {f"{_way_to_player(rows)}{key}": each for key, each in players.items()}
    return rows.filter(**lookups), value


def _take_off(series: Series, span: Span, rows: QuerySet) -> None:
    value = Sum("amount") if series.measure == Measure.POINTS else Count("pk")
    _write(series, span, rows, value * -1, add_up=["score"])


def _write(series: Series, span: Span, rows: QuerySet, value: Any, **how: Any) -> None:
    record, params = _by_player(rows, value)
    upsert_select(
        Score,
        FIELDS,
        f"SELECT %s, %s, who, value FROM ({record}) found WHERE value <> 0",  # noqa: S608 (nothing that anybody types in)
        [series.pk, span.first_day, *params],
        unique=UNIQUE,
        **how,
    )


def _by_player(rows: QuerySet, value: Any) -> tuple[str, Any]:
    player = f"{_way_to_player(rows)}interface_id"
    found = rows.order_by().values(who=F(player)).annotate(value=value)
    return found.using(router.db_for_write(Score)).query.sql_with_params()


def _way_to_player(rows: QuerySet) -> str:
    return "badge__" if rows.model is Award else ""


def _changes_within(series: Series, span: Span) -> Q:
    """Give the bookings that count in a window.

    What is reversed counts where it was booked, and what an event pays on the day of
    the event, which is the player's. Spending takes nothing away.
    """
    counted = Q(unlockable=None)
    if series.window == Window.ALL_TIME:
        return counted
    start, end = _bounds(span)
    days = (span.first_day, span.last_day)
    return counted & (
        Q(reverses=None, day__range=days)
        | Q(reverses=None, day=None, time__gte=start, time__lt=end)
        | Q(reverses__day__range=days)
        | Q(
            reverses__isnull=False,
            reverses__day=None,
            reverses__time__gte=start,
            reverses__time__lt=end,
        )
    )


def _awards_within(series: Series, span: Span) -> Q:
    if series.window == Window.ALL_TIME:
        return Q()
    start, end = _bounds(span)
    return Q(awarded_at__gte=start, awarded_at__lt=end)


def _bounds(span: Span) -> tuple[Any, Any]:
    return bounds_of(date.fromordinal(span.first_day), date.fromordinal(span.last_day))
