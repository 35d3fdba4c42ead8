"""Where Wagtail finds our screens, icons and bulk actions."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLResolver, include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from .cms.bulk_actions import DeleteDefinitionsBulkAction
from .cms.viewsets import GamificationViewSetGroup

ICONS = ("trophy", "badge", "category", "unlockable", "level")


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    return [
        *icons,
        *(f"wagtail_gamification/icons/gamification-{name}.svg" for name in ICONS),
    ]


@hooks.register("register_admin_urls")
def register_import_urls() -> list[URLResolver]:
    return [
        path("gamification/imports/", include("wagtail_gamification.cms.imports.urls"))
    ]


@hooks.register("register_permissions")
def register_import_permission() -> QuerySet:
    return Permission.objects.filter(
        content_type__app_label="wagtail_gamification", codename="import_definitions"
    )


register_snippet(GamificationViewSetGroup)
# After Wagtail's own of the same name, whose place it takes for our models.
hooks.register("register_bulk_action", DeleteDefinitionsBulkAction, order=100)
