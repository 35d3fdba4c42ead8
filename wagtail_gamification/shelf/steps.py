"""What badges ask for, one by one, and how far a player is with each.

The sentences come from the published requirements, in the visitor's language; the
numbers of all badges that are shown, from one query.
"""

from __future__ import annotations

import copy
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from wagtail_gamification.events.objects import describe_objects
from wagtail_gamification.models import Counting, Requirement, Streak
from wagtail_gamification.requirements import kind_of, rule_index, sentence_of
from wagtail_gamification.requirements.index import RuledBadge

from .items import ShelfStep

logger = logging.getLogger("wagtail_gamification")


@dataclass(frozen=True)
class Names:
    """What the visitor calls what requirements are about."""

    badge: Callable[[int], str | None]
    """Gives the name of a badge, None where the player doesn't get to know it."""

    categories: Mapping[int, str]
    levels: Callable[[], Mapping[int, str]]


@dataclass(frozen=True)
class _Measured:
    """What was measured for one badge, in the order of its requirements."""

    values: tuple[int, ...]
    rested: dict[str, int] = field(default_factory=dict)
    """The forgiven day of the running streak, by event."""


def steps_of(
    definitions: Iterable[int],
    interfaces: QuerySet | None,
    rounds: Mapping[int, int],
    names: Names,
) -> dict[int, tuple[ShelfStep, ...]]:
    """Give the steps of each of these badges that asks for something.

    :param interfaces: the one player's, or None for nobody, who has done nothing
    :param rounds: the times that an award has used up what counted, by definition
    """
    by_definition = rule_index().by_definition
    badges = [by_definition[pk] for pk in definitions if pk in by_definition]
    measured = _measure(badges, interfaces) if interfaces is not None else {}
    asked = [each for badge in badges for each in badge.rules.requirements]
    objects = describe_objects(each.object_key for each in asked if each.object_key)
    found = {}
    for badge in badges:
        pk = badge.definition.pk
        nothing = _Measured((0,) * len(badge.rules.requirements))
        used = rounds.get(pk, 0) if badge.definition.can_be_earned_again else 0
        try:
            found[pk] = _steps(badge, measured.get(pk, nothing), used, names, objects)
        except Exception:
            # A kind of the site's can't say it in words. The others can.
            logger.exception("The steps of “%s” can't be shown.", badge.definition)
    return found


def _steps(
    badge: RuledBadge,
    measured: _Measured,
    rounds: int,
    names: Names,
    objects: Mapping[str, str],
) -> tuple[ShelfStep, ...]:
    rules = badge.rules
    sizes = Counter(asked.group for asked in rules.requirements)
    return tuple(
        ShelfStep(
            sentence=_sentence(asked, names, objects),
            progress=max(0, progress),
            target=target,
            is_met=progress >= target,
            alternatives=asked.group if sizes[asked.group] > 1 else None,
            rested_on=_rested_on(asked, measured),
        )
        for asked, progress, target in zip(
            rules.requirements,
            rules.steps(measured.values, rounds),
            rules.targets,
            strict=True,
        )
    )


def _sentence(asked: Requirement, names: Names, objects: Mapping[str, str]) -> str:
    """Say what is asked for with the names that the visitor reads and may read."""
    if asked.badge is not None:
        name = names.badge(asked.badge.state_id)
        if name is None:
            return gettext("Earns a secret badge")
    # The requirement is everybody's: what is changed is a copy.
    asked = copy.copy(asked)
    if asked.badge is not None:
        asked.badge = _called(asked.badge, name)
    if asked.category is not None:
        asked.category = _called(
            asked.category, names.categories.get(asked.category.state_id)
        )
    if asked.level is not None:
        asked.level = _called(asked.level, names.levels().get(asked.level.state_id))
    asked.object_name = objects.get(asked.object_key, "")
    return sentence_of(asked)


def _called(definition: Any, name: str | None) -> Any:
    called = copy.copy(definition)
    called.name = name or definition.name
    return called


def _rested_on(asked: Requirement, measured: _Measured) -> date | None:
    if not _may_rest(asked):
        return None
    day = measured.rested.get(asked.event)
    return date.fromordinal(day) if day else None


def _may_rest(asked: Requirement) -> bool:
    is_streak = asked.counting == Counting.DAYS_IN_A_ROW
    return asked.kind == "event" and is_streak and asked.allows_rest_days


def _measure(
    badges: Sequence[RuledBadge], interfaces: QuerySet
) -> dict[int, _Measured]:
    """Measure them in one query; where a site's kind fails, each by itself."""
    if not badges:
        return {}
    if all(_is_ours(badge) for badge in badges):
        return _read(badges, interfaces)
    try:
        # A savepoint: the page that shows it may go on asking.
        with transaction.atomic():
            return _read(badges, interfaces)
    except Exception:
        if len(badges) == 1:
            logger.exception("“%s” can't be measured.", badges[0].definition)
            return {}
    found: dict[int, _Measured] = {}
    for badge in badges:
        found |= _measure([badge], interfaces)
    return found


def _read(badges: Sequence[RuledBadge], interfaces: QuerySet) -> dict[int, _Measured]:
    among = {"interface__in": interfaces.values("pk")}
    columns: dict[str, Any] = {}
    for badge in badges:
        columns |= badge.rules.measures(_prefix(badge), among)
    asked = [each for badge in badges for each in badge.rules.requirements]
    events = sorted({each.event for each in asked if _may_rest(each)})
    for number, event in enumerate(events):
        streaks = Streak.objects.filter(interface=OuterRef("pk"), event=event)
        columns[f"rested_{number}"] = Subquery(streaks.values("rested_on")[:1])
    row = next(iter(interfaces.values(**columns)[:1]), None)
    if row is None:
        return {}
    rested = {
        event: row[f"rested_{number}"]
        for number, event in enumerate(events)
        if row[f"rested_{number}"]
    }
    return {
        badge.definition.pk: _Measured(
            tuple(
                int(row[f"{_prefix(badge)}_{position}"] or 0)
                for position in range(len(badge.rules.requirements))
            ),
            rested,
        )
        for badge in badges
    }


def _prefix(badge: RuledBadge) -> str:
    return f"badge_{badge.definition.pk}"


def _is_ours(badge: RuledBadge) -> bool:
    return all(
        type(kind_of(asked)).__module__.startswith("wagtail_gamification.")
        for asked in badge.rules.requirements
    )
