"""The report of awards."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from wagtail_gamification.cms.players import pagination
from wagtail_gamification.cms.reporting import base
from wagtail_gamification.days import start_of, today
from wagtail_gamification.models import Award
from wagtail_gamification.testing import create_badge_definition, create_player

from .conftest import XSS, address, exported, queries_for, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def awards(owl, fox, grace, alan, admin):
    """By hand and by itself, of two badges, one expired and one revoked."""
    now = timezone.now()
    given = {
        "hand": owl.award(grace, by=admin, reason="Well done"),
        "itself": owl.award(alan),
        "expired": fox.award(grace),
        "revoked": fox.award(alan),
    }
    fox.revoke(alan, by=admin, reason="By mistake")
    Award.objects.filter(pk=given["expired"].pk).update(expires_at=now)
    for days, award in enumerate(given.values()):
        at = now - timedelta(days=days)
        Award.objects.filter(pk=award.pk).update(awarded_at=at)
    return given


def names(response, awards):
    by_key = {award.pk: name for name, award in awards.items()}
    return [by_key[row.pk] for row in rows_of(response)]


def test_it_says_who_got_what_when_from_whom_and_why(cms, awards, owl):
    response = cms.get(address("awards"))

    page = response.content.decode()
    for text in ("Grace Hopper", "Night owl", "Well done", "By itself", "Revoked"):
        assert text in page
    assert names(response, awards) == ["hand", "itself", "expired", "revoked"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"given": "by_hand"}, ["hand"]),
        ({"given": "by_itself"}, ["itself", "expired", "revoked"]),
        ({"state": "counts"}, ["hand", "itself"]),
        ({"state": "expired"}, ["expired"]),
        ({"state": "revoked"}, ["revoked"]),
        ({"q": "grace"}, ["hand", "expired"]),
        ({"q": "turing alan"}, ["itself", "revoked"]),
        ({"q": "nobody"}, []),
        ({"q": "grace", "state": "expired"}, ["expired"]),
    ],
)
def test_it_is_narrowed_down(cms, awards, query, expected):
    assert names(cms.get(address("awards"), query), awards) == expected


def test_it_is_narrowed_down_to_a_badge_and_a_category(cms, awards, owl, fox, birds):
    for query in ({"badge": owl.pk}, {"category": birds.pk}):
        assert names(cms.get(address("awards"), query), awards) == ["hand", "itself"]


def test_days_are_those_of_the_site_both_included(cms, owl, grace, admin):
    from wagtail.users.models import UserProfile

    UserProfile.objects.create(user=admin, current_time_zone="Pacific/Auckland")
    award = owl.award(grace)
    day = today() - timedelta(days=3)
    url = address("awards")
    last_moment = start_of(day + timedelta(days=1)) - timedelta(microseconds=1)
    for moment, is_found in [
        (start_of(day), True),
        (last_moment, True),
        (start_of(day) - timedelta(microseconds=1), False),
        (start_of(day + timedelta(days=1)), False),
    ]:
        Award.objects.update(awarded_at=moment)
        found = rows_of(cms.get(url, {"awarded_from": day, "awarded_to": day}))
        assert found == ([award] if is_found else []), moment
    Award.objects.update(revoked_at=last_moment)
    assert rows_of(cms.get(url, {"revoked_from": day, "revoked_to": day})) == [award]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"awarded_from": "2026-05-02", "awarded_to": "2026-05-01"}, "lies before"),
        ({"awarded_from": "0001-01-01"}, "between the years 1900"),
        ({"awarded_to": "9999-12-31"}, "between the years 1900"),
        ({"awarded_to": "yesterday"}, "Enter a valid date"),
        ({"badge": "999999"}, "Select a valid choice"),
        ({"state": XSS}, "Select a valid choice"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_listed(cms, awards, query, said):
    response = cms.get(address("awards"), query)

    assert rows_of(response) == []
    page = response.content.decode()
    assert said in page
    assert XSS not in page
    assert exported(cms, "awards", "csv", **query).count(b"\n") == 1


def test_a_century_is_a_range_like_any_other(cms, awards):
    query = {"awarded_from": "1950-01-01", "awarded_to": "2050-01-01"}

    assert len(rows_of(cms.get(address("awards"), query))) == 4


def test_script_and_formulas_do_nothing(cms, owl, admin):
    player = create_player(username="mallory", first_name=f"={XSS}")
    owl.award(player, by=admin, reason="=cmd|' /C calc'!A0")
    Award.objects.update(revoke_reason="@SUM(A1)")

    assert XSS not in cms.get(address("awards")).content.decode()
    csv = exported(cms, "awards", "csv").decode()
    assert ",'=cmd|' /C calc'!A0," in csv
    assert "'=<script>" in csv
    assert "'@SUM(A1)" in csv
    sheet = load_workbook(BytesIO(exported(cms, "awards", "xlsx"))).active
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n", "d"}


def test_an_export_has_what_the_filters_leave(cms, awards):
    csv = exported(cms, "awards", "csv", state="revoked").decode().splitlines()

    assert csv[0].startswith("Player,Badge,Category,Number,Awarded at,Awarded by,")
    assert len(csv) == 2
    assert csv[1].startswith("Alan Turing,Fox,")
    assert ",Revoked," in csv[1]
    assert csv[1].endswith(",ada,By mistake")


def test_more_than_pages_show_is_said_and_exported(cms, awards, monkeypatch):
    monkeypatch.setattr(pagination, "MOST", 3)

    response = cms.get(address("awards"))

    assert len(rows_of(response)) == 3
    assert "There are more than 3" in response.content.decode()
    assert exported(cms, "awards", "csv").count(b"\n") == 5


def test_what_no_workbook_holds_is_refused_with_a_way_out(cms, awards, monkeypatch):
    monkeypatch.setattr(base, "MOST_IN_WORKBOOK", 3)

    response = cms.get(
        address("awards"), {"export": "xlsx", "given": "by_itself"}, follow=False
    )
    assert response.status_code == 200
    response = cms.get(address("awards"), {"export": "xlsx", "q": ""}, follow=True)
    assert "no more than 3 rows" in response.content.decode()


def test_a_word_that_finds_everybody_finds_nobody(cms, awards, monkeypatch):
    from wagtail_gamification.cms.reporting import people

    monkeypatch.setattr(people, "MOST_FOUND", 1)
    response = cms.get(address("awards"), {"q": "a"})

    assert rows_of(response) == []
    assert "players are called that" in response.content.decode()


def test_nothing_yet_is_said(cms):
    assert "No badge has been awarded yet." in (
        cms.get(address("awards")).content.decode()
    )


def test_queries_do_not_grow_with_awards(cms, owl, fox, admin):
    def award_to(number):
        for _ in range(number):
            player = create_player()
            owl.award(player, by=player.user)
            fox.award(player)

    award_to(1)
    before = queries_for(cms, address("awards"))
    award_to(10)

    assert queries_for(cms, address("awards")) == before
    assert before <= 16
    create_badge_definition("More")
    assert queries_for(cms, address("awards"), {"q": "player"}) <= before + 2


def test_a_name_leads_to_the_player_for_those_who_may_see_players(
    login_with, owl, grace
):
    owl.award(grace)
    url = reverse("wagtail_gamification_players:player", args=[grace.pk])
    client = login_with("view_award")
    assert url not in client.get(address("awards")).content.decode()

    get_user_model().objects.get(username="edith").user_permissions.add(
        Permission.objects.get(codename="view_gamificationinterface")
    )
    assert url in client.get(address("awards")).content.decode()
