"""The rule in Python and the rule in SQL are the same rule."""

import pytest
from django.db.models import F, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from wagtail_gamification.models import GamificationInterface, Requirement
from wagtail_gamification.requirements import (
    BadgeRules,
    RequirementKind,
    register_requirement_kind,
    temporary_kinds,
)

pytestmark = pytest.mark.django_db


class Number(RequirementKind):
    """Measures what the requirement's event says: a number, for everybody."""

    code = "number"
    label = "Number"

    def measure(self, requirement):
        return Value(int(requirement.event))

    def is_used_up(self, requirement):
        return requirement.counting == "every"


@pytest.fixture(autouse=True)
def _numbers():
    with temporary_kinds():
        register_requirement_kind(Number)
        yield


def number(measured=0, target=1, group=None, is_used_up=True):
    return Requirement(
        kind="number",
        event=str(measured),
        target=target,
        group=group,
        counting="every" if is_used_up else "days",
    )


@settings(
    max_examples=examples(50),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    requirements=st.lists(
        st.builds(
            number,
            measured=st.integers(0, 9),
            target=st.integers(1, 4),
            group=st.sampled_from([None, 1, 2]),
            is_used_up=st.booleans(),
        ),
        max_size=5,
    ),
    rounds=st.integers(0, 3),
)
def test_the_two_agree(requirements, rounds):
    rules = BadgeRules(tuple(requirements))
    player = GamificationInterface.objects.create()
    measured = [int(each.event) for each in requirements]
    rows = GamificationInterface.objects.filter(pk=player.pk)
    rows = rows.annotate(**rules.measures(), rounds=Value(rounds))

    # As a number that is known, and as one that stands beside the player.
    for given_rounds in (rounds, F("rounds")):
        met = rows.filter(rules.when_met(given_rounds)).exists()
        progress = rows.values_list(rules.progress_expression(given_rounds), flat=True)

        assert met == rules.is_met(measured, rounds)
        assert list(progress) == [rules.progress(measured, rounds)]


@pytest.mark.parametrize(
    ("requirements", "measured", "met", "progress", "target"),
    [
        ([], [], False, 0, 0),
        ([number(target=3)], [2], False, 2, 3),
        ([number(target=3)], [5], True, 5, 3),
        ([number(target=3), number()], [5, 0], False, 1, 2),
        ([number(target=3), number()], [3, 1], True, 2, 2),
        ([number(target=3, group=1), number(group=1)], [0, 1], True, 1, 1),
        ([number(group=1), number(group=1), number()], [1, 1, 0], False, 1, 2),
        ([number(group=1), number(group=2)], [1, 0], False, 1, 2),
    ],
)
def test_groups_must_all_be_met_and_any_member_meets_its_group(
    requirements, measured, met, progress, target
):
    rules = BadgeRules(tuple(requirements))

    assert rules.is_met(measured) is met
    assert rules.progress(measured) == progress
    assert rules.target == target


def test_an_award_uses_up_what_counted_once_and_not_what_stays():
    rules = BadgeRules((number(target=3), number(target=2, is_used_up=False)))

    assert rules.is_met([6, 2], rounds=1)
    assert not rules.is_met([5, 9], rounds=1)
    # Nothing is left that could make another award due.
    assert not BadgeRules((number(is_used_up=False),)).is_met([9], rounds=1)
