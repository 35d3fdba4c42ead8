"""From Wagtail's screens of users to the player, and back."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from wagtail_gamification.models import GamificationInterface

from .conftest import VIEW, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager_of_users(login_with):
    """Log somebody in who may change users, and has these permissions of ours."""

    def log_in(*codenames):
        client = login_with(*codenames)
        user = get_user_model().objects.get(username="edith")
        user.groups.get().permissions.add(
            Permission.objects.get(codename="change_user")
        )
        return client

    return log_in


def users_screens(user):
    return [
        reverse("wagtailusers_users:index"),
        reverse("wagtailusers_users:edit", args=[user.pk]),
    ]


def test_users_lead_to_their_player(manager_of_users, player_of):
    player = player_of("grace")
    client = manager_of_users(VIEW)

    for screen in users_screens(player.user):
        page = client.get(screen).content.decode()
        assert url_of("of_user", player.user_id) in page, screen
    response = client.get(url_of("of_user", player.user_id))
    assert response.url == url_of("player", player.pk)


def test_users_lead_nobody_there_who_may_not_see_players(manager_of_users, player_of):
    player = player_of("grace")
    client = manager_of_users("view_badge")

    for screen in users_screens(player.user):
        response = client.get(screen)
        assert response.status_code == 200
        assert url_of("of_user", player.user_id) not in response.content.decode()


def test_the_list_of_users_asks_for_no_players(
    manager_of_users, player_of, assert_max_statements
):
    client = manager_of_users(VIEW)
    address = users_screens(player_of("grace").user)[0]
    client.get(address)
    with assert_max_statements(12):
        client.get(address)
    for number in range(5):
        player_of(f"player{number}")

    with assert_max_statements(12):
        client.get(address)


def test_a_user_who_is_no_player_is_said_to_be_none(cms, django_user_model):
    user = django_user_model.objects.create_user("grace")
    GamificationInterface.objects.all().delete()

    response = cms.get(url_of("of_user", user.pk), follow=True)

    assert "grace isn&#x27;t a player yet." in response.content.decode()
    # Looking makes nobody a player.
    assert not GamificationInterface.objects.exists()


@pytest.mark.parametrize("user", [0, 999999, "nobody", "9" * 40])
def test_a_user_who_does_not_exist_is_not_found(cms, user):
    assert cms.get(url_of("of_user", user)).status_code == 404


def test_the_player_leads_back_who_may_edit_users(manager_of_users, player_of):
    player = player_of("grace")
    page = manager_of_users(VIEW).get(url_of("player", player.pk)).content.decode()

    assert reverse("wagtailusers_users:edit", args=[player.user_id]) in page


def test_the_player_leads_nobody_else_to_the_user(cms, player_of):
    player = player_of("grace")
    page = cms.get(url_of("player", player.pk)).content.decode()

    assert reverse("wagtailusers_users:edit", args=[player.user_id]) not in page
