"""Where the lists behind the numbers are, for those who may see them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from wagtail_gamification.cms.players.base import NAMESPACE as PLAYERS
from wagtail_gamification.cms.players.base import may_see_players
from wagtail_gamification.cms.reporting.permissions import (
    BADGE_ACTIONS,
    award_policy,
    badge_policy,
    ledger_policy,
)
from wagtail_gamification.cms.reports import NAMESPACE


class Links:
    """Gives addresses to a user; an empty one where the user may not go."""

    def __init__(self, user: Any) -> None:
        self.may_see_awards = award_policy.user_has_permission(user, "view")
        self.may_see_ledger = ledger_policy.user_has_permission(user, "view")
        self.may_see_players = may_see_players(user)
        self.may_see_badges = badge_policy.user_has_any_permission(user, BADGE_ACTIONS)

    def awards(self, first: date, last: date, **filters: Any) -> str:
        filters = {"awarded_from": first, "awarded_to": last, **filters}
        return self._awards(filters)

    def awards_of(self, badge: int) -> str:
        return self._awards({"badge": badge})

    def revoked(self, first: date, last: date) -> str:
        return self._awards({"revoked_from": first, "revoked_to": last})

    def ledger(self, first: date, last: date, sign: str) -> str:
        if not self.may_see_ledger:
            return ""
        filters = {"time_from": first, "time_to": last, "sign": sign}
        return _address(f"{NAMESPACE}:ledger", filters)

    def report(self, name: str) -> str:
        return reverse(f"{NAMESPACE}:{name}") if self.may_see_badges else ""

    def players(self, **filters: Any) -> str:
        return _address(f"{PLAYERS}:index", filters) if self.may_see_players else ""

    def _awards(self, filters: dict[str, Any]) -> str:
        if not self.may_see_awards:
            return ""
        return _address(f"{NAMESPACE}:awards", filters)


def _address(name: str, filters: dict[str, Any]) -> str:
    values = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in filters.items()
    }
    address = reverse(name)
    return f"{address}?{urlencode(values, doseq=True)}" if values else address
