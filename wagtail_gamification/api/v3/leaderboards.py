"""Who is on a leaderboard."""

# Ninja reads annotations when the routers are made, so they aren't postponed here,
# and defaults tell it where a parameter comes from.
# ruff: noqa: B008

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from wagtail_gamification.api import boards

from .definitions import Kind, definitions_router
from .params import PlacesParams, answering
from .schemas import PlacesSchema


def leaderboards_router(name: str, kind: Kind) -> Router:
    """Make the endpoints for boards and their places."""
    router = definitions_router(name, kind)

    @router.get(
        "/{definition_id}/entries/",
        response=PlacesSchema,
        url_name="leaderboard_entries",
        summary="The places of a leaderboard",
        operation_id="leaderboards_entries",
    )
    def list_places(
        request: HttpRequest, definition_id: int, params: PlacesParams = Query(...)
    ) -> dict[str, Any]:
        with answering(request, params) as entries:
            board = get_object_or_404(kind.public(), pk=definition_id)
            return boards.places(board, entries, page=params.page, limit=params.limit)

    return router
