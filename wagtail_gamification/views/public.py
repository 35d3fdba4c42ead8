"""What the pages that anybody may open have in common."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect

from wagtail_gamification.conf import app_settings


class PublicMixin:
    """Pages that players have made public, and may take away at any time.

    No cache between visitor and site keeps them, so that what was taken away is gone
    at once, and so that nobody is given the page as its owner sees it. Browsers may
    keep them, and ask before they show them.
    """

    # The site may do without the middleware.
    @method_decorator(csrf_protect)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # Who looks is read in any case, so that what isn't there varies by it too.
        bool(request.user)
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ["Cookie"])
        response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        if not app_settings.INDEX_PROFILES:
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["is_indexed"] = app_settings.INDEX_PROFILES
        return super().get_context_data(**kwargs)  # type: ignore[misc]
