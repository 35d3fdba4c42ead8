"""What belongs to the member whose session it is."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.cache import patch_cache_control, patch_vary_headers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from wagtail.api.v2.utils import BadRequestError, parse_boolean

from wagtail_gamification.api import players
from wagtail_gamification.models import GamificationInterface

from .base import GamificationAPIViewSet


class MeAPIViewSet(GamificationAPIViewSet):
    """One member's own shelf. No cache may keep it, and nobody else gets it."""

    name = "me"
    model = GamificationInterface
    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]
    # What each of the addresses takes besides.
    shelf_parameters = {"category", "show", "steps"}
    shared_parameters = {"locale", "image_size", "format", "_"}

    def shelf_view(self, request: Any) -> Response:
        self.check_names(self.shelf_parameters)
        steps = request.GET.get("steps", "false")
        try:
            wants_steps = parse_boolean(steps)
        except ValueError as error:
            raise BadRequestError(f"steps: {error}") from error
        return Response(
            players.shelf(
                request.user,
                self.entries,
                category=request.GET.get("category"),
                show=request.GET.get("show", "all"),
                steps=wants_steps,
            )
        )

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
        return [path("shelf/", cls.as_view({"get": "shelf_view"}), name="shelf")]

    @classmethod
    def get_object_detail_urlpath(
        cls, model: Any, pk: Any, namespace: str = ""
    ) -> None:
        """Players have no address here but their own."""

    @classmethod
    def get_model_listing_urlpath(cls, model: Any, namespace: str = "") -> None:
        """Nor is there a list of them."""
