"""Endpoints for what editors define."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.filters import BaseFilterBackend

from wagtail_gamification.api import listing
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)

from .base import DefinitionsAPIViewSet


class CategoryFilter(BaseFilterBackend):
    """Implement ``?category=``, by key or slug."""

    def filter_queryset(self, request: Any, queryset: QuerySet, view: Any) -> QuerySet:
        if "category" not in request.GET:
            return queryset
        return listing.in_category(queryset, request.GET["category"])


class BadgesAPIViewSet(DefinitionsAPIViewSet):
    name = "badges"
    model = BadgeDefinition
    filter_backends = [CategoryFilter, *DefinitionsAPIViewSet.filter_backends]
    known_query_parameters = DefinitionsAPIViewSet.known_query_parameters | {"category"}
    listing_default_fields = [*DefinitionsAPIViewSet.listing_default_fields, "points"]


class UnlockablesAPIViewSet(DefinitionsAPIViewSet):
    name = "unlockables"
    model = UnlockableDefinition
    listing_default_fields = [
        *DefinitionsAPIViewSet.listing_default_fields,
        "points_required",
    ]


class LevelsAPIViewSet(DefinitionsAPIViewSet):
    name = "levels"
    model = Level
    listing_default_fields = [
        *DefinitionsAPIViewSet.listing_default_fields,
        "points_required",
    ]


class CategoriesAPIViewSet(DefinitionsAPIViewSet):
    name = "categories"
    model = Category
    listing_default_fields = [
        name for name in DefinitionsAPIViewSet.listing_default_fields if name != "image"
    ]
