"""The list of nominations, those that wait first."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import Permission
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import (
    BaseColumn,
    Column,
    DateColumn,
    StatusTagColumn,
    TitleColumn,
    UserColumn,
)
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_gamification.actions.giving import definitions_open_to
from wagtail_gamification.cms.players.people import players_called
from wagtail_gamification.cms.reporting.people import name_of
from wagtail_gamification.cms.reporting.ranges import DaysFilter
from wagtail_gamification.cms.reports import GamificationReport
from wagtail_gamification.models import GamificationInterface, Nomination

NAMESPACE = "wagtail_gamification_nominations"
State = Nomination.State
policy = ModelPermissionPolicy(Nomination)


def nomination_permissions() -> QuerySet:
    """Give the permissions that a group can have on nominations."""
    return Permission.objects.filter(
        content_type__app_label="wagtail_gamification", codename="decide_nomination"
    )


def nominations_of(user: Any) -> QuerySet[Nomination]:
    """Give the nominations that ``user`` may see, as far as badges decide."""
    return Nomination.objects.filter(badge_definition__in=definitions_open_to(user))


def url_of(name: str, *args: Any) -> str:
    """Give the address of one of the screens."""
    return reverse(f"{NAMESPACE}:{name}", args=args)


def badges(request: HttpRequest | None) -> Any:
    """Give the badges to choose from."""
    if request is None:
        return []
    return (
        definitions_open_to(request.user).filter(nominations__isnull=False).distinct()
    )


class NominationFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"),
        choices=State.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    badge_definition = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Badge"), queryset=badges
    )
    created_at = DaysFilter(label=gettext_lazy("Nominated"))

    class Meta:
        model = Nomination
        fields: list[str] = []


class NominationReport(GamificationReport):
    """All nominations that the editor may decide, or somebody has decided."""

    model = Nomination
    permission_policy = policy
    permission_required = "decide"
    page_title = gettext_lazy("Nominations")
    header_icon = "user"
    index_url_name = f"{NAMESPACE}:index"
    index_results_url_name = f"{NAMESPACE}:index_results"
    filterset_class = NominationFilterSet
    is_searchable = True
    # Who has waited longest is first.
    default_ordering = ("place", "created_at", "pk")
    list_export = [
        "nominee",
        "badge_definition",
        "nominator",
        "reason",
        "created_at",
        "get_state_display",
        "decided_by",
        "decided_at",
        "message",
    ]
    export_headings = {
        "badge_definition": gettext_lazy("Badge"),
        "get_state_display": gettext_lazy("State"),
    }

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn(
                "nominee",
                label=_("Nominee"),
                accessor=lambda nomination: name_of(nomination.nominee),
                get_url=lambda nomination: url_of("nomination", nomination.pk),
            ),
            Column(
                "badge_definition", label=_("Badge"), sort_key="badge_definition__name"
            ),
            Column(
                "reason",
                label=_("Reason"),
                accessor=lambda each: Truncator(each.reason).chars(80),
            ),
            UserColumn("nominator", label=_("Nominated by")),
            DateColumn("created_at", label=_("Nominated"), sort_key="created_at"),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor="get_state_display",
                primary=lambda each: each.state == State.WAITING,
                sort_key="state",
            ),
        ]

    def get_base_queryset(self) -> QuerySet:
        waits = When(state=State.WAITING, then=Value(0))
        place = Case(waits, default=Value(1), output_field=IntegerField())
        nominations = nominations_of(self.request.user).annotate(place=place)
        return nominations.select_related(
            "nominee__user",
            "badge_definition",
            "nominator__wagtail_userprofile",
            "decided_by",
        )

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        players = GamificationInterface.objects.filter(
            players_called(self.search_query)
        )
        return queryset.filter(nominee__in=players)

    @cached_property
    def no_results_message(self) -> Any:
        if self.is_filtering or self.is_searching:
            return super().no_results_message
        return _("Nobody has been nominated yet.")

    def get_filename(self) -> str:
        return "nominations"
