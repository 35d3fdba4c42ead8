"""What editors define, in Wagtail's API v2."""

import pytest
from django.test import override_settings
from django.urls import resolve
from django.utils import translation

from tests.shelf_data import locale, make_badge, make_badges, make_image, translate
from wagtail_gamification import catalogue as cached
from wagtail_gamification import compat
from wagtail_gamification.models import BadgeDefinition, Category

from .conftest import skip_where_nothing_is_found

pytestmark = pytest.mark.django_db

BADGES = "/api/v2/badges/"


def names(response):
    assert response.status_code == 200, response.content
    return [item["name"] for item in response.json()["items"]]


def test_a_list_has_the_published_badges_that_are_no_secret(client, catalogue):
    response = client.get(BADGES)

    assert names(response) == ["Bronze", "Gold", "Sketch", "Whisper"]
    assert response.json()["meta"] == {"total_count": 4}


def test_an_item_of_a_list_says_what_is_needed_to_show_it(client, catalogue):
    item = client.get(BADGES).json()["items"][0]

    assert item["image"].pop("url").endswith(".png")
    assert item["image"].pop("full_url").startswith("http://localhost/media/")
    assert item == {
        "id": catalogue.first.pk,
        "meta": {
            "type": "wagtail_gamification.BadgeDefinition",
            "detail_url": f"http://localhost/api/v2/badges/{catalogue.first.pk}/",
            "locale": "en",
        },
        "name": "Bronze",
        "slug": "bronze",
        "image": {"width": 192, "height": 192, "alt": "Bronze medal"},
        "points": 10,
    }


def test_the_detail_has_everything_that_is_public(client, catalogue):
    item = client.get(f"{BADGES}{catalogue.first.pk}/").json()

    assert item["description"] == '<p>Read <a href="/">here</a>.</p>'
    assert item["category"] == {
        "id": catalogue.reading.pk,
        "slug": "reading",
        "name": "Reading",
    }
    assert item["next_badge"] == {
        "id": catalogue.last.pk,
        "slug": "gold",
        "name": "Gold",
    }
    assert (item["progression_target"], item["expires_after"]) == (5, 30)
    assert item["max_awards"] == 1
    assert set(item) == {
        "id",
        "meta",
        "name",
        "slug",
        "description",
        "image",
        "category",
        "points",
        "progression_target",
        "next_badge",
        "max_awards",
        "expires_after",
    }


@pytest.mark.parametrize("endpoint", ["unlockables", "levels", "categories"])
def test_the_other_kinds_have_endpoints_too(client, catalogue, endpoint):
    response = client.get(f"/api/v2/{endpoint}/", {"fields": "*"})

    found = {
        "unlockables": ["Lounge"],
        "levels": ["Novice", "Master"],
        "categories": ["Reading"],
    }
    assert names(response) == found[endpoint]
    assert response.json()["items"][0]["meta"]["locale"] == "en"
    assert "description" in response.json()["items"][0]


def test_texts_are_in_the_language_that_is_asked_for(client, catalogue):
    response = client.get(f"{BADGES}?locale=fr&fields=description,category")

    first, second, *_ = response.json()["items"]
    assert first["name"] == "Bronze en français"
    assert first["description"] == "<p>Lis.</p>"
    assert first["category"]["name"] == "Lecture"
    assert (first["slug"], first["meta"]["locale"]) == ("bronze", "fr")
    # There is no translation of the other one.
    assert (second["name"], second["meta"]["locale"]) == ("Gold", "en")


def test_without_a_locale_texts_are_in_the_visitors_language(rf, catalogue):
    view, arguments, named = resolve(BADGES)
    with translation.override("fr"):
        response = view(rf.get(BADGES), *arguments, **named)

    assert response.data["items"][0]["name"] == "Bronze en français"


def test_a_locale_that_the_site_does_not_have_is_not_found(client, catalogue):
    assert client.get(BADGES, {"locale": "xx"}).status_code == 404


def test_a_response_leaves_the_language_of_the_thread_alone(client, catalogue):
    before = cached.active_language()

    client.get(BADGES, {"locale": "fr"})

    assert cached.active_language() == before


def test_lists_are_paged_as_everywhere(client, catalogue):
    response = client.get(BADGES, {"limit": 2, "offset": 1})

    assert names(response) == ["Gold", "Sketch"]
    assert response.json()["meta"]["total_count"] == 4


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("slug=gold", ["Gold"]),
        ("points=30", ["Gold"]),
        ("name=Gold", ["Gold"]),
        ("category=reading", ["Bronze", "Gold"]),
        ("category=nothing", []),
        ("order=-points", ["Gold", "Bronze", "Sketch", "Whisper"]),
        ("order=name&category=reading", ["Bronze", "Gold"]),
        ("slug=hush", []),
        ("points=7", []),
    ],
)
def test_lists_are_filtered_and_ordered(client, catalogue, query, found):
    if query == "order=-points":
        assert names(client.get(f"{BADGES}?{query}"))[:2] == found[:2]
    else:
        assert names(client.get(f"{BADGES}?{query}")) == found


