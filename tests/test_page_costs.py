"""What a page costs the database because of what it shows of a player."""

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from wagtail_gamification.leaderboards import boards
from wagtail_gamification.testing import (
    create_badge_definition,
    create_leaderboard,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db

# What the site asks for by itself, so that the difference is ours.
OWN = "{{ request.user.get_username }}"
EVERYTHING = (
    "{% badge_shelf %}{% level %}{% badge_progress 'walker' %}{% leaderboard 'top' %}"
    "{% ifunlocked 'garden' %}open{% else %}closed{% endifunlocked %}"
    "{% ifbadge 'walker' %}open{% else %}closed{% endifbadge %}"
    "{% iflevel 2 %}open{% else %}closed{% endiflevel %}"
)
SEPARATELY = (
    "{% badge_shelf lazy=True %}{% level lazy=True %}"
    "{% badge_progress 'walker' lazy=True %}{% leaderboard 'top' lazy=True %}"
)


@pytest.fixture(params=[boards.LARGE, 0], ids=["small board", "large board"])
def large(request, monkeypatch):
    """From how many players a board is large, and read in two queries."""
    monkeypatch.setattr(boards, "LARGE", request.param)
    return request.param


@pytest.fixture
def page(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        create_level("Seed", 0)
        create_level("Sprout", 50)
        create_unlockable_definition("Garden", 50)
        walker = create_badge_definition("Walker", points=60, progression_target=3)
        create_badge_definition("Runner")
        create_leaderboard("Top")
    players = [create_player(username=name) for name in ("ada", "bo", "cy")]
    walker.award(players[0])

    def show(source):
        request = RequestFactory().get("/")
        # Read anew for each page, as the session does it.
        request.user = type(players[0].user).objects.get(pk=players[0].user.pk)
        template = Template("{% load gamification_tags %}" + source)
        with CaptureQueriesContext(connection) as queries:
            html = template.render(Context({"request": request}))
        return html, len(queries)

    show(EVERYTHING)
    return show


def test_shelf_level_progress_board_and_three_gates_cost_at_most_four_queries(
    large, page
):
    _html, before = page(OWN)

    html, after = page(OWN + EVERYTHING)

    assert html.count("open") >= 3
    assert "closed" not in html
    assert "Walker" in html
    assert boards.find_board("top").is_large == (not large)
    assert after - before <= 4


def test_what_is_loaded_separately_costs_none(page):
    _html, before = page(OWN)

    html, after = page(OWN + SEPARATELY)

    assert html.count("<gamification-fragment") == 4
    assert after == before
