"""What editors' sentences count: a table of cases around the edges of each."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page

from tests.examples import examples
from wagtail_gamification.models import (
    Activity,
    Counting,
    GamificationInterface,
    Requirement,
)
from wagtail_gamification.requirements import BadgeRules, kind_of

from .counting_in_python import counted

pytestmark = pytest.mark.django_db

MONDAY = date(2024, 1, 1).toordinal()


@dataclass
class Case:
    """A sentence, what was done (days after a Monday, object, times), what it makes."""

    says: str
    did: list[Any]
    makes: int
    how: Counting = Counting.EVERY_TIME
    options: dict[str, Any] = field(default_factory=dict)


def days(*numbers):
    return [(number, "", 1) for number in numbers]


def objects(*facts):
    return [(day, what, 1) for day, what in facts]


MONTH = {"within_days": 30}
RESTS = {"allows_rest_days": True}
ROW, WEEKS = Counting.DAYS_IN_A_ROW, Counting.WEEKS_IN_A_ROW
OBJECTS, DAYS = Counting.OBJECTS, Counting.DAYS

CASES = [
    Case("nothing", [], 0),
    Case("every time", [(0, "a", 2), (0, "b", 1), (400, "a", 1)], 4),
    Case("retracted", [(0, "a", 0), (1, "a", 1)], 1),
    Case("retracted: nothing left", [(0, "a", 0)], 0),
    Case("within 30 days: the 30th", days(0, 29), 2, options=MONTH),
    Case("within 30 days: the 31st", days(0, 30), 1, options=MONTH),
    Case(
        "within 30 days: the best of all times",
        [(0, "", 1), (29, "", 3), (30, "", 4), (100, "", 5)],
        7,
        options=MONTH,
    ),
    Case(
        "within a day",
        [(0, "a", 2), (0, "b", 2), (1, "", 1)],
        4,
        options={"within_days": 1},
    ),
    Case("within 30 days: retracted", [(0, "", 0), (1, "", 1)], 1, options=MONTH),
    Case("objects: each once", objects((0, "a"), (1, "a"), (2, "b")), 2, OBJECTS),
    Case("objects: none given", days(0, 1), 0, OBJECTS),
    Case("objects: retracted", [(0, "a", 0), (1, "b", 1)], 1, OBJECTS),
    Case("objects: the 30th day", objects((0, "a"), (29, "b")), 2, OBJECTS, MONTH),
    Case("objects: the 31st day", objects((0, "a"), (30, "b")), 1, OBJECTS, MONTH),
    Case(
        "objects: one that is used again stays in the window",
        objects((0, "a"), (20, "a"), (40, "b")),
        2,
        OBJECTS,
        MONTH,
    ),
    Case(
        "objects: one that is used again counts once",
        objects((0, "a"), (20, "a"), (21, "a")),
        1,
        OBJECTS,
        MONTH,
    ),
    Case(
        "objects: what leaves on the day on which others come",
        objects((0, "a"), (0, "b"), (30, "c"), (30, "d"), (59, "e")),
        3,
        OBJECTS,
        MONTH,
    ),
    Case(
        "objects: all on one day",
        objects((0, "a"), (0, "b")),
        2,
        OBJECTS,
        {"within_days": 1},
    ),
    Case("days: each once", [(0, "a", 3), (0, "b", 1), (5, "a", 1)], 2, DAYS),
    Case("days: the 30th day", days(0, 1, 29), 3, DAYS, MONTH),
    Case("days: the 31st day", days(0, 1, 30), 2, DAYS, MONTH),
    Case("days in a row", days(0, 1, 2, 4, 5), 3, ROW),
    Case("days in a row: over New Year and the end of a week", days(-2, -1, 0), 3, ROW),
    Case(
        "days in a row: twice on one day", objects((0, "a"), (0, "b"), (1, "a")), 2, ROW
    ),
    Case("days in a row: retracted", [(0, "", 1), (1, "", 0), (2, "", 1)], 1, ROW),
    Case("days in a row: over the change of the clocks", days(89, 90, 91), 3, ROW),
    Case("rest days: one missed", days(0, 1, 3, 4), 4, ROW, RESTS),
    Case("rest days: none missed", days(0, 1, 2), 3, ROW, RESTS),
    Case("rest days: two on end", days(0, 1, 4, 5, 6), 3, ROW, RESTS),
    Case("rest days: a second in the week", days(0, 1, 3, 5), 3, ROW, RESTS),
    Case("rest days: a row from the second on", days(0, 2, 4, 5), 3, ROW, RESTS),
    Case("rest days: one in each of two weeks", days(4, 6, 7, 9, 10), 5, ROW, RESTS),
    Case(
        "rest days: a Sunday and a day of the next week", days(5, 7, 9), 3, ROW, RESTS
    ),
    Case("rest days: a Sunday and the Monday after it", days(4, 5, 8), 2, ROW, RESTS),
    Case(
        "rest days: a Monday and the Sunday", days(-1, 1, 2, 3, 4, 5, 7), 6, ROW, RESTS
    ),
    Case("rest days: the last day is no missed one", days(0), 1, ROW, RESTS),
    Case("weeks: Sunday and Monday are two", days(6, 7), 2, WEEKS),
    Case("weeks: Monday and Sunday are one", days(0, 6), 1, WEEKS),
    Case("weeks: one left out", days(0, 7, 21, 28, 41), 3, WEEKS),
    Case("weeks: thirteen days apart", days(0, 13), 2, WEEKS),
    Case("weeks: over New Year", days(-7, 0), 2, WEEKS),
]


def dated(facts):
    return [(MONDAY + day, what, times) for day, what, times in facts]


def did(facts):
    player = GamificationInterface.objects.create()
    Activity.objects.bulk_create(
        Activity(
            interface=player,
            event="lesson",
            day=day,
            object_key=what,
            count=times,
        )
        for day, what, times in dated(facts)
    )
    return player


def measured(requirement, **players):
    """Give what is measured of each player."""
    rows = GamificationInterface.objects.filter(**players)
    rows = rows.annotate(measured=kind_of(requirement).measure(requirement))
    return dict(rows.values_list("pk", "measured"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_a_sentence_counts(case):
    player = did(case.did)
    idle = GamificationInterface.objects.create()
    Activity.objects.create(interface=player, event="other", day=MONDAY + 1, count=9)
    requirement = Requirement(event="lesson", counting=case.how, **case.options)

    assert measured(requirement) == {player.pk: case.makes, idle.pk: 0}
    assert measured(requirement, pk=player.pk) == {player.pk: case.makes}
    assert counted(dated(case.did), case.how, **case.options) == case.makes


FACTS = st.lists(
    st.tuples(
        st.integers(0, 24),
        st.sampled_from(["", "a", "b", "c"]),
        st.integers(0, 3),
    ),
    max_size=16,
    unique_by=lambda fact: fact[:2],
)
WAYS = [
    (how, options)
    for how in Counting
    for options in (
        [{}, RESTS]
        if how == ROW
        else [{}]
        if how.is_streak
        else [{}, *({"within_days": number} for number in (1, 2, 7))]
    )
]


@settings(
    max_examples=examples(50),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(players=st.lists(FACTS, min_size=1, max_size=4))
def test_all_ways_count_as_a_plain_calculation(players):
    facts = {did(facts).pk: facts for facts in players}
    rules = BadgeRules(
        tuple(
            Requirement(event="lesson", counting=how, **options)
            for how, options in WAYS
        )
    )

    measures = rules.measures(among={"interface__in": list(facts)})
    rows = GamificationInterface.objects.filter(pk__in=list(facts))
    found = rows.annotate(**measures).values_list("pk", *measures)

    assert {pk: values for pk, *values in found} == {
        pk: [counted(dated(done), how, **options) for how, options in WAYS]
        for pk, done in facts.items()
    }


class TestOnlyOneObject:
    def test_counts_that_object(self):
        player = did([(0, "tests.lesson:1", 2), (0, "tests.lesson:12", 1)])
        requirement = Requirement(event="lesson", object_key="tests.lesson:1")

        assert measured(requirement) == {player.pk: 2}

    def test_pages_below_a_page(self):
        root = Page.objects.get(depth=1)
        course = root.add_child(instance=Page(title="Course"))
        other = root.add_child(instance=Page(title="Course 2"))
        lesson = course.add_child(instance=Page(title="Lesson"))
        step = lesson.add_child(instance=Page(title="Step"))
        player = did(
            [
                (0, f"wagtailcore.page:{page.pk}", times)
                for page, times in [(course, 1), (lesson, 2), (step, 4), (other, 8)]
            ]
        )
        key = f"wagtailcore.page:{course.pk}"
        requirement = Requirement(event="lesson", object_key=key, is_below=True)

        assert measured(requirement) == {player.pk: 6}
        requirement.counting = Counting.OBJECTS
        requirement.within_days = 7
        assert measured(requirement) == {player.pk: 2}
        requirement.object_key = "wagtailcore.page:999999"
        assert measured(requirement) == {player.pk: 0}
