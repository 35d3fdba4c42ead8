"""Where Wagtail finds our screens, icons and bulk actions."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from .actions.erase_player import LOG_ERASE_PLAYER
from .actions.export_player import LOG_EXPORT_PLAYER
from .actions.giving import PERMISSIONS
from .cms import failures, retroactive
from .cms.boards.teams import team_permissions
from .cms.bulk import audit as bulk_audit
from .cms.bulk.actions import AwardBulkAction, PointsBulkAction
from .cms.bulk_actions import (
    DeleteDefinitionsBulkAction,
    DeletePointRulesBulkAction,
)
from .cms.claims import audit as claims_audit
from .cms.claims import base as claims_base
from .cms.dashboard.panel import add_panel
from .cms.draftail import add_badge_feature
from .cms.giving import audit
from .cms.imports import audit as imports_audit
from .cms.nominations import audit as nominations_audit
from .cms.nominations import queue
from .cms.player_chooser import player_chooser
from .cms.players.users import user_listing_buttons
from .cms.privacy.permissions import privacy_permissions
from .cms.reporting.awards import AwardReport
from .cms.reporting.badges import RarityReport, UnusedReport
from .cms.reporting.ledger import LedgerReport
from .cms.reporting.permissions import report_permissions
from .cms.reports import ReportMenuItem
from .cms.viewsets import GamificationViewSetGroup
from .cms.webhooks import audit as webhooks_audit
from .cms.webhooks.endpoints import endpoint_viewset

ICONS = ("trophy", "badge", "category", "unlockable", "level", "leaderboard")


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    return [
        *icons,
        *(f"wagtail_gamification/icons/gamification-{name}.svg" for name in ICONS),
    ]


@hooks.register("register_rich_text_features")
def register_badge_feature(features: Any) -> None:
    add_badge_feature(features)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLResolver]:
    return [
        path(
            "gamification/dashboard/",
            include("wagtail_gamification.cms.dashboard.urls"),
        ),
        path("gamification/badges/", include("wagtail_gamification.cms.earners.urls")),
        path("gamification/bulk/", include("wagtail_gamification.cms.bulk.urls")),
        path("gamification/imports/", include("wagtail_gamification.cms.imports.urls")),
        path("gamification/players/", include("wagtail_gamification.cms.players.urls")),
        path("gamification/claims/", include("wagtail_gamification.cms.claims.urls")),
        path(
            "gamification/nominations/",
            include("wagtail_gamification.cms.nominations.urls"),
        ),
        path(
            "gamification/webhook-deliveries/",
            include("wagtail_gamification.cms.webhooks.urls"),
        ),
        path("gamification/teams/", include("wagtail_gamification.cms.boards.teams")),
        path("reports/gamification/", include("wagtail_gamification.cms.report_urls")),
    ]


@hooks.register("register_permissions")
def register_import_permission() -> QuerySet:
    return Permission.objects.filter(
        content_type__app_label="wagtail_gamification", codename="import_definitions"
    )


@hooks.register("register_permissions")
def register_player_permission() -> QuerySet:
    return Permission.objects.filter(
        content_type__app_label="wagtail_gamification",
        codename="view_gamificationinterface",
    )


@hooks.register("register_permissions")
def register_failure_permissions() -> QuerySet:
    return failures.failure_permissions()


@hooks.register("register_permissions")
def register_privacy_permissions() -> QuerySet:
    return privacy_permissions()


@hooks.register("register_permissions")
def register_giving_permissions() -> QuerySet:
    return Permission.objects.filter(
        content_type__app_label="wagtail_gamification",
        codename__in=[name.split(".")[1] for name in PERMISSIONS.values()],
    )


@hooks.register("register_permissions")
def register_team_permission() -> QuerySet:
    return team_permissions()


@hooks.register("register_permissions")
def register_nomination_permission() -> QuerySet:
    return queue.nomination_permissions()


@hooks.register("register_permissions")
def register_claim_code_permissions() -> QuerySet:
    return claims_base.claim_code_permissions()


@hooks.register("register_reports_menu_item")
def register_failures_menu_item() -> MenuItem:
    return ReportMenuItem(
        failures.FailureReport,
        _("Gamification failures"),
        name="gamification-failures",
        order=1300,
    )


@hooks.register("register_reports_menu_item")
def register_retroactive_menu_item() -> MenuItem:
    return ReportMenuItem(
        retroactive.RetroactiveReport,
        _("Retroactive awards"),
        name="gamification-retroactive",
        order=1310,
    )


@hooks.register("register_permissions")
def register_report_permissions() -> QuerySet:
    return report_permissions()


for _order, (_name, _report) in enumerate(
    [
        ("awards", AwardReport),
        ("ledger", LedgerReport),
        ("rarity", RarityReport),
        ("unused", UnusedReport),
    ]
):
    hooks.register(
        "register_reports_menu_item",
        partial(
            ReportMenuItem,
            _report,
            _report.page_title,
            name=f"gamification-{_name}",
            order=1320 + _order,
        ),
    )


@hooks.register("construct_homepage_panels")
def add_dashboard_panel(request: HttpRequest, panels: list[Any]) -> None:
    add_panel(request, panels)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action(failures.LOG_ACTION, _("Try again"), _("Tried again"))
    actions.register_action(
        LOG_EXPORT_PLAYER, _("Export a player's data"), _("Exported a player's data")
    )
    actions.register_action(LOG_ERASE_PLAYER, _("Erase a player"), _("Erased a player"))
    actions.register_action(
        retroactive.LOG_ACTION, _("Go on where it stopped"), _("Tried again")
    )
    audit.register(actions)
    bulk_audit.register(actions)
    claims_audit.register(actions)
    imports_audit.register(actions)
    nominations_audit.register(actions)
    webhooks_audit.register(actions)


@hooks.register("register_admin_viewset")
def register_webhooks() -> Any:
    return endpoint_viewset


hooks.register("register_admin_viewset", lambda: player_chooser)
# Beside each user in Wagtail's list.
hooks.register("register_user_listing_buttons", user_listing_buttons)
register_snippet(GamificationViewSetGroup)
# After Wagtail's own of the same name, whose place it takes for our models.
hooks.register("register_bulk_action", DeleteDefinitionsBulkAction, order=100)
hooks.register("register_bulk_action", DeletePointRulesBulkAction, order=100)
hooks.register("register_bulk_action", AwardBulkAction)
hooks.register("register_bulk_action", PointsBulkAction)
