"""Boards whose scores are counted, as they are once they were published."""

import pytest

from wagtail_gamification import Event
from wagtail_gamification.events import temporary_events
from wagtail_gamification.leaderboards import get_leaderboard, ranks
from wagtail_gamification.models import Score
from wagtail_gamification.testing import create_leaderboard


@pytest.fixture(autouse=True)
def _nobody_has_asked():
    ranks._asked.clear()


@pytest.fixture
def done(django_capture_on_commit_callbacks):
    def do(function, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*args, **kwargs)

    return do


@pytest.fixture
def board_of(done):
    """Publish a board, and count what was before."""

    def make(name="Board", **fields):
        return done(create_leaderboard, name, **fields)

    return make


@pytest.fixture
def standing():
    """Give a board as ranks, names and scores."""

    def read(slug="board", **kwargs):
        board = get_leaderboard(slug, **kwargs)
        return [(each.rank, each.name, each.score) for each in board.entries]

    return read


@pytest.fixture
def scores():
    """Give the scores of a player, or of all, apart from what is over."""

    def read(player=None):
        rows = Score.objects.order_by("pk")
        if player is not None:
            rows = rows.filter(interface=player)
        return list(rows.values_list("score", flat=True))

    return read


@pytest.fixture
def lesson_completed():
    with temporary_events():
        yield Event("lesson_completed", "Completes a lesson")
