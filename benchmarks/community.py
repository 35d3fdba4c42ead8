"""A large community on PostgreSQL, made by the database itself.

Everything that has one row a player or more is written by ``INSERT … SELECT``; with
the indexes of the largest tables made afterwards, half a million players with five
million rows in the ledger take a few minutes. Who has what follows from the numbers
of the rows alone, so that every run makes the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    PointRule,
    Requirement,
    UnlockableDefinition,
)

BADGES = 60
LEVELS = 10
GROUPS = 8
DAYS = 730

FIRST = (
    "Ada Ana Asha Ben Carla Chen Dana Davi Elif Emma Femi Fiona Grace Hana Hugo Ines "
    "Ivan Jana Jon Kofi Lara Leo Lin Luca Maja Marta Mina Nora Olga Omar Paul Pia "
    "Rosa Sami Sara Tariq Tom Uma Vera Yara"
)
LAST = (
    "Abebe Ahmed Alvarez Bakker Berg Brown Cohen Costa Diallo Dubois Eriksen Fischer "
    "Garcia Hansen Haddad Hopper Ivanova Jansen Jones Kaya Khan Kim Kovacs Larsen "
    "Lovelace Martin Meyer Moreau Nakamura Nguyen Novak Okafor Olsen Park Perez Popov "
    "Rossi Sato Schmidt Silva Singh Smith Tanaka Turing Vogel Wagner Wang Weber Yilmaz"
)

# What is written to most; their indexes are made when the rows are there.
LARGE = ("badge", "award", "pointchange", "activity", "streak")

# A number from 0 to 999,999 that follows from a key, evenly spread.
_CHANCE = "((hashint8extended({key}::bigint, {seed}) & 2147483647) %% 1000000)"


@dataclass(frozen=True)
class Community:
    """How much of it there is."""

    players: int = 500_000
    ledger_rows: int = 5_000_000
    activities: int = 5_000_000


def make(community: Community, say: Callable[[str], None] = print) -> None:
    """Write a community into an empty database."""
    if connection.vendor != "postgresql":
        raise SystemExit("The community is made by PostgreSQL: name one with --db.")
    definitions = _definitions()
    with connection.cursor() as cursor, _loading(cursor):
        for name, sql, params in _statements(community, definitions):
            before = time.perf_counter()
            cursor.execute(sql, params)
            say(f"{name}: {cursor.rowcount}, {time.perf_counter() - before:.1f} s")
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        before = time.perf_counter()
        cursor.execute("VACUUM ANALYZE")
        say(f"vacuum: {time.perf_counter() - before:.1f} s")


def _definitions() -> list[BadgeDefinition]:
    categories = [Category.objects.create(name=f"Section {n}") for n in range(1, 7)]
    badges = []
    for number in range(1, BADGES + 1):
        badge = BadgeDefinition(
            name=f"Badge {number}",
            description=f"<p>The badge that is number {number}.</p>",
            category=categories[number % len(categories)],
            points=10 * (1 + number % 5),
            progression_target=10 if number % 4 == 0 else None,
            is_secret=number % 15 == 0,
            expires_after=90 if number % 20 == 0 else None,
        )
        if number % 4 == 1:
            badge.requirements = [
                Requirement(kind="event", event="visited", target=number),
                Requirement(kind="points", target=100 * number),
            ]
        badge.save()
        badge.save_revision().publish()
        badges.append(badge)
    for number in range(LEVELS):
        level = Level.objects.create(
            name=f"Level {number + 1}", points_required=number * number * 25
        )
        level.save_revision().publish()
    for number in range(1, 6):
        UnlockableDefinition.objects.create(
            name=f"Unlockable {number}", points_required=number * 150
        )
    PointRule.objects.create(name="A visit", event="visited", points=5)
    return badges


@contextmanager
def _loading(cursor: Any) -> Iterator[None]:
    """Leave out what a restored dump leaves out, too."""
    cursor.execute(
        "SET synchronous_commit = off; SET session_replication_role = replica; "
        "SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'"
    )
    tables = [f"wagtail_gamification_{name}" for name in LARGE]
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) "
        "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)",
        [tables],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    cursor.execute(
        "RESET session_replication_role; RESET synchronous_commit; "
        "RESET maintenance_work_mem; RESET work_mem"
    )


def _chance(key: str, seed: int) -> str:
    return _CHANCE.format(key=key, seed=seed)


def _statements(
    community: Community, definitions: list[BadgeDefinition]
) -> Iterator[tuple[str, str, list[Any]]]:
    """Give what is written, in this order: its name, its SQL, its parameters."""
    yield (
        "users",
        f"""
        INSERT INTO auth_user (username, first_name, last_name, email, password,
            is_superuser, is_staff, is_active, date_joined)
        SELECT lower(f || '.' || l || '.' || i), f, l,
            lower(f || '.' || l || i || '@example.com'), '!', false, false, true,
            now() - (i %% {DAYS}) * interval '1 day'
        FROM (
            SELECT i, (%s::text[])[1 + {_chance("i", 1)} %% %s] f,
                (%s::text[])[1 + {_chance("i", 2)} %% %s] l
            FROM generate_series(1, %s) i
        ) names""",
        [
            FIRST.split(),
            len(FIRST.split()),
            LAST.split(),
            len(LAST.split()),
            community.players,
        ],
    )
    yield (
        "interfaces",
        "INSERT INTO wagtail_gamification_gamificationinterface "
        "(user_id, points, is_public) "
        "SELECT id, 0, id %% 10 > 0 FROM auth_user ORDER BY id",
        [],
    )
    yield (
        "groups",
        "INSERT INTO auth_group (name) "
        "SELECT 'Class ' || i FROM generate_series(1, %s) i",
        [GROUPS],
    )
    # The first has half of all players, each following one half as many.
    yield (
        "members",
        "INSERT INTO auth_user_groups (user_id, group_id) SELECT u.id, g.id "
        "FROM auth_user u JOIN (SELECT id, row_number() OVER (ORDER BY id) n "
        "FROM auth_group WHERE name LIKE 'Class %%') g ON u.id %% (2 ^ n)::int = 0",
        [],
    )
    # The first badge: seven players in ten have it. The last: one in forty.
    yield (
        "badges",
        f"""
        INSERT INTO wagtail_gamification_badge (interface_id, badge_definition_id,
            progress, acquired, acquired_at, expires_at, revoked, times_awarded,
            last_award_number, rounds)
        SELECT interface, definition,
            CASE WHEN has THEN target ELSE 1 + luck / 20 %% 9 END, keeps,
            CASE WHEN keeps THEN {_past("luck")} END,
            CASE WHEN keeps THEN {_past("luck")} + days * interval '1 day' END,
            has AND NOT keeps, keeps::int, has::int, 0
        FROM (
            SELECT *, has AND luck %% 97 > 0 keeps FROM (
            SELECT i.id interface, d.id definition, d.target, d.days,
                {_chance(f"i.id * {BADGES + 1} + d.n", 3)} luck,
                {_chance(f"i.id * {BADGES + 1} + d.n", 4)}
                    < 700000 / power(d.n::float8, 0.8) has
            FROM wagtail_gamification_gamificationinterface i CROSS JOIN
                unnest(%s::bigint[], %s::int[], %s::int[])
                WITH ORDINALITY d(id, target, days, n)
            ) chances
        ) rows WHERE has OR (target > 0 AND luck %% 20 = 0)
        ORDER BY interface, definition""",
        [
            [each.pk for each in definitions],
            [each.progression_target or 0 for each in definitions],
            [each.expires_after for each in definitions],
        ],
    )
    yield (
        "awards",
        f"""
        INSERT INTO wagtail_gamification_award (badge_id, badge_definition_id,
            number, uuid, awarded_at, awarded_by_id, reason, note, points, expires_at,
            expired_at, revoked_at, revoke_reason, revoke_note)
        SELECT b.id, d.id, 1, gen_random_uuid(),
            coalesce(b.acquired_at, {_past("b.id")}),
            CASE WHEN b.id %% 20 = 0 THEN u.id END, '', '', d.points, b.expires_at,
            CASE WHEN b.expires_at < now() THEN b.expires_at END,
            CASE WHEN b.revoked THEN {_past("b.id")} END, '', ''
        FROM wagtail_gamification_badge b
        JOIN wagtail_gamification_badgedefinition d ON d.id = b.badge_definition_id
        CROSS JOIN (SELECT min(id) id FROM auth_user) u
        WHERE b.last_award_number > 0 ORDER BY b.id""",
        [],
    )
    yield (
        "ledger: awards",
        """
        INSERT INTO wagtail_gamification_pointchange (interface_id, amount, "time",
            reason, award_id, event, object_key, key, quantity)
        SELECT b.interface_id, a.points, a.awarded_at, '', a.id, '', '', '', 0
        FROM wagtail_gamification_award a
        JOIN wagtail_gamification_badge b ON b.id = a.badge_id
        ORDER BY a.id LIMIT %s""",
        [community.ledger_rows],
    )
    yield (
        "ledger: taken back",
        """
        INSERT INTO wagtail_gamification_pointchange (interface_id, amount, "time",
            reason, award_id, event, object_key, key, quantity, reverses_id)
        SELECT p.interface_id, -p.amount, a.revoked_at, '', a.id, '', '', '', 0, p.id
        FROM wagtail_gamification_pointchange p
        JOIN wagtail_gamification_award a ON a.id = p.award_id
        WHERE a.revoked_at IS NOT NULL ORDER BY a.id""",
        [],
    )
    # A tenth of the players have half of what is left.
    yield (
        "ledger: rules",
        f"""
        INSERT INTO wagtail_gamification_pointchange (interface_id, amount, "time",
            reason, rule_id, event, object_key, day, key, quantity)
        SELECT i.id, 5, {_past("luck")}, '', r.id, 'visited', '',
            {date_ordinal("now()")} - luck %% {DAYS}, '', 1
        FROM (
            SELECT n, {_chance("n", 5)} luck, CASE
                WHEN n %% 2 = 0 THEN {_chance("n", 6)} %% %s
                ELSE ({_chance("n", 7)} %% greatest(1, %s / 10)) * 10 END place
            FROM generate_series(1, %s - (
                SELECT count(*) FROM wagtail_gamification_pointchange)) n
        ) rows
        JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 place
            FROM wagtail_gamification_gamificationinterface) i USING (place)
        CROSS JOIN (SELECT id FROM wagtail_gamification_pointrule LIMIT 1) r""",
        [community.players, community.players, community.ledger_rows],
    )
    # From 1 to 19 days a player, on the average ten, at intervals of 1 to 13 days,
    # that end up to a year ago.
    yield (
        "activities",
        f"""
        INSERT INTO wagtail_gamification_activity (interface_id, event, day,
            object_key, count)
        SELECT id, CASE s %% 5 WHEN 0 THEN 'logged_in' WHEN 1 THEN 'form_submitted'
                ELSE 'visited' END,
            {date_ordinal("now()")} - {_chance("id", 8)} %% 365 * (id %% 4 > 0)::int
                - s * (1 + id %% 13), '', 1 + s %% 4
        FROM (
            SELECT id, 1 + {_chance("id", 9)} %% greatest(1, 2 * %s / %s - 1) n
            FROM wagtail_gamification_gamificationinterface
        ) i CROSS JOIN LATERAL generate_series(0, n - 1) s""",
        [community.activities, community.players],
    )
    yield (
        "streaks",
        """
        INSERT INTO wagtail_gamification_streak (interface_id, event, current,
            longest, last_day)
        SELECT interface_id, 'visited', 1 + count(*) %% 3, 1 + count(*) %% 7, max(day)
        FROM wagtail_gamification_activity WHERE event = 'visited'
        GROUP BY interface_id""",
        [],
    )
    yield (
        "balances and last days",
        """
        UPDATE wagtail_gamification_gamificationinterface i
        SET points = coalesce(p.total, 0), last_active_day = a.day
        FROM (SELECT interface_id, sum(amount) total
            FROM wagtail_gamification_pointchange GROUP BY interface_id) p
        FULL JOIN (SELECT interface_id, max(day) AS day
            FROM wagtail_gamification_activity GROUP BY interface_id) a
        USING (interface_id) WHERE i.id = interface_id""",
        [],
    )
    yield (
        "unlockables",
        """
        INSERT INTO wagtail_gamification_unlockable (interface_id,
            unlockable_definition_id, acquired, acquired_at)
        SELECT i.id, d.id, true, now()
        FROM wagtail_gamification_gamificationinterface i
        JOIN wagtail_gamification_unlockabledefinition d
        ON i.points >= d.points_required""",
        [],
    )


def _past(luck: str) -> str:
    """Give the SQL of a moment of the last two years, the same for the same number."""
    return (
        f"(now() - {luck} %% {DAYS} * interval '1 day' "
        f"- {luck} %% 86400 * interval '1 second')"
    )


def date_ordinal(moment: str) -> str:
    """Give the SQL of a day's number, as :meth:`datetime.date.toordinal` gives it."""
    return f"(({moment})::date - date '0001-01-01' + 1)"
