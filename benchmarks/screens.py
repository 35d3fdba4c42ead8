"""``python -m benchmarks.screens --db URL [--players N] [--keep] [--only NAME]``.

Makes a large community, logs an editor in who may do all that is ours in the CMS and is
no superuser, and takes the median of 20 requests of each screen. Prints one JSON object
for each. The slowest ten are written to a file with the plans of their slowest queries.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from .addresses import Screen

REQUESTS = 20
SLOWEST = 10
PLANS_OF_EACH = 1


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
            print(json.dumps({"made": options.players, "seconds": seconds}), flush=True)
        if not _is_summarised():
            _summarise()
        results = measure(options.only)
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
    parser.add_argument(
        "--only", default="", help="leave out what hasn't this in its name"
    )
    parser.add_argument("--plans", default="slowest-screens.md")
    return parser.parse_args()


def _is_summarised() -> bool:
    from wagtail_gamification.models import Summary

    return Summary.objects.exclude(summarised_at=None).exists()


def _summarise() -> None:
    """Count the days and the standings, as a worker does before anybody looks."""
    from wagtail_gamification.actions.summarise import summarise

    before = time.perf_counter()
    days = summarise(everything=True)
    seconds = round(time.perf_counter() - before)
    print(json.dumps({"summarised": days, "seconds": seconds}), flush=True)


def _is_made() -> bool:
    from wagtail_gamification.models import PointChange

    return PointChange.objects.exists()


def measure(only: str = "") -> list[Timed]:
    """Take the median of each screen, and print it."""
    from .addresses import screens

    client = _editor()
    results = []
    for screen in screens():
        if only not in screen.name:
            continue
        timed = _timed(client, screen)
        print(timed.as_json(), flush=True)
        results.append(timed)
    return results


def _editor() -> Any:
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group, Permission
    from django.db.models import Q
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    group, _is_new = Group.objects.get_or_create(name="Community managers")
    group.permissions.set(
        Permission.objects.filter(
            Q(content_type__app_label="wagtail_gamification")
            | Q(codename__in=["access_admin", "change_user"])
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
