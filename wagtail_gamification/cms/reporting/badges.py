"""The reports of what became of badges: how rare they are, and which nobody has."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.contrib.admin.utils import quote
from django.db.models import (
    BigIntegerField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.widgets import BooleanRadioSelect

from wagtail_gamification.actions.request_summary import request_summary
from wagtail_gamification.cms.columns import OptionalNumberColumn
from wagtail_gamification.cms.earners.base import url_of
from wagtail_gamification.cms.players.base import may_see_players
from wagtail_gamification.cms.reports import NAMESPACE, GamificationReport
from wagtail_gamification.conf import app_settings
from wagtail_gamification.days import day_of
from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Category,
    DailyBadgeTotal,
    Summary,
)

from .columns import DayColumn, LinkedNumberColumn, ShareColumn, grouped
from .permissions import BADGE_ACTIONS, award_policy, badge_policy


class BadgeReportFilterSet(WagtailFilterSet):
    """Not of a model: each badge is listed once, whatever its languages."""

    category = django_filters.ModelMultipleChoiceFilter(
        label=gettext_lazy("Category"),
        queryset=Category.objects.originals(),
        widget=forms.CheckboxSelectMultiple,
    )
    is_secret = django_filters.BooleanFilter(
        label=gettext_lazy("Secret"), widget=BooleanRadioSelect
    )


class BadgeReport(GamificationReport):
    """Published badges, each with what became of it."""

    model = BadgeDefinition
    permission_policy = badge_policy
    any_permission_required = BADGE_ACTIONS
    header_icon = "gamification-badge"
    filterset_class = BadgeReportFilterSet
    nothing_yet: Any = ""

    def get_base_queryset(self) -> QuerySet:
        definitions = BadgeDefinition.objects.live().originals()
        return definitions.select_related("category")

    def get_filterset_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_filterset_kwargs(),
            "queryset": BadgeDefinition.objects.none(),
        }

    def get_filtered_queryset(self) -> QuerySet:
        return self.get_queryset()

    @cached_property
    def no_results_message(self) -> Any:
        return _("Nothing matches.") if self.is_filtering else self.nothing_yet

    @cached_property
    def name_column(self) -> BaseColumn:
        return TitleColumn(
            "name", label=_("Badge"), get_url=self.get_edit_url, sort_key="name"
        )

    def get_edit_url(self, definition: BadgeDefinition) -> str | None:
        """Give the badge's editor to those who may use it."""
        if not badge_policy.user_has_permission(self.request.user, "change"):
            return None
        viewset = BadgeDefinition.snippet_viewset
        return reverse(viewset.get_url_name("edit"), args=[quote(definition.pk)])


class RarityReport(BadgeReport):
    """How many of the active players have each badge, the rarest first."""

    page_title = gettext_lazy("Rarity of badges")
    index_url_name = f"{NAMESPACE}:rarity"
    index_results_url_name = f"{NAMESPACE}:rarity_results"
    default_ordering = ("active_share", "name", "pk")
    nothing_yet = gettext_lazy("No badge is published yet.")
    export_filename = "rarity-of-badges"
    list_export = [
        "name",
        "category",
        "players",
        "active_players",
        "active_share",
        "share",
    ]
    export_headings = {
        "players": gettext_lazy("Players who have it"),
        "active_players": gettext_lazy("Active players who have it"),
        "active_share": gettext_lazy("Per cent of active players"),
        "share": gettext_lazy("Per cent of all players"),
    }

    @cached_property
    def summary(self) -> Summary:
        return request_summary()

    @cached_property
    def may_see_players(self) -> bool:
        return may_see_players(self.request.user)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            self.name_column,
            Column("category", label=_("Category"), sort_key="category__name"),
            LinkedNumberColumn(
                "players",
                label=_("Players who have it"),
                sort_key="players",
                get_url=self.get_players_url,
            ),
            OptionalNumberColumn(
                "active_players", label=_("Of these active"), sort_key="active_players"
            ),
            ShareColumn(
                "active_share",
                label=_("Share of active players"),
                sort_key="active_share",
            ),
            ShareColumn("share", label=_("Share of all players"), sort_key="share"),
        ]

    def get_base_queryset(self) -> QuerySet:
        queryset = super().get_base_queryset()
        none = Value(0, output_field=BigIntegerField())
        return queryset.annotate(
            players=Coalesce("standing__players", none),
            active_players=Coalesce("standing__active_players", none),
            active_share=_share("active_players", self.summary.active_players),
            share=_share("players", self.summary.players),
        )

    def get_players_url(self, definition: BadgeDefinition) -> str | None:
        """Give the list of these players, or of their awards, to those who may."""
        if self.may_see_players:
            return url_of("earners", definition.pk)
        if not award_policy.user_has_permission(self.request.user, "view"):
            return None
        awards = reverse(f"{NAMESPACE}:awards")
        return f"{awards}?badge={definition.pk}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(about=self._about(), **kwargs)

    def _about(self) -> str:
        summary, days = self.summary, app_settings.ACTIVE_DAYS
        if summary.summarised_at is None:
            return _("The numbers are being counted. Look again in a minute.")
        return ngettext(
            "Counted %(when)s: %(active)s of %(all)s players are active, which is that "
            "they did something on the last day.",
            "Counted %(when)s: %(active)s of %(all)s players are active, which is that "
            "they did something in the last %(days)s days.",
            days,
        ) % {
            "active": grouped(summary.active_players),
            "all": grouped(summary.players),
            "days": grouped(days),
            "when": date_format(
                timezone.localtime(summary.summarised_at), "DATETIME_FORMAT"
            ),
        }


class UnusedReport(BadgeReport):
    """Published badges that nobody has, those first that have waited longest."""

    page_title = gettext_lazy("Unused badges")
    index_url_name = f"{NAMESPACE}:unused"
    index_results_url_name = f"{NAMESPACE}:unused_results"
    default_ordering = ("first_published_at", "name", "pk")
    nothing_yet = gettext_lazy("Every published badge has been earned by somebody.")
    export_filename = "unused-badges"
    list_export = ["name", "category", "first_published_at", "unused_since"]
    export_headings = {"unused_since": gettext_lazy("Unused since")}

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            self.name_column,
            Column("category", label=_("Category"), sort_key="category__name"),
            DateColumn(
                "first_published_at",
                label=_("Published"),
                sort_key="first_published_at",
            ),
            DayColumn("unused_since", label=_("Unused since"), accessor=unused_since),
        ]

    def get_base_queryset(self) -> QuerySet:
        of_this = {"badge_definition": OuterRef("pk")}
        has_it = Badge._base_manager.filter(**of_this, acquired=True)
        days = DailyBadgeTotal.objects.filter(
            Q(awards__gt=0) | Q(revoked__gt=0), **of_this
        )
        queryset = super().get_base_queryset().filter(~Exists(has_it))
        return queryset.annotate(
            last_day=Subquery(
                days.order_by("-day").values("day")[:1], output_field=DateField()
            )
        )

    def to_row_dict(self, item: BadgeDefinition) -> Any:
        item.unused_since = unused_since(item)  # type: ignore[attr-defined]
        return super().to_row_dict(item)


def unused_since(definition: BadgeDefinition) -> date | None:
    """Give the day since which nobody has it: none that knows it is None."""
    published = definition.first_published_at
    days = [published and day_of(published), definition.last_day]
    return max(filter(None, days), default=None)


def _share(number: str, of: int) -> Any:
    """Give the per cent that a number is, or NULL where it is of nothing."""
    if not of:
        return Value(None, output_field=FloatField())
    return ExpressionWrapper(F(number) * 100.0 / of, output_field=FloatField())