def test_a_category_is_named_by_its_key_too(client, catalogue):
    response = client.get(BADGES, {"category": catalogue.reading.pk})

    assert names(response) == ["Bronze", "Gold"]


def test_a_badge_in_a_category_of_another_language_is_in_the_original(client):
    reading = Category.objects.create(name="Reading")
    lecture = translate(reading, "fr", name="Lecture")
    make_badge("Livre", category=lecture)

    assert names(client.get(BADGES, {"category": "reading"})) == ["Livre"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=gold", ["Gold"]),
        ("search=français&locale=fr", ["Bronze en français"]),
        ("search=français", []),
        ("search=bronze&locale=fr", ["Bronze en français"]),
        ("search=hush", []),
        ("search=unfinished", []),
        ("search=gold whisper&search_operator=or&order=name", ["Gold", "Whisper"]),
        ("search=", []),
    ],
)
def test_lists_are_searched_in_the_language_and_in_the_originals(
    client, catalogue, query, found
):
    if found:
        skip_where_nothing_is_found(query)
    assert names(client.get(f"{BADGES}?{query}")) == found


def test_search_can_be_switched_off(client, catalogue, settings):
    settings.WAGTAILAPI_SEARCH_ENABLED = False

    assert client.get(BADGES, {"search": "gold"}).status_code == 400


def test_fields_are_chosen_as_everywhere(client, catalogue):
    item = client.get(BADGES, {"fields": "_,id,points"}).json()["items"][0]

    assert item == {"id": catalogue.first.pk, "points": 10}


@pytest.mark.parametrize("key", ["id", "slug"])
def test_one_is_found_by_key_or_slug(client, catalogue, key):
    value = {"id": catalogue.first.pk, "slug": "bronze"}[key]

    response = client.get(f"{BADGES}find/?{key}={value}&locale=fr")

    assert response.status_code == 302
    address = f"{BADGES}{catalogue.first.pk}/"
    assert response.headers["Location"].endswith(f"{address}?locale=fr")


def test_a_slug_that_two_languages_share_is_the_default_languages(client):
    other = make_badge("Star", locale=locale("fr"))
    star = make_badge("Star", locale=locale("en"))

    found = client.get(f"{BADGES}find/?slug=star").headers["Location"]

    assert f"/{star.pk}/" in found
    assert f"/{other.pk}/" not in found


def test_images_come_in_the_size_that_is_asked_for(client, catalogue):
    item = client.get(BADGES, {"image_size": "small"}).json()["items"][0]

    assert item["image"]["width"] == 96
    assert client.get(BADGES, {"image_size": "huge"}).status_code == 400


@override_settings(WAGTAILAPI_BASE_URL="https://api.example.com/x/")
def test_images_have_an_address_for_other_hosts(client, catalogue):
    image = client.get(BADGES).json()["items"][0]["image"]

    assert image["full_url"] == f"https://api.example.com{image['url']}"


@pytest.mark.skipif(not compat.HAS_API_V3, reason="Wagtail 7.4 has no such formats")
def test_descriptions_come_in_wagtails_other_formats(client, catalogue):
    address = f"{BADGES}{catalogue.first.pk}/?rich_text_format="

    stored = client.get(f"{address}db_html").json()["description"]
    french = client.get(f"{address}db_html&locale=fr").json()["description"]
    markdown = client.get(f"{address}markdown").json()["description"]

    assert 'linktype="page"' in stored
    assert french == "<p>Lis.</p>"
    assert markdown.strip().startswith("Read [here](")
    assert client.get(f"{address}nothing").status_code == 400


def test_a_badge_that_was_published_behind_the_caches_back_is_there(client, commit):
    with commit():
        make_badge("Old")
    client.get(BADGES)
    badge = BadgeDefinition(name="New", slug="new", locale=locale("en"))
    BadgeDefinition.objects.bulk_create([badge])

    item = client.get(f"{BADGES}find/?slug=new", follow=True).json()

    assert item["name"] == "New"


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
    address = f"{BADGES}?fields=*&limit=200&locale=en"
    assert len(client.get(address).json()["items"]) == number + 1

    # The locale, the count, the page, and the site for the addresses.
    with assert_max_statements(4):
        client.get(address)


@pytest.mark.parametrize("number", [1, 10])
def test_so_does_one_that_is_not_cached(client, assert_max_statements, commit, number):
    make_badges(number)
    client.get(f"{BADGES}?fields=*")

    with assert_max_statements(8):
        client.get(f"{BADGES}?fields=*")
