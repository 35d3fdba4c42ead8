"""What belongs to the member whose session it is."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.cache import patch_cache_control, patch_vary_headers
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from wagtail.api.v2.utils import BadRequestError, parse_boolean

from wagtail_gamification.api import notices, players
from wagtail_gamification.models import GamificationInterface
from wagtail_gamification.notices import count_unread

from .base import GamificationAPIViewSet


class MeAPIViewSet(GamificationAPIViewSet):
    """One member's own shelf and notices, which no cache keeps and nobody else gets."""

    name = "me"
    model = GamificationInterface
    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]
    parser_classes = [JSONParser]
    # The pages that show other endpoints in a browser ask for a form.
    renderer_classes = [JSONRenderer]
    # What each of the addresses takes besides.
    shelf_parameters = {"category", "show", "steps"}
    notices_parameters = {"limit", "offset", "unread"}
    shared_parameters = {"locale", "image_size", "format", "_"}

    def shelf_view(self, request: Any) -> Response:
        self.check_names(self.shelf_parameters)
        return Response(
            players.shelf(
                request.user,
                self.entries,
                category=request.GET.get("category"),
                show=request.GET.get("show", "all"),
                steps=self.boolean_parameter(request, "steps"),
            )
        )

    def notices_view(self, request: Any) -> Response:
        self.check_names(self.notices_parameters)
        found = notices.of(
            request.user, unread=self.boolean_parameter(request, "unread")
        )
        page = self.paginate_queryset(found)
        response = self.get_paginated_response(notices.told(page, self.entries))
        response.data["meta"]["unread_count"] = count_unread(request.user)
        return response

    def read_view(self, request: Any) -> Response:
        """Mark notices as read: those of ``{"ids": […]}``, or ``{"all": true}``."""
        self.check_names(set())
        data = request.data if isinstance(request.data, dict) else {}
        keys, everything = data.get("ids", []), data.get("all", False)
        if (
            set(data) - {"ids", "all"}
            or not (keys or everything)
            or type(everything) is not bool
        ):
            raise BadRequestError('Send {"ids": [1, 2]} or {"all": true}.')
        notices.mark_read(
            request.user, keys=notices.checked_keys(keys), everything=everything
        )
        return Response({"unread_count": count_unread(request.user)})

    def boolean_parameter(self, request: Any, name: str) -> bool:
        try:
            return parse_boolean(request.GET.get(name, "false"))
        except ValueError as error:
            raise BadRequestError(f"{name}: {error}") from error

    def check_names(self, known: set[str]) -> None:
        """Refuse parameters that nothing is done with."""
        unknown = set(self.request.GET) - known - self.shared_parameters
        if unknown:
            raise BadRequestError(
                "query parameter is not an operation or a recognised field: "
                + ", ".join(sorted(unknown))
            )

    def finalize_response(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        patch_vary_headers(response, ["Cookie"])
        return response

    @classmethod
    def get_urlpatterns(cls) -> list[Any]:
        return [
            path("shelf/", cls.as_view({"get": "shelf_view"}), name="shelf"),
            path("notices/", cls.as_view({"get": "notices_view"}), name="notices"),
            path("notices/read/", cls.as_view({"post": "read_view"}), name="read"),
        ]

    @classmethod
    def get_object_detail_urlpath(
        cls, model: Any, pk: Any, namespace: str = ""
    ) -> None:
        """Players have no address here but their own."""

    @classmethod
    def get_model_listing_urlpath(cls, model: Any, namespace: str = "") -> None:
        """Nor is there a list of them."""
