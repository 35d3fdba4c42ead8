"""The same in the API v3 of Wagtail 8."""

import json
import re

import pytest
from django.utils import timezone

from tests.shelf_data import make_badge, make_badges, make_image
from wagtail_gamification import compat
from wagtail_gamification.models import BadgeDefinition, Category

from .conftest import WORDS, skip_where_nothing_is_found

if not compat.HAS_API_V3:
    pytest.skip("Wagtail 7.4 has no API v3.", allow_module_level=True)

from wagtail.models import APIToken

pytestmark = pytest.mark.django_db

BADGES = "/api/v3/badges/"
SHELF = "/api/v3/me/shelf/"
ENDPOINTS = ("badges", "unlockables", "levels", "categories")


def bearer(user):
    _, token = APIToken.create_token(user=user, name="App")
    return {"authorization": f"Bearer {token}"}


def names(response):
    assert response.status_code == 200, response.content
    return [item["name"] for item in response.json()["items"]]


def leaks(response):
    text = response.content.decode()
    return [word for word in WORDS if word.lower() in text.lower()]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("query", ["", "locale=fr", "search=bronze", "locale=en"])
def test_it_says_what_version_2_says(client, catalogue, endpoint, query):
    older = client.get(f"/api/v2/{endpoint}/?fields=*&{query}").json()
    newer = client.get(f"/api/v3/{endpoint}/?{query}").json()

    assert newer["count"] == older["meta"]["total_count"]
    for item in (*older["items"], *newer["items"]):
        assert item["meta"].pop("detail_url").endswith(f"/{endpoint}/{item['id']}/")
    assert newer["items"] == older["items"]


def test_the_detail_is_what_the_list_says_of_it(client, catalogue):
    item = client.get(BADGES).json()["items"][0]

    assert client.get(item["meta"]["detail_url"]).json() == item


def test_one_is_found_by_slug(client, catalogue):
    response = client.get(f"{BADGES}find/?slug=bronze&locale=fr", follow=True)

    assert response.json()["name"] == "Bronze en français"
    assert client.get(f"{BADGES}find/?slug=hush").status_code == 404
    assert client.get(f"{BADGES}find/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("slug=gold", ["Gold"]),
        ("points=30", ["Gold"]),
        ("category=reading", ["Bronze", "Gold"]),
        ("order=-name&category=reading", ["Gold", "Bronze"]),
        ("order=points&order=-name&category=reading", ["Bronze", "Gold"]),
        ("limit=1&offset=1", ["Gold"]),
        ("search=gold whisper&search_operator=or&order=name", ["Gold", "Whisper"]),
        ("slug=hush", []),
        ("search=hush", []),
    ],
)
def test_lists_are_filtered_ordered_and_searched(client, catalogue, query, found):
    if found:
        skip_where_nothing_is_found(query)
    assert names(client.get(f"{BADGES}?{query}")) == found


def test_any_order_can_be_asked_for(client, catalogue):
    assert len(names(client.get(f"{BADGES}?order=random"))) == 4
    assert client.get(f"{BADGES}?order=random&offset=1").status_code == 422


def test_descriptions_come_in_wagtails_formats(client, catalogue):
    address = f"{BADGES}{catalogue.first.pk}/?rich_text_format="

    assert 'linktype="page"' in client.get(f"{address}db_html").json()["description"]
    assert client.get(f"{address}nothing").status_code == 422


@pytest.mark.parametrize("who", ["anonymous", "member", "editor"])
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_nobody_reads_of_secrets_and_drafts(
    client, catalogue, ada, editor, who, endpoint
):
    catalogue.secret.award(ada)
    headers = {} if who == "anonymous" else bearer({"member": ada}.get(who, editor))

    response = client.get(f"/api/v3/{endpoint}/", headers=headers)

    assert response.status_code == 200
    assert leaks(response) == []
    if endpoint == "badges":
        for badge in (catalogue.secret, catalogue.draft):
            address = f"{BADGES}{badge.pk}/"
            assert client.get(address, headers=headers).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "next_badge=1",
        "is_secret=1",
        "live=0",
        "order=next_badge",
        "order=is_secret",
        "order=--name",
        "order=name;DROP TABLE",
        "limit=21",
        "limit=0",
        "limit=all",
        "offset=-1",
        "offset=99999999999999999999999",
        "points=1 OR 1=1",
        "points=99999999999999999999999",
        "slug=%00",
        "search=%00",
        "search=" + "a" * 3000,
        "search_operator=xor",
        "category=%00",
        "image_size=huge",
        "fields=*",
    ],
)
def test_what_is_no_parameter_is_a_clear_error(client, catalogue, query):
    response = client.get(f"{BADGES}?{query}")

    assert response.status_code in (400, 422), response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    assert leaks(response) == []


