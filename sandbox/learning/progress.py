"""What finishing a lesson earns: the one place that knows the badges by name.

Everything here goes through the public interface of wagtail-gamification, as any
site's own code would.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import Award, GamificationInterface, Level, Unlockable

if TYPE_CHECKING:
    from .models import LessonPage

logger = logging.getLogger(__name__)

#: The badges that count the lessons of a subject.
SUBJECT_BADGES: dict[str, tuple[str, ...]] = {
    "setting-out": (),
    "hedgerow": ("leaf-turner", "hedge-reader", "keeper-of-the-hedge"),
    "birds": ("first-feather", "keen-ear", "dawn-chorus"),
    "shore": ("tideline", "rock-pooler", "warden-of-the-shore"),
    "night-sky": ("first-star", "star-hopper", "keeper-of-the-dark"),
}
LESSON_BADGES = ("first-footprint", "well-trodden", "the-long-way-round", "in-season")
MINUTE_BADGES = ("an-hour-well-spent", "a-whole-afternoon")
LESSONS_IN_A_FIELD_DAY = 3
EARLY, LATE = 7, 23


@dataclass(frozen=True)
class Outcome:
    """What came of finishing a lesson."""

    is_new: bool
    """False where the lesson had been finished before; then nothing else came of it."""

    awards: tuple[Award, ...] = ()
    new_level: Level | None = None
    unlocked: tuple[Unlockable, ...] = ()
    """What the points opened."""


def has_unlocked(user: Any, slug: str) -> bool:
    """Whether the user has what the slug names; an anonymous visitor has nothing."""
    if not user.is_authenticated:
        return False
    return GamificationInterface.objects.for_user(user).has_unlocked(slug)


def badges_counting(subject: str) -> tuple[str, ...]:
    """The slugs of a few badges that a lesson of the subject counts towards."""
    return (*SUBJECT_BADGES[subject], "the-long-way-round", "a-whole-afternoon")[-4:]


def finish_lesson(user: Any, lesson: LessonPage, at: datetime | None = None) -> Outcome:
    """Note that the user finished the lesson, and hand out what that earns."""
    from .models import LessonCompletion

    at = at or timezone.now()
    with transaction.atomic():
        _, is_new = LessonCompletion.objects.get_or_create(
            user=user, lesson=lesson, defaults={"completed_at": at}
        )
        if not is_new:
            return Outcome(is_new=False)
        interface = GamificationInterface.objects.for_user(user)
        level_before = interface.level
        open_before = set(_opened(interface))
        awards = tuple(_hand_out(interface, user, lesson, at))
    interface.refresh_from_db()
    level = interface.level
    return Outcome(
        is_new=True,
        awards=awards,
        new_level=level if level != level_before else None,
        unlocked=tuple(item for item in _opened(interface) if item not in open_before),
    )


def _hand_out(
    interface: GamificationInterface, user: Any, lesson: LessonPage, at: datetime
) -> list[Award]:
    finished = user.completions.select_related("lesson")
    steps = dict.fromkeys((*LESSON_BADGES, *SUBJECT_BADGES[lesson.subject]), 1)
    steps |= dict.fromkeys(MINUTE_BADGES, lesson.minutes)
    if finished.filter(lesson__subject=lesson.subject).count() == 1:
        steps["all-rounder"] = 1
    awards = [_increment(interface, slug, by) for slug, by in steps.items()]

    local = timezone.localtime(at)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    today = list(
        finished.filter(completed_at__gte=midnight, completed_at__lte=at).values_list(
            "lesson__subject", flat=True
        )
    )
    given = []
    if len(today) % LESSONS_IN_A_FIELD_DAY == 0:
        given.append("field-day")
    if {"shore", "night-sky"} <= set(today):
        given.append("message-in-a-bottle")
    if local.hour < EARLY:
        given.append("before-the-milk")
    if local.hour >= LATE:
        given.append("midnight-moth")
    awards += [_award(interface, slug, lesson.title) for slug in given]
    if lesson.badge:
        awards.append(lesson.badge.award(interface, reason=lesson.title))
    return [award for award in awards if award]


def _increment(interface: GamificationInterface, slug: str, by: int) -> Award | None:
    try:
        return interface.increment(slug, by=by)
    except UnknownDefinition:
        # An editor took the badge away: that stops nobody from finishing a lesson.
        logger.warning("There is no badge “%s” to count this lesson.", slug)
        return None


def _award(interface: GamificationInterface, slug: str, reason: str) -> Award | None:
    try:
        return interface.award(slug, reason=reason)
    except UnknownDefinition:
        logger.warning("There is no badge “%s” to give for this lesson.", slug)
        return None


def _opened(interface: GamificationInterface) -> list[Unlockable]:
    return list(interface.unlockables.filter(acquired=True))
