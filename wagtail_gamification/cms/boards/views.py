"""The screens of leaderboards, where they differ from those of other definitions."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column, LiveStatusTagColumn

from wagtail_gamification.cms.filters import DefinitionFilterSet
from wagtail_gamification.cms.index import DefinitionIndexView
from wagtail_gamification.cms.querysets import with_counted, with_status
from wagtail_gamification.cms.views import DefinitionInspectView
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.leaderboards import get_leaderboard
from wagtail_gamification.models import Audience, Leaderboard, Measure, Window


class LeaderboardFilterSet(DefinitionFilterSet):
    measure = django_filters.ChoiceFilter(
        label=gettext_lazy("Measure"),
        method="filter_counted",
        choices=Measure.choices,
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    window = django_filters.ChoiceFilter(
        label=gettext_lazy("Time"),
        method="filter_counted",
        choices=Window.choices,
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Leaderboard
        fields: list[str] = []


def _label_of(choices: Any, name: str) -> Any:
    def label(board: Any) -> str:
        value = getattr(board, name)
        return str(choices(value).label) if value in choices.values else ""

    return label


class LeaderboardIndexView(DefinitionIndexView):
    list_export = [
        *DefinitionIndexView.list_export,
        "counted_measure",
        "counted_window",
        "counted_audience",
        "status_string",
    ]
    export_headings = {
        **DefinitionIndexView.export_headings,
        "counted_measure": gettext_lazy("Measure"),
        "counted_window": gettext_lazy("Time"),
        "counted_audience": gettext_lazy("Players"),
        "status_string": gettext_lazy("Status"),
    }

    def get_base_queryset(self) -> QuerySet:
        return with_status(
            super().get_base_queryset().select_related("latest_revision")
        )

    def annotate_queryset(self, queryset: QuerySet) -> QuerySet:
        return with_counted(
            queryset,
            counted_measure="measure",
            counted_window="window",
            counted_audience="audience",
        )

    def own_columns(self) -> list[BaseColumn]:
        return [
            Column(
                "counted_measure",
                label=gettext_lazy("Measure"),
                accessor=_label_of(Measure, "counted_measure"),
            ),
            Column(
                "counted_window",
                label=gettext_lazy("Time"),
                accessor=_label_of(Window, "counted_window"),
            ),
            Column(
                "counted_audience",
                label=gettext_lazy("Players"),
                accessor=_label_of(Audience, "counted_audience"),
            ),
        ]

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        return [*super().list_display, LiveStatusTagColumn()]


class LeaderboardInspectView(DefinitionInspectView):
    """Shows the board as it stands, besides what it compares."""

    def get_field_label(self, field_name: str, field: Any) -> str:
        if field_name == "standing":
            return _("As it stands")
        return super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        if field_name in ("measure", "window", "audience"):
            return getattr(self.object.source, f"get_{field_name}_display")()
        return super().get_field_display_value(field_name, field)

    def get_standing_display_value(self) -> Any:
        board = self.object.source
        try:
            data = get_leaderboard(board.pk)
        except UnknownDefinition:
            return _("It isn't published.")
        return render_to_string(
            "wagtail_gamification/cms/boards/standing.html", {"board": data}
        )
