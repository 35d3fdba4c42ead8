"""What badges ask for, step by step, as the player sees it."""

from datetime import datetime, timedelta, timezone

import pytest
from bs4 import BeautifulSoup
from django.db.models import Func, IntegerField
from django.template import engines
from django.utils import translation
from wagtail.models import Page, PageViewRestriction

from tests.shelf_data import make_badge, make_user, translate
from wagtail_gamification import Event
from wagtail_gamification.events import object_key_of, temporary_events
from wagtail_gamification.models import (
    Category,
    Counting,
    GamificationInterface,
    Requirement,
)
from wagtail_gamification.requirements import (
    RequirementKind,
    register_requirement_kind,
    temporary_kinds,
)
from wagtail_gamification.requirements.rules import BadgeRules
from wagtail_gamification.shelf import ShelfReader, ShelfStep, get_badge, get_shelf
from wagtail_gamification.testing import create_level

pytestmark = pytest.mark.django_db

LESSONS = {"kind": "event", "event": "lesson_completed"}
POINTS = {"kind": "points", "target": 100}


@pytest.fixture
def lesson_completed():
    with temporary_events():
        yield Event("lesson_completed", "Completes a lesson")


@pytest.fixture
def done(django_capture_on_commit_callbacks):
    def do(function, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*args, **kwargs)

    return do


@pytest.fixture
def user(lesson_completed):
    return make_user()


@pytest.fixture
def badge_asking(done):
    def make(*requirements, name="Scholar", **fields):
        definition = done(make_badge, name, **fields)
        for number, asked in enumerate(requirements):
            done(
                Requirement.objects.create,
                badge_definition=definition,
                sort_order=number,
                **asked,
            )
        return definition

    return make


def html_of(source, user):
    page = engines["django"].from_string("{% load gamification_tags %}" + source)
    return BeautifulSoup(page.render({"user": user, "viewer": user}), "html.parser")


def test_each_step_has_its_own_count(user, badge_asking, done, lesson_completed):
    badge_asking({**LESSONS, "target": 3}, {**LESSONS, "target": 1}, POINTS)
    done(lesson_completed.record, user, quantity=2)

    badge = get_badge(user, "scholar", steps=True)

    assert badge.steps == (
        ShelfStep(
            sentence="Completes a lesson 3 times", progress=2, target=3, is_met=False
        ),
        ShelfStep(
            sentence="Completes a lesson once", progress=2, target=1, is_met=True
        ),
        ShelfStep(sentence="Has 100 points", progress=0, target=100, is_met=False),
    )
    assert (badge.progression.progress, badge.progression.target) == (1, 3)
    assert get_badge(user, "scholar").steps == ()


def test_alternatives_stand_together(user, badge_asking):
    badge_asking(
        {**LESSONS, "group": 5},
        {**LESSONS, "target": 4, "group": 8},
        {**LESSONS, "target": 2},
        {**POINTS, "group": 5},
    )

    badge = get_badge(user, "scholar", steps=True)
    page = html_of('{% badge "scholar" user=user viewer=viewer steps=True %}', user)

    assert [step.alternatives for step in badge.steps] == [5, None, None, 5]
    assert [len(group) for group in badge.step_groups] == [2, 1, 1]
    inner = page.select_one(".gamification-steps .gamification-steps")
    assert [bar["aria-label"] for bar in inner.select("progress")] == [
        "Progress: Completes a lesson once",
        "Progress: Has 100 points",
    ]
    assert len(page.select("progress")) == 4


def test_all_badges_are_measured_in_one_query(
    user, badge_asking, django_assert_num_queries
):
    for number in range(6):
        badge_asking(
            {**LESSONS, "target": 3, "counting": Counting.DAYS_IN_A_ROW},
            POINTS,
            name=f"Badge {number}",
        )
    get_shelf(user, steps=True)

    with django_assert_num_queries(1):
        get_shelf(user)
    with django_assert_num_queries(2):
        shelf = get_shelf(user, steps=True)
    with django_assert_num_queries(0):
        anybody = get_shelf(None, steps=True)

    assert [len(badge.steps) for badge in shelf] == [2] * 6
    assert [step.progress for badge in anybody for step in badge.steps] == [0] * 12


def test_a_secret_badge_keeps_its_steps_and_its_name(user, badge_asking, done):
    secret = badge_asking(LESSONS, name="Moth", is_secret=True)
    badge_asking({"kind": "badge", "badge": secret}, name="Collector")
    source = "{% badge_shelf user=user viewer=viewer steps=True %}"

    collector, moth = get_shelf(user, steps=True)
    page = html_of(source, user)

    assert moth.steps == ()
    assert [step.sentence for step in collector.steps] == ["Earns a secret badge"]
    assert "Moth" not in page.text
    assert "Completes a lesson" not in page.text

    done(secret.award, GamificationInterface.objects.for_user(user))

    assert "Earns the badge “Moth”" in str(get_shelf(user, steps=True))


