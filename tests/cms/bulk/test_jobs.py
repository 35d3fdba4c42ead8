"""The pages of a bulk award: progress, result, players, going on, taking back."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from wagtail.models import ModelLogEntry

from wagtail_gamification.actions.giving_jobs import start_bulk_award, start_bulk_points
from wagtail_gamification.models import Award, GamificationInterface, GivingJob
from wagtail_gamification.testing import create_player

from .conftest import edith, url

pytestmark = pytest.mark.django_db

AJAX = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def awarded(badge, players, at_work):
    """A job of somebody's that is done."""

    def make(by, **fields):
        chosen = GamificationInterface.objects.filter(
            pk__in=[player.pk for player in players]
        )
        with at_work():
            job = start_bulk_award(chosen, badge, by=by, **fields)
        return GivingJob.objects.get(pk=job.pk)

    return make


def colleague(*rights):
    user = get_user_model().objects.create_user(username="colin", password="secret")
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", *rights])
    )
    client = Client()
    client.force_login(user)
    return client


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"state": "waiting"}, "Waiting for its turn"),
        ({"state": "running", "players_done": 1}, "1 of 3 players"),
        ({"state": "failed", "error": "<b>No</b>"}, "&lt;b&gt;No"),
        ({}, "Given to 3 players."),
        ({"is_undone": True, "undone": 2}, "Taken back from 2 players."),
        ({"is_undone": True, "undone": 2}, "1 could not be taken back"),
    ],
)
def test_the_page_says_how_far_it_is(editor, awarded, fields, text):
    client = editor()
    job = awarded(edith(), reason="=1+1")
    GivingJob.objects.filter(pk=job.pk).update(**fields)

    page = text_of(client.get(url("job", job)))

    assert text in page
    assert "<b>No" not in page
    is_busy = fields.get("state") in ("waiting", "running")
    assert ("w-swap" in page) is is_busy
    status = text_of(client.get(url("status", job)))
    assert ("w-action#redirect" in status) is not is_busy


def test_one_sees_ones_own_and_with_the_permission_all(editor, awarded, admin):
    client = editor("award_badge")
    own, others = awarded(edith()), awarded(admin)

    for name in ("job", "status", "players"):
        assert client.get(url(name, own)).status_code == 200
        assert client.get(url(name, others)).status_code == 404
    assert list(client.get(url("index")).context["object_list"]) == [own]

    seeing = colleague("award_badge", "view_gamificationinterface")
    for name in ("job", "status", "players"):
        assert seeing.get(url(name, own)).status_code == 200
    assert len(seeing.get(url("index")).context["object_list"]) == 2


def test_without_a_permission_to_give_nothing_is_seen(awarded, admin):
    job = awarded(admin)
    client = colleague("view_gamificationinterface", "view_badgedefinition")

    for name in ("job", "status", "players", "undo"):
        assert client.get(url(name, job), headers=AJAX).status_code == 403
    assert client.get(url("index"), headers=AJAX).status_code == 403
    for name in ("go_on", "undo"):
        assert client.post(url(name, job), headers=AJAX).status_code == 403
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert url("index") not in home


def test_what_does_not_exist_is_not_found(editor):
    client = editor()
    for name in ("job", "status", "players", "undo"):
        address = reverse(f"wagtail_gamification_bulk:{name}", args=[uuid.uuid4()])
        assert client.get(address).status_code == 404


def test_the_players_are_listed_by_outcome_and_exported_safely(
    editor, awarded, badge, players
):
    client = editor()
    get_user_model().objects.filter(pk=players[1].user_id).update(
        first_name="=cmd()", last_name="Eve"
    )
    badge.award(players[0])
    job = awarded(edith(), reason="=1+1")
    address = url("players", job)

    assert "player-0" in text_of(client.get(address))
    rows = client.get(address, {"outcome": "has_it_already"}).context["object_list"]
    assert [row.interface for row in rows] == [players[0]]
    rows = client.get(address, {"outcome": "given"}).context["object_list"]
    assert len(rows) == 2
    exported = b"".join(client.get(address, {"export": "csv"})).decode()
    assert "'=cmd() Eve" in exported
    assert "'=1+1" in exported
    assert "Has it already" in exported
    assert client.get(address, {"export": "xlsx"}).status_code == 200

    jobs = b"".join(client.get(url("index"), {"export": "csv"})).decode()
    assert "First steps" in jobs
    assert "'=1+1" in jobs


