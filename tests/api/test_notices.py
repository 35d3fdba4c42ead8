"""What a player was told, in both versions of the API."""

import pytest
from django.test import Client

from tests.shelf_data import make_badges
from wagtail_gamification import compat
from wagtail_gamification.models import Notice

pytestmark = pytest.mark.django_db

VERSIONS = ("v2", "v3") if compat.HAS_API_V3 else ("v2",)


@pytest.fixture(params=VERSIONS)
def api(request):
    """Ask as a user: by session in version 2, by token in version 3."""

    class Asking:
        version = request.param

        def __init__(self, user=None):
            self.client = Client()
            self.headers = {}
            if user is None:
                return
            if self.version == "v2":
                self.client.force_login(user)
            else:
                from wagtail.models import APIToken

                _, token = APIToken.create_token(user=user, name="App")
                self.headers = {"authorization": f"Bearer {token}"}

        def get(self, query=""):
            return self.client.get(
                f"/api/{self.version}/me/notices/{query}", headers=self.headers
            )

        def read(self, data):
            return self.client.post(
                f"/api/{self.version}/me/notices/read/",
                data,
                content_type="application/json",
                headers=self.headers,
            )

    return Asking


@pytest.fixture
def told(catalogue, ada, interface):
    """Tell a member of two badges and what follows from them."""
    for badge in (catalogue.first, catalogue.secret):
        badge.award(ada)
    return Notice.objects.filter(interface=interface)


def texts(response):
    assert response.status_code == 200, response.content
    return [item["text"] for item in response.json()["items"]]


def unread(response):
    found = response.json()
    return found.get("meta", found)["unread_count"]


def test_a_member_reads_the_own_notices(api, told, ada):
    response = api(ada).get()

    assert texts(response)[:2] == [
        "You have earned the badge “Hush”.",
        "You have earned the badge “Bronze”.",
    ]
    item = response.json()["items"][1]
    assert (item["kind"], item["slug"], item["is_read"]) == ("award", "bronze", False)
    assert item["image"]["width"] == 192
    assert unread(response) == told.count()


def test_notices_are_in_the_language_that_is_asked_for(api, told, ada):
    item = api(ada).get("?locale=fr&limit=2").json()["items"][1]

    assert (item["name"], item["locale"]) == ("Bronze en français", "fr")


def test_notices_are_paged(api, told, ada):
    assert texts(api(ada).get("?limit=1&offset=1")) == [
        "You have earned the badge “Bronze”."
    ]
    for query in ("?limit=21", "?limit=x", "?offset=-1", "?user=1", "?fields=*"):
        assert api(ada).get(query).status_code in (400, 422)


def test_some_are_marked_as_read_and_the_others_asked_for(api, told, ada):
    asking = api(ada)
    newest = asking.get().json()["items"][0]["id"]

    response = asking.read({"ids": [newest]})

    assert response.json() == {"unread_count": told.count() - 1}
    left = texts(asking.get("?unread=true"))
    assert "You have earned the badge “Hush”." not in left
    assert len(left) == told.count() - 1


def test_all_are_marked_as_read(api, told, ada):
    assert api(ada).read({"all": True}).json() == {"unread_count": 0}
    assert not told.filter(read_at=None).exists()


def test_nobody_reads_or_marks_those_of_others(api, told, bert, editor):
    keys = list(told.values_list("pk", flat=True))
    for other in (bert, editor):
        asking = api(other)
        assert texts(asking.get()) == []
        assert asking.read({"ids": keys}).json() == {"unread_count": 0}
        assert asking.read({"all": True}).status_code == 200
    assert told.filter(read_at=None).count() == len(keys)


def test_nobody_reads_or_marks_any_without_signing_in(api, told):
    for response in (api().get(), api().read({"all": True})):
        assert response.status_code in (401, 403)
        assert b"Hush" not in response.content
    assert told.filter(read_at=None).exists()


@pytest.mark.parametrize(
    "data",
    [
        {"ids": "1"},
        {"ids": ["x"]},
        {"ids": [-1]},
        {"ids": [2**64]},
        {"ids": list(range(101))},
        {"all": "perhaps"},
        [1],
        "not json",
    ],
)
def test_what_is_no_list_of_notices_changes_nothing(api, told, ada, data):
    assert api(ada).read(data).status_code in (400, 422)
    assert not told.exclude(read_at=None).exists()


def test_other_methods_are_refused(api, told, ada):
    asking = api(ada)
    address = f"/api/{asking.version}/me/notices/"
    for method in ("post", "put", "patch", "delete"):
        found = getattr(asking.client, method)(address, headers=asking.headers)
        assert found.status_code == 405
    read = asking.client.get(f"{address}read/", headers=asking.headers)
    assert read.status_code == 405


def test_no_cache_keeps_them(api, told, ada):
    for response in (api(ada).get(), api().get(), api(ada).read({"all": True})):
        control = {part.strip() for part in response["Cache-Control"].split(",")}
        assert {"private", "no-store"} <= control


def test_another_site_cannot_mark_them_as_read_in_a_members_name(told, ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        response = client.post(
            "/api/v2/me/notices/read/", '{"all": true}', content_type=kind
        )
        assert response.status_code in (403, 415)
    assert not told.exclude(read_at=None).exists()


def test_a_form_is_no_list_of_notices(told, ada):
    client = Client()
    client.force_login(ada)

    response = client.post("/api/v2/me/notices/read/", {"all": "true"})

    assert response.status_code == 415


@pytest.mark.parametrize("number", [1, 15])
def test_notices_take_the_same_queries_however_many_there_are(
    api, ada, assert_max_statements, commit, number
):
    with commit():
        for badge in make_badges(number):
            badge.award(ada)
    asking = api(ada)
    asking.get()

    # Who asks, the count, the unread, the page, the notices, the site for addresses.
    with assert_max_statements(8):
        asking.get()
