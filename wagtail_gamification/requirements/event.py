"""Having done something, counted in one of five ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_gamification.events import check_event_code
from wagtail_gamification.events.objects import model_key_of
from wagtail_gamification.events.registry import registered_events
from wagtail_gamification.models.activity import Activity
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.requirements import Counting

from . import counting, objects
from .base import RequirementKind
from .sentences import event_sentence

if TYPE_CHECKING:
    from wagtail_gamification.models import Requirement


class EventKind(RequirementKind):
    """The player did something: so often, with so many objects, on so many days."""

    code = "event"
    label = gettext_lazy("Does something")
    fields = (
        "event",
        "target",
        "counting",
        "within_days",
        "allows_rest_days",
        "object_key",
        "is_below",
    )
    required = ("event",)

    def events(self, requirement: Requirement) -> list[str]:
        return [requirement.event]

    def measure(self, requirement: Requirement) -> Any:
        return counting.measure(
            activities_of(requirement),
            Counting(requirement.counting),
            within_days=requirement.within_days,
            allows_rest_days=requirement.allows_rest_days,
        )

    def is_used_up(self, requirement: Requirement) -> bool:
        return True

    def ceiling(self, requirement: Requirement) -> int | None:
        codes = {event.code: event for event in registered_events()}
        if requirement.event not in codes:
            return 0
        if requirement.counting != Counting.OBJECTS:
            return _ceiling_by_time(requirement, codes[requirement.event].once_per)
        model = codes[requirement.event].target_model
        if requirement.object_key:
            return objects.count_below(requirement.object_key, model)
        return None if model is None else model._default_manager.count()

    def sentence(self, requirement: Requirement) -> str:
        return event_sentence(requirement)

    def check(self, requirement: Requirement) -> None:
        super().check(requirement)
        check_event_code(requirement.event)
        how = Counting(requirement.counting)
        if how.is_streak and requirement.within_days:
            raise _error("within_days", _("Days or weeks in a row have no time limit."))
        if requirement.allows_rest_days and how != Counting.DAYS_IN_A_ROW:
            raise _error("allows_rest_days", _("Rest days go with days in a row."))
        if (
            how == Counting.DAYS
            and (requirement.within_days or 0)
            and (requirement.target > (requirement.within_days or 0))
        ):
            raise _error("target", _("There are not so many days within that time."))
        if (
            how == Counting.OBJECTS
            and requirement.object_key
            and not requirement.is_below
        ) and requirement.target > 1:
            raise _error("target", _("One object can't be several different ones."))
        objects.check(requirement)


def activities_of(requirement: Requirement) -> QuerySet[Activity]:
    """Give the activities of all players that a requirement counts."""
    activities = Activity._base_manager.filter(event=requirement.event, count__gt=0)
    if requirement.event == "badge_earned" and requirement.badge_definition_id:
        # Or a badge that can be had again would make itself due.
        own = f"{model_key_of(BadgeDefinition)}:{requirement.badge_definition_id}"
        activities = activities.exclude(object_key=own)
    if not requirement.object_key:
        return activities
    if requirement.is_below:
        return activities.filter(
            object_key__in=objects.keys_below(requirement.object_key)
        )
    return activities.filter(object_key=requirement.object_key)


def _ceiling_by_time(requirement: Requirement, once_per: str | None) -> int | None:
    if once_per == "player":
        return 1
    is_day = once_per == "day" and requirement.counting == Counting.EVERY_TIME
    return requirement.within_days if is_day else None


def _error(field: str, message: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code="invalid")})
