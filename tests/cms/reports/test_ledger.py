"""The report of the ledger of points."""

from datetime import timedelta

import pytest
from django.utils import timezone

from wagtail_gamification.events import Event
from wagtail_gamification.models import PointChange
from wagtail_gamification.testing import create_player, create_point_rule

from .conftest import XSS, address, exported, queries_for, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(owl, grace, alan):
    owl.award(grace)
    grace.change_points(-4, "Bought a hat")
    rule = create_point_rule("visited", name="A visit")
    return {
        "award": PointChange.objects.get(amount=10),
        "taken": PointChange.objects.get(amount=-4),
        "rule": PointChange.objects.create(
            interface=alan, amount=3, rule=rule, event="visited"
        ),
        "old": PointChange.objects.create(
            interface=alan, amount=7, time=timezone.now() - timedelta(days=60)
        ),
    }


def names(response, ledger):
    by_key = {change.pk: name for name, change in ledger.items()}
    return [by_key[row.pk] for row in rows_of(response)]


def test_it_says_what_each_booking_was_for(cms, ledger):
    response = cms.get(address("ledger"))

    assert names(response, ledger) == ["rule", "taken", "award", "old"]
    page = response.content.decode()
    for text in ("Grace Hopper", "Night owl", "Bought a hat", "A visit", "-4"):
        assert text in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"sign": "given"}, ["rule", "award", "old"]),
        ({"sign": "taken"}, ["taken"]),
        ({"event": "visited"}, ["rule"]),
        ({"q": "hopper"}, ["taken", "award"]),
        ({"ordering": "time"}, ["old", "award", "taken", "rule"]),
    ],
)
def test_it_is_narrowed_down_and_ordered(cms, ledger, query, expected):
    assert names(cms.get(address("ledger"), query), ledger) == expected


def test_it_is_narrowed_down_to_a_rule_and_to_days(cms, ledger):
    rule = ledger["rule"].rule_id
    assert names(cms.get(address("ledger"), {"rule": rule}), ledger) == ["rule"]
    before = (timezone.now() - timedelta(days=30)).date()
    query = {"time_to": before}
    assert names(cms.get(address("ledger"), query), ledger) == ["old"]


def test_events_are_those_that_rules_pay_for(cms, ledger):
    page = cms.get(address("ledger")).content.decode()

    assert "Visits the site" in page
    assert "Signs up" not in page


def test_script_and_formulas_do_nothing(cms, grace):
    grace.change_points(5, XSS)
    grace.change_points(5, "+1+1")

    assert XSS not in cms.get(address("ledger")).content.decode()
    csv = exported(cms, "ledger", "csv").decode()
    assert ",'+1+1," in csv
    assert csv.startswith("Player,Amount,Time,Reason,Badge,Point rule,Event")


def test_an_export_of_points_taken_keeps_them_numbers(cms, ledger):
    csv = exported(cms, "ledger", "csv", sign="taken").decode().splitlines()

    assert len(csv) == 2
    assert csv[1].startswith("Grace Hopper,-4,")


def test_an_unknown_event_has_its_code(cms, alan):
    PointChange.objects.create(interface=alan, amount=3, event="long_gone")

    assert "long_gone" in cms.get(address("ledger")).content.decode()
    assert Event is not None


def test_queries_do_not_grow_with_bookings(cms, owl):
    def book(number):
        for _ in range(number):
            player = create_player(5)
            owl.award(player)

    book(1)
    before = queries_for(cms, address("ledger"))
    book(10)

    assert queries_for(cms, address("ledger")) == before
    assert before <= 16


def test_nothing_yet_is_said(cms):
    assert "No points have been booked yet." in (
        cms.get(address("ledger")).content.decode()
    )


def test_the_next_page_goes_on_where_the_first_ended(cms, grace):
    for amount in range(1, 61):
        grace.change_points(amount)

    pages = [rows_of(cms.get(address("ledger"), {"p": page})) for page in (1, 2)]

    amounts = [[change.amount for change in page] for page in pages]
    assert amounts == [list(range(60, 10, -1)), list(range(10, 0, -1))]
