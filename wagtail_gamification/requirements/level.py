"""Having reached a level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, Exists, IntegerField, OuterRef, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_gamification.models.levels import Level

from .base import RequirementKind

if TYPE_CHECKING:
    from wagtail_gamification.models import Requirement


class LevelKind(RequirementKind):
    """The points that were earned reach a published level."""

    code = "level"
    label = gettext_lazy("Reaches a level")
    fields = ("level",)
    required = ("level",)

    def events(self, requirement: Requirement) -> list[str]:
        return ["points_reached"]

    def measure(self, requirement: Requirement) -> Case:
        reached = Level.objects.filter(
            pk=requirement.level_id,
            live=True,
            points_required__lte=OuterRef("points_earned"),
        )
        return Case(
            When(Exists(reached.order_by()), then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        )

    def ceiling(self, requirement: Requirement) -> int | None:
        is_open = requirement.level is not None and requirement.level.live
        return None if is_open else 0

    def target(self, requirement: Requirement) -> int:
        return 1

    def sentence(self, requirement: Requirement) -> str:
        if requirement.level is None:
            return _("Reaches a level that is gone")
        return _("Reaches the level “%(level)s”") % {"level": requirement.level}
