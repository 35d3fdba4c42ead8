"""Numbers that stand out, each leading to what was counted."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_gamification.cms.reporting.columns import grouped
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import Summary

from .data import Totals, active_since
from .links import Links


@dataclass(frozen=True)
class Tile:
    label: str
    number: int
    url: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        return grouped(self.number)


def tiles_of(totals: Totals, summary: Summary, links: Links) -> list[Tile]:
    """Give what happened on these days, and who is there now."""
    days = (totals.first, totals.last)
    return [
        Tile(_("Badges awarded"), totals.awards, links.awards(*days)),
        Tile(_("Badges taken back"), totals.revoked, links.revoked(*days)),
        Tile(
            _("Points given"), totals.points_earned, links.ledger(*days, sign="given")
        ),
        Tile(_("Points taken"), totals.points_spent, links.ledger(*days, sign="taken")),
        active_tile(summary, links),
    ]


def active_tile(summary: Summary, links: Links) -> Tile:
    days = app_settings.ACTIVE_DAYS
    return Tile(
        _("Active players now"),
        summary.active_players,
        links.players(last_active_from=active_since()),
        ngettext(
            "did something on the last day",
            "did something in the last %(days)s days",
            days,
        )
        % {"days": grouped(days)},
    )
