"""The players of some rows of a giving job: those who get it, and those who don't."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import OperationalError
from django.db.models import Count, Max, Min, QuerySet, Value

from wagtail_gamification.models.achievements import Badge
from wagtail_gamification.models.giving_jobs import GivingJob, GivingRow
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import insert_from_select

from .giving import Giver, lock_giver
from .players import locked_rows
from .prepare_rows import BADGE_FIELDS, NEW_BADGE


class CameBetween(OperationalError):
    """A player whose key was given out before was committed meanwhile."""


class ChosenPlayers:
    """The rows of a job from one up to and with the one of another key.

    All give the same at the same time. It is used in a transaction, and the players
    stay locked until its end.
    """

    def __init__(self, job: GivingJob, first: GivingRow, last: int) -> None:
        self.job = job
        rows = GivingRow.objects.filter(job=job, pk__gte=first.pk, pk__lte=last)
        # Those who get it, once the others are told apart.
        self.rows = rows.filter(outcome="").order_by()
        self.all_rows = self.rows if job.kind == GivingJob.Kind.LIST else rows
        self.given_at: datetime | None = first.given_at
        self.badge_definition_id: int | None = (
            first.badge_definition_id
            if job.kind == GivingJob.Kind.LIST
            else job.badge_definition_id
        )

    @property
    def players(self) -> QuerySet[GamificationInterface]:
        """Those who get it."""
        if self._are_all_between:
            return self.players_between
        return self.players_between.filter(pk__in=self.rows.values("interface"))

    @property
    def badges(self) -> QuerySet[Badge]:
        """Their rows of the badge."""
        if self._are_all_between:
            return self.badges_between
        return self.badges_between.filter(interface__in=self.rows.values("interface"))

    @cached_property
    def players_between(self) -> QuerySet[GamificationInterface]:
        """Those and others, found in one range of keys."""
        return GamificationInterface.objects.filter(
            pk__gte=self._bounds["first"] or 0, pk__lte=self._bounds["last"] or 0
        )

    @cached_property
    def badges_between(self) -> QuerySet[Badge]:
        """Their rows of the badge and those of others, in the same range."""
        return Badge._base_manager.filter(
            badge_definition=self.badge_definition_id,
            interface__gte=self._bounds["first"] or 0,
            interface__lte=self._bounds["last"] or 0,
        )

    @property
    def size(self) -> int:
        return self._bounds["size"]

    def lock(self) -> None:
        """Lock the players, as every change of one player does first."""
        locked = locked_rows(self.players.order_by("pk"))
        if locked is not None:
            len(locked.values_list("pk"))

    def refuse(self, giver: Giver) -> Counter[str]:
        """Write down who may not get it, and why; give how many by reason.

        The players are locked. A giver whose awards are limited is locked too: others
        may be awarding in the same name.
        """
        if giver.limit:
            lock_giver(giver.user)
        refused: Counter[str] = Counter()
        by_code: dict[str, list[int]] = {}
        answers: QuerySet = giver.decide_for(self.players)
        answers = answers.exclude(giving_code="allowed")
        for key, code in answers.order_by().values_list("pk", "giving_code"):
            by_code.setdefault(code, []).append(key)
        if by_code:
            self._are_all_between = False
        for code, keys in by_code.items():
            refused[code] = self.rows.filter(interface__in=keys).update(outcome=code)
        if giver.decision.allowed and giver.awards_left is not None:
            rest = self.rows.order_by("pk").values_list("pk", flat=True)
            if beyond := list(rest[giver.awards_left :]):
                self._are_all_between = False
                self.rows.filter(pk__in=beyond).update(outcome="monthly_limit")
                refused["monthly_limit"] += len(beyond)
        return refused

    def prepare_badges(self, size: int) -> None:
        """Make the rows of the badge that these ``size`` players haven't got yet."""
        if self.badges.count() < size:
            insert_from_select(
                Badge,
                BADGE_FIELDS,
                self.players.order_by().values_list(
                    "pk", Value(self.badge_definition_id), *NEW_BADGE
                ),
            )

    def check(self) -> None:
        """Make sure, at the end, that it was done to nobody else.

        :raises CameBetween: where the transaction is to be rolled back and done again
        """
        if self._are_all_between and self.players_between.count() != self.size:
            raise CameBetween

    @cached_property
    def _are_all_between(self) -> bool:
        """Whether there is nobody else in that range, as where everybody gets it.

        The database then needn't compare them with the rows of the job. In those of a
        list somebody may stand twice.
        """
        if self.job.kind == GivingJob.Kind.LIST:
            return False
        return self.size == self.players_between.count() == self.rows.count()

    @cached_property
    def _bounds(self) -> dict[str, Any]:
        return self.all_rows.aggregate(
            first=Min("interface"), last=Max("interface"), size=Count("pk")
        )
