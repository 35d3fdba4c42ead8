"""Having points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .base import RequirementKind

if TYPE_CHECKING:
    from wagtail_gamification.models import Requirement


class PointsKind(RequirementKind):
    """The points that were earned reach the target, whether or not they were spent."""

    code = "points"
    label = _("Has points")

    def events(self, requirement: Requirement) -> list[str]:
        return ["points_reached"]

    def measure(self, requirement: Requirement) -> F:
        return F("points_earned")

    def sentence(self, requirement: Requirement) -> str:
        return ngettext(
            "Has %(count)s point", "Has %(count)s points", requirement.target
        ) % {"count": requirement.target}
