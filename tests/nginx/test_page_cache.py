"""A page from a cache that all visitors share, and each sees their own shelf on it."""

import re
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.test import Client
from wagtail.models import Collection, Page, Site

from tests.shelf_data import locale, make_badge, make_user
from tests.testapp.models import BlocksPage
from wagtail_gamification.models import GamificationInterface

pytestmark = [pytest.mark.nginx, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(transactional_db):
    """A page with blocks that are loaded separately."""
    if not Collection.get_first_root_node():
        Collection.add_root(name="Root")
    english = locale("en")
    root = Page.objects.filter(depth=1).first() or Page.add_root(
        title="Root", slug="root", locale=english
    )
    apart = {"load_separately": True}
    page = root.add_child(
        instance=BlocksPage(
            title="Badges",
            slug="badges-of-members",
            locale=english,
            body=[
                {"type": name, "value": apart}
                for name in ("badge_shelf", "standing", "claim_form", "recent_awards")
            ],
        )
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=page, is_default_site=True)


@pytest.fixture
def members(site):
    """Two members with badges that nobody else has, and a visitor."""
    for name in ("ada", "bob"):
        make_badge(f"Badge of {name}", is_secret=True).award(make_user(name))
    return {"ada": cookie_of("ada"), "bob": cookie_of("bob"), "": ""}


def cookie_of(name):
    client = Client()
    client.force_login(GamificationInterface.objects.get(user__username=name).user)
    return f"sessionid={client.cookies['sessionid'].value}"


def get(address, cookie="", **headers):
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=30)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if cookie:
        headers["Cookie"] = cookie
    connection.request(
        "GET", f"{parts.path}?{parts.query}".rstrip("?"), headers=headers
    )
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response, body


def fragments_of(nginx, html):
    links = re.findall(r'fragment__link" href="([^"]+)"', html)
    return [f"{nginx}{unescape(link)}" for link in links]


def seen(html):
    return set(re.findall(r"Badge of (\w+)", html))


def test_everybody_gets_the_same_page_and_their_own_shelf(nginx, members):
    first, page = get(f"{nginx}/")
    assert (first.status, first.headers["X-Cache"]) == (200, "MISS")

    for _round in range(2):
        for name, cookie in members.items():
            response, html = get(f"{nginx}/", cookie)
            assert response.headers["X-Cache"] == "HIT", name
            assert html == page

            addresses = fragments_of(nginx, html)
            assert len(addresses) == 4
            for address in addresses:
                for suffix in ("&bare=1", ""):
                    response, fragment = get(address + suffix, cookie)
                    assert response.status == 200
                    assert response.headers["X-Cache"] in ("MISS", "BYPASS", "EXPIRED")
                    assert seen(fragment) <= {name}
            assert seen(get(addresses[0] + "&bare=1", cookie)[1]) == {name} - {""}


def test_it_does_not_matter_who_comes_first(nginx, members):
    response, page = get(f"{nginx}/", members["ada"])
    assert response.headers["X-Cache"] == "MISS"
    assert seen(page) == set()
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")

    for name, cookie in members.items():
        response, html = get(f"{nginx}/", cookie)
        assert (response.headers["X-Cache"], html) == ("HIT", page), name


def test_the_tag_of_somebody_elses_shelf_gets_nobody_that_shelf(nginx, members):
    _response, page = get(f"{nginx}/")
    address = fragments_of(nginx, page)[0] + "&bare=1"
    tag = get(address, members["ada"])[0].headers["ETag"]

    response, body = get(address, members["bob"], If_None_Match=tag)

    assert response.status == 200
    assert seen(body) == {"bob"}


def test_this_nginx_does_cache_what_does_not_forbid_it(nginx, members):
    """Otherwise the tests above would say nothing about the fragments."""
    address, cookie = f"{nginx}/badges/claim/", members["ada"]
    uncached = [get(address, cookie)[0].headers["X-Cache"] for _ in range(2)]
    cached = [get(f"{nginx}/?a=b")[0].headers["X-Cache"] for _ in range(2)]

    assert uncached == ["MISS", "MISS"]
    assert cached == ["MISS", "HIT"]
