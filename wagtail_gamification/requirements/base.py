"""What every kind of requirement has to say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from wagtail_gamification.models import Requirement


class RequirementKind:
    """One kind of thing that badges can ask for.

    Register a subclass with
    :func:`~wagtail_gamification.requirements.register_requirement_kind`, in a module
    named ``gamification`` of an installed app.
    """

    code: ClassVar[str]
    """Small letters, digits and underscores; stored, so never changed later."""

    label: ClassVar[Any]
    """What editors choose it by. Translatable."""

    fields: ClassVar[tuple[str, ...]] = ("target",)
    """The fields of ``Requirement`` that this kind reads. The others stay empty."""

    required: ClassVar[tuple[str, ...]] = ()
    """Those of them that may not be empty."""

    changes_with_time: ClassVar[bool] = False
    """Whether it can be met by waiting; then ``gamification_remeasure`` looks at it."""

    def events(self, requirement: Requirement) -> Iterable[str]:
        """Give the codes of the events that can change what is measured."""
        raise NotImplementedError

    def measure(self, requirement: Requirement) -> Any:
        """Give an ORM expression: one whole number for each ``GamificationInterface``.

        It is an annotation of a queryset of interfaces: ``F("points_earned")``
        are the player's points, ``F("points")`` is what is left of them, and
        ``OuterRef("pk")`` in a subquery is the player.
        """
        raise NotImplementedError

    def target(self, requirement: Requirement) -> int:
        """Give what has to be measured at least, 1 or more."""
        return requirement.target

    def is_used_up(self, requirement: Requirement) -> bool:
        """Whether an award of a badge that can be earned again uses up what counted.

        Then the second award takes twice the target. Otherwise the requirement, once
        met, stays met, and something else has to make the next award due.
        """
        return False

    def ceiling(self, requirement: Requirement) -> int | None:
        """Give the most that anyone can reach here now, None where it's open."""
        return None

    def sentence(self, requirement: Requirement) -> str:
        """Give the requirement as a sentence without its subject."""
        raise NotImplementedError

    def check(self, requirement: Requirement) -> None:
        """Refuse what can't be right, beside the field.

        :raises ValidationError: with the names of fields
        """
        errors = {
            name: ValidationError(_("This kind of requirement needs this."), "required")
            for name in self.required
            if getattr(requirement, name) in (None, "")
        }
        if errors:
            raise ValidationError(errors)