@pytest.mark.parametrize("query", ["slug=' OR '1'='1", "search=' OR 1=1 --"])
def test_what_looks_like_sql_is_text(client, catalogue, query):
    assert names(client.get(f"{BADGES}?{query}")) == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(client, catalogue, editor, method):
    for address in (*(f"/api/v3/{name}/" for name in ENDPOINTS), f"{BADGES}1/", SHELF):
        response = getattr(client, method)(address, headers=bearer(editor))
        assert response.status_code == 405


def test_a_token_opens_its_users_own_shelf(client, catalogue, ada, bert):
    catalogue.secret.award(ada)

    own = client.get(SHELF, headers=bearer(ada))
    others = client.get(SHELF, headers=bearer(bert))

    assert b"Hush words" in own.content
    assert own.json()["points"] == 7
    assert others.json()["badges"]["earned"] == 0
    assert leaks(others) == []


def test_the_shelf_is_the_one_of_version_2(client, catalogue, ada):
    catalogue.first.award(ada)
    client.force_login(ada)

    query = "steps=true&locale=fr&image_size=small"
    older = client.get(f"/api/v2/me/shelf/?{query}").json()
    newer = client.get(f"{SHELF}?{query}", headers=bearer(ada)).json()

    def without_fractions(answer):
        # Version 3 gives thousandths of a second in UTC, as Django Ninja does.
        text = re.sub(r"(\.\d+)?(Z|\+\d\d:\d\d)", "", json.dumps(answer))
        return json.loads(text)

    assert without_fractions(newer) == without_fractions(older)


def test_neither_a_session_nor_a_dead_token_opens_it(client, catalogue, ada):
    token, plain = APIToken.create_token(user=ada, name="App")
    header = {"authorization": f"Bearer {plain}"}
    client.force_login(ada)
    assert client.get(SHELF).status_code == 401
    assert client.get(SHELF, headers=header).status_code == 200

    APIToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
    assert client.get(SHELF, headers=header).status_code == 401
    APIToken.objects.filter(pk=token.pk).update(revoked_at=None)
    type(ada).objects.filter(pk=ada.pk).update(is_active=False)
    assert client.get(SHELF, headers=header).status_code == 401


@pytest.mark.parametrize("query", ["", "show=nothing", "category=nothing"])
def test_no_cache_keeps_it(client, catalogue, ada, query):
    for headers in ({}, bearer(ada)):
        response = client.get(f"{SHELF}?{query}", headers=headers)
        control = response.headers["Cache-Control"].split(", ")
        assert {"private", "no-store"} <= set(control)
        assert "Authorization" in response.headers["Vary"]


def test_the_types_can_be_discovered(client, ada):
    response = client.get("/api/v3/schema/", headers=bearer(ada))

    found = {item["name"] for item in response.json()["types"]}
    assert "wagtail_gamification.BadgeDefinition" in found
    address = "/api/v3/schema/wagtail_gamification.BadgeDefinition/"
    assert (
        "points"
        in client.get(address, headers=bearer(ada)).json()["read"]["properties"]
    )


@pytest.mark.parametrize("number", [1, 100])
def test_a_list_takes_the_same_queries_however_many_there_are(
    client, assert_max_statements, commit, number, settings
):
    settings.WAGTAILAPI_LIMIT_MAX = 200
    with commit():
        image = make_image()
        last = make_badge("Last")
        reading = Category.objects.create(name="Reading")
        for index in range(number):
            make_badge(f"B{index}", image=image, next_badge=last, category=reading)
    address = f"{BADGES}?limit=200&locale=en"
    assert len(client.get(address).json()["items"]) == number + 1

    # The locale, the count, the page, and the site for the addresses.
    with assert_max_statements(4):
        client.get(address)


@pytest.mark.parametrize("number", [1, 30])
def test_so_does_a_shelf(client, ada, assert_max_statements, commit, number):
    with commit():
        for badge in make_badges(number):
            badge.award(ada)
    headers = bearer(ada)
    client.get(SHELF, headers=headers)

    # Token and user, badges, points, unlockables, and the site for addresses.
    with assert_max_statements(5):
        client.get(SHELF, headers=headers)


def test_what_is_no_secret_any_more_is_there_at_once(client, catalogue, commit):
    with commit():
        BadgeDefinition.objects.filter(pk=catalogue.first.pk).update(is_secret=True)
    assert client.get(f"{BADGES}{catalogue.first.pk}/").status_code == 404

    BadgeDefinition.objects.filter(pk=catalogue.first.pk).update(is_secret=False)

    assert client.get(f"{BADGES}{catalogue.first.pk}/").status_code == 200
