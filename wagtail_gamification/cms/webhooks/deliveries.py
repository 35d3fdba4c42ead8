"""The report of what was sent to other systems, with “Send again”."""

from __future__ import annotations

import json
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import (
    BaseColumn,
    Column,
    DateColumn,
    NumberColumn,
    TitleColumn,
)
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from wagtail_gamification.actions.send_webhooks import send_again
from wagtail_gamification.cms.reporting.ranges import DaysFilter
from wagtail_gamification.cms.reports import GamificationReport
from wagtail_gamification.models import (
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)

from .audit import LOG_SEND_AGAIN
from .base import ANY_PERMISSION, NAMESPACE, policy, url_of


class DeliveryFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"),
        choices=WebhookDelivery.State.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    type = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Event"),
        choices=WebhookEvent.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    endpoint = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Web hook"), queryset=WebhookEndpoint.objects.all()
    )
    created_at = DaysFilter(label=gettext_lazy("When"))

    class Meta:
        model = WebhookDelivery
        fields: list[str] = []


class DeliveryReport(GamificationReport):
    """All messages, the latest first."""

    model = WebhookDelivery
    permission_policy = policy
    any_permission_required = ANY_PERMISSION
    page_title = gettext_lazy("Web hook deliveries")
    header_icon = "link"
    index_url_name = f"{NAMESPACE}:deliveries"
    index_results_url_name = f"{NAMESPACE}:deliveries_results"
    filterset_class = DeliveryFilterSet
    default_ordering = ("-pk",)
    list_export = [
        "get_type_display",
        "endpoint",
        "message_id",
        "get_state_display",
        "created_at",
        "attempts",
        "status_code",
        "error",
        "delivered_at",
    ]
    export_headings = {
        "get_type_display": gettext_lazy("Event"),
        "get_state_display": gettext_lazy("State"),
    }

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn(
                "type",
                label=_("Event"),
                accessor="get_type_display",
                get_url=lambda delivery: url_of("delivery", delivery.pk),
            ),
            Column("endpoint", label=_("Web hook")),
            Column("state", label=_("State"), accessor="get_state_display"),
            NumberColumn("attempts", label=_("Attempts"), sort_key="attempts"),
            Column(
                "status_code",
                label=_("Status code"),
                accessor=lambda delivery: delivery.status_code or "",
            ),
            DateColumn("created_at", label=_("When"), sort_key="created_at"),
        ]

    def get_base_queryset(self) -> QuerySet:
        queryset = super().get_base_queryset().defer("payload")
        return queryset.select_related("endpoint")

    @cached_property
    def no_results_message(self) -> Any:
        if self.is_filtering:
            return super().no_results_message
        return _("Nothing has been sent.")

    def get_filename(self) -> str:
        return "web-hook-deliveries"


class DeliveryView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One message: what it says, and what the endpoint answered."""

    http_method_names = ["get", "head", "options"]
    permission_policy = policy
    any_permission_required = ANY_PERMISSION
    template_name = "wagtail_gamification/cms/webhooks/delivery.html"
    page_title = gettext_lazy("Web hook delivery")
    header_icon = "link"

    @cached_property
    def delivery(self) -> WebhookDelivery:
        deliveries = WebhookDelivery.objects.select_related("endpoint")
        return get_object_or_404(deliveries, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.delivery.get_type_display()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": url_of("deliveries"), "label": DeliveryReport.page_title},
            {
                "url": "",
                "label": self.get_page_title(),
                "sublabel": self.get_page_subtitle(),
            },
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        delivery = self.delivery
        may_send = policy.user_has_permission(self.request.user, "change")
        return super().get_context_data(
            delivery=delivery,
            payload=json.dumps(delivery.payload, indent=2, ensure_ascii=False),
            send_url=url_of("send_again", delivery.pk) if may_send else "",
            **kwargs,
        )


class SendAgainView(PermissionCheckedMixin, View):
    """Sends a message once more, and says what came of it."""

    http_method_names = ["post"]
    permission_policy = policy
    permission_required = "change"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        delivery = get_object_or_404(WebhookDelivery, pk=pk)
        outcome = send_again(delivery)
        if outcome is None:
            messages.warning(
                request,
                _("It isn't sent: the web hook is off, or it is being sent just now."),
            )
            return redirect(url_of("delivery", pk))
        log(instance=delivery.endpoint, action=LOG_SEND_AGAIN, user=request.user)
        if outcome.is_delivered:
            messages.success(request, _("The message has arrived."))
        else:
            messages.error(
                request,
                _("It failed again: %(error)s") % {"error": outcome.error},
            )
        return redirect(url_of("delivery", pk))
