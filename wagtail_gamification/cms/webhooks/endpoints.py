"""The list of web hooks, and the forms for them."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from wagtail_gamification.models import WebhookEndpoint

from .base import ENDPOINTS, policy, url_of
from .forms import EndpointForm


class EndpointIndexView(generic.IndexView):
    """Says of each whether messages arrive."""

    @cached_property
    def header_buttons(self) -> list[Any]:
        deliveries = HeaderButton(
            _("Deliveries"), url=url_of("deliveries"), icon_name="history"
        )
        return [*super().header_buttons, deliveries]

    def get_list_more_buttons(self, instance: WebhookEndpoint) -> list[Button]:
        buttons = super().get_list_more_buttons(instance)
        url = f"{url_of('deliveries')}?endpoint={instance.pk}"
        buttons.append(Button(_("Deliveries"), url=url, icon_name="history"))
        if policy.user_has_permission(self.request.user, "change"):
            secret = url_of("secret", instance.pk)
            buttons.append(Button(_("Secret"), url=secret, icon_name="key"))
        return buttons


class EndpointCreateView(generic.CreateView):
    """Leads to the secret, which is shown once."""

    def get_success_url(self) -> str:
        return url_of("secret", self.object.pk)


class EndpointViewSet(ModelViewSet):
    """The screens of web hooks. The secret is in none of them."""

    model = WebhookEndpoint
    name = ENDPOINTS
    url_prefix = "gamification/webhooks"
    icon = "link"
    index_view_class = EndpointIndexView
    add_view_class = EndpointCreateView
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["name", "url", "events", "is_active", "created_at"]
    list_display = [
        "name",
        "url",
        Column("state", label=_("State"), accessor="state.label"),
        DateColumn("failing_since", label=_("Failing since")),
    ]
    search_fields = ["name", "url"]

    def get_form_class(self, for_update: bool = False) -> Any:
        return EndpointForm


endpoint_viewset = EndpointViewSet()
