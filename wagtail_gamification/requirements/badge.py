"""Having earned other badges: the meta-badge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_gamification.models.achievements import Badge
from wagtail_gamification.models.definitions import BadgeDefinition

from .base import RequirementKind

if TYPE_CHECKING:
    from wagtail_gamification.models import Requirement


class BadgeKind(RequirementKind):
    """Another badge counts now, or a number of those of a category."""

    code = "badge"
    label = gettext_lazy("Earns badges")
    fields = ("badge", "category", "target")

    def events(self, requirement: Requirement) -> list[str]:
        return ["badge_earned"]

    def measure(self, requirement: Requirement) -> Any:
        badges = Badge.acquired_objects.filter(interface=OuterRef("pk"))
        if requirement.badge_id:
            badges = badges.filter(badge_definition=requirement.badge_id)
        else:
            # One whose category is gone has none.
            badges = badges.filter(
                badge_definition__category=requirement.category_id or 0
            ).exclude(badge_definition=requirement.badge_definition_id or 0)
        counted = (
            badges.select_related(None)
            .order_by()
            .values("interface")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    def target(self, requirement: Requirement) -> int:
        return 1 if requirement.badge_id else requirement.target

    def ceiling(self, requirement: Requirement) -> int:
        definitions = BadgeDefinition.objects.live().originals()
        if requirement.badge_id:
            return definitions.filter(pk=requirement.badge_id).count()
        return (
            definitions.filter(category=requirement.category_id or 0)
            .exclude(pk=requirement.badge_definition_id)
            .count()
        )

    def sentence(self, requirement: Requirement) -> str:
        if requirement.badge_id and requirement.badge:
            return _("Earns the badge “%(badge)s”") % {"badge": requirement.badge}
        if requirement.category_id and requirement.category:
            return ngettext(
                "Earns %(count)s badge of “%(category)s”",
                "Earns %(count)s badges of “%(category)s”",
                requirement.target,
            ) % {"count": requirement.target, "category": requirement.category}
        return _("Earns a badge that is gone")

    def check(self, requirement: Requirement) -> None:
        super().check(requirement)
        if bool(requirement.badge_id) == bool(requirement.category_id):
            raise ValidationError(
                {
                    "badge": ValidationError(
                        _("Choose either a badge or a category."), code="either"
                    )
                }
            )
        if requirement.badge_id:
            requirement.target = 1
            if requirement.badge_id == requirement.badge_definition_id:
                raise ValidationError(
                    {
                        "badge": ValidationError(
                            _("A badge can't ask for itself."), "self"
                        )
                    }
                )
