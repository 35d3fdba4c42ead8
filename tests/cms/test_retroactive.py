"""How far retroactive awards are, as editors see it."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from wagtail.models import ModelLogEntry

from wagtail_gamification.models import RetroactiveAward
from wagtail_gamification.testing import create_badge_definition

from .conftest import url_of

pytestmark = pytest.mark.django_db

NAMES = "wagtail_gamification_reports:retroactive"


def make(badge, **fields):
    fields = {"state": "running", "players": 2000, "players_done": 740} | fields
    return RetroactiveAward.objects.create(
        badge_definition=badge, **{"awards": True} | fields
    )


def page_of(cms, award, name="detail"):
    response = cms.get(reverse(f"{NAMES}_{name}", args=[award.uuid]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_editor_of_a_badge_shows_its_latest_award(cms, badge):
    edit_url = url_of("edit", badge)
    assert "Retroactive award:" not in cms.get(edit_url).content.decode()
    make(create_badge_definition("Another"), state="failed")
    make(badge, state="finished", awarded=3)
    award = make(badge)

    page = cms.get(edit_url).content.decode()

    assert "Retroactive award:" in page
    assert "740 of 2,000 players" in page
    assert 'max="100" value="37"' in page
    assert "css/imports.css" in page
    assert reverse(f"{NAMES}_detail", args=[award.uuid]) in page
    assert "Failed" not in page


def test_the_page_watches_a_running_award(cms, badge):
    award = make(badge)

    page = page_of(cms, award)
    assert (
        f'data-w-swap-src-value="{reverse(f"{NAMES}_status", args=[award.uuid])}"'
        in page
    )
    assert 'value="37"' in page
    assert url_of("edit", badge) in page

    status = page_of(cms, award, "status")
    assert "740 of 2,000 players" in status
    assert "w-teleport" in status
    url = reverse(f"{NAMES}_status", args=[award.uuid])
    response = cms.get(url, {"said": "running 3"})
    assert "w-teleport" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"state": "finished", "awarded": 1}, "Awarded to 1 player."),
        ({"state": "finished", "awarded": 1312}, "Awarded to 1,312 players."),
        ({"state": "finished", "awards": False}, "Nothing was awarded, as you chose."),
        ({"state": "failed", "awarded": 2, "error": "<b>No</b>"}, "&lt;b&gt;No"),
        ({"state": "failed", "awards": False}, "measured yet for everyone."),
    ],
)
def test_what_came_of_it_is_said_and_no_longer_asked_for(cms, badge, fields, text):
    award = make(badge, **fields)

    page = page_of(cms, award)

    assert text in page
    assert "<b>No" not in page
    assert "w-swap" not in page
    # Whoever was watching is led there.
    assert "w-action#redirect" in page_of(cms, award, "status")


def test_one_that_waits_has_no_number_yet(cms, badge):
    award = make(badge, state="waiting", players=0, players_done=0)

    status = page_of(cms, award, "status")

    assert "Waiting for its turn" in status
    assert "value=" not in status.split("</progress>")[0].split("<progress")[1]


def test_the_report_lists_all_and_costs_the_same_for_many(cms, badge, admin):
    make(badge, state="finished", awarded=5, started_by=admin)
    make(create_badge_definition("Another"), state="failed", error="<b>No</b>")
    url = reverse(NAMES)

    def states(query):
        rows = cms.get(url, query).context["object_list"]
        return [row.state for row in rows]

    assert states({}) == ["failed", "finished"]
    assert states({"state": "failed"}) == ["failed"]
    assert states({"ordering": "badge_definition__name"}) == ["failed", "finished"]
    page = cms.get(url).content.decode()
    assert "Awarded to 5 players." in page
    assert "&lt;b&gt;No" in page
    assert 'class="gamification-scroll"' in page
    rows = b"".join(cms.get(url, {"export": "csv"}).streaming_content).decode()
    assert "First steps,Finished" in rows

    with CaptureQueriesContext(connection) as few:
        cms.get(url)
    for number in range(8):
        make(create_badge_definition(f"Badge {number}"), started_by=admin)
    with CaptureQueriesContext(connection) as many:
        cms.get(url)
    assert len(many) == len(few)


def test_only_those_see_it_who_see_the_badges(login_with, badge):
    award = make(badge)
    client = login_with("change_level")
    ajax = {"X-Requested-With": "XMLHttpRequest"}
    urls = [
        reverse(NAMES),
        *(
            reverse(f"{NAMES}_{name}", args=[award.uuid])
            for name in ("detail", "status")
        ),
    ]

    for url in urls:
        assert client.get(url, headers=ajax).status_code == 403
    assert urls[0] not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_those_who_only_view_badges_get_no_link_to_the_editor(login_with, badge):
    award = make(badge)
    client = login_with("view_badgedefinition")

    assert client.get(reverse(NAMES)).status_code == 200
    assert url_of("edit", badge) not in page_of(client, award)
    missing = reverse(f"{NAMES}_detail", args=[uuid.uuid4()])
    assert client.get(missing).status_code == 404


@pytest.mark.parametrize(
    ("state", "seconds", "goes_on"),
    [
        ("failed", 0, True),
        ("waiting", 61, True),
        ("running", 61, True),
        ("running", 50, False),
        ("finished", 61, False),
    ],
)
def test_what_stands_still_goes_on_once(cms, badge, state, seconds, goes_on):
    award = make(badge, state=state, error="No")
    RetroactiveAward.objects.update(updated_at=now() - timedelta(seconds=seconds))
    url = reverse(f"{NAMES}_go_on", args=[award.uuid])

    assert ('form="retroactive-go-on"' in page_of(cms, award)) is goes_on
    response = cms.post(url)

    assert response.headers["Location"] == reverse(f"{NAMES}_detail", args=[award.uuid])
    award.refresh_from_db()
    # The tests' worker runs at once.
    assert (award.state == "finished") is (goes_on or state == "finished")
    cms.get(reverse(f"{NAMES}_detail", args=[award.uuid]))
    page = cms.post(url, follow=True).content.decode()
    assert "gone on already" in page
    entries = ModelLogEntry.objects.filter(action="wagtail_gamification.go_on")
    assert [entry.user.username for entry in entries] == ["ada"] * goes_on


def test_what_a_later_publication_replaced_does_not_go_on(cms, badge):
    award = make(badge, state="failed")
    make(badge, state="finished")

    assert 'form="retroactive-go-on"' not in page_of(cms, award)
    url = reverse(f"{NAMES}_go_on", args=[award.uuid])
    page = cms.post(url, follow=True).content.decode()

    assert "A later publication has taken its place." in page
    award.refresh_from_db()
    assert award.state == "failed"


def test_going_on_takes_the_permission_to_publish(login_with, badge):
    award = make(badge, state="failed")
    client = login_with("change_badgedefinition")

    assert 'form="retroactive-go-on"' not in page_of(client, award)
    url = reverse(f"{NAMES}_go_on", args=[award.uuid])
    ajax = {"X-Requested-With": "XMLHttpRequest"}
    assert client.post(url, headers=ajax).status_code == 403
    award.refresh_from_db()
    assert award.state == "failed"
