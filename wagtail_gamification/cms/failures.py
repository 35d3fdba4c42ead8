"""The report of what raised in the site's own code, with “Try again”."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, NumberColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_gamification.actions.failures import try_again
from wagtail_gamification.models import Failure

from .reports import NAMESPACE, GamificationReport
from .spreadsheets import filters_of, with_query

LOG_ACTION = "wagtail_gamification.try_again"
policy = ModelPermissionPolicy(Failure)


def failure_permissions() -> QuerySet:
    """Give the permissions that a group can have on failures."""
    return Permission.objects.filter(
        content_type__app_label="wagtail_gamification",
        codename__in=["view_failure", "change_failure"],
    )


class FailureFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        method="filter_state",
        choices=[
            ("open", gettext_lazy("Open")),
            ("resolved", gettext_lazy("Resolved")),
        ],
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    source = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Source"),
        choices=Failure.Source.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Failure
        fields: list[str] = []

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(resolved_at__isnull=value == "open")


class NameColumn(BaseColumn):
    """What raised, with what it said and, folded, where."""

    cell_template_name = "wagtail_gamification/cms/failures/name_cell.html"


class StateColumn(BaseColumn):
    """Whether it is dealt with, or the button that deals with it."""

    cell_template_name = "wagtail_gamification/cms/failures/state_cell.html"

    def __init__(self, may_try: bool, **kwargs: Any) -> None:
        super().__init__("state", **kwargs)
        self.may_try = may_try

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        if self.may_try and instance.resolved_at is None:
            context["try_again_url"] = reverse(
                f"{NAMESPACE}:try_again", args=[instance.pk]
            )
        return context


class FailureReport(GamificationReport):
    """All failures, the open ones first."""

    model = Failure
    permission_policy = policy
    any_permission_required = {"view", "change"}
    page_title = gettext_lazy("Gamification failures")
    header_icon = "warning"
    index_url_name = f"{NAMESPACE}:failures"
    index_results_url_name = f"{NAMESPACE}:failures_results"
    results_template_name = "wagtail_gamification/cms/failures/results.html"
    filterset_class = FailureFilterSet
    default_ordering = ("is_resolved", "-occurred_at", "-pk")
    list_export = [
        "get_source_display",
        "name",
        "error",
        "occurred_at",
        "tries",
        "resolved_at",
    ]
    export_headings = {"get_source_display": gettext_lazy("Source")}

    @cached_property
    def columns(self) -> list[BaseColumn]:
        may_try = policy.user_has_permission(self.request.user, "change")
        return [
            NameColumn("name", label=_("What raised"), sort_key="name"),
            Column(
                "source",
                label=_("Source"),
                accessor="get_source_display",
                sort_key="source",
            ),
            DateColumn("occurred_at", label=_("When"), sort_key="occurred_at"),
            NumberColumn("tries", label=_("Tries"), sort_key="tries"),
            StateColumn(may_try, label=_("State")),
        ]

    def get_base_queryset(self) -> QuerySet:
        # What it takes to try again may be long, and isn't shown.
        queryset = super().get_base_queryset().defer("payload")
        return queryset.annotate(is_resolved=Q(resolved_at__isnull=False))

    @cached_property
    def no_results_message(self) -> Any:
        if self.is_filtering:
            return super().no_results_message
        return _("Nothing has failed.")

    def get_filename(self) -> str:
        return "gamification-failures"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = with_query(reverse(self.index_url_name), filters_of(self.request.GET))
        return super().get_context_data(here=here, **kwargs)


class TryAgainView(PermissionCheckedMixin, View):
    """Does once more what failed, and leads back to the list."""

    http_method_names = ["post"]
    permission_policy = policy
    permission_required = "change"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        failure = get_object_or_404(Failure, pk=pk)
        works = try_again(failure)
        log(instance=failure, action=LOG_ACTION, user=request.user)
        if works:
            messages.success(request, _("“%(name)s” works now.") % _texts(failure))
        else:
            messages.error(
                request, _("“%(name)s” failed again: %(error)s") % _texts(failure)
            )
        back = get_valid_next_url_from_request(request)
        return redirect(back or f"{NAMESPACE}:failures")


def _texts(failure: Failure) -> dict[str, str]:
    return {"name": failure.name, "error": failure.error}
