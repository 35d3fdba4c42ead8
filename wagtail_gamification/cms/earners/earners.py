"""The players who earned a badge: to look for, to export and to take it back from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import Group
from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn
from wagtail.admin.widgets.button import Button, HeaderButton

from wagtail_gamification.actions.giving import may_give
from wagtail_gamification.cms.columns import OptionalNumberColumn
from wagtail_gamification.cms.players.base import MEDIA, policy
from wagtail_gamification.cms.players.base import NAMESPACE as PLAYERS
from wagtail_gamification.cms.players.index import PlayerColumn
from wagtail_gamification.cms.players.pagination import CountsPlayersMixin
from wagtail_gamification.cms.players.people import players_in, user_field
from wagtail_gamification.cms.players.records import AwardStateColumn
from wagtail_gamification.cms.reporting.awards import GivenFilterSet
from wagtail_gamification.cms.reporting.base import CHUNK, Chunked, LargeReport
from wagtail_gamification.cms.reporting.columns import GiverColumn
from wagtail_gamification.cms.spreadsheets import filters_of, with_query
from wagtail_gamification.models import Award, BadgeDefinition, GamificationInterface

from .base import NAMESPACE, BadgeMixin, url_of
from .columns import TakeBackColumn, with_people

State = Award.State


class EarnerFilterSet(GivenFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        method="filter_state",
        choices=State.choices,
        empty_label=gettext_lazy("Counts or expired"),
        widget=forms.RadioSelect,
    )
    group = django_filters.ModelMultipleChoiceFilter(
        label=gettext_lazy("Group"),
        queryset=lambda request: Group.objects.order_by("name"),
        method="filter_group",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user_field("groups") is None:
            del self.filters["group"]

    def filter_group(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        # Nothing ticked means all of them.
        if not value:
            return queryset
        players = GamificationInterface.objects.filter(players_in(value))
        return queryset.filter(badge__interface__in=players)


def held_awards(definition: BadgeDefinition) -> QuerySet[Award]:
    """Give, for each player who has a badge, the latest award that counts for it.

    It may have expired since.
    """
    later = Award.objects.filter(
        badge=OuterRef("badge"), number__gt=OuterRef("number"), revoked_at=None
    )
    return Award.objects.filter(
        ~Exists(later.order_by()),
        badge_definition=definition,
        badge__acquired=True,
        revoked_at=None,
    )


def lost_awards(definition: BadgeDefinition) -> QuerySet[Award]:
    """Give, for each player who has lost a badge, the latest award of it."""
    return Award.objects.filter(
        badge_definition=definition,
        badge__acquired=False,
        revoked_at__isnull=False,
        number=F("badge__last_award_number"),
    )


class AwardsWithPeople(Chunked):
    """The rows of an export, read in parts, each part with its people."""

    def __iter__(self) -> Iterator[Any]:
        awards = super().__iter__()
        while part := list(islice(awards, CHUNK)):
            yield from with_people(part)


class EarnerReport(CountsPlayersMixin, BadgeMixin, LargeReport):
    """Who earned a badge, each player once, the latest first.

    Those whom it was taken back from are asked for with the filter.
    """

    model = Award
    permission_policy = policy
    any_permission_required = {"view"}
    page_title = gettext_lazy("Players who earned it")
    header_icon = "gamification-badge"
    index_url_name = f"{NAMESPACE}:earners"
    index_results_url_name = f"{NAMESPACE}:earners_results"
    filterset_class = EarnerFilterSet
    default_ordering = ("-awarded_at", "-pk")
    player_path = "badge__interface"
    rows_class = AwardsWithPeople
    nothing_yet = gettext_lazy("Nobody has earned it yet.")
    list_export = [
        "people.name",
        "people.username",
        "people.email",
        "number",
        "awarded_at",
        "awarded_by",
        "reason",
        "points",
        "state.label",
        "expires_at",
        "revoked_at",
        "revoked_by",
        "revoke_reason",
    ]
    export_headings = {
        "people.name": gettext_lazy("Player"),
        "people.username": gettext_lazy("Username"),
        "people.email": gettext_lazy("E-mail address"),
        "state.label": gettext_lazy("State"),
    }

    @cached_property
    def columns(self) -> list[BaseColumn]:
        columns = [
            PlayerColumn(
                "player",
                label=_("Player"),
                accessor="people.name",
                get_url=self.get_player_url,
            ),
            DateColumn("awarded_at", label=_("When"), sort_key="awarded_at"),
            GiverColumn("awarded_by", label=_("By"), blank_display_name=_("By itself")),
            Column("reason", label=_("Reason"), classname="gamification-details"),
            AwardStateColumn("state", label=_("State")),
        ]
        if self.definition.award_limit > 1:
            times = OptionalNumberColumn(
                "times", label=_("Times"), accessor="badge.times_awarded"
            )
            columns.insert(1, times)
        if self.may_take_back:
            columns.append(TakeBackColumn(self.get_revoke_url, label=_("Take back")))
        return columns

    @cached_property
    def may_take_back(self) -> bool:
        return may_give(self.request.user, "revoke", self.definition).allowed

    @cached_property
    def header_buttons(self) -> list[Button]:
        if not may_give(self.request.user, "award", self.definition).allowed:
            return []
        url = url_of("award", self.definition.pk)
        # The name of a badge is long, and so is the title.
        name = {"aria-label": _("Award to a player…")}
        return [HeaderButton(_("Award"), url=url, icon_name="plus", attrs=name)]

    def get_revoke_url(self, award: Award) -> str | None:
        """Give where the badge is taken back, where there is something to take."""
        if award.state == State.REVOKED:
            return None
        args = [award.badge.interface_id, self.definition.pk]
        address = reverse(f"{PLAYERS}:revoke", args=args)
        return f"{address}?{urlencode({'next': self.here})}"

    @cached_property
    def here(self) -> str:
        """The list as it is narrowed down."""
        return with_query(self.index_url, filters_of(self.request.GET))

    def get_index_url(self) -> str:
        return url_of("earners", self.definition.pk)

    def get_index_results_url(self) -> str:
        return url_of("earners_results", self.definition.pk)

    def get_filename(self) -> str:
        return f"players-{self.definition.slug}"

    @property
    def is_lost(self) -> bool:
        """Whether those are asked for whom it was taken back from."""
        return self.request.GET.get("state") == State.REVOKED

    def get_base_queryset(self) -> QuerySet:
        awards = lost_awards if self.is_lost else held_awards
        return awards(self.definition).select_related(
            "badge__interface", "awarded_by__wagtail_userprofile", "revoked_by"
        )

    def paginate_queryset(self, queryset: QuerySet, page_size: int) -> Any:
        paginator, page, awards, has_others = super().paginate_queryset(
            queryset, page_size
        )
        return paginator, page, with_people(awards), has_others

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["media"] = context["media"] + MEDIA
        return context
