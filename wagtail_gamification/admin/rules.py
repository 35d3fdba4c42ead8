"""What events pay."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.cms.rules.forms import CampaignForm, PointRuleForm
from wagtail_gamification.models import Campaign, PointRule

from .publishing import PublishingAdmin


class _ScheduledForm:
    """Refuse a schedule that can't be: Wagtail's own form does it in the CMS."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()  # type: ignore[misc]
        start, end = data.get("go_live_at"), data.get("expire_at")
        errors = {}
        if end and end < timezone.now():
            errors["expire_at"] = _("The end has to be in the future.")
        elif start and end and start >= end:
            errors["expire_at"] = _("The end has to be after the start.")
        if errors:
            raise ValidationError(errors)
        return data


class _PointRuleForm(_ScheduledForm, PointRuleForm):
    pass


class _CampaignForm(_ScheduledForm, CampaignForm):
    pass


class RuleAdmin(PublishingAdmin):
    """Names, events and schedules."""

    list_filter = ["live", "event"]
    search_fields = ["name", "slug"]
    readonly_fields = ["live"]


@admin.register(PointRule)
class PointRuleAdmin(RuleAdmin):
    form = _PointRuleForm
    list_display = ["name", "event", "points", "daily_limit", "total_limit", "live"]
    fields = [
        "name",
        "slug",
        "event",
        "points",
        "once_per_object",
        "daily_limit",
        "total_limit",
        "go_live_at",
        "expire_at",
        "live",
    ]


@admin.register(Campaign)
class CampaignAdmin(RuleAdmin):
    form = _CampaignForm
    list_display = ["name", "event", "multiplier", "go_live_at", "expire_at", "live"]
    fields = [
        "name",
        "slug",
        "event",
        "multiplier",
        "go_live_at",
        "expire_at",
        "live",
    ]
