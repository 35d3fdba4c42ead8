"""The API is what it was, unless somebody means to change it."""

import pytest

from wagtail_gamification import compat
from wagtail_gamification.models import Requirement
from wagtail_gamification.testing import create_leaderboard

from .snapshots import compare, our_part, shape

pytestmark = pytest.mark.django_db

ADDRESSES = (
    "badges/?fields=*",
    "unlockables/?fields=*",
    "levels/?fields=*",
    "categories/?fields=*",
    "leaderboards/?fields=*",
    "leaderboards/{board}/entries/",
    "badges/",
    "me/shelf/?steps=true",
    "me/notices/",
)


@pytest.mark.skipif(not compat.HAS_API_V3, reason="Wagtail 7.4 has no API v3.")
def test_the_openapi_schema_is_the_one_in_the_file():
    from wagtail.api.v3.urls import api

    compare("openapi.json", our_part(api.get_openapi_schema()))


def test_version_2_answers_in_the_shape_that_is_in_the_file(
    client, catalogue, ada, commit
):
    catalogue.first.award(ada)
    with commit():
        Requirement.objects.create(
            badge_definition=catalogue.before_secret, kind="points", target=100
        )
        board = create_leaderboard("Most points")
    client.force_login(ada)

    found = {
        address: shape(client.get(f"/api/v2/{address.format(board=board.pk)}").json())
        for address in ADDRESSES
    }

    compare("version_2.json", found)
