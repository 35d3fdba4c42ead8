"""Measure what players have of what badges ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, FilteredRelation, Q

from wagtail_gamification.models.amounts import MOST_POINTS
from wagtail_gamification.models.failures import Failure
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.requirements.index import RuledBadge
from wagtail_gamification.requirements.registry import kind_of

from .failures import note_failure

# Each badge is a join; MariaDB takes 61 in a statement.
BADGES_AT_ONCE = 20

_STATE = (
    "pk",
    "progress",
    "rounds",
    "revoked",
    "acquired",
    "times_awarded",
    "expires_at",
)


@dataclass
class Standing:
    """How one player stands with one badge."""

    interface: int
    badge: RuledBadge
    measured: tuple[int, ...]
    pk: int | None
    """Of the row of ``Badge``, None where there is none yet."""

    progress: int = 0
    rounds: int = 0
    revoked: bool = False
    acquired: bool = False
    times_awarded: int = 0
    expires_at: datetime | None = None

    @property
    def used_rounds(self) -> int:
        """The rounds that count: a badge that is had once keeps its progress."""
        return self.rounds if self.badge.definition.can_be_earned_again else 0

    @property
    def measured_progress(self) -> int:
        return self.badge.rules.progress(self.measured, self.used_rounds)

    def is_due(self, now: datetime) -> bool:
        """Whether the requirements are met and one more can be had."""
        has_expired = self.expires_at is not None and self.expires_at <= now
        limit = self.badge.definition.award_limit
        can_be_had = self.times_awarded < limit or has_expired
        return (
            can_be_had
            and not self.revoked
            and self.badge.rules.is_met(self.measured, self.used_rounds)
        )


def measure_standings(
    badges: Sequence[RuledBadge], interfaces: Sequence[int]
) -> list[Standing]:
    """Measure all these players for all these badges: one query for twenty badges.

    A kind that raises is noted as a failure; its badge is left out, the others not.
    """
    standings = []
    for start in range(0, len(badges), BADGES_AT_ONCE):
        standings += _measure(badges[start : start + BADGES_AT_ONCE], interfaces)
    return standings


def _measure(badges: Sequence[RuledBadge], interfaces: Sequence[int]) -> list[Standing]:
    if all(_is_ours(badge) for badge in badges):
        return _read(badges, interfaces)
    try:
        # A savepoint: what a site's kind asks wrongly must not end the transaction.
        with transaction.atomic():
            return _read(badges, interfaces)
    except Exception as error:
        if len(badges) == 1:
            _note(badges[0], interfaces, error)
            return []
    return [standing for badge in badges for standing in _measure([badge], interfaces)]


def _read(badges: Sequence[RuledBadge], interfaces: Sequence[int]) -> list[Standing]:
    rows = GamificationInterface.objects.filter(pk__in=interfaces).order_by()
    columns: dict[str, Any] = {}
    for badge in badges:
        name = f"badge_{badge.definition.pk}"
        relation = FilteredRelation(
            "badges", condition=Q(badges__badge_definition=badge.definition.pk)
        )
        rows = rows.annotate(**{name: relation})
        columns |= {f"{name}_{field}": F(f"{name}__{field}") for field in _STATE}
        among = {"interface__in": interfaces}
        columns |= badge.rules.measures(f"{name}_measured", among=among)
    standings = []
    for row in rows.values("pk", **columns):
        for badge in badges:
            name = f"badge_{badge.definition.pk}"
            state = {field: row[f"{name}_{field}"] for field in _STATE}
            standings.append(
                Standing(
                    interface=row["pk"],
                    badge=badge,
                    measured=tuple(
                        min(int(row[f"{name}_measured_{position}"] or 0), MOST_POINTS)
                        for position in range(len(badge.rules.requirements))
                    ),
                    **(state if state["pk"] is not None else {"pk": None}),
                )
            )
    return standings


def _is_ours(badge: RuledBadge) -> bool:
    return all(
        type(kind_of(asked)).__module__.startswith("wagtail_gamification.")
        for asked in badge.rules.requirements
    )


def _note(badge: RuledBadge, interfaces: Iterable[int], error: Exception) -> None:
    kinds = {asked.kind for asked in badge.rules.requirements}
    keys = sorted(interfaces)
    players = {"interface": keys[0]} if len(keys) == 1 else {"interfaces": keys}
    note_failure(
        Failure.Source.REQUIREMENT,
        f"{badge.definition} ({', '.join(sorted(kinds))})",
        error,
        {"definition": badge.definition.pk, **players},
    )
