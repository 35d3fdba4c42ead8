"""Leaderboards in both versions of the API: everybody's, and the same to everybody."""

import pytest
from django.contrib.auth.models import Group

from tests.shelf_data import translate
from wagtail_gamification import compat
from wagtail_gamification.api.listing import public
from wagtail_gamification.api.v2 import LeaderboardsAPIViewSet
from wagtail_gamification.models import GamificationInterface, Leaderboard
from wagtail_gamification.testing import (
    create_leaderboard,
    create_player,
    create_team,
)

pytestmark = pytest.mark.django_db

VERSIONS = ("v2", "v3") if compat.HAS_API_V3 else ("v2",)


@pytest.fixture(params=VERSIONS)
def boards(request):
    return f"/api/{request.param}/leaderboards/"


@pytest.fixture
def players(commit):
    """Players by name, with a tie; some of them take no part."""
    with commit():
        return {
            name: create_player(points, username=name, **fields)
            for name, points, fields in [
                ("first", 50, {}),
                ("second", 30, {}),
                ("third", 30, {}),
                ("fourth", 10, {}),
                ("leaver", 99, {}),
                ("private", 98, {}),
                ("staff", 97, {"is_staff": True}),
                ("inactive", 96, {"is_active": False}),
                ("nothing", 0, {}),
            ]
        }


@pytest.fixture
def board(players, commit):
    everybody = GamificationInterface.objects.all()
    everybody.filter(user__username="leaver").update(on_boards=False)
    everybody.filter(user__username="private").update(is_public=False)
    with commit():
        return create_leaderboard("Most points", description="<p>All of it.</p>")


def standing(response):
    assert response.status_code == 200, response.content
    return [(item["rank"], item["name"]) for item in response.json()["items"]]


def total(response):
    found = response.json()
    return found["count"] if "count" in found else found["meta"]["total_count"]


def test_boards_are_listed_with_what_they_compare(client, boards, board):
    translate(board, "fr", name="Le plus de points")

    item = client.get(f"{boards}{board.pk}/?locale=fr").json()

    assert (item["name"], item["slug"]) == ("Le plus de points", "most-points")
    assert (item["measure"], item["window"]) == ("points", "all_time")
    assert item["description"] == "<p>All of it.</p>"
    assert set(item) == {
        "id",
        "meta",
        "name",
        "slug",
        "description",
        "measure",
        "window",
        "starts_on",
        "ends_on",
    }
    assert len(client.get(f"{boards}?measure=points").json()["items"]) == 1
    assert client.get(f"{boards}?measure=badges").json()["items"] == []


def test_players_have_ranks_that_ties_share(client, boards, board):
    response = client.get(f"{boards}{board.pk}/entries/")

    assert standing(response) == [
        (1, "first"),
        (2, "second"),
        (2, "third"),
        (4, "fourth"),
    ]
    item = response.json()["items"][0]
    assert item == {
        "rank": 1,
        "name": "first",
        "score": 50,
        "profile_id": None,
        "profile_url": None,
    }


def test_places_are_paged(client, boards, board):
    first = client.get(f"{boards}{board.pk}/entries/?limit=2")
    second = client.get(f"{boards}{board.pk}/entries/?limit=2&page=2")
    beyond = client.get(f"{boards}{board.pk}/entries/?limit=2&page=2147483647")

    assert standing(first) == [(1, "first"), (2, "second")]
    assert standing(second) == [(2, "third"), (4, "fourth")]
    assert standing(beyond) == []
    assert total(first) == total(second) == 4


@pytest.mark.parametrize("who", ["anonymous", "leaver", "fourth", "staff"])
def test_who_takes_no_part_is_nowhere_whoever_looks(
    client, boards, board, players, who
):
    if who != "anonymous":
        client.force_login(players[who].user)

    response = client.get(f"{boards}{board.pk}/entries/")

    assert total(response) == 4
    for name in ("leaver", "private", "staff", "inactive", "nothing"):
        assert name not in response.content.decode()


@pytest.mark.parametrize("audience", ["group", "team"])
def test_boards_of_groups_and_teams_are_not_for_everybody(
    client, boards, board, players, commit, audience
):
    group = Group.objects.create(name="Class 3b")
    players["first"].user.groups.add(group)
    with commit():
        team = create_team("Year 7", [players["first"]])
        private = create_leaderboard(
            "Inner circle", audience=audience, **{audience: locals()[audience]}
        )
    client.force_login(players["first"].user)

    assert "Inner circle" not in client.get(boards).content.decode()
    for address in (
        f"{private.pk}/",
        f"{private.pk}/entries/",
        "find/?slug=inner-circle",
    ):
        assert client.get(f"{boards}{address}").status_code == 404
    assert private not in public(Leaderboard)
    assert private in public(Leaderboard, audiences=("group", "team"))


def test_a_board_that_is_not_published_is_not_there(client, boards, board):
    draft = Leaderboard.objects.create(name="Unfinished", live=False)

    assert "Unfinished" not in client.get(boards).content.decode()
    for address in (f"{draft.pk}/", f"{draft.pk}/entries/"):
        assert client.get(f"{boards}{address}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "limit=21",
        "limit=101",
        "limit=0",
        "limit=-1",
        "limit=all",
        "page=0",
        "page=x",
        "page=99999999999999999999",
    ],
)
def test_what_is_no_page_is_a_clear_error(client, boards, board, query):
    response = client.get(f"{boards}{board.pk}/entries/?{query}")

    assert response.status_code in (400, 422)


@pytest.mark.parametrize("query", ["viewer=1", "around=5", "fields=*", "order=-score"])
def test_what_is_no_parameter_is_refused(client, boards, board, query):
    response = client.get(f"{boards}{board.pk}/entries/?{query}")

    assert response.status_code in (400, 422)
    assert b"rank" not in response.content


def test_no_site_gives_more_than_a_hundred_places(client, boards, board, settings):
    settings.WAGTAILAPI_LIMIT_MAX = None
    address = f"{boards}{board.pk}/entries/?limit="

    assert client.get(f"{address}100").status_code == 200
    assert client.get(f"{address}101").status_code in (400, 422)


@pytest.mark.parametrize(
    "query", ["audience=team", "team=1", "group=1", "order=team", "order=group"]
)
def test_boards_are_not_told_apart_by_whom_they_are_of(client, boards, board, query):
    assert client.get(f"{boards}?{query}").status_code in (400, 422)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(client, boards, board, editor, method):
    client.force_login(editor)
    for address in ("", f"{board.pk}/", f"{board.pk}/entries/"):
        assert getattr(client, method)(f"{boards}{address}").status_code == 405


def test_a_board_that_is_not_counted_yet_says_so(client, boards):
    board = create_leaderboard("New one")

    found = client.get(f"{boards}{board.pk}/entries/").json()

    assert found["items"] == []
    assert not found.get("meta", found)["is_ready"]


def test_a_site_may_show_other_boards(rf, board):
    class Endpoint(LeaderboardsAPIViewSet):
        audiences = ("team",)

    assert board not in Endpoint().get_queryset()


@pytest.mark.parametrize("number", [4, 20])
def test_places_take_the_same_queries_however_many_there_are(
    client, boards, board, assert_max_statements, commit, number
):
    with commit():
        for _ in range(number - 4):
            create_player(5)
    address = f"{boards}{board.pk}/entries/?locale=en"
    assert len(standing(client.get(address))) == number

    # The locale (twice), the board, the number of players, and the players.
    with assert_max_statements(5):
        client.get(address)
