"""The block that shows a leaderboard."""

import pytest

from wagtail_gamification.blocks import LeaderboardBlock
from wagtail_gamification.testing import create_leaderboard, create_player

from .conftest import render

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        board = create_leaderboard("Most points", size=2)
    for name, points in {"ada": 50, "bo": 30, "cy": 20}.items():
        create_player(points, username=name)
    return board


def test_a_board_is_shown_as_its_tag_shows_it(board, make_page):
    page = make_page(
        ("leaderboard", {"board": board.pk, "heading": "Best", "limit": 1})
    )

    html = render(page)

    assert "Best" in html
    assert "ada" in html
    assert "bo</bdi>" not in html


def test_a_board_that_was_deleted_or_unpublished_shows_nothing(
    board, make_page, settings, django_capture_on_commit_callbacks
):
    settings.DEBUG = True
    page = make_page(("leaderboard", {"board": board.pk}))
    with django_capture_on_commit_callbacks(execute=True):
        board.unpublish()
    assert "gamification-board" not in render(page)

    with django_capture_on_commit_callbacks(execute=True):
        board.delete()
    assert "gamification-board" not in render(page)


def test_two_boards_cost_a_query_each_and_none_for_the_choice(
    board, make_page, django_assert_num_queries
):
    page = make_page(
        ("leaderboard", {"board": board.pk}), ("leaderboard", {"board": board.pk})
    )
    render(page)

    with django_assert_num_queries(2):
        render(page)


def test_the_preview_shows_a_board(board):
    block = LeaderboardBlock()
    block.set_name("leaderboard")

    value = block.get_preview_value()

    assert value["board"].pk == board.pk
