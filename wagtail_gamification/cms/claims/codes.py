"""The list of claim codes, and that of one batch."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.widgets.button import Button, HeaderButton

from wagtail_gamification.cms.reports import GamificationReport
from wagtail_gamification.cms.spreadsheets import filters_of, with_query
from wagtail_gamification.models import ClaimCode
from wagtail_gamification.models.codes import part_of_code

from .base import ANY_PERMISSION, MEDIA, NAMESPACE, badges_of, codes_of, policy, url_of
from .columns import ClaimsColumn, StateColumn, batch_name

STATES: list[tuple[str, Any]] = ClaimCode.State.choices


def badges(request: HttpRequest | None) -> Any:
    """Give the badges to choose from."""
    return badges_of(request.user) if request else []


def code_filter(text: str, prefix: str = "") -> Q:
    """Give the condition that a search for ``text`` puts on codes."""
    found = Q(**{f"{prefix}label__icontains": text})
    if part := part_of_code(text):
        found |= Q(**{f"{prefix}code__contains": part})
    return found


class ClaimCodeFilterSet(WagtailFilterSet):
    badge_definition = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Badge"), queryset=badges
    )
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"),
        method="filter_state",
        choices=STATES,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"),
        method="filter_kind",
        choices=[
            ("one_time", gettext_lazy("One-time")),
            ("shared", gettext_lazy("Shared")),
        ],
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = ClaimCode
        fields: list[str] = []

    def filter_state(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        off = Q(is_active=False)
        full = Q(claim_count__gte=F("max_claims"))
        late = Q(expires_at__lte=timezone.now())
        late &= Q(expires_at__isnull=False)
        states = {
            "inactive": off,
            "used_up": ~off & full,
            "expired": ~off & ~full & late,
            "open": ~off & ~full & (Q(expires_at=None) | ~late),
        }
        wanted = Q()
        for state in value:
            wanted |= states[state]
        return queryset.filter(wanted)

    def filter_kind(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        is_shared = Q(max_claims__gt=1)
        return queryset.filter(is_shared if value == "shared" else ~is_shared)


class ClaimCodeReport(GamificationReport):
    """All claim codes that the editor may see, the newest first."""

    model = ClaimCode
    permission_policy = policy
    any_permission_required = ANY_PERMISSION
    page_title = gettext_lazy("Claim codes")
    header_icon = "key"
    index_url_name = f"{NAMESPACE}:index"
    index_results_url_name = f"{NAMESPACE}:index_results"
    results_template_name = "wagtail_gamification/cms/claims/codes_results.html"
    filterset_class = ClaimCodeFilterSet
    is_searchable = True
    default_ordering = ("-created_at", "-pk")
    list_export = [
        "grouped",
        "badge_definition",
        "label",
        "claim_count",
        "max_claims",
        "expires_at",
        "state.label",
        "created_by",
        "created_at",
    ]
    export_headings = {
        "grouped": gettext_lazy("Code"),
        "badge_definition": gettext_lazy("Badge"),
        "state.label": gettext_lazy("State"),
    }

    @cached_property
    def columns(self) -> list[BaseColumn]:
        may_change = policy.user_has_permission(self.request.user, "change")
        return [
            TitleColumn(
                "grouped",
                label=_("Code"),
                get_url=claims_url,
                classname="gamification-code",
            ),
            Column(
                "badge_definition", label=_("Badge"), sort_key="badge_definition__name"
            ),
            *self.batch_columns(),
            ClaimsColumn("claim_count", label=_("Claims"), sort_key="claim_count"),
            DateColumn("expires_at", label=_("Expires"), sort_key="expires_at"),
            StateColumn(may_change, label=_("State")),
        ]

    def batch_columns(self) -> list[BaseColumn]:
        """Give the column that leads to the batch."""
        return [
            TitleColumn(
                "batch",
                label=_("Batch"),
                accessor=batch_name,
                get_url=lambda code: url_of("batch", code.batch),
                sort_key="label",
            )
        ]

    @cached_property
    def header_buttons(self) -> list[Button]:
        buttons = [
            HeaderButton(_("Who claimed"), url=url_of("claims"), icon_name="group")
        ]
        if policy.user_has_permission(self.request.user, "add"):
            add = url_of("add")
            if badge := self.request.GET.get("badge_definition"):
                add = f"{add}?{urlencode({'badge': badge})}"
            buttons.append(HeaderButton(_("Make codes"), url=add, icon_name="plus"))
        return buttons

    def get_base_queryset(self) -> QuerySet:
        codes = codes_of(self.request.user)
        return codes.select_related("badge_definition", "created_by")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        return queryset.filter(code_filter(self.search_query))

    @cached_property
    def no_results_message(self) -> Any:
        if self.is_filtering or self.is_searching:
            return super().no_results_message
        return _("No claim codes have been made yet.")

    def get_filename(self) -> str:
        return "claim-codes"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = with_query(self.index_url, filters_of(self.request.GET))
        context = super().get_context_data(here=here, **kwargs)
        context["media"] = context["media"] + MEDIA
        return context


class BatchReport(ClaimCodeReport):
    """The codes that were made at once: to print them, or to switch all of them off."""

    @cached_property
    def first(self) -> ClaimCode:
        codes = codes_of(self.request.user).filter(batch=self.kwargs["batch"])
        return get_object_or_404(codes.select_related("badge_definition")[:1])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.first  # noqa: B018
        return super().get(request, *args, **kwargs)

    def get_index_url(self) -> str:
        return url_of("batch", self.kwargs["batch"])

    def get_index_results_url(self) -> str:
        return url_of("batch_results", self.kwargs["batch"])

    def get_page_subtitle(self) -> str:
        return batch_name(self.first)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *items, last = super().get_breadcrumbs_items()
        above = {"url": url_of("index"), "label": self.page_title}
        return [*items, above, last]

    def batch_columns(self) -> list[BaseColumn]:
        return []

    @cached_property
    def header_buttons(self) -> list[Button]:
        url = url_of("sheet", self.kwargs["batch"])
        return [HeaderButton(_("Print"), url=url, icon_name="doc-full")]

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().filter(batch=self.kwargs["batch"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if policy.user_has_permission(self.request.user, "change"):
            codes = codes_of(self.request.user).filter(batch=self.kwargs["batch"])
            kwargs["active_count"] = codes.filter(is_active=True).count()
            kwargs["deactivate_url"] = url_of("deactivate_batch", self.kwargs["batch"])
        return super().get_context_data(**kwargs)


def claims_url(code: ClaimCode) -> str | None:
    """Give the list of who has claimed with a code, where somebody has."""
    if not code.claim_count:
        return None
    return f"{url_of('claims')}?{urlencode({'q': code.grouped})}"
