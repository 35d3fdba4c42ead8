"""What belongs to the user whose token it is."""

# Ninja reads annotations when the routers are made, so they aren't postponed here,
# and defaults tell it where a parameter comes from.
# ruff: noqa: B008

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from ninja import Body, Query, Router
from ninja.decorators import decorate_view
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.api.v3.pagination import WagtailLimitOffsetPagination

from wagtail_gamification.api import notices, players
from wagtail_gamification.notices import count_unread

from .params import NoticeParams, ReadNotices, ShelfParams, answering
from .schemas import NoticesSchema, ShelfSchema, UnreadSchema


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let no cache keep what a view answers, errors included."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        patch_vary_headers(response, ["Authorization"])
        return response

    return wrapped


def me_router() -> Router:
    """Make the endpoints. A session doesn't open them: no other site can use it."""
    router = Router(tags=["gamification"], auth=BearerTokenAuth())

    @router.get(
        "/shelf/",
        response=ShelfSchema,
        url_name="my_shelf",
        summary="What the token's user has",
        operation_id="me_shelf",
    )
    @decorate_view(private)
    def shelf(request: HttpRequest, params: ShelfParams = Query(...)) -> dict[str, Any]:
        with answering(request, params) as entries:
            return players.shelf(
                request.user,
                entries,
                category=params.category,
                show=params.show,
                steps=params.steps,
            )

    @router.get(
        "/notices/",
        response=NoticesSchema,
        url_name="my_notices",
        summary="What the token's user was told",
        operation_id="me_notices",
    )
    @decorate_view(private)
    def list_notices(
        request: HttpRequest, params: NoticeParams = Query(...)
    ) -> dict[str, Any]:
        with answering(request, params) as entries:
            found = notices.of(request.user, unread=params.unread)
            page = WagtailLimitOffsetPagination().paginate_queryset(
                found, params, request
            )
            return {
                "count": page["count"],
                "unread_count": count_unread(request.user),
                "items": notices.told(page["items"], entries),
            }

    @router.post(
        "/notices/read/",
        response=UnreadSchema,
        url_name="read_my_notices",
        summary="Mark notices of the token's user as read",
        operation_id="me_notices_read",
    )
    @decorate_view(private)
    def read_notices(
        request: HttpRequest, data: ReadNotices = Body(...)
    ) -> dict[str, Any]:
        notices.mark_read(request.user, keys=data.ids, everything=data.all)
        return {"unread_count": count_unread(request.user)}

    return router
