"""Eight processes award and count at once, and the scores are what is on record."""

import pytest
from django.db.models import Sum
from wagtail.models import Locale

from wagtail_gamification.actions.build_scores import wrong_players
from wagtail_gamification.models import Award, PointChange, Score
from wagtail_gamification.testing import (
    create_badge_definition,
    create_leaderboard,
    create_player,
)

from .test_processes import PROCESSES, run_at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


AWARDING = """
definition = BadgeDefinition.objects.get()
for turn in range(5):
    definition.award(player)
    player.change_points(number + 1)
    if turn == 2:
        player.change_points(-1)
"""
COUNTING = """
from wagtail_gamification.actions.build_scores import build_scores
definition = BadgeDefinition.objects.get()
for turn in range(5):
    if number % 2:
        ScoreSeries.objects.update(reached=0, built_at=None)
        build_scores()
    else:
        definition.award(player)
        definition.revoke(player)
        player.change_points(7)
"""


def make_boards():
    Locale.objects.get_or_create(language_code="en")
    create_leaderboard("Points")
    create_leaderboard("Week", window="week")
    create_leaderboard("Badges", measure="badges", window="month")


def scores_of(player, **series):
    rows = Score.objects.filter(
        interface=player, **{f"series__{name}": value for name, value in series.items()}
    )
    return rows.get().score


def test_scores_equal_the_ledger_after_eight_processes_awarded():
    make_boards()
    player = create_player()
    create_badge_definition(points=10, max_awards=100)

    run_at_once(player, AWARDING)

    booked = PointChange.objects.aggregate(total=Sum("amount"))["total"]
    awards = Award.objects.filter(revoked_at=None).count()
    assert awards >= PROCESSES
    assert scores_of(player, window="all_time") == booked
    assert scores_of(player, window="week") == booked
    assert scores_of(player, measure="badges") == awards
    assert wrong_players() == 0


def test_nothing_is_lost_where_scores_are_counted_meanwhile():
    make_boards()
    player = create_player(points=3)
    create_badge_definition(points=10, max_awards=100)

    run_at_once(player, COUNTING)

    booked = PointChange.objects.aggregate(total=Sum("amount"))["total"]
    assert scores_of(player, window="all_time") == booked
    assert wrong_players() == 0
