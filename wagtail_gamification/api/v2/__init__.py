"""Endpoints for Wagtail's API v2, which the site registers with its own router."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .definitions import (
    BadgesAPIViewSet,
    CategoriesAPIViewSet,
    LevelsAPIViewSet,
    UnlockablesAPIViewSet,
)
from .leaderboards import LeaderboardsAPIViewSet
from .me import MeAPIViewSet
from .pages import GatedPagesAPIViewSet, GatedPagesMixin

if TYPE_CHECKING:
    from wagtail.api.v2.router import WagtailAPIRouter

__all__ = [
    "BadgesAPIViewSet",
    "CategoriesAPIViewSet",
    "GatedPagesAPIViewSet",
    "GatedPagesMixin",
    "LeaderboardsAPIViewSet",
    "LevelsAPIViewSet",
    "MeAPIViewSet",
    "UnlockablesAPIViewSet",
    "register_endpoints",
]


def register_endpoints(api_router: WagtailAPIRouter) -> None:
    """Register all of them under their usual names."""
    api_router.register_endpoint("badges", BadgesAPIViewSet)
    api_router.register_endpoint("categories", CategoriesAPIViewSet)
    api_router.register_endpoint("leaderboards", LeaderboardsAPIViewSet)
    api_router.register_endpoint("levels", LevelsAPIViewSet)
    api_router.register_endpoint("unlockables", UnlockablesAPIViewSet)
    api_router.register_endpoint("me", MeAPIViewSet)
