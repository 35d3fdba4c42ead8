"""Awards to those who have met the requirements before the badge was published."""

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from wagtail_gamification.actions import award_range, retroactive
from wagtail_gamification.actions.retroactive import (
    follow_publication,
    run_retroactive_award,
    start_retroactive_award,
)
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    BadgeDefinition,
    Category,
    GamificationInterface,
    PointChange,
    Requirement,
    RetroactiveAward,
)
from wagtail_gamification.requirements import index, rule_index
from wagtail_gamification.requirements.event import EventKind
from wagtail_gamification.requirements.index import RuleIndex
from wagtail_gamification.signals import (
    badge_awarded,
    badge_progressed,
    level_reached,
    points_changed,
    unlockable_unlocked,
)
from wagtail_gamification.testing import (
    catch_signals,
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db

LESSONS = {"event": "lesson_completed", "target": 10}


@pytest.fixture(autouse=True)
def _event(lesson_completed):
    return lesson_completed


def player_with(lessons, time_zone="", **fields):
    player = create_player(**fields)
    did(player, lessons)
    if time_zone:
        UserProfile.objects.create(user=player.user, current_time_zone=time_zone)
    return player


def did(player, lessons, day=9):
    Activity.objects.create(
        interface=player, event="lesson_completed", day=day, count=lessons
    )


def progress_of(definition):
    return dict(
        Badge.objects.filter(badge_definition=definition).values_list(
            "interface", "progress"
        )
    )


def holders(definition):
    badges = Badge.acquired_objects.filter(badge_definition=definition)
    return set(badges.values_list("interface", flat=True))


def publish(definition, **fields):
    """Publish a draft, as an editor does, with one requirement of that target."""
    draft = definition.get_latest_revision_as_object()
    for name, value in fields.items():
        if name == "target":
            draft.requirements = [Requirement(**LESSONS | {"target": value})]
        else:
            setattr(draft, name, value)
    draft.save_revision().publish()


def test_those_who_qualify_get_it_and_the_others_are_measured(badge_for, done):
    first, second, third = (player_with(lessons) for lessons in (10, 4, 12))
    definition = badge_for(LESSONS, points=5)

    job = done(start_retroactive_award, definition)

    job.refresh_from_db()
    assert (job.state, job.awarded, job.percent) == ("finished", 2, 100)
    assert (job.players, job.players_done) == (3, 3)
    assert holders(definition) == {first.pk, third.pk}
    assert progress_of(definition) == {first.pk: 10, second.pk: 4, third.pk: 12}
    award = Award.objects.get(badge__interface=first)
    assert award.reason == "Awarded retroactively."
    assert award.awarded_at >= job.created_at
    first.refresh_from_db()
    assert first.points == 5


def test_what_follows_from_it_happens_and_nobody_is_told(badge_for, done):
    player = player_with(10)
    unlockable = create_unlockable_definition(points_required=5)
    create_level("Expert", 5)
    definition = badge_for(LESSONS, points=5)
    meta = badge_for({"kind": "badge", "badge": definition}, name="Meta", points=3)
    signals = (
        badge_awarded,
        badge_progressed,
        level_reached,
        points_changed,
        unlockable_unlocked,
    )

    with catch_signals(*signals) as caught:
        job = done(start_retroactive_award, definition)

    job.refresh_from_db()
    assert (len(caught), job.awarded) == (0, 1)
    assert holders(definition) == holders(meta) == {player.pk}
    assert player.has_unlocked(unlockable.slug)
    player.refresh_from_db()
    assert player.points == 8

    other = player_with(10)
    with catch_signals(badge_awarded) as caught:
        done(start_retroactive_award, definition, tells=True)
    assert [fact["badge"].badge_definition for fact in caught.facts] == [
        definition,
        meta,
    ]
    assert {fact["interface"] for fact in caught.facts} == {other}


@pytest.mark.parametrize("has_level", [True, False])
def test_at_once_or_singly_the_same_is_written(badge_for, done, monkeypatch, has_level):
    """Ten points reach the level for one; another has it from before."""
    if has_level:
        create_level("Expert", 15)
    players = [player_with(10, points=points) for points in (0, 5, 15)]
    players.append(player_with(10, time_zone="Pacific/Kiritimati"))
    definition = badge_for(LESSONS, points=10)

    def written():
        changes = PointChange.objects.filter(award__isnull=False)
        return (
            sorted(GamificationInterface.objects.values_list("pk", "points")),
            sorted(changes.values_list("interface", "amount", "reason", "event")),
            sorted(
                Award.objects.filter(badge_definition=definition).values_list(
                    "badge__interface", "number", "points"
                )
            ),
            sorted(
                Badge.objects.values_list("interface", "progress", "rounds", "acquired")
            ),
            sorted(
                Activity.objects.exclude(event="lesson_completed").values_list(
                    "interface", "event", "day", "object_key", "count"
                )
            ),
        )

    results = []
    for way in ("at once", "singly"):
        with transaction.atomic():
            if way == "singly":
                monkeypatch.setattr(award_range, "are_looked_at", lambda: True)
            job = retroactive.make_retroactive_award(
                definition, awards=True, tells=False
            )
            run_retroactive_award(str(job.uuid))
            results.append((RetroactiveAward.objects.first().awarded, written()))
            transaction.set_rollback(True)

    assert results[0] == results[1]
    assert results[0][0] == len(players)


def test_without_awards_only_the_progress_is_measured(badge_for, done):
    player = player_with(10)
    definition = badge_for(LESSONS)

    job = done(start_retroactive_award, definition, awards=False)

    job.refresh_from_db()
    assert (job.state, job.awarded) == ("finished", 0)
    assert progress_of(definition) == {player.pk: 10}
    assert not holders(definition)


def test_one_that_can_be_had_again_is_given_as_often_as_it_was_met(badge_for, done):
    player = player_with(35)
    definition = badge_for(LESSONS, max_awards=3)

    for _number in range(2):
        job = done(start_retroactive_award, definition)

    assert Award.objects.count() == 3
    assert progress_of(definition) == {player.pk: 5}
    job.refresh_from_db()
    assert job.awarded == 0


def test_those_who_are_not_counted_get_none(badge_for, done, settings):
    inactive, tester, lost_it = (player_with(10) for _ in range(3))
    inactive.user.is_active = False
    inactive.user.save()
    tester.user.groups.add(Group.objects.create(name="Testers"))
    settings.WAGTAIL_GAMIFICATION_EXCLUDED_GROUPS = ["Testers"]
    definition = badge_for(LESSONS)
    definition.award(lost_it)
    definition.revoke(lost_it)

    done(start_retroactive_award, definition)

    assert not holders(definition)


@pytest.mark.parametrize("prepares", [True, False])
def test_interrupted_it_goes_on_where_it_stopped(
    badge_for, monkeypatch, settings, prepares
):
    settings.WAGTAIL_GAMIFICATION_PREPARE_ROWS = prepares
    monkeypatch.setattr(retroactive, "PLAYERS_AT_ONCE", 2)
    players = [player_with(10) for _ in range(5)]
    definition = badge_for(LESSONS, points=5)
    job = start_retroactive_award(definition)

    def power_cut(job):
        if job.players_done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_retroactive_award(str(job.uuid), power_cut)
    job.refresh_from_db()
    assert (job.state, job.players_done, job.awarded) == ("running", 4, 4)
    assert holders(definition) == {player.pk for player in players[:4]}

    steps = []
    run_retroactive_award(str(job.uuid), lambda job: steps.append(job.players_done))
    run_retroactive_award(str(job.uuid))

    job.refresh_from_db()
    assert steps == [5]
    assert (job.state, job.players_done, job.awarded) == ("finished", 5, 5)
    assert Award.objects.count() == 5
    for player in players:
        player.refresh_from_db()
        assert player.points == 5


def test_of_two_workers_one_goes_on(badge_for, monkeypatch):
    monkeypatch.setattr(retroactive, "PLAYERS_AT_ONCE", 1)
    for _ in range(4):
        player_with(10)
    job = start_retroactive_award(badge_for(LESSONS))
    seen = []

    def second_worker(job):
        seen.append(job.reached)
        if len(seen) == 2:
            run_retroactive_award(str(job.uuid))

    run_retroactive_award(str(job.uuid), second_worker)

    job.refresh_from_db()
    # The second took over; the first found that the job had moved.
    assert len(seen) == 2
    assert (job.state, job.players_done, job.awarded) == ("finished", 4, 4)
    assert Award.objects.count() == 4


def test_what_breaks_is_written_down_and_can_be_tried_again(badge_for, monkeypatch):
    player_with(10)
    job = start_retroactive_award(badge_for(LESSONS))
    with monkeypatch.context() as broken:
        broken.setattr(retroactive, "award_range", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_retroactive_award(str(job.uuid))
    job.refresh_from_db()
    assert (job.state, job.error, job.players_done) == ("failed", "division by zero", 0)

    run_retroactive_award(str(job.uuid))

    job.refresh_from_db()
    assert (job.state, job.error, job.awarded) == ("finished", "", 1)


def test_a_later_publication_takes_the_place_of_one_before(badge_for):
    player_with(10)
    definition = badge_for(LESSONS)
    first = start_retroactive_award(definition)
    second = start_retroactive_award(definition, awards=False)

    run_retroactive_award(str(second.uuid))
    run_retroactive_award(str(first.uuid))

    first.refresh_from_db()
    assert (first.state, first.players_done) == ("finished", 0)
    assert not holders(definition)


@pytest.mark.parametrize("state", ["waiting", "running", "failed"])
def test_what_is_replaced_does_not_go_on(badge_for, state):
    player_with(10)
    definition = badge_for(LESSONS)
    first = start_retroactive_award(definition)
    first.state = state
    first.save()
    second = start_retroactive_award(definition, awards=False)

    run_retroactive_award(str(first.uuid))

    first.refresh_from_db()
    assert (first.state, first.players_done) == ("finished", 0)
    assert first.error == "A later publication has taken its place."
    RetroactiveAward.objects.filter(pk=first.pk).update(state=state, error="")
    run_retroactive_award(str(second.uuid))
    first.refresh_from_db()
    assert first.state == "finished"


def test_a_worker_that_has_not_heard_of_the_publication_reads_it(badge_for, done):
    player = player_with(10)
    definition = badge_for(LESSONS | {"target": 20})
    stale = rule_index()
    Requirement.objects.update(target=10)

    for known in (stale, RuleIndex({}, {}, (), {})):
        job = start_retroactive_award(definition)
        index._kept.keep(index._version.current(), known)
        run_retroactive_award(str(job.uuid))
        job.refresh_from_db()
        assert (job.state, job.players_done) == ("finished", 1)

    assert holders(definition) == {player.pk}


def test_a_kind_that_says_nothing_fails_the_award(badge_for):
    definition = badge_for(LESSONS)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(EventKind, "events", lambda self, asked: 1 / 0)
        job = start_retroactive_award(definition)
        index.forget_index()
        with pytest.raises(ZeroDivisionError):
            run_retroactive_award(str(job.uuid))

    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "division by zero")


def test_a_large_number_takes_no_more_statements(
    badge_for, django_assert_max_num_queries
):
    job = start_retroactive_award(badge_for(LESSONS, points=5))
    for lessons in [10, 3] * 10:
        player_with(lessons)

    with django_assert_max_num_queries(45) as few:
        run_retroactive_award(str(job.uuid))
    for lessons in [10, 3] * 40:
        player_with(lessons)
    job = start_retroactive_award(job.badge_definition)

    with django_assert_max_num_queries(len(few)):
        run_retroactive_award(str(job.uuid))


class TestPublishing:
    def jobs(self):
        return list(
            RetroactiveAward.objects.order_by("pk").values_list(
                "awards", "tells_players", "state"
            )
        )

    def make(self, done, **fields):
        definition = BadgeDefinition.objects.create(name="Scholar", live=False)
        done(publish, definition, **fields)
        return BadgeDefinition.objects.get(pk=definition.pk)

    def test_players_get_what_they_have_earned_before(self, done, django_user_model):
        editor = django_user_model.objects.create_user("editor")
        player = player_with(10)
        definition = self.make(done, target=10)

        assert holders(definition) == {player.pk}
        assert self.jobs() == [(True, False, "finished")]
        draft = definition.get_latest_revision_as_object()
        draft.requirements = [Requirement(**LESSONS | {"target": 11})]
        done(draft.save_revision(user=editor).publish)
        assert RetroactiveAward.objects.first().started_by == editor

    def test_a_level_that_begins_earlier_is_reached_by_more(self, done):
        level = create_level("Bird", 100)
        player = create_player(points=50)
        definition = BadgeDefinition.objects.create(name="Bird", live=False)
        definition.requirements = [Requirement(kind="level", level=level)]
        done(definition.save_revision().publish)
        assert not holders(definition)

        level.points_required = 50
        done(level.save_revision().publish)

        assert holders(definition) == {player.pk}

    def test_badges_that_come_into_a_category_count_there(self, done):
        birds, trees = (Category.objects.create(name=name) for name in ("B", "T"))
        moved = [create_badge_definition(name, category=trees) for name in "xy"]
        player = create_player()
        for badge in moved:
            badge.award(player)
        made = []
        for category, target in ((birds, 2), (trees, 1)):
            meta = BadgeDefinition.objects.create(name=category.name, live=False)
            meta.requirements = [
                Requirement(kind="badge", category=category, target=target)
            ]
            done(meta.save_revision().publish)
            made.append(meta)
        assert [holders(meta) for meta in made] == [set(), {player.pk}]

        def move():
            for badge in moved:
                badge.category = birds
                badge.save_revision().publish()

        before = len(self.jobs())
        done(move)

        assert holders(made[0]) == {player.pk}
        assert progress_of(made[1])[player.pk] == 0
        # Both moves are measured together, and nothing else starts it again.
        done(moved[0].save_revision().publish)
        assert len(self.jobs()) == before + 2

    def test_the_editor_chooses(self, done):
        player = player_with(10)
        definition = self.make(
            done, target=10, awards_retroactively=False, tells_retroactively=True
        )

        assert self.jobs() == [(False, True, "finished")]
        assert not holders(definition)
        assert progress_of(definition)[player.pk] == 10

    def test_only_other_rules_start_it_again(self, done):
        player_with(10)
        definition = self.make(done, target=10)

        done(publish, definition, name="Great scholar", points=3)
        assert len(self.jobs()) == 1
        done(publish, definition, target=9)
        assert len(self.jobs()) == 2
        # Unpublished, nothing was counted.
        done(definition.unpublish)
        done(publish, definition)
        assert len(self.jobs()) == 3

    def test_a_badge_without_requirements_starts_nothing(self, done):
        self.make(done)
        translation = BadgeDefinition.objects.get().copy_for_translation(
            Locale.objects.create(language_code="fr")
        )
        translation.save()
        done(translation.save_revision().publish)

        assert not self.jobs()

    def test_a_raised_target_takes_nothing_away(self, done):
        earned, not_yet = player_with(10), player_with(6)
        definition = self.make(done, target=10)

        done(publish, definition, target=20)

        assert holders(definition) == {earned.pk}
        assert progress_of(definition)[not_yet.pk] == 6
        done(publish, definition, target=5)
        assert holders(definition) == {earned.pk, not_yet.pk}
        assert Award.objects.count() == 2

    def test_a_draft_and_a_schedule_start_nothing(self, done):
        definition = self.make(done, target=10)
        draft = definition.get_latest_revision_as_object()
        draft.requirements = [Requirement(**LESSONS | {"target": 3})]
        done(draft.save_revision)
        done(follow_publication, definition)

        assert len(self.jobs()) == 1
