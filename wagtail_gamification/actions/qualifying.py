"""Count who qualifies for a badge, also for a draft of one that nobody has saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connections, router, transaction
from django.db.models import (
    Count,
    ExpressionWrapper,
    FilteredRelation,
    IntegerField,
    Max,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from wagtail_gamification.models.achievements import Badge
from wagtail_gamification.models.activity import Activity
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import database_settings
from wagtail_gamification.requirements.counting import PlayerCount
from wagtail_gamification.requirements.rules import BadgeRules

from .award_many import can_be_had_once_more
from .players import left_out

if TYPE_CHECKING:
    from wagtail_gamification.models import BadgeDefinition, Requirement

FEWEST_AT_ONCE, MOST_AT_ONCE = 500, 50_000
# Of the time that there is; the rest is for the names, and for stopping a query.
COUNTING_SHARE = 0.85
# What one query may take, so that there is an answer when the time is up.
SECONDS_AT_ONCE = 0.25


@dataclass(frozen=True, kw_only=True)
class Qualifying:
    """Who would earn a badge now."""

    count: int = 0
    """Players that qualify and don't have it as often as it can be had."""

    is_complete: bool = True
    """False where the time was up: then there are at least so many."""

    players: tuple[GamificationInterface, ...] = ()
    """The first of them, with their users."""

    above_half: int = 0
    """Players that don't qualify, but are more than half way."""

    points: int = 0
    """What one award to each of them costs."""


def find_qualifying(
    definition: BadgeDefinition,
    requirements: Sequence[Requirement],
    *,
    seconds: float | None = None,
    names: int = 10,
) -> Qualifying:
    """Count who would earn ``definition`` if it asked for ``requirements``.

    Neither needs to be saved. Players are counted in ranges of their keys until all
    are, or ``seconds`` have passed. ``names`` is how many of them are given.
    """
    rules = BadgeRules(tuple(requirements))
    if not rules.groups:
        return Qualifying()
    counting = _Counting(definition, rules, names, seconds)
    while counting.goes_on:
        counting.count_range()
    players = GamificationInterface.objects.select_related("user").in_bulk(
        counting.names
    )
    return Qualifying(
        count=counting.count,
        is_complete=counting.is_complete,
        players=tuple(players[pk] for pk in counting.names if pk in players),
        above_half=counting.above_half,
        points=counting.count * definition.points,
    )


def with_badge(
    players: QuerySet[GamificationInterface], definition: BadgeDefinition
) -> QuerySet[Any]:
    """Join each player's row of ``Badge``, where there is one, as ``held``."""
    held = FilteredRelation(
        "badges", condition=Q(badges__badge_definition=definition.pk or 0)
    )
    return players.annotate(held=held)


def eligible_players(definition: BadgeDefinition) -> QuerySet[Any]:
    """Give the players who are counted and can have the badge once more.

    Their row of ``Badge``, where there is one, is joined as ``held``.
    """
    can_be_had = Q(held__times_awarded__lt=definition.award_limit) | Q(
        held__expires_at__lte=timezone.now()
    )
    return (
        with_badge(GamificationInterface.objects.all(), definition)
        .filter(Q(held=None) | can_be_had & Q(held__revoked=False))
        .exclude(left_out())
    )


def rounds_of(definition: BadgeDefinition) -> Any:
    """Give what was used up by awards, beside the joined row of the badge."""
    return Coalesce("held__rounds", 0) if definition.can_be_earned_again else 0


