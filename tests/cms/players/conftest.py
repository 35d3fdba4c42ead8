"""Players to look at, and an editor who may."""

import pytest
from django.urls import reverse

from wagtail_gamification.models import GamificationInterface

VIEW = "view_gamificationinterface"


@pytest.fixture
def cms(login_with):
    """A browser of an editor who may see players, and nothing else of ours."""
    client = login_with(VIEW)
    # The editor is a user, and with that a player: not one of those that are tested.
    GamificationInterface.objects.all().delete()
    return client


@pytest.fixture
def player_of(django_user_model):
    """Make a player who is a user of that name."""

    def make(username, points=0, **fields):
        fields.setdefault("email", f"{username}@example.com")
        user = django_user_model.objects.create_user(username, **fields)
        player = GamificationInterface.objects.for_user(user)
        if points:
            player.change_points(points)
        player.refresh_from_db()
        return player

    return make


@pytest.fixture
def team():
    """A player without a user."""
    return GamificationInterface.objects.create()


def url_of(name, *args):
    return reverse(f"wagtail_gamification_players:{name}", args=args)
