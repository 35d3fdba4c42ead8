"""The screens that are measured: each list as editors narrow it, and each page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Category,
    GamificationInterface,
    Level,
    PointRule,
    UnlockableDefinition,
)


@dataclass(frozen=True)
class Screen:
    """One address of the CMS, under the name that the results have."""

    name: str
    url: str


def screens() -> Iterator[Screen]:
    """Give all that is measured."""
    yield from _players()
    yield from _awards()
    yield from _earners()
    yield from _ledger()
    yield from _reports()
    yield from _dashboard()
    yield from _one_player()
    yield from _others()


def _players() -> Iterator[Screen]:
    badges, levels, groups = _keys(BadgeDefinition), _keys(Level), _keys(Group)
    lists: dict[str, dict[str, Any]] = {
        "all": {},
        "page 5,000": {"p": 5000},
        "by last day": {"ordering": "-last_active"},
        "search: one name": {"q": "lovelace"},
        "search: two words": {"q": "ada lovelace"},
        "search: nobody": {"q": "nobody at all"},
        "search: everybody": {"q": "example"},
        "badge that most have": {"badge": badges["Badge 1"]},
        "badge that few have": {"badge": badges["Badge 60"]},
        "level": {"level": levels["Level 3"]},
        "highest level": {"level": levels["Level 10"]},
        "group of half of them": {"group": groups["Class 1"]},
        "small group": {"group": groups["Class 8"]},
        "points": {"points_min": 300, "points_max": 310},
        "active in a week": {"last_active_from": _days_ago(7)},
        "active on a day": {"active_on": _days_ago(30)},
        "have a badge": {"earned": "yes"},
        "active in two years": {"last_active_from": _days_ago(730)},
        "all at once": {
            "q": "example",
            "badge": badges["Badge 2"],
            "group": groups["Class 1"],
            "points_min": 100,
            "last_active_from": _days_ago(365),
        },
    }
    for name, query in lists.items():
        yield Screen(f"players, {name}", _address("players:index", query))


def _awards() -> Iterator[Screen]:
    badges, categories = _keys(BadgeDefinition), _keys(Category)
    month = {"awarded_from": _days_ago(60), "awarded_to": _days_ago(30)}
    lists: dict[str, dict[str, Any]] = {
        "all": {},
        "page 200": {"p": 200},
        "the oldest": {"ordering": "awarded_at"},
        "a month": month,
        "badge that most have": {"badge": badges["Badge 1"]},
        "badge that few have": {"badge": badges["Badge 60"]},
        "that badge in a month": {"badge": badges["Badge 60"], **month},
        "that badge two years ago": {
            "badge": badges["Badge 60"],
            "awarded_to": _days_ago(700),
        },
        "category": {"category": categories["Section 1"]},
        "category in a month": {"category": categories["Section 1"], **month},
        "by hand": {"given": "by_hand"},
        "by itself": {"given": "by_itself"},
        "expired": {"state": "expired"},
        "revoked": {"state": "revoked"},
        "counts": {"state": "counts"},
        "revoked in a month": {"revoked_from": _days_ago(60)},
        "search: one name": {"q": "lovelace"},
        "search: two words": {"q": "ada lovelace"},
        "search: everybody": {"q": "example"},
        "search: nobody": {"q": "nobody at all"},
        "all at once": {
            "q": "ada lovelace",
            "badge": badges["Badge 2"],
            "category": categories["Section 3"],
            "given": "by_hand",
            "state": "counts",
            **month,
        },
    }
    for name, query in lists.items():
        yield Screen(f"awards, {name}", _address("reports:awards", query))


def _earners() -> Iterator[Screen]:
    badges, groups = _keys(BadgeDefinition), _keys(Group)
    lists: dict[str, dict[str, Any]] = {
        "all": {},
        "page 200": {"p": 200},
        "the first": {"ordering": "awarded_at"},
        "a month": {"awarded_from": _days_ago(60), "awarded_to": _days_ago(30)},
        "by hand": {"given": "by_hand"},
        "expired": {"state": "expired"},
        "revoked": {"state": "revoked"},
        "group of half of them": {"group": groups["Class 1"]},
        "small group": {"group": groups["Class 8"]},
        "search: one name": {"q": "lovelace"},
        "search: everybody": {"q": "example"},
    }
    for badge, key in (("that most have", "Badge 1"), ("that few have", "Badge 60")):
        for name, query in lists.items():
            url = _address("earners:earners", query, args=[badges[key]])
            yield Screen(f"who earned the badge {badge}, {name}", url)


def _ledger() -> Iterator[Screen]:
    month = {"time_from": _days_ago(60), "time_to": _days_ago(30)}
    rule = PointRule.objects.get().pk
    lists: dict[str, dict[str, Any]] = {
        "all": {},
        "page 200": {"p": 200},
        "the oldest": {"ordering": "time"},
        "a month": month,
        "given": {"sign": "given", **month},
        "taken": {"sign": "taken"},
        "taken in a month": {"sign": "taken", **month},
        "rule": {"rule": rule},
        "rule in a month": {"rule": rule, **month},
        "event": {"event": "visited"},
        "search: one name": {"q": "lovelace"},
        "search: two words": {"q": "ada lovelace"},
        "search: everybody": {"q": "example"},
        "all at once": {"q": "ada lovelace", "sign": "given", "rule": rule, **month},
    }
    for name, query in lists.items():
        yield Screen(f"ledger, {name}", _address("reports:ledger", query))


def _reports() -> Iterator[Screen]:
    for name in ("rarity", "unused", "failures", "retroactive"):
        yield Screen(f"report: {name}", _address(f"reports:{name}"))


def _dashboard() -> Iterator[Screen]:
    for days in (30, 366):
        query = {"first": _days_ago(days - 1), "last": _days_ago(0)}
        yield Screen(f"dashboard, {days} days", _address("dashboard:index", query))
    yield Screen("Wagtail's home with the panel", reverse("wagtailadmin_home"))


def _one_player() -> Iterator[Screen]:
    players = GamificationInterface.objects.order_by("-points")
    for name, player in {"richest": players[0], "middling": players[1000]}.items():
        for screen in (
            *("player", "shelf", "ledger", "awards"),
            *("award", "adjust", "reset", "export", "erase"),
        ):
            url = _address(f"players:{screen}", args=[player.pk])
            yield Screen(f"{screen}, the {name}", url)
        badge = Badge.objects.acquired().filter(interface=player)[0]
        url = _address("players:revoke", args=[player.pk, badge.badge_definition_id])
        yield Screen(f"revoke, the {name}", url)


def _others() -> Iterator[Screen]:
    yield Screen("claim codes", _address("claims:index"))
    yield Screen("nominations", _address("nominations:index"))
    yield Screen("award to many", _address("bulk:index"))
    yield Screen("award from a list", _address("bulk:list"))
    yield Screen("claims", _address("claims:claims"))
    for model in (BadgeDefinition, Level, UnlockableDefinition):
        url = reverse(model.snippet_viewset.get_url_name("list"))
        yield Screen(f"{model._meta.verbose_name_plural}", url)
    badges = BadgeDefinition.snippet_viewset
    for name, key in _keys(BadgeDefinition).items():
        if name in ("Badge 1", "Badge 60"):
            yield Screen(
                f"edit {name}", reverse(badges.get_url_name("edit"), args=[key])
            )


def _keys(model: Any) -> dict[str, int]:
    return {each.name: each.pk for each in model.objects.all()}


def _days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days)


def _address(name: str, query: dict[str, Any] | None = None, args: Any = ()) -> str:
    url = reverse(f"wagtail_gamification_{name}", args=args)
    return f"{url}?{urlencode(query, doseq=True)}" if query else url
