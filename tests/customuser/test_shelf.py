"""A shelf finds its player through the site's own foreign key."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser

from tests.shelf_data import make_badge, make_user
from wagtail_gamification.models import GamificationInterface
from wagtail_gamification.shelf import get_points, get_shelf

pytestmark = pytest.mark.django_db


def test_a_user_has_what_their_interface_has():
    user = make_user()
    make_badge(points=5).award(user)

    assert get_shelf(user).earned == 1
    assert get_points(user) == 5
    assert get_shelf(make_user("grace")).earned == 0


def test_users_who_share_an_interface_share_the_shelf():
    ada = make_user()
    grace = make_user("grace")
    team = GamificationInterface.objects.for_user(ada)
    grace.gamification = team
    grace.save()
    make_badge().award(ada)

    assert get_shelf(grace).earned == 1
    assert len(get_shelf(grace)) == 1


def test_a_private_team_is_seen_by_its_members_only():
    ada = make_user()
    make_badge().award(ada)
    GamificationInterface.objects.update(is_public=False)
    again = get_user_model().objects.get(pk=ada.pk)

    assert get_shelf(ada, viewer=again).earned == 1
    assert get_shelf(ada, viewer=make_user("grace")).earned == 0
    assert get_shelf(ada, viewer=AnonymousUser()).earned == 0
