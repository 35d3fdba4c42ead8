"""The dashboard and the panel on Wagtail's home."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from wagtail_gamification.actions.summarise import summarise
from wagtail_gamification.days import today
from wagtail_gamification.models import (
    Award,
    GamificationInterface,
    PointChange,
    Summary,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
)

from .conftest import AJAX, NAMESPACE, XSS, queries_for, rows_of

pytestmark = pytest.mark.django_db

DASHBOARD = "wagtail_gamification_dashboard:index"


def dashboard(client, **query):
    return client.get(reverse(DASHBOARD), query)


def tiles(response):
    return {tile.label: tile.number for tile in response.context["tiles"]}


def chart(response, title):
    [found] = [each for each in response.context["charts"] if each.title == title]
    return found


def ranking(response, title):
    [found] = [each for each in response.context["rankings"] if each.title == title]
    return [(row.label, row.value) for row in found.rows]


@pytest.fixture
def history(owl, fox, grace, alan):
    """Today and ten days ago; long ago, and in between nothing."""
    now = timezone.now()
    for player, badge, days in [
        (grace, owl, 0),
        (alan, owl, 10),
        (grace, fox, 10),
        (alan, fox, 100),
    ]:
        award = badge.award(player)
        at = now - timedelta(days=days)
        Award.objects.filter(pk=award.pk).update(awarded_at=at)
        PointChange.objects.filter(award=award).update(time=at)
    alan.change_points(-3)
    create_level("Beginner", 5)
    GamificationInterface.objects.update(last_active_day=None)
    GamificationInterface.objects.filter(pk=alan.pk).update(
        last_active_day=today().toordinal()
    )
    summarise()


def test_it_is_of_the_last_30_days_where_none_are_chosen(cms, history):
    response = dashboard(cms)

    assert tiles(response) == {
        "Badges awarded": 3,
        "Badges taken back": 0,
        "Points given": 20,
        "Points taken": 3,
        "Active players now": 1,
    }
    assert len(chart(response, "Badges awarded by day").values) == 30
    assert chart(response, "Badges awarded by day").total == 3
    assert chart(response, "Points given by day").total == 20
    assert ranking(response, "Most earned") == [("Night owl", 2), ("Fox", 1)]
    assert ranking(response, "Hardest") == [("Fox", 100), ("Night owl", 100)]
    assert ranking(response, "How far players get") == [
        ("All players", 3),
        ("Have a badge", 2),
        ("Beginner", 2),
    ]


def test_it_is_of_the_days_that_are_chosen(cms, history):
    day = today() - timedelta(days=10)

    response = dashboard(cms, first=day, last=day)

    assert tiles(response)["Badges awarded"] == 2
    assert [value.value for value in chart(response, "Points given by day").values] == [
        10
    ]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"first": "2026-05-02", "last": "2026-05-01"}, "lies before the first"),
        ({"first": "1926-01-01", "last": "2026-01-01"}, "Choose at most 366 days."),
        ({"first": "1000-01-01", "last": "1000-01-02"}, "between the years"),
        ({"first": "soon", "last": "2026-01-02"}, "Enter a valid date."),
        ({"first": "2026-01-02"}, "This field is required."),
        ({"first": XSS, "last": XSS}, "Enter a valid date."),
    ],
)
def test_days_that_make_no_sense_are_said_and_the_usual_ones_shown(
    cms, history, query, said
):
    response = dashboard(cms, **query)

    page = response.content.decode()
    assert said in page
    assert XSS not in page
    assert response.context["totals"].last == today()


def test_every_number_leads_to_the_rows_that_were_counted(cms, history):
    response = dashboard(cms)

    expected = {"Points given": 2, "Points taken": 1}
    for tile in response.context["tiles"]:
        if "reports/gamification" in tile.url:
            rows = rows_of(cms.get(tile.url))
            assert len(rows) == expected.get(tile.label, tile.number), tile
    awards, _points, active = response.context["charts"]
    for value in (*awards.values, *active.values):
        assert len(rows_of(cms.get(value.url))) == value.value
    [most, hardest, funnel] = response.context["rankings"]
    for each in most.rows:
        assert len(rows_of(cms.get(each.url))) == each.value
    assert [len(rows_of(cms.get(each.url))) for each in hardest.rows] == [1, 1]
    for each in funnel.rows:
        assert len(rows_of(cms.get(each.url))) == each.value
    [active] = [tile for tile in response.context["tiles"] if "/players/" in tile.url]
    assert len(rows_of(cms.get(active.url))) == active.number == 1


def test_what_one_may_not_see_is_no_link(login_with, history):
    client = login_with("view_dailytotal")

    page = dashboard(client).content.decode()

    assert "/reports/gamification/" not in page
    assert "/gamification/players/" not in page
    assert "Night owl" in page


def test_links_are_there_for_those_who_may_follow_them(login_with, history):
    client = login_with("view_dailytotal", "view_pointchange")

    page = dashboard(client).content.decode()

    assert reverse(f"{NAMESPACE}:ledger") in page
    assert reverse(f"{NAMESPACE}:awards") not in page
    assert reverse(f"{NAMESPACE}:rarity") not in page


def test_who_lacks_just_the_permission_sees_no_dashboard(login_with):
    client = login_with("view_award", "view_pointchange", "change_badgedefinition")

    assert client.get(reverse(DASHBOARD), headers=AJAX).status_code == 403
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse(DASHBOARD) not in home
    assert "in the last 7 days" not in home


def test_who_has_just_the_permission_finds_it_in_the_menu_and_on_the_home(
    login_with, history
):
    client = login_with("view_dailytotal")

    home = client.get(reverse("wagtailadmin_home")).content.decode()

    assert "Gamification in the last 7 days" in home
    assert home.count(reverse(DASHBOARD)) >= 2
    assert dashboard(client).status_code == 200


def test_visitors_are_asked_to_log_in(client):
    assert dashboard(client).status_code == 302


def test_it_is_only_read(cms):
    assert cms.post(reverse(DASHBOARD)).status_code == 405


def test_an_empty_site_is_told_what_it_lacks(cms, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        page = dashboard(cms).content.decode()
    assert "No badge was awarded on these days." in page
    assert "The numbers are being counted." in page

    page = dashboard(cms).content.decode()
    assert "Nobody has a badge yet." in page
    assert "The numbers are being counted." not in page


def test_names_are_escaped(cms):
    create_badge_definition(XSS).award(create_player())
    create_level(XSS, 1)
    summarise()

    assert XSS not in dashboard(cms).content.decode()


def test_there_is_no_inline_style_or_script_of_ours(cms, history):
    page = dashboard(cms).content.decode()
    [main] = re.findall(r"<main.*</main>", page, re.S)

    assert "style=" not in main
    assert "onclick" not in main


def test_arabic_numbers_and_drawings(cms, history, admin):
    from wagtail.users.models import UserProfile

    UserProfile.objects.create(user=admin, preferred_language="ar")

    page = dashboard(cms).content.decode()

    assert 'dir="rtl"' in page
    lengths = re.findall(r'gamification-chart__column" width="([^"]+)"', page)
    assert lengths
    assert all(re.fullmatch(r"\d+\.\d\d", length) for length in lengths)


def test_queries_grow_neither_with_players_nor_with_days(cms, owl, history):
    before = queries_for(cms, reverse(DASHBOARD))
    for _ in range(10):
        owl.award(create_player(5))
    summarise()

    first = today() - timedelta(days=365)
    query = {"first": first, "last": today()}
    assert queries_for(cms, reverse(DASHBOARD), query) == before
    assert before <= 10


def test_an_editors_page_takes_four_queries_of_ours(client, login_with, history):
    """The others read who it is, what the groups may do, and the languages."""
    login_with("view_dailytotal")
    dashboard(client)

    with CaptureQueriesContext(connection) as queries:
        assert dashboard(client).status_code == 200

    ours = [query for query in queries if 'FROM "wagtail_gam' in _quoted(query["sql"])]
    assert len(ours) == 4
    assert len(queries) <= 12


def _quoted(sql):
    return sql.replace("`", '"')


def test_old_totals_are_asked_for_when_it_is_opened(
    cms, history, owl, django_capture_on_commit_callbacks
):
    owl.award(create_player())
    Summary.objects.update(
        summarised_at=timezone.now() - timedelta(hours=1), requested_at=None
    )
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        dashboard(cms)

    assert len(callbacks) == 1
    assert tiles(dashboard(cms))["Badges awarded"] == 4


def test_a_year_has_a_column_for_each_day(cms, history):
    response = dashboard(cms, first=date(2024, 1, 1), last=date(2024, 12, 31))

    assert len(chart(response, "Badges awarded by day").values) == 366
