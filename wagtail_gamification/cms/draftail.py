"""How editors put a badge into a text."""

from __future__ import annotations

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.admin.staticfiles import versioned_static

from wagtail_gamification.rich_text import (
    CONVERSION,
    ENTITY,
    FEATURE,
    BadgeEmbedHandler,
)

CHOOSER = "wagtailsnippetchoosers_wagtail_gamification_badgedefinition:choose"


def add_badge_feature(features: Any) -> None:
    """Make the feature known; a site names it where it wants it."""
    features.register_embed_type(BadgeEmbedHandler)
    features.register_editor_plugin(
        "draftail",
        FEATURE,
        EntityFeature(
            {
                "type": ENTITY,
                "icon": "gamification-badge",
                "description": _("Badge"),
                "chooserUrls": {"badgeChooser": reverse_lazy(CHOOSER)},
            },
            js=[
                versioned_static("wagtailadmin/js/chooser-modal.js"),
                "wagtail_gamification/js/badge_entity.js",
            ],
        ),
    )
    features.register_converter_rule("contentstate", FEATURE, CONVERSION)
