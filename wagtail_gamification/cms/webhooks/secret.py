"""The page on which the secret of a web hook is shown, once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import WebhookEndpoint

from .audit import LOG_ROTATE
from .base import ENDPOINTS, policy, url_of


@method_decorator(never_cache, name="dispatch")
class SecretView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Opening it shows nothing; the button does, to the first who presses it."""

    http_method_names = ["get", "head", "options", "post"]
    permission_policy = policy
    # Whoever makes a web hook has to hand its secret on.
    any_permission_required = {"add", "change"}
    template_name = "wagtail_gamification/cms/webhooks/secret.html"
    page_title = gettext_lazy("Secret")
    header_icon = "key"

    @cached_property
    def endpoint(self) -> WebhookEndpoint:
        return get_object_or_404(WebhookEndpoint, pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        unseen = WebhookEndpoint.objects.filter(
            pk=self.endpoint.pk, secret=self.endpoint.secret, secret_shown_at=None
        )
        if not unseen.update(secret_shown_at=timezone.now()):
            messages.error(request, _("This secret has been shown already."))
            return redirect(url_of("secret", pk))
        context = self.get_context_data(secret=self.endpoint.secret)
        return self.render_to_response(context)

    def get_page_subtitle(self) -> str:
        return self.endpoint.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{ENDPOINTS}:index"), "label": _("Web hooks")},
            {
                "url": "",
                "label": self.get_page_title(),
                "sublabel": self.get_page_subtitle(),
            },
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            endpoint=self.endpoint,
            may_rotate=policy.user_has_permission(self.request.user, "change"),
            hours=app_settings.WEBHOOK_ROTATION_HOURS,
            list_url=reverse(f"{ENDPOINTS}:index"),
            **kwargs,
        )


class RotateView(PermissionCheckedMixin, View):
    """Makes a new secret, and leads to where it is shown."""

    http_method_names = ["post"]
    permission_policy = policy
    permission_required = "change"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
        endpoint.rotate_secret()
        log(instance=endpoint, action=LOG_ROTATE, user=request.user)
        messages.success(request, _("There is a new secret."))
        return redirect(url_of("secret", pk))
