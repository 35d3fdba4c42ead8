"""What somebody tries who wants to know more than everybody may."""

import pytest

from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Level,
    UnlockableDefinition,
)

from .conftest import WORDS

pytestmark = pytest.mark.django_db

ENDPOINTS = ("badges", "unlockables", "levels", "categories")


@pytest.fixture(params=["anonymous", "member", "editor"])
def visitor(request, client, ada, editor):
    if request.param != "anonymous":
        client.force_login({"member": ada, "editor": editor}[request.param])
    return client


def leaks(response):
    text = response.content.decode()
    return [word for word in WORDS if word.lower() in text.lower()]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize(
    "query", ["", "?fields=*", "?locale=fr&fields=*", "?search=hush", "?search=later"]
)
def test_nobody_reads_of_secrets_and_drafts_in_lists(
    visitor, catalogue, endpoint, query
):
    response = visitor.get(f"/api/v2/{endpoint}/{query}")

    assert response.status_code == 200
    assert leaks(response) == []


@pytest.mark.parametrize("model", [BadgeDefinition, Level, UnlockableDefinition])
def test_nobody_reads_what_is_not_published_by_its_key(visitor, catalogue, model):
    endpoint = {
        BadgeDefinition: "badges",
        Level: "levels",
        UnlockableDefinition: "unlockables",
    }[model]
    for draft in model.objects.filter(live=False):
        address = f"/api/v2/{endpoint}/{draft.pk}/"
        assert visitor.get(address).status_code == 404
        found = f"/api/v2/{endpoint}/find/?slug={draft.slug}"
        assert visitor.get(found).status_code == 404


def test_nobody_reads_a_secret_badge_by_its_key(visitor, catalogue, ada):
    # Not even who has earned it: an answer that everybody gets may be cached.
    catalogue.secret.award(ada)

    for address in (f"{catalogue.secret.pk}/", "find/?slug=hush"):
        assert visitor.get(f"/api/v2/badges/{address}").status_code == 404


def test_the_next_badge_is_not_told_where_it_is_secret_or_a_draft(visitor, catalogue):
    for badge in (catalogue.before_secret, catalogue.before_draft):
        response = visitor.get(f"/api/v2/badges/{badge.pk}/?fields=*,next_badge(*)")
        assert response.json()["next_badge"] is None
        assert leaks(response) == []


@pytest.mark.parametrize(
    "query",
    [
        "next_badge=1",
        "order=next_badge",
        "order=is_secret",
        "is_secret=1",
        "live=0",
        "live_revision=1",
        "awards_per_giver=3",
        "locked_by=1",
        "fields=live_revision",
        "fields=original",
        "fields=locked_by(password)",
        "fields=category(badge_definitions)",
        "fields=requirements",
        "fields=badges(interface(user(password)))",
        "fields=" + "image(" * 2000,
        "fields=*,*",
        "fields=)",
        "limit=21",
        "limit=-1",
        "limit=all",
        "limit=1e3",
        "offset=-1",
        "offset=99999999999999999999999",
        "offset=1;DROP",
        "points=1 OR 1=1",
        "points=%00",
        "slug=%00",
        "search=%00",
        "search=" + "a" * 3000,
        "search=gold&search_operator=xor",
        "order=--name",
        "order=name;DROP TABLE",
        "order=random,name",
        "order=random&offset=1",
        "category=%00",
        "category=99999999999999",
        "image_size=max-9999x9999",
        "image_size=",
        "secret=1",
        "__class__=1",
        "category__badge_definitions__name=Hush",
    ],
)
def test_what_is_no_parameter_is_a_clear_error(client, catalogue, query):
    response = client.get(f"/api/v2/badges/?{query}")

    assert response.status_code == 400, response.content
    assert response.json()["message"]
    assert leaks(response) == []


@pytest.mark.parametrize(
    "query",
    [
        "slug=' OR '1'='1",
        "name=%25",
        "search=' OR 1=1 --",
        'search="',
        "search=*",
        "search=(",
        "search=hush AND NOT gold",
        "search=%F0%9F%98%80",
        "category=' OR ''='",
        "points=99999999999999999999999",
        "id=99999999999999999999999",
    ],
)
def test_what_looks_like_sql_is_text(client, catalogue, query):
    response = client.get(f"/api/v2/badges/?{query}")

    assert response.status_code == 200, response.content
    assert response.json()["items"] == []


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(client, editor, catalogue, endpoint, method):
    client.force_login(editor)

    for address in ("", "1/", "find/"):
        response = getattr(client, method)(f"/api/v2/{endpoint}/{address}")
        assert response.status_code == 405


@pytest.mark.parametrize(
    "address",
    ["99999999999999999999999999/", "0/", "find/", "find/?id=abc", "find/?slug=%00"],
)
def test_what_is_not_there_is_not_found(client, catalogue, address):
    response = client.get(f"/api/v2/badges/{address}")

    assert response.status_code in (400, 404)


def spotlight(client, badge, interface, query):
    spotlight = Badge.objects.get_or_create(
        badge_definition=badge, interface=interface
    )[0]
    return client.get(f"/own/spotlights/{spotlight.pk}/?fields={query}")


@pytest.mark.urls("tests.api.urls")
@pytest.mark.parametrize("name", ["secret", "draft"])
def test_what_a_site_itself_says_of_a_badge_tells_no_secret(
    client, catalogue, interface, name
):
    badge = getattr(catalogue, name)

    response = spotlight(client, badge, interface, "badge_definition(*)")

    found = response.json()["badge_definition"]
    assert found.pop("id") == badge.pk
    assert found.pop("name") in ("Secret badge", None)
    assert found.pop("meta").pop("locale") is None
    assert set(found.values()) == {None}
    assert leaks(response) == []


@pytest.mark.urls("tests.api.urls")
def test_a_site_shows_a_badge_as_the_endpoint_does(client, catalogue, interface):
    response = spotlight(client, catalogue.first, interface, "badge_definition(*)")

    address = f"/own/badges/{catalogue.first.pk}/"
    assert response.json()["badge_definition"] == client.get(address).json()


@pytest.mark.urls("tests.api.urls")
def test_the_short_form_has_name_and_slug(client, catalogue, interface):
    response = spotlight(client, catalogue.first, interface, "badge_definition")

    found = response.json()["badge_definition"]
    assert (found["name"], found["slug"]) == ("Bronze", "bronze")
    assert found["meta"]["detail_url"].endswith(f"/own/badges/{catalogue.first.pk}/")
