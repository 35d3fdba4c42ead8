"""The lists of definitions: what they show, how they are ordered and exported."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import (
    BaseColumn,
    Column,
    LiveStatusTagColumn,
    LocaleColumn,
    TitleColumn,
    UpdatedAtColumn,
)
from wagtail.admin.utils import get_latest_str
from wagtail.snippets.views import snippets

from .columns import OptionalNumberColumn, ThumbnailColumn
from .earners.base import url_of
from .earners.buttons import RowButtons
from .querysets import (
    search_definitions,
    with_badge_number,
    with_badge_players,
    with_counted,
    with_level_players,
    with_status,
    with_thumbnails,
    with_unlockable_players,
)
from .reporting.columns import LinkedNumberColumn
from .reports import SAFE_VALUES


class DefinitionIndexView(snippets.IndexView):
    """A list with thumbnails that costs the same for any number of rows."""

    # The search of our own reads drafts and needs no index.
    search_backend_name = None
    search_fields = ["name"]

    list_export = ["name", "slug", "locale.language_code"]
    export_headings = {"locale.language_code": _("Locale")}

    custom_value_preprocess = SAFE_VALUES

    def get_base_queryset(self) -> QuerySet:
        queryset = super().get_base_queryset().select_related("locale")
        return self.annotate_queryset(queryset)

    def annotate_queryset(self, queryset: QuerySet) -> QuerySet:
        """Add what the columns show."""
        return queryset

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        ordered = super().order_queryset(queryset)
        if self.show_ordering_column:
            # A translation stands where its original does. Nobody has dragged
            # anything yet where the numbers are all the same.
            return ordered.originals().order_by(self.sort_order_field, "name", "pk")
        return ordered

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return search_definitions(queryset, self.search_query)

    def _get_title_column(
        self, field_name: str, column_class: type = TitleColumn, **kwargs: Any
    ) -> BaseColumn:
        kwargs.setdefault("accessor", get_latest_str)
        # Or the other columns leave it one letter wide on a narrow screen.
        kwargs.setdefault("width", "30%")
        return super()._get_title_column(field_name, column_class, **kwargs)

    def own_columns(self) -> list[BaseColumn]:
        """Give the columns between the name and the language."""
        return []

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        columns = ["name", *self.own_columns()]
        if self.i18n_enabled:
            columns.append(LocaleColumn())
        columns.append(UpdatedAtColumn())
        return columns


class CategoryIndexView(DefinitionIndexView):
    list_export = [*DefinitionIndexView.list_export, "description", "badges"]
    export_headings = {**DefinitionIndexView.export_headings, "badges": _("Badges")}

    def annotate_queryset(self, queryset: QuerySet) -> QuerySet:
        return with_badge_number(queryset)

    def own_columns(self) -> list[BaseColumn]:
        return [OptionalNumberColumn("badges", label=_("Badges"), sort_key="badges")]


class PublishedIndexView(DefinitionIndexView):
    """A list of what is drafted and published, and of who has it."""

    players_label = _("Players")

    def get_base_queryset(self) -> QuerySet:
        queryset = super().get_base_queryset().select_related("latest_revision")
        return with_status(with_thumbnails(queryset))

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        return [*super().list_display, LiveStatusTagColumn()]

    @cached_property
    def columns(self) -> list[BaseColumn]:
        bulk_actions, *others = super().columns
        icon = self.model.snippet_viewset.icon
        return [bulk_actions, ThumbnailColumn(icon), *others]

    def _players_column(self) -> BaseColumn:
        return OptionalNumberColumn(
            "players", label=self.players_label, sort_key="players"
        )


class BadgeIndexView(PublishedIndexView):
    players_label = _("Earned by")
    list_export = [
        *DefinitionIndexView.list_export,
        "counted_category",
        "counted_points",
        "counted_target",
        "counted_next_badge",
        "counted_secret",
        "counted_max_awards",
        "counted_expiry",
        "players",
        "status_string",
    ]
    export_headings = {
        **DefinitionIndexView.export_headings,
        "counted_category": _("Category"),
        "counted_points": _("Points"),
        "counted_target": _("Target"),
        "counted_next_badge": _("Next badge"),
        "counted_secret": _("Secret"),
        "counted_max_awards": _("Most awards"),
        "counted_expiry": _("Expires after (days)"),
        "players": _("Players who earned it"),
        "status_string": _("Status"),
    }

    @cached_property
    def row_buttons(self) -> RowButtons:
        return RowButtons(self.request.user)

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        return [*buttons, *self.row_buttons.of(instance)]

    def _players_column(self) -> BaseColumn:
        if not self.row_buttons.may_see_players:
            return super()._players_column()
        return LinkedNumberColumn(
            "players",
            label=self.players_label,
            sort_key="players",
            get_url=lambda badge: url_of("earners", badge.state_id),
        )

    def annotate_queryset(self, queryset: QuerySet) -> QuerySet:
        counted = with_counted(
            queryset,
            counted_category="category__name",
            counted_points="points",
            counted_target="progression_target",
        )
        if self.is_export:
            counted = with_counted(
                counted,
                counted_next_badge="next_badge__slug",
                counted_secret="is_secret",  # noqa: S106
                counted_max_awards="max_awards",
                counted_expiry="expires_after",
            )
        return with_badge_players(counted)

    def own_columns(self) -> list[BaseColumn]:
        return [
            Column(
                "counted_category", label=_("Category"), sort_key="counted_category"
            ),
            OptionalNumberColumn(
                "counted_points", label=_("Points"), sort_key="counted_points"
            ),
            OptionalNumberColumn(
                "counted_target", label=_("Target"), sort_key="counted_target"
            ),
            self._players_column(),
        ]


class PointsIndexView(PublishedIndexView):
    """A list of what is reached by points."""

    list_export = [
        *DefinitionIndexView.list_export,
        "counted_points",
        "players",
        "status_string",
    ]

    def own_columns(self) -> list[BaseColumn]:
        return [
            OptionalNumberColumn(
                "counted_points", label=_("Points required"), sort_key="counted_points"
            ),
            self._players_column(),
        ]


class UnlockableIndexView(PointsIndexView):
    players_label = _("Unlocked by")
    export_headings = {
        **DefinitionIndexView.export_headings,
        "counted_points": _("Points required"),
        "counted_price": _("Price"),
        "players": _("Players who unlocked it"),
        "status_string": _("Status"),
    }

    list_export = [
        *DefinitionIndexView.list_export,
        "counted_points",
        "counted_price",
        "players",
        "status_string",
    ]

    def annotate_queryset(self, queryset: QuerySet) -> QuerySet:
        return with_unlockable_players(
            with_counted(
                queryset, counted_points="points_required", counted_price="price"
            )
        )

    def own_columns(self) -> list[BaseColumn]:
        [points, players] = super().own_columns()
        price = OptionalNumberColumn(
            "counted_price", label=_("Price"), sort_key="counted_price"
        )
        return [points, price, players]


class LevelIndexView(PointsIndexView):
    players_label = _("Reached by")
    export_headings = {
        **DefinitionIndexView.export_headings,
        "counted_points": _("Points required"),
        "players": _("Players who reached it"),
        "status_string": _("Status"),
    }

    def annotate_queryset(self, queryset: QuerySet) -> QuerySet:
        return with_level_players(
            with_counted(queryset, counted_points="points_required")
        )
