"""Where Wagtail finds our screens, icons and bulk actions."""

from __future__ import annotations

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


register_snippet(GamificationViewSetGroup)
# After Wagtail's own of the same name, whose place it takes for our models.
hooks.register("register_bulk_action", DeleteDefinitionsBulkAction, order=100)
