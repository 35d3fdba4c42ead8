"""Workloads of leaderboards: the top 100 with the rank of somebody anywhere in it."""

from __future__ import annotations

import random

from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import connection

from wagtail_gamification.actions.build_scores import build_scores
from wagtail_gamification.leaderboards import get_leaderboard
from wagtail_gamification.leaderboards.markers import mark_ranks
from wagtail_gamification.models import (
    GamificationInterface,
    Leaderboard,
    Score,
    ScoreSeries,
)

from .runner import Workload

MOST_POINTS = 100_000
# The same players for every round.
SEED = 20


class _Board(Workload):
    operations = 50
    shares_rows = True
    limit = 100
    around = 0

    def set_up(self) -> None:
        if GamificationInterface.objects.count() != self.players:
            _make_players(self.players)
            Leaderboard.objects.create(name="Board", size=100)
            build_scores()
            _make_scores(ScoreSeries.objects.get().pk)
        self.series = ScoreSeries.objects.get().pk
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        mark_ranks(Leaderboard.objects.get().pk)
        chance = random.Random(SEED)  # noqa: S311 (nothing is kept secret by it)
        keys = list(GamificationInterface.objects.values_list("pk", flat=True))
        chosen = chance.sample(keys, min(self.operations, len(keys)))
        found = GamificationInterface.objects.select_related("user")
        self.viewers = [found.get(pk=key) for key in chosen]

    def before_round(self) -> None:
        self.run(0)

    def run(self, number: int) -> None:
        viewer = self.viewers[number % len(self.viewers)]
        get_leaderboard(
            "board", viewer=viewer.user, limit=self.limit, around=self.around
        )

    def floor(self, number: int) -> None:
        """The top by the index, and one row of who looks: no rank."""
        viewer = self.viewers[number % len(self.viewers)]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT s.score, u.first_name, u.last_name "
                "FROM wagtail_gamification_score s "
                "JOIN wagtail_gamification_gamificationinterface p "
                "ON p.id = s.interface_id JOIN auth_user u ON u.id = p.user_id "
                "WHERE s.series_id = %s AND s.first_day = 0 "
                "ORDER BY s.score DESC, s.interface_id LIMIT %s",
                [self.series, self.limit],
            )
            cursor.fetchall()
            cursor.execute(
                "SELECT score FROM wagtail_gamification_score "
                "WHERE series_id = %s AND first_day = 0 AND interface_id = %s",
                [self.series, viewer.pk],
            )
            cursor.fetchall()


class LeaderboardTop(_Board):
    name = "leaderboard-top"


class LeaderboardAround(_Board):
    name = "leaderboard-around"
    limit = 3
    around = 2


class LeaderboardMarkers(_Board):
    """What a task does at most once in a minute, when somebody looks."""

    name = "leaderboard-markers"
    operations = 1

    def run(self, number: int) -> None:
        mark_ranks(Leaderboard.objects.get().pk)

    def floor(self, number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT score, COUNT(*) FROM wagtail_gamification_score "
                "WHERE series_id = %s AND first_day = 0 GROUP BY score",
                [self.series],
            )
            cursor.fetchall()


def _make_players(number: int) -> None:
    """Make users with interfaces, in a handful of statements on every database."""
    numbers = (
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000)"
    )
    # What is in memory is still there from the workload before.
    for model in (Leaderboard, ScoreSeries, GamificationInterface, get_user_model()):
        model._base_manager.all().delete()
    with connection.cursor() as cursor:
        if connection.vendor == "mysql":
            cursor.execute("SET SESSION max_recursive_iterations = 10000")
        false, true = ("FALSE", "TRUE")
        users = (
            "INSERT INTO auth_user (username, first_name, last_name, email, password, "
            "is_active, is_staff, is_superuser, date_joined) "
        )
        values = (
            "SELECT {name}, 'Player', {name}, '', '', "
            f"{true}, {false}, {false}, CURRENT_TIMESTAMP "
        )
        part = "FROM n a CROSS JOIN n b WHERE a.n * 1000 + b.n - 1001 < %s"
        name = (
            "CONCAT('p', a.n * 1000 + b.n)"
            if connection.vendor == "mysql"
            else "'p' || (a.n * 1000 + b.n)"
        )
        select = values.format(name=name) + part
        statement = (
            f"{users} {numbers} {select}"
            if connection.vendor != "sqlite"
            else f"{numbers} {users} {select}"
        )
        cursor.execute(statement, [number])
        cursor.execute(
            "INSERT INTO wagtail_gamification_gamificationinterface "
            "(user_id, name, points, is_public, on_boards, counts_after) "
            f"SELECT id, '', 0, {true}, {true}, 0 FROM auth_user"
        )


def _make_scores(series: int) -> None:
    """Give everybody a score, few many points and many few."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wagtail_gamification_score "
            "(series_id, first_day, interface_id, score) "
            "SELECT %s, 0, id, "
            "1 + ((id * 7919) %% 1000) * ((id * 104729) %% %s) / 1000 "
            "FROM wagtail_gamification_gamificationinterface",
            [series, MOST_POINTS],
        )
    for cache in caches.all():
        cache.clear()
    assert Score.objects.exists()
