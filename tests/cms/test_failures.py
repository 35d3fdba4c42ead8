"""The report of failures, and “Try again”."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from wagtail_gamification import signals
from wagtail_gamification.models import Failure
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db

REPORT = "wagtail_gamification_reports:failures"
XSS = "<script>alert(1)</script>"
works = False


def receive(sender, signal, **facts):
    if not works:
        raise ValueError(XSS)


@pytest.fixture
def failure(django_capture_on_commit_callbacks):
    signals.badge_awarded.connect(receive)
    with django_capture_on_commit_callbacks(execute=True):
        create_badge_definition().award(create_player())
    yield Failure.objects.get()
    signals.badge_awarded.disconnect(receive)


def again(failure):
    return reverse("wagtail_gamification_reports:try_again", args=[failure.pk])


def names_in(response):
    return [failure.name for failure in response.context["object_list"]]


def test_the_report_shows_what_raised_and_lets_no_html_through(cms, failure):
    page = cms.get(reverse(REPORT)).content.decode()

    assert f"{__name__}.receive" in page
    assert "Receiver of a signal" in page
    assert "raise ValueError" in page
    assert XSS not in page
    assert "&lt;script&gt;" in page
    assert f'formaction="{again(failure)}"' in page
    assert 'class="gamification-scroll"' in page


def test_try_again_says_what_came_of_it_and_is_logged(cms, failure, monkeypatch):
    back = f"{reverse(REPORT)}?state=open"

    response = cms.post(again(failure), {"next": back}, follow=True)
    assert response.redirect_chain == [(back, 302)]
    page = response.content.decode()
    assert "failed again: ValueError: &lt;script&gt;" in page
    assert XSS not in page
    failure.refresh_from_db()
    assert failure.tries == 2

    monkeypatch.setattr(f"{__name__}.works", True)
    page = cms.post(again(failure), follow=True).content.decode()
    assert "works now." in page
    failure.refresh_from_db()
    assert failure.resolved_at is not None
    assert again(failure) not in page

    entries = ModelLogEntry.objects.filter(action="wagtail_gamification.try_again")
    assert [entry.user.username for entry in entries] == ["ada", "ada"]
    site_history = cms.get(reverse("wagtailadmin_reports:site_history"))
    assert "Tried again" in site_history.content.decode()


def test_an_address_elsewhere_is_no_way_back(cms, failure):
    response = cms.post(again(failure), {"next": "https://example.org/"})

    assert response.headers["Location"] == reverse(REPORT)


@pytest.mark.parametrize(
    ("permissions", "sees", "tries"),
    [
        (["change_level"], False, False),
        (["view_failure"], True, False),
        (["change_failure"], True, True),
    ],
)
def test_permissions_are_asked_on_the_server(
    login_with, failure, permissions, sees, tries
):
    client = login_with(*permissions)
    ajax = {"X-Requested-With": "XMLHttpRequest"}

    response = client.get(reverse(REPORT), headers=ajax)
    assert response.status_code == (200 if sees else 403)
    if sees:
        assert (again(failure) in response.content.decode()) is tries
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert (reverse(REPORT) in home) is sees
    response = client.post(again(failure), headers=ajax)
    assert response.status_code == (302 if tries else 403)
    failure.refresh_from_db()
    assert failure.tries == (2 if tries else 1)
    assert client.get(again(failure), headers=ajax).status_code in (403, 405)


def test_nobody_tries_again_without_a_token(failure, admin, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(admin)

    assert client.post(again(failure)).status_code == 403
    failure.refresh_from_db()
    assert failure.tries == 1


def test_the_report_is_filtered_ordered_and_exported(cms):
    def make(name, **fields):
        Failure.objects.create(name=name, error="=1+1", **fields)

    make("done", source="events", resolved_at=timezone.now())
    make("kind", source="requirement")
    make("receiver", source="receiver", tries=3)
    url = reverse(REPORT)

    for query, expected in [
        ({}, ["receiver", "kind", "done"]),
        ({"state": "open"}, ["receiver", "kind"]),
        ({"state": "resolved"}, ["done"]),
        ({"source": ["events", "requirement"]}, ["kind", "done"]),
        ({"ordering": "name"}, ["done", "kind", "receiver"]),
        ({"ordering": "-tries"}, None),
    ]:
        found = names_in(cms.get(url, query))
        assert found == (expected or found), query
    assert names_in(cms.get(url, {"ordering": "-tries"}))[0] == "receiver"
    rows = b"".join(cms.get(url, {"export": "csv"}).streaming_content).decode()
    assert "Receiver of a signal,receiver,'=1+1" in rows
    Failure.objects.all().delete()
    assert "Nothing has failed." in cms.get(url).content.decode()


def test_many_failures_cost_as_many_queries_as_few(cms):
    def cost(number):
        for _ in range(number):
            Failure.objects.create(source="events", name="it", error="No")
        with CaptureQueriesContext(connection) as queries:
            cms.get(reverse(REPORT))
        return len(queries)

    cost(1)
    assert cost(1) == cost(10)


def test_a_group_can_be_given_the_permission(cms):
    page = cms.get(reverse("wagtailusers_groups:add")).content.decode()

    assert "Can change failure" in page
