"""The page of charts."""

from __future__ import annotations

from typing import Any

from django.forms import Media
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from wagtail_gamification.actions.request_summary import request_summary
from wagtail_gamification.cms.charts import ChartValue, ColumnChart, day_values
from wagtail_gamification.cms.rankings import Ranking, RankingRow
from wagtail_gamification.cms.reporting.columns import grouped, percent
from wagtail_gamification.cms.reporting.permissions import dashboard_policy
from wagtail_gamification.models import Summary

from . import data
from .forms import PRESETS, DaysForm, last_days, preset_label
from .links import Links
from .tiles import tiles_of

NAMESPACE = "wagtail_gamification_dashboard"
DASHBOARD_MEDIA = Media(css={"all": ["wagtail_gamification/css/dashboard.css"]})


class DashboardView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What happened on some days, and where players stand now."""

    http_method_names = ["get", "head", "options"]
    template_name = "wagtail_gamification/cms/dashboard/dashboard.html"
    permission_policy = dashboard_policy
    any_permission_required = {"view"}
    page_title = gettext_lazy("Gamification dashboard")
    header_icon = "gamification-trophy"

    @cached_property
    def form(self) -> DaysForm:
        asked = {"first", "last"} & set(self.request.GET)
        if asked:
            return DaysForm(self.request.GET)
        first, last = last_days(30)
        return DaysForm(initial={"first": first, "last": last})

    @cached_property
    def links(self) -> Links:
        return Links(self.request.user)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        summary = request_summary()
        totals = data.read_totals(*self.form.days())
        badges = data.read_badges(totals.first, totals.last)
        charts = self._charts(totals)
        rankings = [
            self._most_awarded(totals, data.most_awarded(badges)),
            self._hardest(data.hardest(badges, summary)),
            self._funnel(summary),
        ]
        context["media"] = sum(
            (each.media for each in [*charts, *rankings, self.form]), DASHBOARD_MEDIA
        )
        return context | {
            "form": self.form,
            "presets": self._presets(totals),
            "summary": summary,
            "totals": totals,
            "tiles": tiles_of(totals, summary, self.links),
            "charts": charts,
            "rankings": rankings,
        }

    def _presets(self, totals: data.Totals) -> list[dict[str, Any]]:
        here = reverse(f"{NAMESPACE}:index")
        presets = []
        for number in PRESETS:
            first, last = last_days(number)
            presets.append(
                {
                    "label": preset_label(number),
                    "url": f"{here}?first={first}&last={last}",
                    "is_current": (totals.first, totals.last) == (first, last),
                }
            )
        return presets

    def _charts(self, totals: data.Totals) -> list[ColumnChart]:
        links = self.links
        day = _("Day")

        def values(name: str, url: Any = None) -> list[ChartValue]:
            return day_values(totals.first, totals.last, totals.by_day(name), url)

        return [
            ColumnChart(
                title=_("Badges awarded by day"),
                values=values("awards", lambda day: links.awards(day, day)),
                label_heading=day,
                value_heading=_("Badges"),
            ),
            ColumnChart(
                title=_("Points given by day"),
                values=values(
                    "points_earned", lambda day: links.ledger(day, day, sign="given")
                ),
                label_heading=day,
                value_heading=_("Points"),
            ),
            ColumnChart(
                title=_("Active players by day"),
                values=values(
                    "active_players", lambda day: links.players(active_on=day)
                ),
                label_heading=day,
                value_heading=_("Players"),
            ),
        ]

    def _most_awarded(self, totals: data.Totals, badges: list[data.Ranked]) -> Ranking:
        days = (totals.first, totals.last)
        return Ranking(
            title=_("Most earned"),
            about=_("Badges by how often they were awarded on these days."),
            rows=[
                RankingRow(
                    label=each.name,
                    value=each.number,
                    url=self.links.awards(*days, badge=each.pk),
                )
                for each in badges
            ],
            label_heading=_("Badge"),
            value_heading=_("Awards"),
            nothing=_("No badge was awarded on these days."),
        )

    def _hardest(self, badges: list[data.Ranked]) -> Ranking:
        return Ranking(
            title=_("Hardest"),
            about=_("Badges that somebody has, by the share of active players who do."),
            rows=[
                RankingRow(
                    label=each.name,
                    value=each.share or 0,
                    text=percent(each.share) or grouped(each.number),
                    url=self.links.players(
                        badge=each.pk, last_active_from=data.active_since()
                    )
                    or self.links.awards_of(each.pk),
                )
                for each in badges
            ],
            most=100,
            label_heading=_("Badge"),
            value_heading=_("Active players"),
            nothing=_("Nobody has a badge yet."),
            more=[
                (_("Rarity of badges"), self.links.report("rarity")),
                (_("Unused badges"), self.links.report("unused")),
            ],
        )

    def _funnel(self, summary: Summary) -> Ranking:
        levels = data.levels_reached()
        rows = [
            RankingRow(_("All players"), summary.players, self.links.players()),
            RankingRow(
                _("Have a badge"),
                summary.earning_players,
                self.links.players(earned="yes"),
            ),
            *(
                RankingRow(
                    each.name,
                    each.number,
                    self.links.players(level=[above.pk for above in levels[place:]]),
                )
                for place, each in enumerate(levels)
            ),
        ]
        return Ranking(
            title=_("How far players get"),
            about=_("Players who have come at least this far, now."),
            rows=rows if summary.players else [],
            most=summary.players,
            label_heading=_("Reached"),
            value_heading=_("Players"),
            nothing=_("There are no players yet."),
        )
