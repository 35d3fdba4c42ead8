"""Boards as they stand, for whoever looks."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Locale

from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.leaderboards import (
    ViewerState,
    boards,
    get_leaderboard,
    markers,
)
from wagtail_gamification.leaderboards.markers import mark_ranks
from wagtail_gamification.models import (
    GamificationInterface,
    Leaderboard,
    PlayerPreferences,
    RankMarker,
    TeamMembership,
)
from wagtail_gamification.score_index import drop_series
from wagtail_gamification.testing import create_player, create_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def players(board_of):
    """Five players of a board of points, two of whom have the same."""
    board_of()
    points = {"ada": 50, "bo": 30, "cy": 30, "di": 20, "eve": 10}
    return {
        name: create_player(number, username=name) for name, number in points.items()
    }


def names(board):
    return [entry.name for entry in board.entries]


def test_equal_scores_share_a_rank(players, standing):
    assert standing() == [
        (1, "ada", 50),
        (2, "bo", 30),
        (2, "cy", 30),
        (4, "di", 20),
        (5, "eve", 10),
    ]


def test_the_board_says_how_many_places_there_are(players):
    Leaderboard.objects.update(size=2)

    assert names(get_leaderboard("board")) == ["ada", "bo"]
    assert names(get_leaderboard("board", limit=3)) == ["ada", "bo", "cy"]


def test_who_looks_has_a_place_beside_the_list(players):
    board = get_leaderboard("board", limit=1, viewer=players["cy"].user)

    assert names(board) == ["ada"]
    assert (board.own.rank, board.own.name, board.own.score) == (2, "cy", 30)
    assert board.viewer_state is ViewerState.LISTED
    assert not board.own_is_listed


def test_who_looks_is_marked_in_the_list(players):
    board = get_leaderboard("board", viewer=players["ada"])

    assert [entry.is_viewer for entry in board.entries] == [True, *[False] * 4]
    assert board.own_is_listed
    assert board.own == board.entries[0]


@pytest.mark.parametrize("viewer", [None, AnonymousUser()])
def test_nobody_has_no_place(players, viewer):
    board = get_leaderboard("board", viewer=viewer)

    assert board.viewer_state is ViewerState.NOBODY
    assert board.own is None


def test_who_has_no_score_has_no_place(players):
    board = get_leaderboard("board", viewer=create_player().user)

    assert board.viewer_state is ViewerState.NO_SCORE
    assert board.own is None
    assert len(board.entries) == 5


def test_around_adds_who_stands_next_to_who_looks(players):
    board = get_leaderboard("board", limit=1, around=1, viewer=players["di"].user)

    assert [(each.rank, each.name, each.is_apart) for each in board.entries] == [
        (1, "ada", False),
        (2, "cy", True),
        (4, "di", False),
        (5, "eve", False),
    ]


def test_around_repeats_nobody_and_shows_no_gap_where_there_is_none(players):
    board = get_leaderboard("board", limit=2, around=True, viewer=players["cy"].user)

    assert names(board) == ["ada", "bo", "cy", "di", "eve"]
    assert [entry.rank for entry in board.entries] == [1, 2, 2, 4, 5]
    assert not any(entry.is_apart for entry in board.entries)


def test_pages_go_on_with_the_ranks(players):
    pages = [
        get_leaderboard("board", page=number, limit=2, viewer=players["eve"].user)
        for number in (1, 2, 3, 4)
    ]

    assert [[(each.rank, each.name) for each in page.entries] for page in pages] == [
        [(1, "ada"), (2, "bo")],
        [(2, "cy"), (4, "di")],
        [(5, "eve")],
        [],
    ]
    assert {(page.total, page.pages) for page in pages} == {(5, 3)}
    assert all(page.own.rank == 5 for page in pages)


def leave(player):
    GamificationInterface.objects.filter(pk=player.pk).update(on_boards=False)


def hide(player):
    GamificationInterface.objects.filter(pk=player.pk).update(is_public=False)


def deactivate(player):
    player.user.is_active = False
    player.user.save()


def employ(player):
    player.user.is_staff = True
    player.user.save()


def exclude(player):
    group, _created = Group.objects.get_or_create(name="Testers")
    player.user.groups.add(group)


@pytest.mark.parametrize("how", [leave, hide, deactivate, employ, exclude])
@pytest.mark.parametrize("viewer", ["bo", "eve", "boss", None])
def test_who_does_not_take_part_is_nowhere(players, settings, how, viewer):
    settings.WAGTAIL_GAMIFICATION_EXCLUDED_GROUPS = ["Testers"]
    players["boss"] = create_player(username="boss", is_superuser=True)
    how(players["bo"])
    looks = players[viewer].user if viewer else None

    board = get_leaderboard("board", viewer=looks)
    page = get_leaderboard("board", page=1, limit=3, viewer=looks)
    around = get_leaderboard("board", limit=1, around=3, viewer=looks)

    assert [(each.rank, each.name) for each in board.entries] == [
        (1, "ada"),
        (2, "cy"),
        (3, "di"),
        (4, "eve"),
    ]
    assert (page.total, page.pages) == (4, 2)
    assert "bo" not in names(page)
    assert "bo" not in names(around)
    if viewer == "eve":
        assert board.own.rank == 4
    if viewer == "bo":
        assert board.own is page.own is around.own is None
        left = how in (leave, hide)
        state = ViewerState.LEFT if left else ViewerState.OUTSIDE
        assert board.viewer_state is state


def test_a_board_of_a_group_has_its_members_only(players, board_of, standing):
    group = Group.objects.create(name="Readers")
    for name in ("bo", "di"):
        players[name].user.groups.add(group)
    board_of("Readers", audience="group", group=group)

    assert standing("readers") == [(1, "bo", 30), (2, "di", 20)]
    board = get_leaderboard("readers", viewer=players["ada"].user)
    assert board.viewer_state is ViewerState.OUTSIDE
    assert board.own is None
    assert get_leaderboard("readers", viewer=players["di"].user).own.rank == 2


def test_a_board_of_a_team_has_its_members_only(players, board_of, standing):
    team = create_team("Owls", [players["cy"], players["eve"]])
    board_of("Owls", audience="team", team=team)

    assert standing("owls") == [(1, "cy", 30), (2, "eve", 10)]

    TeamMembership.objects.filter(member=players["cy"]).delete()

    assert standing("owls") == [(1, "eve", 10)]


def test_a_board_whose_group_was_deleted_is_empty(players, board_of, standing, done):
    group = Group.objects.create(name="Readers")
    players["bo"].user.groups.add(group)
    board_of("Readers", audience="group", group=group)
    assert standing("readers")

    done(group.delete)

    assert standing("readers") == []
    board = get_leaderboard("readers", viewer=players["bo"].user)
    assert board.own is None
    assert board.is_ready


def test_a_board_whose_team_was_deleted_is_empty(players, board_of, standing, done):
    team = create_team("Owls", [players["cy"]])
    board_of("Owls", audience="team", team=team)
    assert standing("owls")

    done(team.delete)

    assert standing("owls") == []


def test_a_team_may_be_on_a_board_by_its_name(players, standing):
    create_team("Owls").change_points(40)

    assert standing()[1] == (2, "Owls", 40)


def test_a_profile_is_led_to_where_there_is_one(players, settings):
    settings.WAGTAIL_GAMIFICATION_PROFILES = True
    shown = PlayerPreferences.objects.create(interface=players["bo"], has_profile=True)
    PlayerPreferences.objects.create(interface=players["cy"])

    board = get_leaderboard("board")

    assert [entry.profile_id for entry in board.entries] == [
        None,
        shown.public_id,
        None,
        None,
        None,
    ]
    assert str(shown.public_id) in board.entries[1].profile_url
    settings.WAGTAIL_GAMIFICATION_PROFILES = False
    assert not any(entry.profile_url for entry in get_leaderboard("board").entries)


def test_a_draft_is_no_board(board_of):
    board_of(live=False)
    board_of("Other")

    with pytest.raises(UnknownDefinition, match="other"):
        get_leaderboard("board")


@pytest.mark.parametrize(
    "arguments",
    [{"limit": 0}, {"limit": "3"}, {"around": -1}, {"page": 0}, {"limit": True}],
)
def test_what_is_no_number_is_refused(board_of, arguments):
    board_of()

    with pytest.raises(ValueError, match="whole number"):
        get_leaderboard("board", **arguments)


def test_a_board_that_is_not_counted_yet_says_so(players, done, board_of):
    from wagtail_gamification.models import ScoreSeries
    from wagtail_gamification.score_index import drop_series

    ScoreSeries.objects.update(built_at=None)
    done(drop_series)

    board = get_leaderboard("board")

    assert not board.is_ready
    assert board.entries == ()


def test_texts_are_those_of_the_language(players, done):
    french = Locale.objects.create(language_code="fr")
    original = Leaderboard.objects.get()
    copy = original.copy_for_translation(french)
    copy.name, copy.live, copy.size = "Classement", True, 1
    done(copy.save)

    with translation.override("fr"):
        board = get_leaderboard("board")

    assert (board.name, board.language) == ("Classement", "fr")
    assert len(board.entries) == 5
    assert get_leaderboard("board").name == "Board"
    assert get_leaderboard("board", locale=french).name == "Classement"


@pytest.mark.parametrize(
    ("arguments", "number"),
    [({}, 1), ({"around": True, "limit": 1}, 3), ({"page": 2, "limit": 2}, 4)],
)
def test_a_warm_board_costs_one_query(
    players, django_assert_num_queries, arguments, number
):
    viewer = players["eve"].user
    get_leaderboard("board", viewer=viewer)

    with django_assert_num_queries(number):
        get_leaderboard("board", viewer=viewer, **arguments)


def test_markers_give_the_same_ranks(players, monkeypatch, done):
    board = Leaderboard.objects.get()
    expected = {
        name: get_leaderboard("board", viewer=player.user).own.rank
        for name, player in players.items()
    }
    monkeypatch.setattr(markers, "LARGE", 2)
    monkeypatch.setattr(boards, "LARGE", 2)
    done(drop_series)
    monkeypatch.setattr(markers, "EXACT", 1)
    monkeypatch.setattr(markers, "MARKERS", 3)

    mark_ranks(board.pk)

    found = {
        name: get_leaderboard("board", viewer=player.user).own.rank
        for name, player in players.items()
    }
    assert RankMarker.objects.count() > 1
    assert found == expected
    pages = [get_leaderboard("board", page=number, limit=2) for number in (2, 3)]
    assert [[each.rank for each in page.entries] for page in pages] == [[2, 4], [5]]


def test_a_page_of_a_large_board_is_counted_from_a_marker(
    players, monkeypatch, done, django_assert_num_queries
):
    viewer = players["eve"].user
    small = [get_leaderboard("board", page=each, limit=1) for each in range(1, 6)]
    monkeypatch.setattr(markers, "LARGE", 2)
    monkeypatch.setattr(boards, "LARGE", 2)
    done(drop_series)
    monkeypatch.setattr(markers, "EXACT", 1)
    mark_ranks(Leaderboard.objects.get().pk)
    get_leaderboard("board", viewer=viewer)

    with CaptureQueriesContext(connection) as captured:
        large = [get_leaderboard("board", page=each, limit=1) for each in range(1, 6)]

    assert [page.entries for page in large] == [page.entries for page in small]
    assert not [each for each in captured if "OFFSET 4" in each["sql"]]
    # Who looks, and the others with the rank of who looks.
    with django_assert_num_queries(2):
        board = get_leaderboard("board", viewer=viewer)
    assert board.own.name == "eve"
    assert get_leaderboard("board", viewer=viewer, limit=0, around=1).own == board.own


@pytest.mark.parametrize("page", [7, 10**30])
def test_behind_the_last_page_there_is_nobody(players, page):
    board = get_leaderboard("board", page=page, viewer=players["eve"].user)

    assert board.entries == ()
    assert (board.total, board.pages) == (5, 1)
    assert board.own.rank == 5


def test_a_small_board_needs_no_markers(players):
    mark_ranks(Leaderboard.objects.get().pk)

    assert not RankMarker.objects.exists()


def test_markers_are_asked_for_once_in_a_while(players, monkeypatch, done):
    from wagtail_gamification.leaderboards import ranks

    asked = []
    monkeypatch.setattr(ranks, "_enqueue", asked.append)
    for _number in range(3):
        done(get_leaderboard, "board")
        ranks._asked.clear()

    assert asked == [Leaderboard.objects.get().pk]


def test_what_is_kept_of_a_board_follows_the_settings(players, settings):
    assert "ada" in names(get_leaderboard("board"))
    group = Group.objects.create(name="Helpers")
    players["ada"].user.groups.add(group)

    settings.WAGTAIL_GAMIFICATION_EXCLUDED_GROUPS = ["Helpers"]

    assert names(get_leaderboard("board")) == ["bo", "cy", "di", "eve"]
