"""Who may see players, and who may not."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from wagtail_gamification.models import GamificationInterface

from .conftest import VIEW, url_of

pytestmark = pytest.mark.django_db

OF_ONE = [
    "player",
    "shelf",
    "ledger",
    "ledger_results",
    "awards",
    "awards_results",
]
OTHERS = [
    "add_gamificationinterface",
    "change_gamificationinterface",
    "delete_gamificationinterface",
    "view_badge",
    "view_pointchange",
    "change_badgedefinition",
]


@pytest.fixture
def addresses(player_of):
    player = player_of("grace")
    return [
        url_of("index"),
        url_of("index_results"),
        f"{url_of('index')}?export=csv",
        f"{url_of('index')}?export=xlsx",
        url_of("of_user", player.user_id),
        *(url_of(name, player.pk) for name in OF_ONE),
        f"{url_of('ledger', player.pk)}?export=csv",
        f"{url_of('awards', player.pk)}?export=csv",
    ]


def test_who_has_every_other_permission_sees_nothing(login_with, addresses):
    client = login_with(*OTHERS)

    for address in addresses:
        response = client.get(address)

        assert response.status_code == 302, address
        assert response.url == reverse("wagtailadmin_home")


def test_who_may_see_players_sees_every_screen(login_with, addresses):
    client = login_with(VIEW)

    for address in addresses:
        assert client.get(address, follow=True).status_code == 200, address


def test_who_is_not_an_editor_is_asked_to_log_in(client, player_of, addresses):
    user = player_of("ada").user
    user.user_permissions.add(Permission.objects.get(codename=VIEW))
    client.force_login(user)

    for address in addresses:
        assert "/login/" in client.get(address).url, address


def test_a_player_who_does_not_exist_is_not_found(cms):
    for name in OF_ONE:
        assert cms.get(url_of(name, 999999)).status_code == 404, name
    # More than any database has room for.
    assert cms.get(url_of("player", 10**30)).status_code == 404


def test_nothing_is_changed_here(cms, player_of):
    player = player_of("grace")

    for name in ["index", *OF_ONE]:
        args = [] if name == "index" else [player.pk]
        assert cms.post(url_of(name, *args)).status_code == 405, name


def test_the_menu_leads_there_who_may_see_players(cms):
    assert url_of("index") in cms.get(reverse("wagtailadmin_home")).content.decode()


def test_the_menu_leads_nobody_else_there(login_with):
    home = login_with(*OTHERS).get(reverse("wagtailadmin_home")).content.decode()

    assert url_of("index") not in home
    assert "Gamification" in home


def test_groups_can_be_given_the_permission(client, admin):
    client.force_login(admin)

    page = client.get(reverse("wagtailusers_groups:add")).content.decode()

    permission = Permission.objects.get(codename=VIEW)
    assert f'value="{permission.pk}"' in page


def test_a_private_player_is_open_to_editors(cms, player_of, badge):
    player = player_of("grace")
    badge.award(player)
    GamificationInterface.objects.update(is_public=False)

    page = cms.get(url_of("player", player.pk)).content.decode()

    assert "Only the player" in page
    assert "1 of 1" in page
