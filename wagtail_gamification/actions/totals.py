"""The totals of one day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from wagtail_gamification.days import bounds_of
from wagtail_gamification.events.builtin import FOLLOWING
from wagtail_gamification.models.achievements import Award
from wagtail_gamification.models.activity import Activity
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.sql import insert_rows
from wagtail_gamification.models.totals import DailyBadgeTotal, DailyTotal, Summary


def done_by_players() -> QuerySet[Activity]:
    """Give what players did, without what only followed from it."""
    return Activity.objects.filter(count__gt=0).exclude(event__in=FOLLOWING).order_by()


@contextmanager
def totals_locked() -> Iterator[None]:
    """Let nobody else change totals meanwhile, in one transaction."""
    only = Summary.objects.filter(pk=Summary.ONLY)
    with transaction.atomic():
        # An update, for SQLite knows no other lock.
        if not only.update(locked_at=timezone.now()):
            Summary.objects.bulk_create(
                [Summary(pk=Summary.ONLY)], ignore_conflicts=True
            )
            only.update(locked_at=timezone.now())
        yield


def fold_day(day: date) -> None:
    """Count what is on record for a day anew, and add what was kept of the erased.

    Nothing is added to what stood there before, so that doing it twice, or at the
    same time, counts nothing twice.
    """
    with totals_locked():
        for model in (DailyTotal, DailyBadgeTotal):
            model._default_manager.filter(day=day).update(
                **{name: F(f"erased_{name}") for name in model.COUNTED}
            )
        by_badge = _count_badges(day)
        add_to_totals(DailyBadgeTotal, ["badge_definition"], by_badge)
        awards, revoked = (
            sum(counts[place] for counts in by_badge.values()) for place in (0, 1)
        )
        row = [awards, revoked, *_count_points(day), _count_active(day)]
        add_to_totals(DailyTotal, [], {(day,): row})


def _count_badges(day: date) -> dict[tuple[date, int], list[int]]:
    start, end = bounds_of(day, day)
    counted: dict[tuple[date, int], list[int]] = {}
    for place, field in enumerate(["awarded_at", "revoked_at"]):
        rows = Award.objects.filter(**{f"{field}__gte": start, f"{field}__lt": end})
        for definition, number in (
            rows.order_by()
            .values("badge_definition")
            .annotate(number=Count("pk"))
            .values_list("badge_definition", "number")
        ):
            counted.setdefault((day, definition), [0, 0])[place] = number
    return counted


def _count_points(day: date) -> tuple[int, int]:
    start, end = bounds_of(day, day)
    found = PointChange.objects.filter(time__gte=start, time__lt=end).aggregate(
        earned=Sum("amount", filter=Q(amount__gt=0)),
        spent=Sum("amount", filter=Q(amount__lt=0)),
    )
    return int(found["earned"] or 0), -int(found["spent"] or 0)


def _count_active(day: date) -> int:
    active = done_by_players().filter(day=day.toordinal())
    return active.aggregate(number=Count("interface", distinct=True))["number"]


def add_to_totals(
    model: type[DailyTotal] | type[DailyBadgeTotal],
    by: list[str],
    counted: Mapping[Any, Iterable[int]],
    prefix: str = "",
) -> None:
    """Add what was counted to the rows of these days, and badges."""
    fields = [f"{kind}{name}" for kind in ("", "erased_") for name in model.COUNTED]
    added = [f"{prefix}{name}" for name in model.COUNTED]
    rows = []
    for key, numbers in sorted(counted.items()):
        values = dict.fromkeys(fields, 0) | dict(zip(added, numbers, strict=True))
        rows.append([*key, *values.values()])
    unique = ["day", *by]
    insert_rows(model, [*unique, *fields], rows, add_up=added, unique=unique)
