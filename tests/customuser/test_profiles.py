"""Players whom several users share have a public page that none of them decides on."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.shelf_data import make_badge, make_user
from wagtail_gamification import PlayerIsShared
from wagtail_gamification.actions.change_preferences import ChangePreferencesAction
from wagtail_gamification.actions.share_award import ShareAwardAction
from wagtail_gamification.models import (
    Award,
    GamificationInterface,
    PlayerPreferences,
)
from wagtail_gamification.profiles import players_with_profile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _profiles(settings):
    settings.WAGTAIL_GAMIFICATION_PROFILES = True


@pytest.fixture
def ada():
    return make_user()


@pytest.fixture
def player(ada):
    return GamificationInterface.objects.for_user(ada)


@pytest.fixture
def grace(player):
    """Somebody who shares the player with Ada."""
    return make_user("grace", gamification=player)


def test_whoever_has_a_player_alone_decides(client, ada, player):
    make_badge().award(ada)
    client.force_login(ada)
    settings_url = reverse("wagtail_gamification:settings")
    sent = {"is_public": "on", "has_profile": "on", "profile_sections": ["badges"]}
    sent |= {"initial-is_public": "True", "initial-has_profile": "False"}

    assert client.post(settings_url, sent).status_code == 302

    assert list(players_with_profile()) == [player]
    address = reverse(
        "wagtail_gamification:profile", args=[player.preferences.public_id]
    )
    assert "This is how others see your page." in client.get(address).content.decode()
    award = reverse("wagtail_gamification:award", args=[Award.objects.get().uuid])
    assert client.post(award, {"share": "yes"}).status_code == 302
    client.logout()
    for each in (address, award):
        assert "Bookworm" in client.get(each).content.decode()


def test_nobody_decides_for_others(client, ada, grace, player):
    award = make_badge().award(ada)
    client.force_login(grace)
    page = client.get(reverse("wagtail_gamification:settings"))
    assert "You share this player with others" in page.content.decode()
    assert "<form" not in page.content.decode()

    address = reverse("wagtail_gamification:award", args=[award.uuid])
    assert "<form" not in client.get(address).content.decode()
    assert client.post(address, {"share": "yes"}).status_code == 403
    assert not Award.objects.get().is_shared
    with pytest.raises(PlayerIsShared):
        ChangePreferencesAction(player, {"is_public": False}).execute()
    with pytest.raises(PlayerIsShared):
        ShareAwardAction(award, True).execute()
    player.refresh_from_db()
    assert player.is_public


def test_the_page_is_there_as_long_as_one_of_them_is(ada, grace, player):
    PlayerPreferences.objects.create(interface=player, has_profile=True)
    users = get_user_model().objects
    assert players_with_profile().exists()

    users.filter(pk=ada.pk).update(is_active=False)
    assert players_with_profile().exists()

    users.update(is_active=False)
    assert not players_with_profile().exists()