def test_objects_that_are_hidden_are_not_named(user, badge_asking):
    secret = make_badge("Moth", is_secret=True)
    level = create_level("Bird", 50)
    translate(level, "fr", name="Oiseau")
    translate(secret, "fr", name="Papillon")
    root = Page.objects.get(depth=1)
    pages = [root.add_child(instance=Page(title=f"Page {n}")) for n in range(3)]
    pages[1].unpublish()
    PageViewRestriction.objects.create(page=pages[2], restriction_type="login")
    objects = {
        "badge_earned": [secret],
        "level_reached": [level],
        "comment_added": pages,
    }
    badge_asking(
        *(
            {"kind": "event", "event": event, "object_key": object_key_of(target)}
            for event, targets in objects.items()
            for target in targets
        )
    )

    english = [step.sentence for step in get_badge(user, "scholar", steps=True).steps]
    with translation.override("fr"):
        french = [
            step.sentence for step in get_badge(user, "scholar", steps=True).steps
        ]

    assert english[0] == "Earns a secret badge"
    assert "only “Bird”" in english[1]
    assert "Oiseau" in french[1]
    assert english[2] == f"{english[3]}, only “Page 0”"
    assert english[3] == english[4]
    told = " ".join(english + french)
    assert not any(name in told for name in ["Moth", "Papillon", "Page 1", "Page 2"])


def test_one_of_ours_that_cannot_be_measured_breaks_no_page(
    user, badge_asking, monkeypatch
):
    badge_asking(POINTS, name="Whole")
    broken = badge_asking(POINTS, name="Broken")
    measures = BadgeRules.measures

    def failing(rules, prefix, among=None):
        if prefix == f"badge_{broken.pk}":
            raise ValueError("No.")
        return measures(rules, prefix, among)

    monkeypatch.setattr(BadgeRules, "measures", failing)

    assert [len(badge.steps) for badge in get_shelf(user, steps=True)] == [0, 1]


def test_names_are_those_of_the_visitor_s_language(user, badge_asking):
    reader = make_badge("Reader")
    birds = Category.objects.create(name="Birds")
    translate(reader, "fr", name="Lectrice")
    translate(birds, "fr", name="Oiseaux")
    badge_asking(
        {"kind": "badge", "badge": reader},
        {"kind": "badge"} | {"category": birds, "target": 2},
    )

    with translation.override("fr"):
        first, second = get_badge(user, "scholar", steps=True).steps

    assert "Lectrice" in first.sentence
    assert "Oiseaux" in second.sentence
    assert "Reader" in get_badge(user, "scholar", steps=True).steps[0].sentence


def test_a_forgiven_rest_day_is_shown(user, badge_asking, done, lesson_completed):
    in_a_row = {**LESSONS, "target": 5, "counting": Counting.DAYS_IN_A_ROW}
    badge_asking({**in_a_row, "allows_rest_days": True}, in_a_row)
    monday = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
    for day in (0, 1, 3):
        done(lesson_completed.record, user, at=monday + timedelta(days=day))

    forgiving, strict = get_badge(user, "scholar", steps=True).steps
    page = html_of('{% badge "scholar" user=user viewer=viewer steps=True %}', user)

    assert (forgiving.progress, strict.progress) == (3, 2)
    assert str(forgiving.rested_on) == "2026-03-04"
    assert strict.rested_on is None
    assert [
        tag["datetime"] for tag in page.select(".gamification-step__rest time")
    ] == ["2026-03-04"]


def test_what_an_award_used_up_counts_no_more(
    user, badge_asking, done, lesson_completed
):
    badge_asking({**LESSONS, "target": 3}, max_awards=2)
    done(lesson_completed.record, user, quantity=4)

    badge = get_badge(user, "scholar", steps=True)

    assert (badge.times_earned, badge.steps[0].progress) == (1, 1)
    assert badge.shows_steps
    done(lesson_completed.record, user, quantity=2)
    assert not get_badge(user, "scholar", steps=True).shows_steps


def test_a_kind_that_fails_hides_the_steps_of_its_badge_alone(user, badge_asking):
    with temporary_kinds():

        @register_requirement_kind
        class Broken(RequirementKind):
            code = "broken"

            def events(self, requirement):
                return []

            def measure(self, requirement):
                return Func(function="NO_SUCH_FUNCTION", output_field=IntegerField())

            def sentence(self, requirement):
                return "Does what can't be"

        badge_asking(POINTS, name="Whole")
        badge_asking({"kind": "broken"}, name="Broken")

        broken, whole = get_shelf(user, steps=True)

    assert whole.steps[0].sentence == "Has 100 points"
    assert broken.steps == ()


def test_another_viewer_sees_no_steps_of_who_is_not_public(
    user, badge_asking, done, lesson_completed
):
    badge_asking({**LESSONS, "target": 3})
    done(lesson_completed.record, user, quantity=2)
    GamificationInterface.objects.filter(user=user).update(is_public=False)

    seen = ShelfReader(user, viewer=make_user("grace")).badge("scholar", steps=True)

    assert [step.progress for step in seen.steps] == [0]
