"""What the lists of point rules and campaigns can be narrowed down by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from wagtail_gamification.cms.filters import STATUSES
from wagtail_gamification.events import label_of
from wagtail_gamification.models import Campaign, PointRule
from wagtail_gamification.models.rules import Rule

# No event has such a code.
ALL_RULES = "*"


class RuleFilterSet(WagtailFilterSet):
    """The events that are in use, and what becomes of drafts."""

    event = django_filters.ChoiceFilter(
        label=_("Event"), method="filter_event", empty_label=_("All")
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        method="filter_status",
        choices=STATUSES,
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["event"].extra["choices"] = _used_events(self._meta.model)

    def filter_event(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(event="" if value == ALL_RULES else value)

    def filter_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        conditions = {
            "live": Q(live=True),
            "draft": Q(live=False),
            "changed": Q(live=True, has_unpublished_changes=True),
            "scheduled": Q(_approved_schedule=True),
        }
        return queryset.filter(conditions[value])


class PointRuleFilterSet(RuleFilterSet):
    class Meta:
        model = PointRule
        fields: list[str] = []


class CampaignFilterSet(RuleFilterSet):
    class Meta:
        model = Campaign
        fields: list[str] = []


def _used_events(model: type[Rule]) -> list[tuple[str, Any]]:
    codes = model._default_manager.order_by().values_list("event", flat=True).distinct()
    choices = [
        (
            code or ALL_RULES,
            label_of(code) if code else _("All point rules"),
        )
        for code in codes
    ]
    return sorted(choices, key=lambda choice: str(choice[1]))
