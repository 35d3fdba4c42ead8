"""The Gamification menu and what is in it."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Leaderboard,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.spreadsheets.resources import CATALOGUE

from . import badge_views, index, panels, views
from .boards.panels import leaderboard_panels
from .boards.teams import TeamsMenuItem
from .boards.views import (
    LeaderboardFilterSet,
    LeaderboardIndexView,
    LeaderboardInspectView,
)
from .bulk.menu import BulkMenuItem
from .choosers import OriginalChooserViewSet
from .claims.menu import ClaimCodesMenuItem
from .dashboard.menu import DashboardMenuItem
from .filters import (
    BadgeFilterSet,
    CategoryFilterSet,
    LevelFilterSet,
    UnlockableFilterSet,
)
from .imports.menu import ImportMenuItem
from .nominations.menu import NominationsMenuItem
from .players.menu import PlayersMenuItem
from .qualifying import QualifyingView
from .rules.viewsets import CampaignViewSet, PointRuleViewSet
from .spreadsheets import SpreadsheetViewSetMixin
from .webhooks.menu import WebhooksMenuItem


class TranslatableDefinitionViewSet(SpreadsheetViewSetMixin, SnippetViewSet):
    """What the screens of all four have in common."""

    workbook = CATALOGUE
    chooser_viewset_class = OriginalChooserViewSet
    reorder_view_class = views.DefinitionReorderView
    add_view_class = views.DefinitionCreateView
    copy_view_class = views.DefinitionCopyView
    preview_on_add_view_class = views.DefinitionPreviewOnCreateView
    inspect_view_class = views.DefinitionInspectView
    delete_view_class = views.DefinitionDeleteView
    delete_template_name = "wagtail_gamification/cms/confirm_delete.html"
    inspect_view_enabled = True


class CategoryViewSet(TranslatableDefinitionViewSet):
    model = Category
    icon = "gamification-category"
    index_view_class = index.CategoryIndexView
    filterset_class = CategoryFilterSet
    edit_handler = panels.category_panels
    export_filename = "categories"
    inspect_view_fields = ["name", "slug", "description", "locale"]


class BadgeViewSet(TranslatableDefinitionViewSet):
    model = BadgeDefinition
    icon = "gamification-badge"
    index_view_class = index.BadgeIndexView
    filterset_class = BadgeFilterSet
    edit_handler = panels.badge_panels
    export_filename = "badges"
    add_view_class = badge_views.BadgeCreateView
    edit_view_class = badge_views.BadgeEditView
    copy_view_class = badge_views.BadgeCopyView
    inspect_view_class = badge_views.BadgeInspectView
    inspect_view_fields = [
        "image",
        "name",
        "slug",
        "description",
        "locale",
        "category",
        "requirements",
        "points",
        "progression_target",
        "next_badge",
        "is_secret",
        "max_awards",
        "expires_after",
        "awarding_groups",
        "awards_per_giver",
        "may_award_oneself",
        "allows_nominations",
        "status_string",
        "players",
    ]

    @property
    def qualifying_view(self) -> Any:
        return self.construct_view(
            QualifyingView, form_class=self.get_form_class(for_update=True)
        )

    def get_urlpatterns(self) -> list[Any]:
        view = self.qualifying_view
        return [
            *super().get_urlpatterns(),
            path("qualifying/", view, name="qualifying"),
            path(f"qualifying/<{self.pk_path_converter}:pk>/", view, name="qualifying"),
        ]


class UnlockableViewSet(TranslatableDefinitionViewSet):
    model = UnlockableDefinition
    icon = "gamification-unlockable"
    index_view_class = index.UnlockableIndexView
    filterset_class = UnlockableFilterSet
    edit_handler = panels.unlockable_panels
    export_filename = "unlockables"
    inspect_view_fields = [
        "image",
        "name",
        "slug",
        "description",
        "locale",
        "points_required",
        "price",
        "relock",
        "status_string",
        "players",
    ]


class LevelViewSet(TranslatableDefinitionViewSet):
    model = Level
    icon = "gamification-level"
    index_view_class = index.LevelIndexView
    filterset_class = LevelFilterSet
    edit_handler = panels.level_panels
    export_filename = "levels"
    # Levels stand in the order of their points, which nobody can drag.
    sort_order_field = None
    inspect_view_fields = [
        "image",
        "name",
        "slug",
        "description",
        "locale",
        "points_required",
        "status_string",
        "players",
    ]


class LeaderboardViewSet(SnippetViewSet):
    """Leaderboards: no catalogue has them, for they are of one site."""

    model = Leaderboard
    icon = "gamification-leaderboard"
    chooser_viewset_class = OriginalChooserViewSet
    index_view_class = LeaderboardIndexView
    filterset_class = LeaderboardFilterSet
    edit_handler = leaderboard_panels
    export_filename = "leaderboards"
    reorder_view_class = views.DefinitionReorderView
    add_view_class = views.DefinitionCreateView
    copy_view_class = views.DefinitionCopyView
    preview_on_add_view_class = views.DefinitionPreviewOnCreateView
    inspect_view_class = LeaderboardInspectView
    delete_view_class = views.DefinitionDeleteView
    delete_template_name = "wagtail_gamification/cms/confirm_delete.html"
    inspect_view_enabled = True
    list_export = LeaderboardIndexView.list_export
    inspect_view_fields = [
        "name",
        "slug",
        "description",
        "locale",
        "measure",
        "event",
        "window",
        "starts_on",
        "ends_on",
        "audience",
        "group",
        "team",
        "size",
        "status_string",
        "standing",
    ]


class GamificationViewSetGroup(SnippetViewSetGroup):
    items = (
        BadgeViewSet,
        CategoryViewSet,
        UnlockableViewSet,
        LevelViewSet,
        LeaderboardViewSet,
        PointRuleViewSet,
        CampaignViewSet,
    )
    menu_label = _("Gamification")
    menu_name = "gamification"
    menu_icon = "gamification-trophy"
    menu_order = 450
    add_to_admin_menu = True

    def get_submenu_items(self) -> list[MenuItem]:
        items = super().get_submenu_items()
        return [
            DashboardMenuItem(order=-2),
            PlayersMenuItem(order=-1),
            *items,
            TeamsMenuItem(order=len(items)),
            ClaimCodesMenuItem(order=len(items)),
            NominationsMenuItem(order=len(items)),
            BulkMenuItem(order=len(items) + 1),
            ImportMenuItem(order=len(items) + 2),
            WebhooksMenuItem(order=len(items) + 3),
        ]
