"""What a member has, in Wagtail's API v2."""

import pytest

from tests.shelf_data import make_badges
from wagtail_gamification.models import GamificationInterface

pytestmark = pytest.mark.django_db

SHELF = "/api/v2/me/shelf/"


def test_a_member_reads_the_own_shelf(client, catalogue, ada):
    catalogue.first.award(ada)
    client.force_login(ada)

    shelf = client.get(SHELF).json()

    assert shelf["points"] == 10
    assert shelf["level"]["current"]["name"] == "Novice"
    assert (shelf["level"]["next"]["name"], shelf["level"]["missing"]) == ("Master", 30)
    assert (shelf["badges"]["earned"], shelf["badges"]["total"]) == (1, 5)
    assert shelf["unlockables"]["unlocked"] == 0
    badge = shelf["badges"]["items"][0]
    assert (badge["name"], badge["state"]) == ("Bronze", "earned")
    assert badge["earned_at"]
    assert badge["next_badge"]["state"] == "locked"
    assert badge["image"]["width"] == 192


def test_a_secret_badge_says_nothing_before_it_is_earned(client, catalogue, ada):
    client.force_login(ada)

    locked = client.get(SHELF)
    catalogue.secret.award(ada)
    earned = client.get(SHELF)

    secret = locked.json()["badges"]["items"][-1]
    assert (secret.pop("name"), secret.pop("state")) == ("Secret badge", "secret")
    assert not any(secret.values())
    assert b"Hush" not in locked.content
    assert b"Hush words" in earned.content


def test_a_shelf_shows_what_is_asked_for(client, catalogue, ada):
    catalogue.first.award(ada)
    client.force_login(ada)

    earned = client.get(SHELF, {"show": "earned", "locale": "fr"}).json()
    reading = client.get(SHELF, {"category": "reading", "steps": "true"}).json()

    assert [badge["name"] for badge in earned["badges"]["items"]] == [
        "Bronze en français"
    ]
    names = [badge["name"] for badge in reading["badges"]["items"]]
    assert names == ["Bronze", "Gold"]


@pytest.mark.parametrize(
    "query",
    [
        "show=secret",
        "category=nothing",
        "steps=maybe",
        "image_size=huge",
        "user=1",
        "viewer=1",
        "fields=*",
        "search=x",
    ],
)
def test_what_is_no_parameter_is_a_clear_error(client, catalogue, ada, query):
    client.force_login(ada)

    response = client.get(f"{SHELF}?{query}")

    assert response.status_code == 400
    assert response.json()["message"]
    assert "hush" not in response.content.decode().lower()


def test_nobody_reads_a_shelf_without_a_session(client, catalogue):
    response = client.get(SHELF)

    assert response.status_code in (401, 403)
    assert b"badges" not in response.content


def test_a_password_or_token_in_a_header_is_no_session(client, catalogue, ada):
    for header in ("Basic YWRhOmxldCBtZSBpbg==", "Bearer wagtail_x", "Token x"):
        response = client.get(SHELF, headers={"authorization": header})
        assert response.status_code in (401, 403)


def test_a_member_who_was_deactivated_reads_nothing(client, catalogue, ada):
    client.force_login(ada)
    type(ada).objects.update(is_active=False)

    assert client.get(SHELF).status_code in (401, 403)


def test_each_member_reads_the_own_shelf_only(client, catalogue, ada, bert, editor):
    catalogue.secret.award(ada)
    for other in (bert, editor):
        client.force_login(other)
        response = client.get(SHELF)
        assert response.json()["badges"]["earned"] == 0
        assert b"Hush" not in response.content


@pytest.mark.parametrize("who", ["anonymous", "member", "wrong"])
def test_no_cache_keeps_it(client, catalogue, ada, who):
    if who != "anonymous":
        client.force_login(ada)

    response = client.get(SHELF, {"show": "x"} if who == "wrong" else {})

    control = {part.strip() for part in response.headers["Cache-Control"].split(",")}
    assert {"private", "no-store"} <= control
    assert "Cookie" in response.headers["Vary"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_shelf_cannot_be_changed(client, catalogue, ada, method):
    client.force_login(ada)

    assert getattr(client, method)(SHELF).status_code == 405


def test_a_member_without_an_interface_has_nothing(client, catalogue, ada):
    GamificationInterface.objects.all().delete()
    client.force_login(ada)

    assert client.get(SHELF).json()["badges"]["earned"] == 0
    assert not GamificationInterface.objects.exists()


@pytest.mark.parametrize("number", [1, 30])
def test_a_shelf_takes_the_same_queries_however_many_there_are(
    client, ada, assert_max_statements, commit, number
):
    with commit():
        for badge in make_badges(number):
            badge.award(ada)
    client.force_login(ada)
    client.get(SHELF)

    # Session, user, badges, points, unlockables, and the site for addresses.
    with assert_max_statements(6):
        client.get(SHELF)
