"""The sheets of what events pay: point rules, and campaigns that multiply them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field

from wagtail_gamification.models import Campaign, PointRule

from .base import SpreadsheetResource
from .codes import CodeWidget, event_codes


def _event() -> Field:
    return Field(attribute="event", column_name="event", widget=CodeWidget(event_codes))


class PointRuleResource(SpreadsheetResource):
    slug_source = "name"
    event = _event()
    aliases = {
        "points": ["amount", "pays"],
        "once_per_object": ["once", "per object"],
        "daily_limit": ["limit per day", "a day"],
        "total_limit": ["limit", "in total"],
    }

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, **kwargs: Any
    ) -> None:
        daily, total = instance.daily_limit, instance.total_limit
        message = _("The total limit can't be lower than the daily limit.")
        is_wrong = bool(daily and total and daily > total)
        errors = _with(import_validation_errors, is_wrong, "total_limit", message)
        super().validate_instance(instance, errors, **kwargs)

    class Meta(SpreadsheetResource.Meta):
        model = PointRule
        fields = (
            "slug",
            "name",
            "event",
            "points",
            "once_per_object",
            "daily_limit",
            "total_limit",
        )


class CampaignResource(SpreadsheetResource):
    """Campaigns, with their time: without it they would begin at once."""

    slug_source = "name"
    event = _event()
    aliases = {
        "multiplier": ["factor", "times"],
        "go_live_at": ["start", "starts", "starts at", "from"],
        "expire_at": ["end", "ends", "ends at", "until"],
    }

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, **kwargs: Any
    ) -> None:
        start, end = instance.go_live_at, instance.expire_at
        message = _("The end has to be later than the start.")
        is_wrong = bool(start and end and end <= start)
        errors = _with(import_validation_errors, is_wrong, "expire_at", message)
        super().validate_instance(instance, errors, **kwargs)

    class Meta(SpreadsheetResource.Meta):
        model = Campaign
        fields = ("slug", "name", "event", "multiplier", "go_live_at", "expire_at")


def _with(errors: Any, is_wrong: bool, column: str, message: str) -> dict[str, Any]:
    """Add an error to those that there are, unless the column has one."""
    found = dict(errors or {})
    if is_wrong and column not in found:
        found[column] = [ValidationError(message)]
    return found
