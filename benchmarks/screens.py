"""``python -m benchmarks.screens --db URL [--players N] [--keep] [--plans FILE]``.

Makes a large community, logs an editor in who may see players and nothing else, and
takes the median of 20 requests of each screen. Prints one JSON object for each. The
slowest ten are written to a file with the plans of their slowest queries.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import django

REQUESTS = 20
SLOWEST = 10
PLANS_OF_EACH = 3


@dataclass(frozen=True)
class Screen:
    """One address of the CMS, under the name that the results have."""

    name: str
    url: str


@dataclass(frozen=True)
class Query:
    sql: str
    params: Any
    seconds: float


@dataclass(frozen=True)
class Timed:
    """What one screen took."""

    screen: Screen
    milliseconds: float
    """The median."""

    fastest: float
    """Milliseconds of the fastest: far below the median where others are at work."""

    queries: int
    slowest: tuple[Query, ...]

    def as_json(self) -> str:
        return json.dumps(
            {
                "screen": self.screen.name,
                "milliseconds": round(self.milliseconds),
                "fastest": round(self.fastest),
                "queries": self.queries,
            }
        )


def main() -> int:
    options = _parse()
    os.environ["DATABASE_URL"] = options.db
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
    from django.db import connection

    from .community import Community, make

    connection.creation.create_test_db(
        verbosity=0, autoclobber=True, serialize=False, keepdb=options.keep
    )
    try:
        if not _is_made():
            before = time.perf_counter()
            rows = 10 * options.players
            community = Community(options.players, rows, rows)
            make(community, lambda text: print(text, file=sys.stderr, flush=True))
            seconds = round(time.perf_counter() - before)
            print(json.dumps({"made": options.players, "seconds": seconds}))
        results = measure()
        write_plans(Path(options.plans), results)
    finally:
        if not options.keep:
            name = connection.settings_dict["NAME"]
            connection.creation.destroy_test_db(name, verbosity=0)
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screens")
    parser.add_argument("--db", required=True, help="URL of a PostgreSQL database")
    parser.add_argument("--players", type=int, default=500_000)
    parser.add_argument(
        "--keep", action="store_true", help="keep what was made, and use it again"
    )
    parser.add_argument("--plans", default="slowest-screens.md")
    return parser.parse_args()


def _is_made() -> bool:
    from wagtail_gamification.models import PointChange

    return PointChange.objects.exists()


def measure() -> list[Timed]:
    """Take the median of each screen, and print it."""
    client = _editor()
    results = []
    for screen in screens():
        timed = _timed(client, screen)
        print(timed.as_json(), flush=True)
        results.append(timed)
    return results


def screens() -> Iterator[Screen]:
    """Give all that is measured."""
    yield from player_screens()


def player_screens() -> Iterator[Screen]:
    """Give the list of players as editors narrow it, and the pages of two players."""
    from django.contrib.auth.models import Group
    from django.urls import reverse
    from django.utils import timezone

    from wagtail_gamification.models import (
        BadgeDefinition,
        GamificationInterface,
        Level,
    )

    def of(name: str, *args: Any, **query: Any) -> str:
        url = reverse(f"wagtail_gamification_players:{name}", args=args)
        return f"{url}?{urlencode(query, doseq=True)}" if query else url

    badges = {each.name: each.pk for each in BadgeDefinition.objects.all()}
    levels = {each.name: each.pk for each in Level.objects.all()}
    groups = {each.name: each.pk for each in Group.objects.all()}
    today = timezone.localdate()
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
        "active in a week": {"last_active_from": today - timedelta(7)},
        "active in two years": {"last_active_from": today - timedelta(730)},
        "all at once": {
            "q": "example",
            "badge": badges["Badge 2"],
            "group": groups["Class 1"],
            "points_min": 100,
            "last_active_from": today - timedelta(365),
        },
    }
    for name, query in lists.items():
        yield Screen(f"players, {name}", of("index", **query))
    players = GamificationInterface.objects.order_by("-points")
    for name, player in {"richest": players[0], "middling": players[1000]}.items():
        for screen in ("player", "shelf", "ledger", "awards"):
            yield Screen(f"{screen}, the {name}", of(screen, player.pk))


def _editor() -> Any:
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group, Permission
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    group, _is_new = Group.objects.get_or_create(name="Community managers")
    group.permissions.set(
        Permission.objects.filter(
            codename__in=["access_admin", "view_gamificationinterface"]
        )
    )
    users = get_user_model()._default_manager
    editor = users.filter(username="bench").first()
    if editor is None:
        editor = users.create_user("bench", "bench@example.org", "bench")
    editor.groups.add(group)
    client = Client(raise_request_exception=True)
    client.force_login(editor)
    return client


def _timed(client: Any, screen: Screen) -> Timed:
    from django.db import connection

    _get(client, screen)  # what is cached is cached
    seconds = []
    for _number in range(REQUESTS):
        before = time.perf_counter()
        _get(client, screen)
        seconds.append(time.perf_counter() - before)
    queries: list[Query] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        before = time.perf_counter()
        result = execute(sql, params, many, context)
        queries.append(Query(sql, params, time.perf_counter() - before))
        return result

    with connection.execute_wrapper(note):
        _get(client, screen)
    slowest = sorted(queries, key=lambda query: -query.seconds)[:PLANS_OF_EACH]
    return Timed(
        screen=screen,
        milliseconds=median(seconds) * 1000,
        fastest=min(seconds) * 1000,
        queries=len(queries),
        slowest=tuple(slowest),
    )


def _get(client: Any, screen: Screen) -> None:
    response = client.get(screen.url)
    if response.status_code != 200:
        raise RuntimeError(f"{screen.url} answered {response.status_code}.")


def write_plans(path: Path, results: list[Timed]) -> None:
    """Write the slowest screens to a file, with what their queries do."""
    from django.db import connection

    parts = ["# The slowest screens\n"]
    for timed in sorted(results, key=lambda each: -each.milliseconds)[:SLOWEST]:
        parts.append(f"## {timed.screen.name}: {timed.milliseconds:.0f} ms\n")
        parts.append(f"`{timed.screen.url}`, {timed.queries} queries\n")
        for query in timed.slowest:
            if not query.sql.lstrip().startswith("SELECT"):
                continue
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query.sql}", query.params)
                plan = "\n".join(line for (line,) in cursor.fetchall())
            parts.append(f"{query.seconds * 1000:.1f} ms:\n")
            parts.append(f"```sql\n{query.sql}\n```\n\n```\n{plan}\n```\n")
    path.write_text("\n".join(parts))


if __name__ == "__main__":
    sys.exit(main())
