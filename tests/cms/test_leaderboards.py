"""Editors define leaderboards, and see how they stand."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import ModelLogEntry

from wagtail_gamification.models import Leaderboard, ScoreSeries
from wagtail_gamification.testing import create_leaderboard, create_player, create_team

from .conftest import form_data, url_of

pytestmark = pytest.mark.django_db


def data(**changes):
    return form_data(
        Leaderboard,
        **{
            "name": "Top",
            "measure": "points",
            "event": "",
            "window": "all_time",
            "starts_on": "",
            "ends_on": "",
            "audience": "everybody",
            "group": "",
            "team": "",
            "size": "10",
            **changes,
        },
    )


def errors_of(response):
    return response.context["form"].errors


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"measure": "event"}, "event"),
        ({"measure": "event", "event": "nothing_known"}, "event"),
        ({"window": "dates", "starts_on": "2026-01-01"}, "ends_on"),
        (
            {"window": "dates", "starts_on": "2026-02-01", "ends_on": "2026-01-01"},
            "ends_on",
        ),
        ({"audience": "group"}, "group"),
        ({"audience": "team"}, "team"),
        ({"size": "0"}, "size"),
        ({"size": "101"}, "size"),
    ],
)
def test_what_contradicts_itself_is_said_beside_the_field(cms, changes, field):
    response = cms.post(
        url_of("add", Leaderboard), data(**changes, **{"action-publish": "1"})
    )

    assert field in errors_of(response)
    assert not Leaderboard.objects.exists()


def test_a_player_is_no_team(cms):
    player = create_player()
    team = create_team("Owls")
    chosen = {"audience": "team", "action-publish": "1"}

    refused = cms.post(url_of("add", Leaderboard), data(team=player.pk, **chosen))
    cms.post(url_of("add", Leaderboard), data(team=team.pk, **chosen))

    assert "team" in errors_of(refused)
    assert Leaderboard.objects.get().team == team


def test_publishing_counts_and_a_draft_does_not(
    cms, django_capture_on_commit_callbacks
):
    create_player(points=10, username="lovelace")
    with django_capture_on_commit_callbacks(execute=True):
        cms.post(url_of("add", Leaderboard), data())
    assert not ScoreSeries.objects.exists()
    board = Leaderboard.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        cms.post(url_of("edit", Leaderboard, board.pk), data(**{"action-publish": "1"}))

    assert ScoreSeries.objects.get().built_at
    page = cms.get(url_of("inspect", Leaderboard, board.pk)).content.decode()
    assert "lovelace" in page
    assert "Points earned" in page
    assert ModelLogEntry.objects.filter(action="wagtail.publish").exists()


def test_a_draft_is_inspected_without_a_board(cms):
    board = create_leaderboard(live=False)

    page = cms.get(url_of("inspect", Leaderboard, board.pk)).content.decode()

    assert "It isn&#x27;t published." in page or "It isn't published." in page


def test_the_list_says_what_is_compared(cms):
    create_leaderboard("Week", window="week", measure="badges")
    create_leaderboard(
        "Bookworms", group=Group.objects.create(name="A"), audience="group"
    )

    page = cms.get(url_of("list", Leaderboard)).content.decode()
    narrowed = cms.get(url_of("list", Leaderboard), {"window": "week"}).content.decode()

    assert "This week" in page
    assert "The members of a group" in page
    assert "Week" in narrowed
    assert "Bookworms" not in narrowed


def test_each_screen_opens(cms):
    board = create_leaderboard()

    for name in ("edit", "copy", "delete", "inspect", "history", "usage"):
        assert cms.get(url_of(name, Leaderboard, board.pk)).status_code == 200
    assert cms.get(url_of("add", Leaderboard)).status_code == 200
    assert (
        cms.get(
            reverse(Leaderboard.snippet_viewset.chooser_viewset.get_url_name("choose"))
        ).status_code
        == 200
    )


def test_without_permission_there_is_nothing(client, django_user_model):
    user = django_user_model.objects.create_user("visitor", password="secret")
    client.force_login(user)
    board = create_leaderboard()

    for name, arguments in (("list", ()), ("add", ()), ("edit", (board.pk,))):
        response = client.get(url_of(name, Leaderboard, *arguments))
        assert response.status_code == 302
        assert response.url.startswith(reverse("wagtailadmin_login"))
