"""Endpoints for leaderboards and who is on them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework.response import Response
from wagtail.api.v2.utils import BadRequestError

from wagtail_gamification.api import boards, listing
from wagtail_gamification.models import Leaderboard

from .base import DefinitionsAPIViewSet


class LeaderboardsAPIViewSet(DefinitionsAPIViewSet):
    """The published boards of everybody, and their places, to everybody.

    A site that shows those of groups or teams to everybody says so in ``audiences``.
    """

    name = "leaderboards"
    model = Leaderboard
    audiences: tuple[str, ...] = listing.AUDIENCES
    listing_default_fields = [
        *(
            name
            for name in DefinitionsAPIViewSet.listing_default_fields
            if name != "image"
        ),
        "measure",
        "window",
    ]
    entries_parameters = {"page", "limit", "locale", "format", "_"}

    def get_queryset(self) -> QuerySet:
        return listing.public(self.model, self.audiences)

    def entries_view(self, request: Any, pk: int) -> Response:
        unknown = set(request.GET) - self.entries_parameters
        if unknown:
            raise BadRequestError(
                "query parameter is not an operation or a recognised field: "
                + ", ".join(sorted(unknown))
            )
        found = boards.places(
            self.get_object(),
            self.entries,
            page=self.number_of("page") or 1,
            limit=self.number_of("limit"),
        )
        items = found.pop("items")
        return Response(
            {"meta": {"total_count": found.pop("count"), **found}, "items": items}
        )

    def number_of(self, name: str) -> int | None:
        value = self.request.GET.get(name)
        return None if value is None else listing.number(name, value, lowest=1)

    @classmethod
    def get_urlpatterns(cls) -> list[Any]:
        entries = cls.as_view({"get": "entries_view"})
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/entries/", entries, name="entries"),
        ]
