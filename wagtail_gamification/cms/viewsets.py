"""The Gamification menu and what is in it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.spreadsheets.resources import CATALOGUE

from . import index, panels, views
from .choosers import OriginalChooserViewSet
from .filters import (
    BadgeFilterSet,
    CategoryFilterSet,
    LevelFilterSet,
    UnlockableFilterSet,
)
from .imports.menu import ImportMenuItem
from .rules.viewsets import CampaignViewSet, PointRuleViewSet
from .spreadsheets import SpreadsheetViewSetMixin


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
    inspect_view_fields = [
        "image",
        "name",
        "slug",
        "description",
        "locale",
        "category",
        "points",
        "progression_target",
        "next_badge",
        "is_secret",
        "max_awards",
        "expires_after",
        "status_string",
        "players",
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


class GamificationViewSetGroup(SnippetViewSetGroup):
    items = (
        BadgeViewSet,
        CategoryViewSet,
        UnlockableViewSet,
        LevelViewSet,
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
        return [*items, ImportMenuItem(order=len(items) + 1)]
