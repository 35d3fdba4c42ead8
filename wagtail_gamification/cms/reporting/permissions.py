"""Who may see which report."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_gamification.models import (
    Award,
    BadgeDefinition,
    DailyTotal,
    PointChange,
)

# These two name players.
award_policy = ModelPermissionPolicy(Award)
ledger_policy = ModelPermissionPolicy(PointChange)
# What became of badges is for those who work on them.
badge_policy = ModelPermissionPolicy(BadgeDefinition)
BADGE_ACTIONS = {"add", "change", "delete", "view"}
dashboard_policy = ModelPermissionPolicy(DailyTotal)


def report_permissions() -> QuerySet:
    """Give the permissions that a group can have on reports and the dashboard."""
    return Permission.objects.filter(
        content_type__app_label="wagtail_gamification",
        codename__in=["view_award", "view_pointchange", "view_dailytotal"],
    )
