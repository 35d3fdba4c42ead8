"""A user model with a UUID as its key and a foreign key of its own."""

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.core.management import call_command

from wagtail_gamification.models import Badge, GamificationInterface
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return get_user_model().objects.create_user("ada")


def test_creating_a_user_links_an_interface(user):
    user.refresh_from_db()

    assert user.gamification.user == user
    assert GamificationInterface.objects.for_user(user) == user.gamification


def test_for_user_links_an_interface_where_it_is_missing(user):
    get_user_model().objects.update(gamification=None)
    GamificationInterface.objects.all().delete()
    user = get_user_model().objects.get()

    interface = GamificationInterface.objects.for_user(user)

    assert get_user_model().objects.get().gamification == interface


def test_a_link_that_somebody_else_made_meanwhile_is_kept(user):
    get_user_model().objects.update(gamification=None)
    stale = get_user_model().objects.get()
    team = GamificationInterface.objects.create()
    get_user_model().objects.update(gamification=team)

    assert GamificationInterface.objects.for_user(stale) == team


def test_users_can_share_the_interface_of_a_team(user):
    team = GamificationInterface.objects.create()
    get_user_model().objects.update(gamification=team)
    other = get_user_model().objects.create_user("grace", gamification=team)
    definition = create_badge_definition(points=5)

    definition.award(other)

    user.refresh_from_db()
    assert user.gamification.points == 5
    assert definition.award(user) is None
    assert GamificationInterface.objects.owned_by(other).get() == team
    assert team in GamificationInterface.objects.visible_to(other)


def test_an_award_records_a_user_with_a_uuid(user):
    player = create_player()

    award = create_badge_definition().award(player, by=user)

    award.refresh_from_db()
    assert award.awarded_by == user


def test_sync_links_everyone(user, capsys):
    get_user_model().objects.update(gamification=None)
    GamificationInterface.objects.all().delete()
    create_badge_definition()

    call_command("gamification_sync")

    assert "Made 1 interfaces, 1 badges" in capsys.readouterr().out
    user.refresh_from_db()
    assert Badge.objects.get().interface == user.gamification


def test_the_site_passes_its_checks():
    assert run_checks(tags=["wagtail_gamification"]) == []
