"""The list of players: found, filtered, ordered, exported."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from openpyxl import load_workbook

from tests.cms.conftest import published
from wagtail_gamification.cms.players import pagination, people
from wagtail_gamification.models import (
    Activity,
    Badge,
    BadgeDefinition,
    GamificationInterface,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
)

from .conftest import url_of

pytestmark = pytest.mark.django_db


def listed(cms, **query):
    """Give the names in the list, in its order."""
    response = cms.get(url_of("index"), query)
    assert response.status_code == 200
    return [str(row) for row in response.context["object_list"]]


def active_on(player, day):
    rows = GamificationInterface.objects.filter(pk=player.pk)
    rows.update(last_active_day=day.toordinal())


@pytest.fixture
def three(player_of):
    return [
        player_of("ada", 10, first_name="Ada", last_name="Lovelace"),
        player_of("grace", 300, first_name="Grace", last_name="Hopper"),
        player_of("zoe", 20, email="z@elsewhere.example"),
    ]


def test_each_row_says_who_it_is_and_what_they_have(cms, three, badge):
    create_level("Novice", 0)
    create_level("Expert", 200)
    badge.award(three[1])
    active_on(three[1], date(2024, 5, 6))

    row = cms.get(url_of("index")).context["object_list"][0]

    assert str(row) == "Grace Hopper"
    assert row.people.detail == "grace@example.com"
    assert row.points == 310
    assert row.level.name == "Expert"
    assert row.badges == 1
    assert row.last_active == date(2024, 5, 6)


def test_badges_that_do_not_count_are_not_counted(cms, three):
    for name in ("Revoked", "Ended", "Only begun"):
        create_badge_definition(name, progression_target=3).award(three[0])
    BadgeDefinition.objects.get(name="Revoked").revoke(three[0])
    ended = Badge._base_manager.filter(badge_definition__name="Ended")
    ended.update(expires_at=timezone.now() - timedelta(1))
    begun = Badge._base_manager.filter(badge_definition__name="Only begun")
    begun.update(acquired=False, times_awarded=0)

    rows = cms.get(url_of("index")).context["object_list"]

    assert {row.badges for row in rows} == {0}


def test_a_name_leads_to_the_player(cms, three):
    page = cms.get(url_of("index")).content.decode()

    assert url_of("player", three[0].pk) in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("lovelace", ["Ada Lovelace"]),
        ("LOVE ada", ["Ada Lovelace"]),
        ("ada hopper", []),
        ("elsewhere", ["zoe"]),
        ("zoe", ["zoe"]),
        ("example", ["Grace Hopper", "zoe", "Ada Lovelace"]),
        ("100%", []),
        ("a_a", []),
        ("'; DROP TABLE", []),
    ],
)
def test_players_are_found_by_name_username_and_address(cms, three, query, found):
    assert listed(cms, q=query) == found


def test_a_player_without_a_user_is_found_by_number(cms, three, team):
    assert listed(cms, q=str(team.pk)) == [f"Player {team.pk}"]
    assert listed(cms, q="9" * 40) == []


def test_what_fits_very_many_is_found_as_well(cms, three, monkeypatch):
    monkeypatch.setattr(people, "MOST_FOUND", 1)

    assert listed(cms, q="example") == ["Grace Hopper", "zoe", "Ada Lovelace"]
    assert listed(cms, q="a") == ["Grace Hopper", "zoe", "Ada Lovelace"]


def test_a_search_shows_the_first_of_very_many(cms, three, monkeypatch):
    monkeypatch.setattr(pagination, "MOST_SEARCHED", 2)

    response = cms.get(url_of("index"), {"q": "example"})

    assert len(listed(cms, q="example")) == 2
    assert "There are more than 2 matches" in response.content.decode()


def test_a_word_does_not_go_on_from_one_field_into_the_next(cms, three):
    assert listed(cms, q="adalovelace") == []


def test_the_level_is_a_range_of_points(cms, three):
    novice = create_level("Novice", 0)
    learner = create_level("Learner", 15)
    expert = create_level("Expert", 200)

    assert listed(cms, level=novice.pk) == ["Ada Lovelace"]
    assert listed(cms, level=[learner.pk, expert.pk]) == ["Grace Hopper", "zoe"]


def test_a_draft_of_a_level_ends_no_other(cms, three):
    novice = create_level("Novice", 0)
    create_level("Draft", 15, live=False)

    assert len(listed(cms, level=novice.pk)) == 3


def test_the_badge_is_one_that_counts(cms, three, badge):
    for player in three:
        badge.award(player)
    badge.revoke(three[2])
    Badge._base_manager.filter(interface=three[0]).update(
        expires_at=timezone.now() - timedelta(1)
    )

    assert listed(cms, badge=badge.pk) == ["Grace Hopper"]


def test_a_badge_that_was_never_published_is_no_choice(cms, three):
    draft = create_badge_definition("Draft", live=False)

    response = cms.get(url_of("index"), {"badge": draft.pk})

    assert "Draft" not in response.content.decode()
    assert len(response.context["object_list"]) == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"points_min": 20}, ["Grace Hopper", "zoe"]),
        ({"points_max": 20}, ["zoe", "Ada Lovelace"]),
        ({"points_min": 11, "points_max": 20}, ["zoe"]),
        ({"points_min": "9" * 18}, []),
    ],
)
def test_points_have_a_range(cms, three, query, found):
    assert listed(cms, **query) == found


@pytest.mark.parametrize(
    "query",
    [
        {"points_min": "many"},
        {"points_min": "1e999999"},
        {"points_min": "9" * 5000},
        {"level": "none"},
        {"badge": "' OR 1=1"},
        {"group": "-1"},
        {"last_active_from": "0000-00-00"},
        {"ordering": "user__password"},
        {"p": "9" * 30},
    ],
)
def test_what_makes_no_sense_filters_nothing(cms, three, query):
    assert len(listed(cms, **query)) == 3


def test_the_group_is_one_of_the_users(cms, three):
    group = Group.objects.create(name="Class 7")
    other = Group.objects.create(name="Class 8")
    for each in (group, other):
        three[2].user.groups.add(each)

    assert listed(cms, group=[group.pk, other.pk]) == ["zoe"]


def test_active_since_begins_with_that_day(cms, three):
    active_on(three[0], date(2024, 5, 6))
    active_on(three[1], date(2024, 5, 5))

    assert listed(cms, last_active_from="2024-05-06") == ["Ada Lovelace"]
    assert listed(cms, last_active_to="2024-05-05") == ["Grace Hopper"]


def test_those_who_have_any_badge_are_listed(cms, three, badge):
    for player in three[:2]:
        badge.award(player)
    badge.revoke(three[0])
    Badge._base_manager.filter(interface=three[1]).update(
        expires_at=timezone.now() - timedelta(1)
    )

    assert listed(cms, earned="yes") == ["Grace Hopper"]
    assert len(listed(cms, earned="")) == 3


def test_who_was_active_on_a_day_did_something_themselves(cms, three, badge):
    day = date(2024, 5, 6)
    for player, event, when in (
        (three[0], "visited", day),
        (three[0], "logged_in", day),
        (three[1], "badge_earned", day),
        (three[2], "visited", day + timedelta(1)),
    ):
        Activity.objects.create(
            interface=player, event=event, day=when.toordinal(), count=1
        )

    assert listed(cms, active_on="2024-05-06") == ["Ada Lovelace"]
    assert "Enter a valid date" in (
        cms.get(url_of("index"), {"active_on": "soon"}).content.decode()
    )


def test_filters_and_search_narrow_together(cms, three, badge):
    badge.award(three[0])
    badge.award(three[1])

    assert listed(cms, badge=badge.pk, points_max=100, q="ada") == ["Ada Lovelace"]


@pytest.mark.parametrize(
    ("ordering", "found"),
    [
        ("points", ["Ada Lovelace", "zoe", "Grace Hopper"]),
        ("-points", ["Grace Hopper", "zoe", "Ada Lovelace"]),
        ("last_active", ["zoe", "Ada Lovelace", "Grace Hopper"]),
        ("-last_active", ["Ada Lovelace", "zoe", "Grace Hopper"]),
    ],
)
def test_players_who_were_never_active_come_last(cms, three, ordering, found):
    active_on(three[0], date(2024, 5, 6))
    active_on(three[2], date(2024, 5, 5))

    assert listed(cms, ordering=ordering) == found


def test_beyond_what_anybody_turns_to_it_is_only_said_that_there_is_more(
    cms, three, monkeypatch
):
    monkeypatch.setattr(pagination, "MOST", 2)

    response = cms.get(url_of("index"), {"points_min": 1})

    assert "There are more than 2 matches" in response.content.decode()
    assert (
        "There are 2 matches"
        in cms.get(url_of("index"), {"points_min": 15}).content.decode()
    )
    # All of them are there where nothing was asked for, and in a file.
    assert len(listed(cms)) == 3
    file = cms.get(url_of("index"), {"points_min": 1, "export": "csv"})
    assert len(b"".join(file.streaming_content).splitlines()) == 4


def test_names_are_text(cms, player_of):
    player_of("eve", first_name="<script>alert(1)</script>", email="<b>@x.example")

    page = cms.get(url_of("index")).content.decode()

    assert "<script>alert(1)" not in page
    assert "<b>@x" not in page


def test_a_file_has_what_the_list_has_and_no_formula(cms, player_of, badge):
    create_level("=Level", 0)
    evil = player_of("eve", 5, first_name="=HYPERLINK('x')", email="+1@x.example")
    badge.award(evil)

    file = b"".join(cms.get(url_of("index"), {"export": "csv"}).streaming_content)
    heading, row = file.decode().splitlines()
    assert heading.startswith("Number,Name,Username,E-mail address,Points,Level")
    assert row == f"{evil.pk},'=HYPERLINK('x'),eve,'+1@x.example,15,'=Level,1,,True"

    file = cms.get(url_of("index"), {"export": "xlsx"})
    workbook = load_workbook(BytesIO(b"".join(file.streaming_content)))
    cell = workbook.active["B2"]
    assert cell.value == "=HYPERLINK('x')"
    assert cell.data_type == "s"


def test_a_file_has_only_what_is_filtered(cms, three):
    query = {"export": "csv", "q": "ada"}

    file = b"".join(cms.get(url_of("index"), query).streaming_content).decode()

    assert "Lovelace" in file
    assert "Hopper" not in file


def make_many(number, player_of, badge):
    group = Group.objects.get_or_create(name="Class")[0]
    for each in range(number):
        player = player_of(f"player{number}-{each}", 10)
        player.user.groups.add(group)
        badge.award(player)
        active_on(player, timezone.localdate())
    return group


@pytest.mark.parametrize(
    ("query", "statements"),
    [
        ({}, 17),
        ({"q": "player"}, 17),
        ({"badge": "one"}, 17),
        ({"export": "csv"}, 10),
    ],
)
def test_the_list_costs_the_same_however_many_there_are(
    cms, player_of, badge, assert_max_statements, query, statements
):
    create_level("Novice", 0)
    if "badge" in query:
        query = {"badge": badge.pk}
    make_many(3, player_of, badge)

    def look():
        response = cms.get(url_of("index"), query)
        if response.streaming:
            assert b"".join(response.streaming_content)

    look()  # content types and permissions are read once
    with assert_max_statements(statements):
        look()
    make_many(60, player_of, badge)
    with assert_max_statements(statements):
        look()


def test_a_published_badge_can_be_chosen_after_it_was_unpublished(cms, three):
    badge = published(create_badge_definition("Once"))
    badge.award(three[0])
    badge.unpublish()

    assert listed(cms, badge=badge.pk) == ["Ada Lovelace"]


def test_nobody_is_listed_where_there_is_nobody(cms):
    page = cms.get(url_of("index")).content.decode()

    assert "There are no players to display" in page
