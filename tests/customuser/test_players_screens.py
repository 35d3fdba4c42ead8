"""The screens of players where users point to what they share."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from wagtail_gamification.models import Award, GamificationInterface
from wagtail_gamification.testing import create_badge_definition

pytestmark = pytest.mark.django_db


@pytest.fixture
def cms(client):
    editor = get_user_model().objects.create_user("edith", "edith@example.com")
    editor.user_permissions.add(
        *Permission.objects.filter(
            codename__in=["access_admin", "view_gamificationinterface", "change_user"]
        )
    )
    client.force_login(editor)
    get_user_model().objects.update(gamification=None)
    GamificationInterface.objects.all().delete()
    return client


@pytest.fixture
def team():
    return GamificationInterface.objects.create()


def member_of(team, username, **fields):
    user = get_user_model().objects.create_user(
        username, f"{username}@example.com", **fields
    )
    GamificationInterface.objects.filter(user=user).delete()
    user.gamification = team
    user.save()
    return user


def url_of(name, *args):
    return reverse(f"wagtail_gamification_players:{name}", args=args)


def listed(cms, **query):
    rows = cms.get(url_of("index"), query).context["object_list"]
    return [str(row) for row in rows]


def test_a_team_is_called_by_its_members(cms, team):
    for name in ("ada", "grace"):
        member_of(team, name)

    assert sorted(listed(cms)[0].split(", ")) == ["ada", "grace"]


def test_of_a_large_team_a_few_are_named(cms, team):
    for number in range(5):
        member_of(team, f"member{number}")

    (name,) = listed(cms)

    assert name.endswith("and 2 others")
    assert name.count("member") == 3


def test_a_team_is_found_by_each_of_its_members_once(cms, team):
    group = Group.objects.create(name="Class 7")
    for name in ("ada", "grace"):
        member_of(team, name).groups.add(group)
    GamificationInterface.objects.create()

    assert len(listed(cms, q="grace")) == 1
    assert len(listed(cms, q="example.com")) == 1
    assert listed(cms, q="nobody") == []
    assert len(listed(cms, group=group.pk)) == 1
    assert len(listed(cms)) == 2


def test_the_page_of_a_team_names_it_and_leads_to_no_single_user(cms, team):
    users = [member_of(team, name) for name in ("ada", "grace")]
    create_badge_definition("Choir").award(team)

    page = cms.get(url_of("player", team.pk)).content.decode()

    assert "ada" in page
    assert "Choir" in page
    for user in users:
        assert reverse("wagtailusers_users:edit", args=[user.pk]) not in page


def test_the_only_member_leads_to_the_player_and_back(cms, team):
    user = member_of(team, "ada")
    edit = reverse("wagtailusers_users:edit", args=[user.pk])

    assert edit in cms.get(url_of("player", team.pk)).content.decode()
    to_player = url_of("of_user", user.pk)
    for address in (edit, reverse("wagtailusers_users:index")):
        assert to_player in cms.get(address).content.decode(), address
    assert cms.get(to_player).url == url_of("player", team.pk)


@pytest.mark.parametrize("user", ["1", "nobody", "0" * 32])
def test_a_user_who_does_not_exist_is_not_found(cms, user):
    assert cms.get(url_of("of_user", user)).status_code == 404


def test_the_list_costs_the_same_however_large_the_teams(
    cms, team, assert_max_statements
):
    member_of(team, "ada")
    listed(cms)
    with assert_max_statements(17):
        listed(cms)
    for number in range(20):
        member_of(team, f"member{number}")
        member_of(GamificationInterface.objects.create(), f"other{number}")

    with assert_max_statements(17):
        listed(cms)


def test_a_file_names_the_teams(cms, team):
    for name in ("ada", "grace"):
        member_of(team, name)

    file = cms.get(url_of("index"), {"export": "csv"})

    assert b"ada, grace" in b"".join(file.streaming_content).replace(
        b"grace, ada", b"ada, grace"
    )


def test_a_team_that_earned_a_badge_is_called_by_its_members(cms, team):
    for name in ("ada", "grace"):
        member_of(team, name)
    badge = create_badge_definition("First steps")
    badge.award(team)
    address = reverse("wagtail_gamification_earners:earners", args=[badge.pk])

    page = cms.get(address, {"q": "grace"}).content.decode()
    file = b"".join(cms.get(address, {"export": "csv"}).streaming_content).decode()

    for text in (page, file):
        assert "ada, grace" in text or "grace, ada" in text


def test_a_badge_is_awarded_to_the_team_of_whom_is_named(cms, team):
    editor = get_user_model().objects.get(username="edith")
    editor.user_permissions.add(Permission.objects.get(codename="award_badge"))
    member_of(team, "ada")
    badge = create_badge_definition("First steps")
    address = reverse("wagtail_gamification_earners:award", args=[badge.pk])

    cms.post(address, {"person": "ada@example.com", "reason": "", "note": ""})

    assert Award.objects.get().badge.interface == team
