"""Each kind of requirement: what it measures, says and refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Page

from wagtail_gamification.events import Event
from wagtail_gamification.events.registry import temporary_events
from wagtail_gamification.exceptions import InvalidRequirementKind
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    GamificationInterface,
    Requirement,
)
from wagtail_gamification.requirements import (
    BadgeRules,
    RequirementKind,
    check_requirement,
    kind_choices,
    kind_of,
    register_requirement_kind,
    rule_index,
    sentence_of,
    temporary_kinds,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lessons():
    with temporary_events():
        Event("lesson", "Completes a lesson", target_model="wagtailcore.Page")
        Event("joined_course", "Joins the course", once_per="player")
        yield


def measured(requirement, player):
    rows = GamificationInterface.objects.filter(pk=player.pk)
    rows = rows.annotate(measured=kind_of(requirement).measure(requirement))
    return rows.values_list("measured", flat=True).get()


class TestMeasuring:
    def test_points_are_the_balance(self):
        player = create_player(points=7)

        assert measured(Requirement(kind="points", target=5), player) == 7

    @pytest.mark.parametrize(("points", "reached"), [(99, 0), (100, 1)])
    def test_a_level_is_reached_or_not(self, points, reached):
        level = create_level("Expert", 100)
        requirement = Requirement(kind="level", level=level)
        player = create_player(points=points)

        assert measured(requirement, player) == reached
        level.live = False
        level.save()
        assert measured(requirement, player) == 0
        assert measured(Requirement(kind="level"), player) == 0

    def test_a_badge_counts_while_it_is_held(self):
        badge = create_badge_definition("Newcomer")
        player = create_player()
        requirement = Requirement(kind="badge", badge=badge)

        assert measured(requirement, player) == 0
        badge.award(player)
        assert measured(requirement, player) == 1
        badge.revoke(player)
        assert measured(requirement, player) == 0

    def test_badges_of_a_category_without_the_one_that_asks(self):
        category = Category.objects.create(name="Courses")
        badges = [
            create_badge_definition(name, category=category)
            for name in ("One", "Two", "All of them")
        ]
        other = create_badge_definition("Other")
        player = create_player()
        for badge in (*badges, other):
            badge.award(player)
        requirement = Requirement(
            kind="badge", category=category, target=2, badge_definition=badges[2]
        )

        assert measured(requirement, player) == 2
        requirement.category = None
        assert measured(requirement, player) == 0

    @pytest.mark.parametrize(("days", "is_met"), [(29, False), (30, True)])
    def test_membership_is_whole_or_none(self, days, is_met):
        player = create_player()
        player.user.date_joined = timezone.now() - timedelta(days=days)
        player.user.save()
        requirement = Requirement(kind="membership", target=30)

        assert (measured(requirement, player) >= 30) is is_met
        assert measured(requirement, GamificationInterface.objects.create()) == 0

    def test_a_kind_that_is_gone_is_never_met(self):
        requirement = Requirement(kind="gone")

        assert measured(requirement, create_player(points=9)) == 0
        assert not BadgeRules((requirement,)).is_met([0])
        assert sentence_of(requirement) == "Unknown requirement (gone)"


class TestSentences:
    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"event": "lesson"}, "Completes a lesson once"),
            (
                {
                    "event": "lesson",
                    "target": 10,
                    "counting": "objects",
                    "within_days": 30,
                },
                "Completes a lesson 10 times, different pages, within 30 days",
            ),
            (
                {"event": "lesson", "target": 3, "counting": "days"},
                "Completes a lesson on 3 different days",
            ),
            (
                {
                    "event": "lesson",
                    "target": 7,
                    "counting": "days_in_a_row",
                    "allows_rest_days": True,
                },
                "Completes a lesson for 7 days in a row, one missed day a week is "
                "forgiven",
            ),
            (
                {"event": "lesson", "target": 4, "counting": "weeks_in_a_row"},
                "Completes a lesson for 4 weeks in a row",
            ),
            ({"event": "forgotten"}, "Unknown event (forgotten) once"),
            ({"kind": "points", "target": 1}, "Has 1 point"),
            ({"kind": "level"}, "Reaches a level that is gone"),
            ({"kind": "badge"}, "Earns a badge that is gone"),
            ({"kind": "membership", "target": 365}, "Has been a member for 365 days"),
        ],
    )
    def test_a_requirement_reads_back(self, fields, sentence):
        assert str(Requirement(**fields)) == sentence

    def test_names_are_said(self):
        page = Page.objects.get(depth=1).add_child(instance=Page(title="Course"))
        key = f"wagtailcore.page:{page.pk}"
        category = Category.objects.create(name="Courses")
        badge = create_badge_definition("Newcomer")

        assert [
            sentence_of(Requirement(**fields))
            for fields in (
                {"event": "lesson", "object_key": key},
                {"event": "lesson", "object_key": key, "is_below": True},
                {"kind": "badge", "badge": badge},
                {"kind": "badge", "category": category, "target": 2},
                {"kind": "level", "level": create_level("Expert", 100)},
            )
        ] == [
            "Completes a lesson once, only “Course”",
            "Completes a lesson once, only below “Course”",
            "Earns the badge “Newcomer”",
            "Earns 2 badges of “Courses”",
            "Reaches the level “Expert”",
        ]


class TestChecking:
    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"kind": "gone"}, "kind"),
            ({"event": ""}, "event"),
            ({"event": "forgotten"}, "event"),
            ({"counting": "days_in_a_row", "within_days": 9}, "within_days"),
            ({"counting": "days", "allows_rest_days": True}, "allows_rest_days"),
            ({"counting": "days", "within_days": 2, "target": 3}, "target"),
            ({"object_key": "wagtailcore.page:999999"}, "object_key"),
            ({"object_key": "nonsense"}, "object_key"),
            ({"is_below": True}, "is_below"),
            ({"kind": "level"}, "level"),
            ({"kind": "badge"}, "badge"),
        ],
    )
    def test_what_cannot_be_right_is_refused_beside_the_field(self, fields, field):
        requirement = Requirement(**{"event": "lesson", **fields})

        with pytest.raises(ValidationError) as error:
            check_requirement(requirement)

        assert list(error.value.message_dict) == [field]

    def test_one_page_is_no_several_and_only_pages_have_others_below(self):
        key = f"wagtailcore.page:{Page.objects.get(depth=1).pk}"
        category = f"wagtail_gamification.category:{Category.objects.create().pk}"
        several = {"object_key": key, "counting": "objects", "target": 2}

        for fields, field in [
            (several, "target"),
            ({"object_key": category, "is_below": True}, "is_below"),
        ]:
            with pytest.raises(ValidationError) as error:
                check_requirement(Requirement(event="lesson", **fields))
            assert list(error.value.message_dict) == [field]
        check_requirement(Requirement(event="lesson", is_below=True, **several))

    def test_what_another_kind_needed_is_emptied(self):
        requirement = Requirement(
            kind="points", target=3, event="lesson", within_days=3, group=2
        )

        check_requirement(requirement)

        assert (requirement.event, requirement.within_days) == ("", None)
        assert (requirement.target, requirement.group) == (3, 2)

    def test_either_a_badge_or_a_category(self):
        requirement = Requirement(
            kind="badge",
            badge=create_badge_definition(),
            category=Category.objects.create(name="Courses"),
        )

        with pytest.raises(ValidationError, match="either a badge or a category"):
            check_requirement(requirement)

    def test_a_ceiling_says_what_can_be_reached(self):
        root = Page.objects.get(depth=1)
        course = root.add_child(instance=Page(title="Course"))
        course.add_child(instance=Page(title="Lesson"))
        below = f"wagtailcore.page:{course.pk}"
        level = create_level("Expert", 100)
        closed = create_level("Closed", 200, live=False)
        draft = create_badge_definition("Draft", live=False)

        assert [
            kind_of(each).ceiling(each)
            for each in (
                Requirement(event="lesson", counting="objects"),
                Requirement(
                    event="lesson",
                    counting="objects",
                    object_key=below,
                    is_below=True,
                ),
                Requirement(event="lesson"),
                Requirement(event="joined_course"),
                Requirement(event="forgotten"),
                Requirement(kind="level", level=level),
                Requirement(kind="level", level=closed),
                Requirement(kind="badge", badge=draft),
            )
        ] == [Page.objects.count(), 1, None, 1, 0, None, 0, 0]


class TestCircles:
    def test_a_badge_that_needs_itself(self):
        badge = create_badge_definition()

        with pytest.raises(ValidationError) as error:
            check_requirement(
                Requirement(kind="badge", badge=badge, badge_definition=badge)
            )

        assert list(error.value.message_dict) == ["badge"]

    def test_the_way_round_is_named(self):
        gold, silver, bronze = map(
            create_badge_definition, ("Gold", "Silver", "Bronze")
        )
        Requirement.objects.create(badge_definition=gold, kind="badge", badge=silver)
        Requirement.objects.create(badge_definition=silver, kind="badge", badge=bronze)
        last = Requirement(kind="badge", badge_definition=bronze, badge=gold)

        for refuse in (last.full_clean, last.save):
            with pytest.raises(
                ValidationError, match="Bronze → Gold → Silver → Bronze"
            ):
                refuse()

        assert not Requirement.objects.filter(badge_definition=bronze).exists()

    def test_two_ways_to_one_badge_are_no_circle(self):
        gold, silver, bronze = map(
            create_badge_definition, ("Gold", "Silver", "Bronze")
        )
        Requirement.objects.create(badge_definition=gold, kind="badge", badge=silver)
        Requirement.objects.create(badge_definition=gold, kind="badge", badge=bronze)
        Requirement.objects.create(badge_definition=silver, kind="badge", badge=bronze)

        assert Requirement.objects.count() == 3


class TestTargets:
    def test_the_badge_takes_its_target_from_its_requirements(self):
        badge = create_badge_definition()

        targets = []
        for fields in ({"target": 10}, {"group": 1}, {"group": 1}):
            Requirement.objects.create(badge_definition=badge, event="lesson", **fields)
            fresh = BadgeDefinition.objects.get(pk=badge.pk)
            targets.append(fresh.progression_target)

        assert targets == [10, 2, 2]
        Requirement.objects.first().delete()
        assert BadgeDefinition.objects.get().progression_target is None


class Streams(RequirementKind):
    code = "streams"
    label = "Watches streams"

    def events(self, requirement):
        return ["stream_watched"]

    def measure(self, requirement):
        return kind_of(Requirement(kind="points")).measure(requirement)

    def sentence(self, requirement):
        return f"Watches {requirement.target} streams"


class TestRegistering:
    def test_a_site_adds_a_kind(self):
        badge = create_badge_definition()
        with temporary_kinds():
            register_requirement_kind(Streams)
            Requirement.objects.create(badge_definition=badge, kind="streams", target=2)

            assert ("streams", "Watches streams") in kind_choices()
            assert str(Requirement.objects.get()) == "Watches 2 streams"
            [ruled] = rule_index().badges_of(["stream_watched"])
            assert ruled.definition == badge
        assert "streams" not in dict(kind_choices())

    @pytest.mark.parametrize("code", ["points", "Streams", "", None, "a-b", "x" * 65])
    def test_a_code_that_is_taken_or_is_none_is_refused(self, code):
        kind = type("Kind", (Streams,), {"code": code})

        with (
            temporary_kinds(),
            pytest.raises(InvalidRequirementKind, match=r"\.code is|already"),
        ):
            register_requirement_kind(kind)
