"""One player's page, and their shelf as they see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button

from wagtail_gamification.cms.charts import ColumnChart, day_values
from wagtail_gamification.cms.giving.buttons import BadgeButtons, giving_buttons
from wagtail_gamification.cms.privacy.buttons import privacy_buttons
from wagtail_gamification.events.registry import label_of
from wagtail_gamification.models import Activity, LevelProgress, Streak
from wagtail_gamification.shelf import Shelf, ShelfBadge, ShelfReader

from .base import MEDIA, PlayerMixin, url_of
from .records import award_table, awards_of, change_table, changes_of
from .users import edit_url_of

# Thirteen weeks.
CHART_DAYS = 91
LATEST = 10

# What follows from what players do. They did it already, and it would count twice.
FOLLOWS = ("badge_earned", "level_reached", "unlockable_unlocked")


@dataclass(frozen=True, kw_only=True)
class BadgeProgress:
    """One badge as an editor sees it with this player."""

    badge: ShelfBadge
    is_secret: bool
    """Whether the player doesn't get to see it until it is earned."""

    buttons: list[Button]
    """What this editor can do with it."""


@dataclass(frozen=True, kw_only=True)
class StreakRow:
    """Days in a row of one event."""

    label: str
    current: int
    """0 where it has broken off."""

    longest: int
    last_day: date


class PlayerView(PlayerMixin, WagtailAdminTemplateMixin, TemplateView):
    """All about one player, in as many queries for each of them."""

    template_name = "wagtail_gamification/cms/players/player.html"
    page_title = gettext_lazy("Player")

    @cached_property
    def reader(self) -> ShelfReader:
        return ShelfReader(self.player, knows_secrets=True)

    @cached_property
    def today(self) -> date:
        """Today, or the player's own if that is ahead of the site's."""
        here = timezone.localdate()
        return max(here, self.player.last_active or here)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = super().get_breadcrumbs_items()
        return [*items[:-1], {"url": "", "label": self.people.name}]

    def get_header_more_buttons(self) -> list[Button]:
        user = self.request.user
        return sorted(
            [*giving_buttons(self.player, user), *privacy_buttons(self.player, user)]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        shelf = self.reader.shelf(steps=True, size="small")
        chart = self.chart()
        changes = change_table(changes_of(self.player)[:LATEST])
        awards = award_table(awards_of(self.player)[:LATEST])
        return context | {
            "player": self.player,
            "people": self.people,
            "level": self.level,
            "shelf": shelf,
            "badges": self.badges(shelf),
            "chart": chart,
            "streaks": self.streaks(),
            "changes": changes,
            "awards": awards,
            "edit_user_url": self.edit_user_url,
            "ledger_url": url_of("ledger", self.player.pk),
            "awards_url": url_of("awards", self.player.pk),
            "shelf_url": url_of("shelf", self.player.pk),
            "media": MEDIA + chart.media + changes.media + awards.media,
        }

    @cached_property
    def level(self) -> LevelProgress:
        return self.reader.level(size="small")

    @property
    def edit_user_url(self) -> str | None:
        """Where the user is edited, for those who may edit users."""
        return edit_url_of(self.people.user, self.request.user)

    def badges(self, shelf: Shelf) -> list[BadgeProgress]:
        secret = self.reader.secret_badges(size="small")
        buttons = BadgeButtons(self.player, self.request.user)
        return [
            BadgeProgress(
                badge=badge,
                is_secret=badge.definition_id in secret,
                buttons=buttons.of(badge),
            )
            for badge in shelf
        ]

    def chart(self) -> ColumnChart:
        first = self.today - timedelta(CHART_DAYS - 1)
        done = (
            Activity.objects.filter(
                interface=self.player,
                day__range=(first.toordinal(), self.today.toordinal()),
            )
            .exclude(event__in=FOLLOWS)
            .order_by()
            .values_list("day")
            .annotate(number=Sum("count"))
        )
        counted = {date.fromordinal(day): number for day, number in done}
        return ColumnChart(
            title=_("Activity in the last %(weeks)s weeks")
            % {"weeks": CHART_DAYS // 7},
            values=day_values(first, self.today, counted),
            label_heading=_("Day"),
            value_heading=_("Times"),
        )

    def streaks(self) -> list[StreakRow]:
        yesterday = self.today.toordinal() - 1
        return [
            StreakRow(
                label=label_of(streak.event),
                current=streak.current if streak.last_day >= yesterday else 0,
                longest=streak.longest,
                last_day=date.fromordinal(streak.last_day),
            )
            for streak in Streak.objects.filter(interface=self.player).order_by("event")
        ]


@method_decorator(xframe_options_sameorigin, name="dispatch")
class ShelfView(PlayerMixin, TemplateView):
    """The player's things as the player sees them, to be shown in a frame.

    A page of its own, so that the CMS and the site's stylesheet don't meet.
    """

    template_name = "wagtail_gamification/previews/player.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"object": self.people.name, "player": self.player}
