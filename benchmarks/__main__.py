"""``python -m benchmarks NAME [--db URL] [--players N] [--rounds N]``."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

import django

# Each name and the module that holds its workloads, imported once Django is set up.
WORKLOADS = {
    "publish": "editors",
    "edit": "editors",
    "register": "players",
    "shelf": "shelves",
    "award": "players",
    "increment": "players",
    "balance": "players",
    "retroactive": "retroactive",
    "preview": "retroactive",
    "bulk": "bulk",
    "leaderboard": "boards",
}
DEFAULT_PLAYERS = 10_000
FEWEST_ROUNDS = 5


def main() -> int:
    options = _parse()
    if options.db:
        os.environ["DATABASE_URL"] = options.db
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()

    from django.db import connection

    from .runner import measure

    for name in WORKLOADS if options.name == "all" else [options.name]:
        for workloads in _by_database(workloads_of(name)):
            connection.creation.create_test_db(verbosity=0, autoclobber=True)
            try:
                for workload in workloads:
                    measurement = measure(workload(options.players), options.rounds)
                    print(measurement.as_json(), flush=True)
            finally:
                connection.creation.destroy_test_db(
                    connection.settings_dict["NAME"], verbosity=0
                )
                _forget_content_types()
    return 0


def _by_database(workloads: list[type]) -> list[list[type]]:
    """Give each a database of its own, so that none finds another's rows.

    Those that say so read the rows that the first of them made.
    """
    sharing = [each for each in workloads if each.shares_rows]
    alone = [[each] for each in workloads if not each.shares_rows]
    return [*alone, sharing] if sharing else alone


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=[*WORKLOADS, "all"])
    parser.add_argument("--db", help="database URL; SQLite in memory without it")
    parser.add_argument("--players", type=int, default=DEFAULT_PLAYERS)
    parser.add_argument("--rounds", type=int, default=7, help="at least 5")
    options = parser.parse_args()
    if options.rounds < FEWEST_ROUNDS:
        parser.error(f"--rounds must be at least {FEWEST_ROUNDS}.")
    if options.players < 1:
        parser.error("--players must be at least 1.")
    return options


def workloads_of(name: str) -> list[type]:
    """Give the workloads that ``name`` runs: ``shelf`` runs all named ``shelf-…``."""
    module = import_module(f"benchmarks.{WORKLOADS[name]}")
    return [
        workload
        for workload in vars(module).values()
        if isinstance(workload, type)
        and workload.__module__ == module.__name__
        and "name" in vars(workload)
        and workload.name.partition("-")[0] == name
    ]


def _forget_content_types() -> None:
    from django.contrib.contenttypes.models import ContentType
    from django.core.cache import caches

    ContentType.objects.clear_cache()
    for cache in caches.all():
        cache.clear()


if __name__ == "__main__":
    sys.exit(main())
