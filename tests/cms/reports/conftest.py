"""Players, badges and points for the tests of reports."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wagtail_gamification.models import Category
from wagtail_gamification.testing import (
    create_badge_definition,
    create_player,
)

NAMESPACE = "wagtail_gamification_reports"
XSS = "<script>alert(1)</script>"
AJAX = {"X-Requested-With": "XMLHttpRequest"}


def address(name):
    return reverse(f"{NAMESPACE}:{name}")


def rows_of(response):
    return list(response.context["object_list"])


def exported(client, name, export, **query):
    response = client.get(address(name), {**query, "export": export})
    return b"".join(response.streaming_content)


def queries_for(client, url, query=None):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, query or {}).status_code == 200
    return len(queries)


@pytest.fixture
def birds(english):
    return Category.objects.create(name="Birds")


@pytest.fixture
def owl(birds):
    return create_badge_definition("Night owl", points=10, category=birds)


@pytest.fixture
def fox():
    return create_badge_definition("Fox", points=0)


@pytest.fixture
def grace():
    return create_player(username="grace", first_name="Grace", last_name="Hopper")


@pytest.fixture
def alan():
    return create_player(username="alan", first_name="Alan", last_name="Turing")
