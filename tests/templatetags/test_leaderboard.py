"""The tag that shows a leaderboard."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.urls import reverse

from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.leaderboards import sample_leaderboard
from wagtail_gamification.models import GamificationInterface, PlayerPreferences
from wagtail_gamification.testing import create_leaderboard, create_player

pytestmark = pytest.mark.django_db


@pytest.fixture
def players(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        create_leaderboard("Top <b>", slug="top", size=2)
    return {
        name: create_player(points, username=name)
        for name, points in {"<i>ada</i>": 50, "bo": 30, "cy": 20}.items()
    }


def render(source, user=None):
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    template = Template("{% load gamification_tags %}" + source)
    return " ".join(template.render(Context({"request": request})).split())


def test_the_first_places_are_a_table(players):
    html = render('{% leaderboard "top" %}')

    assert html.count('<th class="gamification-board__name" scope="row">') == 2
    assert html.index("ada") < html.index("bo</bdi>")
    assert "cy" not in html
    assert 'aria-label="Top &lt;b&gt;"' in html
    assert "<i>" not in html
    assert "<b>" not in html


def test_who_looks_is_said_in_words(players):
    html = render('{% leaderboard "top" %}', players["bo"].user)

    assert html.count('aria-current="true"') == 1
    assert "You</span>" in html
    assert "aren't shown" not in html


def test_a_place_behind_the_list_is_shown_apart(players):
    html = render('{% leaderboard "top" %}', players["cy"].user)

    assert html.count("aren&#x27;t shown") + html.count("aren't shown") == 1
    assert html.index("bo</bdi>") < html.index("cy</bdi>")


def test_who_left_reads_why_and_where_to_change_it(players):
    GamificationInterface.objects.filter(pk=players["bo"].pk).update(on_boards=False)

    html = render('{% leaderboard "top" %}', players["bo"].user)

    assert "You chose not to be on leaderboards" in html
    assert reverse("wagtail_gamification:settings") in html
    assert "bo</bdi>" not in html
    other = render('{% leaderboard "top" %}', players["cy"].user)
    assert "You chose" not in other


def test_a_profile_is_linked(players, settings):
    settings.WAGTAIL_GAMIFICATION_PROFILES = True
    shown = PlayerPreferences.objects.create(interface=players["bo"], has_profile=True)

    html = render('{% leaderboard "top" %}')

    url = reverse("wagtail_gamification:profile", args=[shown.public_id])
    assert html.count(f'href="{url}"') == 1
    assert html.count("<a ") == 1


def test_an_empty_board_says_so(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        create_leaderboard("Empty")

    assert "Nobody is on this leaderboard yet." in render('{% leaderboard "empty" %}')


def test_a_board_that_is_being_counted_says_so():
    create_leaderboard("New")

    assert "is being counted" in render('{% leaderboard "new" %}')


def test_headings_can_be_changed_and_left_out(players):
    assert "Best" in render('{% leaderboard "top" heading="Best" %}')
    html = render('{% leaderboard "top" heading="" %}')
    assert "gamification-board__heading" not in html
    assert "aria-label" in html


def test_as_gives_the_data(players):
    html = render(
        '{% leaderboard "top" limit="1" as board %}'
        "{{ board.own.rank }} {{ board.entries|length }}",
        players["cy"].user,
    )

    assert html == "3 1"


def test_around_shows_the_neighbours(players):
    html = render('{% leaderboard "top" limit=0 around=1 %}', players["cy"].user)

    assert "ada" not in html
    assert html.index("bo</bdi>") < html.index("cy</bdi>")


def test_an_unknown_board_is_an_error_while_developing(settings):
    settings.DEBUG = True
    with pytest.raises(UnknownDefinition):
        render('{% leaderboard "nothing" %}')

    settings.DEBUG = False
    assert render('{% leaderboard "nothing" %}') == ""


def test_a_slug_is_needed():
    with pytest.raises(TemplateSyntaxError, match="needs a slug"):
        render("{% leaderboard %}")


def test_a_warm_page_costs_one_query_for_the_board(players, django_assert_num_queries):
    user = players["cy"].user
    render('{% leaderboard "top" %}', user)

    with django_assert_num_queries(1):
        render('{% leaderboard "top" %}', user)


@pytest.mark.parametrize("measure", ["points", "badges", "event"])
def test_the_preview_shows_players_that_do_not_exist(measure):
    board = create_leaderboard("Preview", measure=measure, event="visited", size=4)

    response = board.make_preview_request()

    assert response.status_code == 200
    assert b"Player 3" in response.content
    sample = sample_leaderboard(board)
    assert [entry.rank for entry in sample.entries] == [1, 2, 2, 4]
