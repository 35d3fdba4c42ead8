"""Where the parts of a page come from that are loaded separately."""

from __future__ import annotations

from typing import Any

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from django.views.generic import View

from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.fragments import Fragment
from wagtail_gamification.templatetags.nodes import ShelfNode
from wagtail_gamification.templatetags.tags import shelf_tags


class FragmentView(View):
    """Shows what a tag shows to whoever asks: bare to the script, else as a page.

    Browsers may keep it and ask whether it is still the same; caches that visitors
    share may not.
    """

    http_method_names = ["get", "head", "options"]
    template_name = "wagtail_gamification/fragments/page.html"

    @method_decorator(conditional_page)
    @method_decorator(cache_control(private=True, no_cache=True))
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        fragment = self._fragment()
        node = self._node(fragment)
        arguments = fragment.tag_arguments
        with translation.override(fragment.language or translation.get_language()):
            html = _shown(node, request, arguments)
            if "bare" in request.GET:
                response = HttpResponse(html)
            else:
                context = {
                    "html": html,
                    "label": arguments.get("heading") or node.label,
                }
                response = render(request, self.template_name, context)
            response.headers["Content-Language"] = translation.get_language()
        return response

    def _fragment(self) -> Fragment:
        try:
            return Fragment.read(self.request.GET.get("of", ""))
        except BadSignature as error:
            raise Http404("Nobody has signed this.") from error

    def _node(self, fragment: Fragment) -> ShelfNode:
        tags = shelf_tags()
        if fragment.tag not in tags:
            # A cached page may have been written by a version that had it.
            raise Http404("There is no such tag any more.")
        return tags[fragment.tag](fragment.tag)


def _shown(node: ShelfNode, request: HttpRequest, arguments: dict[str, Any]) -> str:
    try:
        return node.show(request, arguments)
    except UnknownDefinition:
        # Deleted since the page was cached.
        return ""
