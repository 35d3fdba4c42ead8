"""What can happen in the school, and what its badges can ask for besides.

wagtail-gamification finds this module by itself. Which badge counts what, and what
pays points, is for the editors: nothing here knows a badge by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_gamification import Event, RequirementKind, register_requirement_kind

if TYPE_CHECKING:
    from wagtail_gamification.models import Requirement

_lessons = gettext_lazy("Lessons")

lesson_completed = Event(
    "lesson_completed",
    label=gettext_lazy("Completes a lesson"),
    icon="tick",
    target_model="learning.LessonPage",
    category=_lessons,
    once_per="object",
)
minute_learned = Event(
    "minute_learned",
    label=gettext_lazy("Learns for a minute"),
    icon="time",
    target_model="learning.LessonPage",
    category=_lessons,
)
early_lesson = Event(
    "early_lesson",
    label=gettext_lazy("Completes a lesson before seven in the morning"),
    icon="history",
    target_model="learning.LessonPage",
    category=_lessons,
)
late_lesson = Event(
    "late_lesson",
    label=gettext_lazy("Completes a lesson after eleven at night"),
    icon="history",
    target_model="learning.LessonPage",
    category=_lessons,
)
tide_and_stars = Event(
    "tide_and_stars",
    label=gettext_lazy("Learns about the tide and the stars on one day"),
    category=_lessons,
    once_per="day",
)
comment_written = Event(
    "comment_written",
    label=gettext_lazy("Comments on a lesson"),
    icon="comment",
    target_model="learning.LessonPage",
    category=_lessons,
)


@register_requirement_kind
class SubjectKind(RequirementKind):
    """Lessons of one subject: the one that has the slug of the category."""

    code = "subject"
    label = gettext_lazy("Completes lessons of a subject")
    fields = ("category", "target")
    required = ("category",)

    def events(self, requirement: Requirement) -> list[str]:
        return [lesson_completed.code]

    def measure(self, requirement: Requirement) -> Any:
        from .models import LessonCompletion

        slug = requirement.category.slug if requirement.category else ""
        counted = (
            LessonCompletion.objects.filter(user=OuterRef("user"), lesson__subject=slug)
            .order_by()
            .values("user")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    def ceiling(self, requirement: Requirement) -> int:
        from .models import LessonPage

        slug = requirement.category.slug if requirement.category else ""
        return LessonPage.objects.live().filter(subject=slug).count()

    def sentence(self, requirement: Requirement) -> str:
        if requirement.category is None:
            return _("Completes lessons of a subject that is gone")
        return ngettext(
            "Completes %(count)s lesson of “%(subject)s”",
            "Completes %(count)s lessons of “%(subject)s”",
            requirement.target,
        ) % {"count": requirement.target, "subject": requirement.category}
