"""The screens of point rules and campaigns, where they differ from any snippet's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import ProtectedError, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import (
    BaseColumn,
    Column,
    LiveStatusTagColumn,
    TitleColumn,
)
from wagtail.admin.utils import get_latest_str
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.snippets.views import snippets

from wagtail_gamification.cms.columns import OptionalNumberColumn
from wagtail_gamification.cms.imports.base import MEDIA
from wagtail_gamification.cms.protection import unpublish_url
from wagtail_gamification.cms.querysets import search_definitions, with_status
from wagtail_gamification.cms.views import NAME_LENGTH
from wagtail_gamification.events import label_of
from wagtail_gamification.models import Campaign, PointRule
from wagtail_gamification.models.rules import Rule
from wagtail_gamification.spreadsheets.cells import escape_formula


def event_of(rule: Rule) -> str:
    """Give what a rule is about as editors call it."""
    return label_of(rule.event) if rule.event else _("All point rules")


def limits_of(rule: PointRule) -> str:
    """Give the limits of a rule in words."""
    return ", ".join(_limits(rule))


def _limits(rule: PointRule) -> Iterator[str]:
    if rule.once_per_object:
        yield _("once for each object")
    if rule.daily_limit:
        yield _("%(points)s a day") % {
            "points": number_format(rule.daily_limit, force_grouping=True)
        }
    if rule.total_limit:
        yield _("%(points)s in all") % {
            "points": number_format(rule.total_limit, force_grouping=True)
        }


def multiplier_of(campaign: Campaign) -> str:
    """Give the multiplier without idle zeros, in the reader's own notation."""
    value = campaign.multiplier
    whole = value == value.to_integral_value()
    text = number_format(value.to_integral_value() if whole else value.normalize())
    return f"\N{MULTIPLICATION SIGN} {text}"


def schedule_of(rule: Rule) -> str:
    """Give from when and until when a rule counts, where that is set.

    As long as it isn't live, the draft's schedule is the one that will count.
    """
    start, end = rule.go_live_at, rule.expire_at
    if not rule.live and rule.latest_revision:
        content = rule.latest_revision.content
        start = parse_datetime(content.get("go_live_at") or "")
        end = parse_datetime(content.get("expire_at") or "")
    texts = {
        "start": start and date_format(timezone.localtime(start), "DATETIME_FORMAT"),
        "end": end and date_format(timezone.localtime(end), "DATETIME_FORMAT"),
    }
    if start and end:
        return _("%(start)s to %(end)s") % texts
    if start:
        return _("from %(start)s") % texts
    return _("until %(end)s") % texts if end else ""


class RuleIndexView(snippets.IndexView):
    """A list that costs the same for any number of rows, and scrolls by itself."""

    search_backend_name = None
    search_fields = ["name"]
    default_ordering = "name"
    custom_value_preprocess = {
        **SpreadsheetExportMixin.custom_value_preprocess,
        str: {SpreadsheetExportMixin.FORMAT_CSV: escape_formula},
    }

    def get_base_queryset(self) -> QuerySet:
        queryset = super().get_base_queryset().select_related("latest_revision")
        return with_status(queryset)

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return search_definitions(queryset, self.search_query)

    def own_columns(self) -> list[BaseColumn]:
        """Give the columns between the event and the schedule."""
        return []

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        return [
            "name",
            Column("event", label=_("Event"), accessor=event_of, sort_key="event"),
            *self.own_columns(),
            Column("schedule", label=_("Schedule"), accessor=schedule_of),
            LiveStatusTagColumn(),
        ]

    def _get_title_column(
        self, field_name: str, column_class: type = TitleColumn, **kwargs: Any
    ) -> BaseColumn:
        kwargs.setdefault("accessor", get_latest_str)
        kwargs.setdefault("width", "30%")
        return super()._get_title_column(field_name, column_class, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["media"] = context["media"] + MEDIA
        return context


class PointRuleIndexView(RuleIndexView):
    def own_columns(self) -> list[BaseColumn]:
        return [
            OptionalNumberColumn("points", label=_("Points"), sort_key="points"),
            Column("limits", label=_("Limits"), accessor=limits_of),
        ]


class CampaignIndexView(RuleIndexView):
    def own_columns(self) -> list[BaseColumn]:
        return [
            Column(
                "multiplier",
                label=_("Multiplier"),
                accessor=multiplier_of,
                sort_key="multiplier",
            )
        ]


class RuleCopyView(snippets.CopyView):
    """Fills the form of a new rule; it gets a slug and a schedule of its own."""

    def get_initial_form_instance(self) -> Any:
        copy = self.get_object().get_latest_revision_as_object()
        copy.pk = None
        copy._state.adding = True
        name = _("Copy of %(name)s") % {"name": copy.name}
        copy.name, copy.slug = name[:NAME_LENGTH], ""
        copy.go_live_at = copy.expire_at = None
        copy.latest_revision = copy.live_revision = None
        return copy


class PointRuleDeleteView(snippets.DeleteView):
    """Refuses a rule that has paid: without it, nothing could be taken back."""

    template_name = "wagtail_gamification/cms/rules/confirm_delete.html"

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ProtectedError:
            return self.render_to_response(self.get_context_data(), status=409)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if bookings := self.object.point_changes.count():
            context["usage_count"] = bookings
            context["is_protected"] = True
            context["unpublish_url"] = unpublish_url(self.object, self.request.user)
        return context


class RuleInspectView(snippets.InspectView):
    """Shows a rule in words."""

    def get_event_display_value(self) -> str:
        return event_of(self.object)

    def get_multiplier_display_value(self) -> str:
        return multiplier_of(self.object)

    def get_status_string_display_value(self) -> str:
        return capfirst(self.object.status_string)

    def get_field_label(self, field_name: str, field: Any) -> str:
        if field_name == "status_string":
            return _("Status")
        return super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return "-" if value is None or value == "" else value
