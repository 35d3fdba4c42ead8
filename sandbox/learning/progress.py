"""What members do, said as events; what lessons count towards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wagtail_gamification.events import object_key_of
from wagtail_gamification.models import (
    BadgeDefinition,
    GamificationInterface,
    Requirement,
)

from . import gamification

if TYPE_CHECKING:
    from .models import LessonPage

EARLY, LATE = 7, 23
_COUNTED = 4


def points_of(user: Any) -> int:
    """Give a member's points.

    The demo has no worker: each event is counted as soon as it is committed. A site
    with one can't say at once what something was worth.
    """
    return (
        GamificationInterface.objects.owned_by(user)
        .values_list("points", flat=True)
        .first()
        or 0
    )


def finish_lessons(user: Any, finished: Sequence[tuple[LessonPage, datetime]]) -> bool:
    """Note which lessons the user finished when; False where all of it was known."""
    from .models import LessonCompletion

    with transaction.atomic():
        new = [
            (lesson, at)
            for lesson, at in finished
            if LessonCompletion.objects.get_or_create(
                user=user, lesson=lesson, defaults={"completed_at": at}
            )[1]
        ]
        _say(user, finished)
    return bool(new)


def _say(user: Any, finished: Sequence[tuple[LessonPage, datetime]]) -> None:
    """Say what happened. Said again, it has the same keys, and changes nothing."""
    happenings = [
        {
            "user": user,
            "target": lesson,
            "at": at,
            "key": f"user-{user.pk}-lesson-{lesson.pk}",
        }
        for lesson, at in finished
    ]
    gamification.lesson_completed.record_many(happenings)
    gamification.minute_learned.record_many(
        {**happening, "quantity": lesson.minutes}
        for happening, (lesson, _at) in zip(happenings, finished, strict=True)
    )
    for happening, (_lesson, at) in zip(happenings, finished, strict=True):
        hour = timezone.localtime(at).hour
        if hour < EARLY:
            gamification.early_lesson.record(**happening)
        if hour >= LATE:
            gamification.late_lesson.record(**happening)
    for at in {timezone.localtime(at).date(): at for _lesson, at in finished}.values():
        if {"shore", "night-sky"} <= _subjects_on(user, at):
            gamification.tide_and_stars.record(
                user, at=at, key=f"user-{user.pk}-day-{timezone.localtime(at).date()}"
            )


def _subjects_on(user: Any, at: datetime) -> set[str]:
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    today = user.completions.filter(completed_at__gte=midnight, completed_at__lte=at)
    return set(today.values_list("lesson__subject", flat=True))


def badges_for(lessons: Iterable[LessonPage]) -> Mapping[int, BadgeDefinition]:
    """Give the badge that asks for a lesson alone, by the lesson's key."""
    keys = {object_key_of(lesson): lesson.pk for lesson in lessons}
    asked = Requirement.objects.filter(
        object_key__in=keys, is_below=False, badge_definition__live=True
    )
    return {
        keys[each.object_key]: each.badge_definition
        for each in asked.select_related("badge_definition").order_by("-pk")
    }


def badges_counting(lesson: LessonPage) -> list[str]:
    """Give the slugs of a few badges that the lesson counts towards, with others."""
    by_subject = Q(
        requirements__kind="subject", requirements__category__slug=lesson.subject
    )
    by_number = Q(
        requirements__event=gamification.lesson_completed.code,
        requirements__object_key="",
    )
    badges = BadgeDefinition.objects.live().originals().filter(is_secret=False)
    found: list[str] = []
    for condition in (by_subject, by_number):
        slugs = badges.filter(condition).order_by("sort_order", "pk").distinct()
        found += [each.slug for each in slugs if each.slug not in found]
    return found[:_COUNTED]
