"""Where members read what they were told, and stop mail about it."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView, View

from wagtail_gamification.actions.send_digests import interface_of, stop_digest
from wagtail_gamification.models import Notice
from wagtail_gamification.notices import count_unread, read_notices, take_new_notices

from .private import PrivateMixin

NOTICES_AT_ONCE = 20


class NoticesView(PrivateMixin, TemplateView):
    """Lists what a member was told, the newest first."""

    http_method_names = ["get", "head", "options"]
    template_name = "wagtail_gamification/notices/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        notices = Notice.objects.of(user).current().order_by("-pk")
        before = _number(self.request.GET.get("before", ""))
        if before is not None:
            notices = notices.filter(pk__lt=before)
        else:
            # The page around needn't tell what the list says.
            take_new_notices(user)
        keys = list(notices.values_list("pk", flat=True)[: NOTICES_AT_ONCE + 1])
        shown = keys[:NOTICES_AT_ONCE]
        found = Notice.objects.filter(pk__in=shown).order_by("-pk")
        return super().get_context_data(
            notices=read_notices(found),
            unread=count_unread(user),
            is_first=before is None,
            before=shown[-1] if len(keys) > NOTICES_AT_ONCE else None,
            **kwargs,
        )


class NewNoticesView(PrivateMixin, View):
    """Gives a script what is new; the answer is empty where nothing is."""

    http_method_names = ["get", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        # It counts as told, so no other site may have a visitor open it.
        if request.headers.get("X-Requested-With") != "fetch":
            raise Http404
        notices = take_new_notices(request.user)
        if not notices:
            return HttpResponse(status=204)
        name = "wagtail_gamification/notices/told.html"
        return render(request, name, {"notices": notices})


class ReadNoticesView(PrivateMixin, View):
    """Marks one notice of the member's as read, or all, and leads back to the list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        notices = Notice.objects.of(request.user)
        if pk is not None:
            notices = notices.filter(pk=pk)
        notices.mark_read()
        before = _number(request.POST.get("before", ""))
        response = redirect("wagtail_gamification:notices")
        if before is not None:
            response["Location"] += f"?before={before}"
        return response


# Mail programs post to it by themselves, from wherever they are (RFC 8058). What they
# hold is signed, and can do nothing else.
@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(never_cache, name="dispatch")
class StopDigestView(TemplateView):
    """Stops the e-mail digest of whoever got the mail; opening it only asks."""

    http_method_names = ["get", "head", "options", "post"]
    template_name = "wagtail_gamification/notices/stop_digest.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(interface=self._interface(), **kwargs)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        stop_digest(self._interface())
        return self.render_to_response(self.get_context_data(is_stopped=True))

    def _interface(self) -> int:
        try:
            return interface_of(self.kwargs["token"])
        except signing.BadSignature:
            raise Http404 from None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
