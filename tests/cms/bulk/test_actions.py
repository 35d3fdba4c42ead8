"""“Award badge…” and “Give points…” on Wagtail's list of users."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wagtail_gamification.cms.bulk.forms import MOST_FOR_EACH
from wagtail_gamification.models import Award, GivingJob
from wagtail_gamification.testing import create_badge_definition, create_player

from .conftest import action_url, edith, url

pytestmark = pytest.mark.django_db

AJAX = {"X-Requested-With": "XMLHttpRequest"}


def users_of(players):
    return [player.user for player in players]


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_of_users_offers_both(editor, players):
    page = text_of(editor().get(reverse("wagtailusers_users:index")))

    assert "Award badge…" in page
    assert "Give points…" in page


def test_it_says_before_it_does(editor, players, badge, at_work):
    client = editor()
    badge.award(players[0])
    address = action_url("award", *users_of(players), edith())
    assert "4 users are chosen" in text_of(client.get(address))
    form = {"badge": badge.pk, "reason": "Thanks", "note": "", "tells": "on"}

    page = text_of(client.post(address, form))

    assert "2 players would get" in page
    assert "Has it already: 1" in page
    assert "That is yourself: 1" in page
    assert not GivingJob.objects.exists()

    with at_work():
        response = client.post(address, {**form, "confirmed": "1"})

    job = GivingJob.objects.get()
    assert response.headers["Location"].endswith(f"/{job.uuid}/")
    assert (job.given, job.reason, job.started_by) == (2, "Thanks", edith())
    assert job.tells_players
    page = text_of(client.get(response.headers["Location"]))
    assert "Given to 2 players." in page
    assert "Has it already: 1" in page


def test_points_are_given(editor, players, at_work):
    client = editor("adjust_points")
    address = action_url("points", *users_of(players))

    assert "other than zero" in text_of(client.post(address, {"amount": "0"}))
    page = text_of(client.post(address, {"amount": "5"}))
    assert "3 players would get" in page
    with at_work():
        client.post(address, {"amount": "5", "confirmed": "1"})

    for player in players:
        player.refresh_from_db()
        assert player.points == 5


@pytest.mark.parametrize("sign", [1, -1])
def test_points_have_a_bound_that_the_sum_of_all_keeps_within(editor, players, sign):
    client = editor("adjust_points")
    address = action_url("points", *users_of(players))

    page = text_of(client.post(address, {"amount": sign * (MOST_FOR_EACH + 1)}))
    assert str(MOST_FOR_EACH) in page
    assert "3 players would get" not in page
    page = text_of(client.post(address, {"amount": sign * MOST_FOR_EACH}))
    assert "3 players would get" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"player-0", "player-1", "player-2", "edith"}),
        ("&q=player-1", {"player-1"}),
        ("&is_active=false", {"player-2"}),
        ("&group=%(group)s", {"player-0"}),
        ("&last_login_from=nonsense", set()),
    ],
)
def test_all_that_match_the_filter_are_meant(editor, players, badge, query, names):
    client = editor()
    group = Group.objects.create(name="Guests")
    players[0].user.groups.add(group)
    players[2].user.is_active = False
    players[2].user.save()
    address = action_url("award", "all", query=query % {"group": group.pk})

    number = client.get(address).context["chosen"]

    assert number == len(names)


def test_only_badges_are_offered_that_one_may_award(editor, badge):
    create_badge_definition("A draft", live=False)
    other = create_badge_definition("Another group's")
    other.awarding_groups.add(Group.objects.create(name="Teachers"))
    other.save()
    player = create_player()
    client = editor()
    address = action_url("award", player.user)

    page = text_of(client.get(address))
    assert "First steps" in page
    assert "A draft" not in page
    assert "Another group" not in page

    page = text_of(client.post(address, {"badge": other.pk, "confirmed": "1"}))
    assert "Select a valid choice" in page
    assert not GivingJob.objects.exists()


@pytest.mark.parametrize(
    ("action", "right"), [("award", "award_badge"), ("points", "adjust_points")]
)
def test_each_takes_its_permission(editor, players, action, right):
    others = {"award_badge", "adjust_points", "revoke_badge", "reset_player"} - {right}
    client = editor(*others)
    address = action_url(action, players[0].user)

    assert client.get(address, headers=AJAX).status_code == 403
    assert client.post(address, {"amount": 5}, headers=AJAX).status_code == 403


def test_who_may_not_see_users_can_not_count_them(editor, players):
    client = editor(sees_users=False)

    for action in ("award", "points"):
        address = action_url(action, "all")
        assert client.get(address, headers=AJAX).status_code == 403


def test_a_limit_that_is_used_up_meanwhile_is_said(editor, players):
    badge = create_badge_definition("Rare", awards_per_giver=1)
    client = editor()
    address = action_url("award", *users_of(players[:2]))
    form = {"badge": badge.pk}
    page = text_of(client.post(address, form))
    assert "1 player would get" in page
    assert "More than one person may award in a month: 1" in page
    badge.award(players[2], by=edith())

    page = text_of(client.post(address, {**form, "confirmed": "1"}))

    assert "One person may award this badge 1 time a month" in page
    assert not GivingJob.objects.exists()


def test_nothing_is_done_without_the_token(editor, players, badge):
    editor()
    client = Client(enforce_csrf_checks=True)
    client.force_login(edith())
    address = action_url("award", *users_of(players))

    response = client.post(address, {"badge": badge.pk, "confirmed": "1"})

    assert response.status_code == 403
    assert not GivingJob.objects.exists()


def test_getting_it_changes_nothing(editor, players, badge):
    client = editor()
    address = action_url("award", *users_of(players))

    client.get(f"{address}&confirmed=1&badge={badge.pk}")

    assert not GivingJob.objects.exists()


def test_nonsense_chooses_nobody(editor, players, badge):
    client = editor()
    address = action_url("award", "nonsense", 999_999)

    assert "Nobody is chosen." in text_of(client.get(address))


def test_who_is_deleted_meanwhile_is_left_out(editor, players, badge, at_work):
    client = editor()
    address = action_url("award", *users_of(players))
    players[0].user.delete()

    with at_work():
        client.post(address, {"badge": badge.pk, "confirmed": "1"})

    assert GivingJob.objects.get().given == 2


def test_two_editors_at_once_award_once(editor, players, badge, admin, at_work):
    client = editor()
    address = action_url("award", *users_of(players))
    other = Client()
    other.force_login(admin)
    form = {"badge": badge.pk, "confirmed": "1"}

    with at_work():
        client.post(address, form)
        other.post(address, form)

    assert Award.objects.count() == 3
    jobs = GivingJob.objects.order_by("pk")
    assert [(job.given, job.has_it_already) for job in jobs] == [(3, 0), (0, 3)]


def test_script_in_a_reason_or_a_name_is_text(editor, badge, at_work):
    client = editor()
    player = create_player(username="eve", first_name="<script>alert(1)</script>")
    address = action_url("award", player.user)
    form = {"badge": badge.pk, "reason": "<script>alert(2)</script>"}

    page = text_of(client.post(address, form))
    assert "<script>alert(" not in page
    with at_work():
        response = client.post(address, {**form, "confirmed": "1"})
    job = GivingJob.objects.get()

    for address in (response.headers["Location"], url("players", job)):
        page = text_of(client.get(address))
        assert "<script>alert(" not in page
        assert "&lt;script&gt;alert(" in page


def test_it_costs_the_same_for_many(editor, badge, at_work):
    client = editor()
    address = action_url("award", "all")
    form = {"badge": badge.pk}

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
            client.post(address, form)
        return len(captured)

    create_player()
    few = queries()
    for _ in range(10):
        create_player()

    assert queries() == few


def test_the_permissions_can_be_given_in_wagtail(cms):
    page = cms.get(reverse("wagtailusers_groups:add")).content.decode()

    permission = Permission.objects.get(codename="award_badge")
    assert f'value="{permission.pk}"' in page
