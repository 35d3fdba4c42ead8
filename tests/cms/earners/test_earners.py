"""The list of who earned a badge."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from wagtail_gamification.cms.players import pagination
from wagtail_gamification.models import Award, Badge
from wagtail_gamification.testing import create_badge_definition, create_player

from .conftest import AWARD, OTHERS, REVOKE, SEE, XSS, reserve, url_of

pytestmark = pytest.mark.django_db

AJAX = {"X-Requested-With": "XMLHttpRequest"}


def listed(client, badge, **query):
    """Give the usernames in the list, in its order."""
    response = client.get(url_of("earners", badge), query)
    assert response.status_code == 200
    return [row.badge.interface.user.username for row in rows_of(response)]


def rows_of(response):
    return list(response.context["object_list"])


def exported(client, badge, export, **query):
    query["export"] = export
    response = client.get(url_of("earners", badge), query)
    return b"".join(response.streaming_content)


def end(award, **fields):
    """Have an award ended, as its badge knows."""
    past = timezone.now() - timedelta(minutes=1)
    Award.objects.filter(pk=award.pk).update(expires_at=past)
    Badge._base_manager.filter(pk=award.badge_id).update(expires_at=past)


@pytest.fixture
def four(badge, grace, alan, player_of, admin):
    """One award by hand, one by itself, one that has ended, one taken back."""
    now = timezone.now()
    given = {
        "grace": badge.award(grace, by=admin, reason="For the open day"),
        "alan": badge.award(alan),
        "zoe": badge.award(player_of("zoe")),
        "ben": badge.award(player_of("ben")),
    }
    end(given["zoe"])
    badge.revoke(given["ben"].badge.interface, by=admin, reason="By mistake")
    for days, award in enumerate(given.values()):
        at = now - timedelta(days=days)
        Award.objects.filter(pk=award.pk).update(awarded_at=at)
        held = Badge._base_manager.filter(pk=award.badge_id, acquired=True)
        held.update(acquired_at=at)
    return given


# Who may see it


def test_it_is_open_to_who_may_see_players_and_to_nobody_else(login_with, four, badge):
    client = login_with(AWARD, REVOKE, *OTHERS)
    addresses = [url_of("earners", badge), url_of("earners_results", badge)]

    for address in addresses:
        for query in ({}, {"export": "csv"}, {"export": "xlsx"}):
            assert client.get(address, query, headers=AJAX).status_code == 403
    editor = client.get(reverse("wagtailadmin_home")).wsgi_request.user
    editor.user_permissions.add(Permission.objects.get(codename=SEE))
    for address in addresses:
        assert client.get(address).status_code == 200


def test_visitors_are_asked_to_log_in(client, badge):
    assert "/login/" in client.get(url_of("earners", badge)).url


def test_a_badge_that_does_not_exist_is_not_found(login_with):
    client = login_with(SEE)

    for pk in (999999, 10**30):
        assert client.get(url_of("earners", pk)).status_code == 404
        assert client.get(url_of("earners_results", pk)).status_code == 404


def test_it_is_only_read(cms, four, badge):
    assert cms.post(url_of("earners", badge)).status_code == 405


def test_a_draft_has_been_earned_by_nobody(login_with):
    draft = create_badge_definition("Draft", live=False)

    page = login_with(SEE).get(url_of("earners", draft)).content.decode()

    assert "Nobody has earned it yet." in page


def test_a_translation_lists_who_has_its_original(login_with, badge, grace, french):
    badge.award(grace)
    translation = badge.copy_for_translation(french)
    translation.save()

    assert listed(login_with(SEE), translation) == ["grace"]


def test_another_groups_badge_is_seen_and_not_taken_back(login_with, badge, grace):
    badge.award(grace)
    reserve(badge)
    client = login_with(SEE, AWARD, REVOKE)

    page = client.get(url_of("earners", badge)).content.decode()

    assert "Grace Hopper" in page
    assert "Take back" not in page
    assert "Award to a player…" not in page


# What it says


def test_it_says_who_earned_it_when_from_whom_and_why(cms, four, badge):
    response = cms.get(url_of("earners", badge))

    page = response.content.decode()
    for text in ("Grace Hopper", "grace@example.com", "For the open day", "By itself"):
        assert text in page
    assert listed(cms, badge) == ["grace", "alan", "zoe"]
    player = four["grace"].badge.interface_id
    assert reverse("wagtail_gamification_players:player", args=[player]) in page


def test_nobody_who_earned_another_badge_is_there(cms, four, badge, player_of):
    other = create_badge_definition("Other")
    other.award(player_of("eve"))

    assert "eve" not in listed(cms, badge)


def test_each_player_is_there_once_with_what_counts_last(cms, grace):
    often = create_badge_definition("Often", max_awards=5)
    for reason in ("First", "Second", "Third"):
        often.award(grace, reason=reason)
    # What was given to many was taken back, and what came before it counts still.
    Award.objects.filter(reason="Third").update(revoked_at=timezone.now())

    response = cms.get(url_of("earners", often))

    assert [row.reason for row in rows_of(response)] == ["Second"]
    assert "Times" in response.content.decode()


def test_who_got_it_back_has_it(cms, badge, grace):
    badge.award(grace, reason="First")
    badge.revoke(grace)
    badge.award(grace, reason="Second")

    assert [row.reason for row in rows_of(cms.get(url_of("earners", badge)))] == [
        "Second"
    ]
    assert listed(cms, badge, state="revoked") == []


def test_who_lost_it_twice_is_there_once(cms, badge, grace):
    for _ in range(2):
        badge.award(grace)
        badge.revoke(grace)

    assert listed(cms, badge, state="revoked") == ["grace"]


def test_who_was_reset_has_lost_it(cms, badge, grace):
    badge.award(grace)
    grace.reset()

    assert listed(cms, badge) == []
    assert listed(cms, badge, state="revoked") == ["grace"]


# Narrowed down


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "counts"}, ["grace", "alan"]),
        ({"state": "expired"}, ["zoe"]),
        ({"state": "revoked"}, ["ben"]),
        ({"given": "by_hand"}, ["grace"]),
        ({"given": "by_itself"}, ["alan", "zoe"]),
        ({"q": "hopper"}, ["grace"]),
        ({"q": "ALAN turing"}, ["alan"]),
        ({"q": "zoe@example"}, ["zoe"]),
        ({"q": "ben"}, []),
        ({"q": "ben", "state": "revoked"}, ["ben"]),
        ({"q": "hopper", "given": "by_itself"}, []),
        ({"q": "100%"}, []),
    ],
)
def test_it_is_narrowed_down(cms, four, badge, query, expected):
    assert listed(cms, badge, **query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["zoe", "alan", "grace"]),
        ({"state": "counts"}, ["alan", "grace"]),
        ({"awarded_from": "2000-01-01"}, ["zoe", "alan", "grace"]),
        ({"state": "revoked"}, ["ben"]),
    ],
)
def test_the_first_who_earned_it_can_be_asked_for(cms, four, badge, query, expected):
    assert listed(cms, badge, ordering="awarded_at", **query) == expected
    assert listed(cms, badge, **query) == expected[::-1]


def test_days_are_those_of_the_award(cms, four, badge):
    day = timezone.localdate(four["alan"].awarded_at) - timedelta(days=1)

    assert listed(cms, badge, awarded_from=day, awarded_to=day) == ["alan"]


def test_a_group_is_one_of_the_users(cms, four, badge):
    group = Group.objects.create(name="Class 7")
    other = Group.objects.create(name="Class 8")
    for each in (group, other):
        four["alan"].badge.interface.user.groups.add(each)

    assert listed(cms, badge, group=[group.pk, other.pk]) == ["alan"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"awarded_from": "2026-05-02", "awarded_to": "2026-05-01"}, "lies before"),
        ({"awarded_from": "0001-01-01"}, "between the years 1900"),
        ({"group": "999999"}, "Select a valid choice"),
        ({"state": XSS}, "Select a valid choice"),
    ],
)
def test_what_makes_no_sense_is_said_and_nobody_is_listed(
    cms, four, badge, query, said
):
    response = cms.get(url_of("earners", badge), query)

    assert rows_of(response) == []
    page = response.content.decode()
    assert said in page
    assert XSS not in page


def test_more_than_pages_show_is_said_and_exported(cms, four, badge, monkeypatch):
    monkeypatch.setattr(pagination, "MOST", 2)

    response = cms.get(url_of("earners", badge))

    assert len(rows_of(response)) == 2
    assert "There are more than 2" in response.content.decode()
    assert exported(cms, badge, "csv").count(b"\n") == 4


# Files


def test_a_file_has_what_the_filters_leave(cms, four, badge):
    heading, row = exported(cms, badge, "csv", q="grace").decode().splitlines()

    assert heading.startswith("Player,Username,E-mail address,Number,Awarded at,")
    assert row.startswith("Grace Hopper,grace,grace@example.com,1,")
    assert ",ada,For the open day,10,Counts," in row


def test_script_and_formulas_do_nothing(cms, badge, admin):
    player = create_player(username="mallory", first_name=f"={XSS}")
    badge.award(player, by=admin, reason=f"=cmd|' /C calc'!A0 {XSS}")
    badge.revoke(player, reason="@SUM(A1)")

    page = cms.get(url_of("earners", badge), {"state": "revoked", "q": XSS})

    assert XSS not in page.content.decode()
    page = cms.get(url_of("earners", badge), {"state": "revoked"}).content.decode()
    assert XSS not in page
    assert "&lt;script&gt;" in page
    csv = exported(cms, badge, "csv", state="revoked").decode()
    assert "'=<script>" in csv
    assert ",'=cmd|" in csv
    assert "'@SUM(A1)" in csv
    file = exported(cms, badge, "xlsx", state="revoked")
    sheet = load_workbook(BytesIO(file)).active
    assert "f" not in {cell.data_type for row in sheet for cell in row}


# To take it back


def revoke_url(player, badge):
    args = [player.pk, badge.pk]
    return reverse("wagtail_gamification_players:revoke", args=args)


def test_who_may_take_it_back_is_led_there_and_back_again(
    login_with, badge, grace, player_of
):
    badge.award(grace)
    client = login_with(SEE, REVOKE)
    here = url_of("earners", badge)

    page = client.get(here, {"q": "hopper"}).content.decode()

    back = quote(f"{here}?q=hopper", safe="")
    assert f"{revoke_url(grace, badge)}?next={back}" in page
    assert 'aria-label="Take back from Grace Hopper"' in page


def test_what_was_taken_back_is_not_taken_back_again(cms, four, badge):
    player = four["ben"].badge.interface

    page = cms.get(url_of("earners", badge), {"state": "revoked"}).content.decode()

    assert revoke_url(player, badge) not in page


def test_who_may_not_take_it_back_is_not_led_there(login_with, badge, grace):
    badge.award(grace)
    client = login_with(SEE, AWARD, *OTHERS)

    page = client.get(url_of("earners", badge)).content.decode()

    assert "Take back" not in page


# What it costs


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ({}, 16),
        ({"q": "member"}, 17),
        ({"group": "one", "state": "counts", "given": "by_hand"}, 18),
        ({"state": "revoked"}, 16),
        ({"export": "csv"}, 9),
    ],
)
def test_it_costs_the_same_however_many_there_are(
    cms, badge, admin, player_of, query, most
):
    group = Group.objects.create(name="Class")
    if "group" in query:
        query = {**query, "group": group.pk}

    def add(number):
        for each in range(number):
            player = player_of(f"member{number}-{each}")
            player.user.groups.add(group)
            badge.award(player, by=admin)
            if query.get("state") == "revoked":
                badge.revoke(player, by=player.user)

    def look():
        with CaptureQueriesContext(connection) as queries:
            response = cms.get(url_of("earners", badge), query)
            if response.streaming:
                assert b"".join(response.streaming_content)
        return len(queries)

    add(2)
    look()  # content types and permissions are read once
    before = look()
    add(45)

    assert look() == before
    assert before <= most
