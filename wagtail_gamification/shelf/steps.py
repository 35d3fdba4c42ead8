"""What badges ask for, one by one, and how far a player is with each.

The sentences come from the published requirements, in the visitor's language; the
numbers of all badges that are shown, from one query.
"""

from __future__ import annotations

import copy
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from wagtail_gamification.events.objects import split_object_key
from wagtail_gamification.models import (
    BadgeDefinition,
    Counting,
    Requirement,
    Streak,
)
from wagtail_gamification.requirements import kind_of, rule_index, sentence_of
from wagtail_gamification.requirements.index import RuledBadge

from .items import ShelfStep
from .names import Names

logger = logging.getLogger("wagtail_gamification")


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
    hidden: Collection[int] = (),
) -> dict[int, tuple[ShelfStep, ...]]:
    """Give the steps of each of these badges that asks for something.

    :param interfaces: the one player's, or None for nobody, who has done nothing
    :param rounds: the times that an award has used up what counted, by definition
    :param hidden: the badges of which nobody is to hear whether the player has them
    """
    by_definition = rule_index().by_definition
    badges = [by_definition[pk] for pk in definitions if pk in by_definition]
    measured = _measure(badges, interfaces) if interfaces is not None else {}
    objects = _objects_of(badges, names)
    found = {}
    for badge in badges:
        pk = badge.definition.pk
        nothing = _Measured((0,) * len(badge.rules.requirements))
        own = measured.get(pk, nothing)
        if own is None:
            continue
        used = rounds.get(pk, 0) if badge.definition.can_be_earned_again else 0
        try:
            found[pk] = _steps(badge, own, used, names, objects, hidden)
        except Exception:
            # A kind of the site's can't say it in words. The others can.
            logger.exception("The steps of “%s” can't be shown.", badge.definition)
    return found


def _objects_of(badges: Sequence[RuledBadge], names: Names) -> Mapping[str, str]:
    asked = [each for badge in badges for each in badge.rules.requirements]
    try:
        return names.of_objects(each.object_key for each in asked if each.object_key)
    except Exception:
        # An object of the site's can't say what it is called.
        logger.exception("The objects that badges ask for can't be named.")
        return {}


def _steps(
    badge: RuledBadge,
    measured: _Measured,
    rounds: int,
    names: Names,
    objects: Mapping[str, str],
    hidden: Collection[int],
) -> tuple[ShelfStep, ...]:
    rules = badge.rules
    values = tuple(
        0 if _tells_of(asked, hidden) else value
        for asked, value in zip(rules.requirements, measured.values, strict=True)
    )
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
            rules.steps(values, rounds),
            rules.targets,
            strict=True,
        )
    )


def _tells_of(asked: Requirement, hidden: Collection[int]) -> bool:
    """Whether how far the player is would say that one of these is earned."""
    if asked.badge is not None and asked.badge.state_id in hidden:
        return True
    model, pk = split_object_key(asked.object_key) or (None, "")
    is_badge = model is not None and issubclass(model, BadgeDefinition)
    return is_badge and pk.isdecimal() and int(pk) in hidden


def _sentence(asked: Requirement, names: Names, objects: Mapping[str, str]) -> str:
    """Say what is asked for with the names that the visitor reads and may read."""
    if asked.badge is not None:
        name = names.badge(asked.badge.state_id)
        if name is None:
            return gettext("Earns a secret badge")
    name_of_object = objects.get(asked.object_key)
    if asked.object_key and name_of_object is None and asked.event == "badge_earned":
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
        # One that isn't published is as good as gone.
        level = names.levels().get(asked.level.state_id)
        asked.level = _called(asked.level, level) if level else None
    if name_of_object is None:
        # With what may not be told, it isn't said that only that counts.
        asked.object_key = ""
    asked.object_name = name_of_object or ""
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
) -> dict[int, _Measured | None]:
    """Measure them in one query; where that fails, each by itself.

    A badge that can't be measured has None.
    """
    if not badges:
        return {}
    try:
        if all(_is_ours(badge) for badge in badges):
            return {**_read(badges, interfaces)}
        # A savepoint: the page that shows it may go on asking.
        with transaction.atomic():
            return {**_read(badges, interfaces)}
    except Exception:
        if len(badges) == 1:
            logger.exception("“%s” can't be measured.", badges[0].definition)
            return {badges[0].definition.pk: None}
    found: dict[int, _Measured | None] = {}
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