class _Counting:
    """Counts in ranges, each as large as the time that the last one took allows."""

    def __init__(
        self,
        definition: BadgeDefinition,
        rules: BadgeRules,
        names: int,
        seconds: float | None,
    ) -> None:
        self.rules = rules
        self.wanted = names
        self.ends = None if seconds is None else monotonic() + seconds * COUNTING_SHARE
        self.players = eligible_players(definition)
        self.rounds = rounds_of(definition)
        self.activities = _activities_alone(definition, rules)
        self.size = FEWEST_AT_ONCE
        self.after = 0
        self.count = self.above_half = 0
        self.names: list[int] = []
        self.goes_on = self.is_complete = True

    def count_range(self) -> None:
        left = None if self.ends is None else self.ends - monotonic()
        last = self._end_of_range()
        if last is None:
            self.goes_on = False
            return
        started = monotonic()
        try:
            if left is not None and left <= 0:
                raise _TimeIsUp
            with _no_longer_than(left):
                self._count(last)
        except _TimeIsUp:
            self.goes_on = self.is_complete = False
        self.after = last
        self._fit(monotonic() - started)

    def _end_of_range(self) -> int | None:
        """Give the key of the last player that is counted now, None at the end."""
        keys = GamificationInterface.objects.filter(pk__gt=self.after).order_by("pk")
        keys = keys.values_list("pk", flat=True)
        # The last of a full range is found by the index alone.
        full = keys[self.size - 1 : self.size].first()
        return full or keys.aggregate(last=Max("pk"))["last"]

    def _count(self, last: int) -> None:
        among = {"interface__gt": self.after, "interface__lte": last}
        if self.activities is not None:
            self._count_activities(*self.activities.of_each(**among))
            return
        rows = self.players.filter(pk__gt=self.after, pk__lte=last).annotate(
            **self.rules.measures(among=among)
        )
        is_met = self.rules.when_met(self.rounds)
        progress = self.rules.progress_expression(self.rounds)
        # Sliced, what is measured is measured once, however often it is looked at.
        found = rows.order_by("pk")[: self.size].aggregate(
            count=Count("pk", filter=is_met),
            above_half=Count(
                "pk", filter=~is_met & Q(_twice(progress, over=self.rules.target))
            ),
        )
        self.count += found["count"]
        self.above_half += found["above_half"]
        if found["count"] and len(self.names) < self.wanted:
            keys = rows.filter(is_met).order_by("pk").values_list("pk", flat=True)
            self.names += keys[: self.wanted - len(self.names)]

    def _count_activities(self, each: str, params: list[Any]) -> None:
        """Count in one pass over what the players did, without a look at each."""
        target = self.rules.target
        with connections[router.db_for_read(Activity)].cursor() as cursor:
            cursor.execute(_HOW_MANY.format(each=each), [target] * 3 + params)
            count, above_half = cursor.fetchone()
            self.count += count
            self.above_half += above_half
            if count and len(self.names) < self.wanted:
                wanted = self.wanted - len(self.names)
                cursor.execute(_WHO.format(each=each), [*params, target, wanted])
                self.names += [key for (key,) in cursor.fetchall()]

    def _fit(self, took: float) -> None:
        if took < SECONDS_AT_ONCE / 2:
            self.size = min(self.size * 2, MOST_AT_ONCE)
        elif took > SECONDS_AT_ONCE:
            self.size = max(self.size // 2, FEWEST_AT_ONCE)


_HOW_MANY = """
SELECT COUNT(CASE WHEN value >= %s THEN 1 END),
       COUNT(CASE WHEN value < %s AND value * 2 > %s THEN 1 END)
FROM ({each}) found"""

_WHO = "SELECT who FROM ({each}) found WHERE value >= %s ORDER BY who LIMIT %s"


def _activities_alone(
    definition: BadgeDefinition, rules: BadgeRules
) -> PlayerCount | None:
    """Give what is counted, of those who can have the badge, where that is all."""
    measures = list(rules.measures().values())
    if len(measures) > 1 or definition.can_be_earned_again:
        return None
    [count] = measures
    if not isinstance(count, PlayerCount):
        return None
    players = GamificationInterface.objects.filter(left_out()).order_by()
    count = count.without(players.values("pk"))
    if not definition.pk:
        return count
    rows = Badge._base_manager.filter(badge_definition=definition.pk)
    rows = rows.exclude(
        can_be_had_once_more({definition.pk: definition}, timezone.now())
    )
    return count.without(rows.order_by().values("interface"))


def _twice(progress: Any, *, over: int) -> Any:
    return GreaterThan(
        ExpressionWrapper(progress * Value(2), output_field=IntegerField()), over
    )


class _TimeIsUp(Exception):
    """There is no time left to count more."""


@contextmanager
def _no_longer_than(seconds: float | None) -> Iterator[None]:
    """Break a query off when the time is up, where the database can.

    :raises _TimeIsUp: when it was
    """
    connection = connections[router.db_for_read(GamificationInterface)]
    if connection.vendor != "postgresql":
        yield
        return
    # Compiling a query of a quarter of a second takes as long as running it.
    settings = {"jit": "off"}
    if seconds is not None:
        settings["statement_timeout"] = str(max(1, int(seconds * 1000)))
    try:
        with transaction.atomic(using=connection.alias):
            with database_settings(connection.alias, **settings):
                yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == "57014":
            raise _TimeIsUp from error
        raise
