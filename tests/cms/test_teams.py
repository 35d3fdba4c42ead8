"""Teams are managed by those who may."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import ModelLogEntry

from wagtail_gamification.models import GamificationInterface, TeamMembership
from wagtail_gamification.testing import create_player, create_team

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"wagtail_gamification_teams:{name}", args=args)


@pytest.fixture
def manager(client, django_user_model):
    user = django_user_model.objects.create_user("manager", password="secret")
    names = ["access_admin", "manage_teams"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return client


@pytest.fixture
def people():
    return {name: create_player(username=name) for name in ("anna", "ben", "cleo")}


def members_of(team):
    return sorted(each.member.user.username for each in team.team_memberships.all())


def test_a_team_is_made_of_user_names_and_addresses(manager, people):
    people["ben"].user.email = "ben@example.org"
    people["ben"].user.save()

    response = manager.post(
        url("add"), {"name": "Owls", "members": "anna\n\n BEN@example.org \nanna"}
    )

    team = GamificationInterface.objects.get(name="Owls")
    assert response.status_code == 302
    assert team.user is None
    assert members_of(team) == ["anna", "ben"]
    entry = ModelLogEntry.objects.get(action="wagtail.create")
    assert entry.object_id == str(team.pk)


def test_members_come_and_go(manager, people):
    team = create_team("Owls", [people["anna"], people["ben"]])
    page = manager.get(url("edit", team.pk)).content.decode()
    assert "anna\nben" in page

    manager.post(url("edit", team.pk), {"name": "Larks", "members": "ben\ncleo"})

    team.refresh_from_db()
    assert (team.name, members_of(team)) == ("Larks", ["ben", "cleo"])
    assert ModelLogEntry.objects.filter(action="wagtail.edit").exists()


def test_who_is_not_known_is_named_and_nothing_changes(manager, people):
    team = create_team("Owls", [people["anna"]])

    response = manager.post(
        url("edit", team.pk), {"name": "Larks", "members": "anna\nnobody"}
    )

    assert "Nobody is called “nobody”." in response.content.decode()
    team.refresh_from_db()
    assert (team.name, members_of(team)) == ("Owls", ["anna"])


def test_a_deleted_team_takes_nothing_from_its_members(manager, people):
    team = create_team("Owls", [people["anna"]])

    manager.post(url("delete", team.pk))

    assert not TeamMembership.objects.exists()
    assert GamificationInterface.objects.filter(pk=people["anna"].pk).exists()
    assert ModelLogEntry.objects.filter(action="wagtail.delete").exists()


def test_a_player_is_no_team_to_edit_or_delete(manager, people):
    player = people["anna"]

    assert manager.get(url("edit", player.pk)).status_code == 404
    assert manager.post(url("delete", player.pk)).status_code == 404
    assert manager.post(url("edit", player.pk), {"name": "X"}).status_code == 404
    assert GamificationInterface.objects.filter(pk=player.pk, name="").exists()


def test_the_list_has_teams_and_no_players(manager, people):
    create_team("Owls", [people["anna"], people["ben"]])
    GamificationInterface.objects.create()

    page = manager.get(url("index")).content.decode()

    assert "Owls" in page
    assert "anna" not in page
    assert "Player" not in page.split("<main")[1]


@pytest.mark.parametrize("name", ["index", "add", "edit", "delete"])
def test_without_the_permission_there_is_nothing(client, django_user_model, name):
    user = django_user_model.objects.create_user("editor", password="secret")
    names = ["access_admin", "change_gamificationinterface", "view_leaderboard"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    team = create_team("Owls")
    arguments = [team.pk] if name in ("edit", "delete") else []

    for method in (client.get, client.post):
        response = method(url(name, *arguments), {"name": "Mine"})
        assert response.status_code in (302, 403)
    assert GamificationInterface.objects.filter(name="Owls").exists()
    assert not GamificationInterface.objects.filter(name="Mine").exists()
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert url("index") not in home
