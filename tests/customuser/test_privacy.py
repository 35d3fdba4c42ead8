"""Exporting and erasing players whose users point to them."""

import pytest
from django.contrib.auth import get_user_model

from wagtail_gamification import ErasePlayerAction, ExportPlayerAction, PlayerIsShared
from wagtail_gamification.models import Award, Failure, GamificationInterface
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    user = get_user_model().objects.create_user("ada")
    user.refresh_from_db()
    create_badge_definition("Heron", points=5).award(user)
    return user


def share(interface, name="grace"):
    return get_user_model().objects.create_user(name, gamification=interface)


def test_erasing_keeps_the_account(user):
    record = {"event": "x", "at": "2026-01-01T00:00:00+00:00", "key": "k"}
    payload = {"records": [record | {"user": str(user.pk)}]}
    Failure.objects.create(source="events", name="x", payload=payload)

    ErasePlayerAction(user.gamification).execute()

    user.refresh_from_db()
    assert user.gamification is None
    assert not GamificationInterface.objects.exists()
    assert not Failure.objects.exists()


def test_what_is_shared_is_not_erased_for_one(user):
    share(user.gamification)

    with pytest.raises(PlayerIsShared, match="1 other user shares this player"):
        ErasePlayerAction(user.gamification).execute()

    assert Award.objects.exists()


def test_a_team_without_a_user_is_erased():
    team = GamificationInterface.objects.create()
    create_badge_definition("Heron").award(team)

    ErasePlayerAction(team).execute()

    assert not Award.objects.exists()


def test_deleting_one_of_those_who_share_leaves_it_to_the_others(user):
    other = share(user.gamification)

    user.delete()

    other.refresh_from_db()
    assert other.gamification.user is None
    assert other.gamification.points == 5


def test_deleting_the_last_user_deletes_the_player(user):
    team = GamificationInterface.objects.create()
    create_badge_definition("Owl").award(team)
    first, second = share(team, "grace"), share(team, "mary")

    first.delete()
    assert GamificationInterface.objects.filter(pk=team.pk).exists()
    second.delete()
    assert not GamificationInterface.objects.filter(pk=team.pk).exists()


def test_deleting_all_who_share_at_once_deletes_the_player(user):
    share(user.gamification)

    get_user_model().objects.all().delete()

    assert not GamificationInterface.objects.exists()


def test_the_export_knows_the_user_by_the_key(user):
    create_badge_definition("Owl").award(create_player(), by=user)
    create_badge_definition("Egret").award(user, by=user)

    data = ExportPlayerAction(user.gamification).execute()

    rows = {
        section.name: [dict(zip(section.fields, row, strict=True)) for row in section]
        for section in data.sections
    }
    assert [row["badge"] for row in rows["awards_given"]] == ["owl", "egret"]
    assert {row["awarded_by"] for row in rows["awards"]} == {None, "self"}
