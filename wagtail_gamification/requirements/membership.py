"""Having been a member for some time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wagtail_gamification.models.definitions import MOST_DAYS

from .base import RequirementKind

if TYPE_CHECKING:
    from wagtail_gamification.models import Requirement


class MembershipKind(RequirementKind):
    """The user joined long enough ago; measured in days, whole or none.

    Time makes no event: it is noticed when the member next logs in or visits, and by
    ``gamification_remeasure``.
    """

    code = "membership"
    label = _("Has been a member")
    changes_with_time = True

    def events(self, requirement: Requirement) -> list[str]:
        return ["logged_in", "visited", "signed_up"]

    def measure(self, requirement: Requirement) -> Any:
        if not _joined_field():
            return Value(0, output_field=IntegerField())
        # Days that lie far back are the same to every date arithmetic.
        joined = f"user__{_joined_field()}__lte"
        days = min(requirement.target, MOST_DAYS)
        before = timezone.now() - timedelta(days=days)
        return Case(
            When(**{joined: before}, then=Value(requirement.target)),
            default=Value(0),
            output_field=IntegerField(),
        )

    def check(self, requirement: Requirement) -> None:
        super().check(requirement)
        try:
            MaxValueValidator(MOST_DAYS)(requirement.target)
        except ValidationError as error:
            raise ValidationError({"target": error}) from error

    def ceiling(self, requirement: Requirement) -> int | None:
        return None if _joined_field() else 0

    def sentence(self, requirement: Requirement) -> str:
        return ngettext(
            "Has been a member for %(count)s day",
            "Has been a member for %(count)s days",
            requirement.target,
        ) % {"count": requirement.target}


def _joined_field() -> str:
    """Name the field of the user model that says when somebody joined."""
    names = {field.name for field in get_user_model()._meta.get_fields()}
    return "date_joined" if "date_joined" in names else ""
