"""Pages in API v2, without those that are closed to whoever asks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.cache import patch_cache_control, patch_vary_headers
from rest_framework.response import Response
from wagtail.api.v2.views import PagesAPIViewSet

from wagtail_gamification.gated_pages import open_to


class GatedPagesMixin:
    """For a site's own endpoint of pages: closed ones are as if they weren't there.

    As Wagtail does it with its private pages, in lists, details and ``find``.
    """

    request: Any

    def get_base_queryset(self) -> QuerySet:
        pages = super().get_base_queryset()  # type: ignore[misc]
        return open_to(pages, getattr(self.request, "user", None))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        # What one may see isn't what the next one may see.
        patch_cache_control(response, private=True)
        patch_vary_headers(response, ["Cookie", "Authorization"])
        return response


class GatedPagesAPIViewSet(GatedPagesMixin, PagesAPIViewSet):
    """Wagtail's endpoint of pages, without those that are closed to whoever asks."""