def test_the_lists_cost_the_same_for_many(editor, awarded, badge, at_work):
    client = editor()
    job = awarded(edith())

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(url("index"))
            client.get(url("players", job))
        return len(captured)

    few = queries()
    for _ in range(10):
        create_player()
    with at_work():
        job = start_bulk_award(GamificationInterface.objects.all(), badge, by=edith())
        start_bulk_award(GamificationInterface.objects.all(), badge, by=edith())

    assert queries() == few


def test_undoing_says_what_it_takes_and_does_it_once(editor, awarded, at_work):
    client = editor()
    job = awarded(edith())
    assert url("undo", job) in text_of(client.get(url("job", job)))

    page = text_of(client.get(url("undo", job)))
    assert "3 players lose" in page
    assert Award.objects.filter(revoked_at=None).count() == 3
    with at_work():
        response = client.post(url("undo", job))

    assert response.headers["Location"] == url("job", job)
    assert Award.objects.filter(revoked_at=None).count() == 0
    page = text_of(client.get(url("job", job)))
    assert "Taken back from 3 players." in page
    assert url("undo", job) not in page
    assert client.get(url("undo", job)).status_code == 302
    page = text_of(client.post(url("undo", job), follow=True))
    assert "be taken back any more" in page


def test_undoing_takes_the_permission_for_what_was_given(editor, awarded, players):
    client = editor("award_badge", "adjust_points")
    job = awarded(edith())

    assert url("undo", job) not in text_of(client.get(url("job", job)))
    assert client.get(url("undo", job), headers=AJAX).status_code == 403
    assert client.post(url("undo", job), headers=AJAX).status_code == 403
    assert Award.objects.filter(revoked_at=None).count() == 3

    other = colleague("revoke_badge")
    assert other.post(url("undo", job), headers=AJAX).status_code in (403, 404)


def test_points_are_taken_back_by_who_may_adjust_them(editor, players, at_work):
    client = editor("adjust_points")
    chosen = GamificationInterface.objects.filter(user__username="player-0")
    with at_work():
        job = start_bulk_points(chosen, 5, by=edith())

    with at_work():
        client.post(url("undo", job))

    players[0].refresh_from_db()
    assert players[0].points == 0


@pytest.mark.parametrize("name", ["go_on", "undo"])
def test_changes_take_the_token_and_a_post(editor, awarded, name):
    editor()
    job = awarded(edith())
    GivingJob.objects.filter(pk=job.pk).update(
        state="failed" if name == "go_on" else "finished"
    )
    client = Client(enforce_csrf_checks=True)
    client.force_login(edith())

    assert client.post(url(name, job)).status_code == 403
    if name == "go_on":
        assert client.get(url(name, job)).status_code == 405
    assert Award.objects.filter(revoked_at=None).count() == 3


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
def test_what_stands_still_goes_on_once(
    editor, awarded, at_work, state, seconds, goes_on
):
    client = editor()
    job = awarded(edith())
    GivingJob.objects.filter(pk=job.pk).update(
        state=state, updated_at=now() - timedelta(seconds=seconds)
    )
    assert ('form="bulk-go-on"' in text_of(client.get(url("job", job)))) is goes_on

    with at_work():
        client.post(url("go_on", job))

    job.refresh_from_db()
    assert (job.state == "finished") is (goes_on or state == "finished")
    assert Award.objects.count() == 3
    page = text_of(client.post(url("go_on", job), follow=True))
    assert "gone on already" in page
    entries = ModelLogEntry.objects.filter(action="wagtail_gamification.bulk_go_on")
    assert entries.count() == goes_on


def test_it_is_in_the_log_with_names_when_the_job_is_gone(cms, awarded, admin, at_work):
    job = awarded(admin, reason="Because")
    with at_work():
        cms.post(url("undo", job))
    Award.objects.update(job=None)
    job.delete()

    page = text_of(cms.get(reverse("wagtailadmin_reports:site_history")))

    assert "Started to award “First steps” to 3 players. Reason: Because" in page
    assert "Started to take “First steps” back from 3 players." in page
