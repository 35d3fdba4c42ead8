"""One badge, or some points, given to many players in the background."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import ModelLogEntry

from wagtail_gamification.actions import award_chosen, giving_jobs
from wagtail_gamification.actions.award_many import DueBadge, Terms, award_many
from wagtail_gamification.actions.giving_jobs import (
    make_players_of,
    may_undo,
    preview_giving,
    run_giving,
    start_bulk_award,
    start_bulk_points,
    start_undo,
)
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    GamificationInterface,
    GivingJob,
    GivingRow,
    PointChange,
)
from wagtail_gamification.signals import (
    badge_awarded,
    badge_revoked,
    level_reached,
    points_changed,
)
from wagtail_gamification.testing import (
    catch_signals,
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def giver():
    """An editor who may award, take back and adjust points."""
    user = get_user_model().objects.create_user("edith", is_staff=True)
    GamificationInterface.objects.for_user(user)
    user.user_permissions.add(
        *Permission.objects.filter(
            codename__in=["award_badge", "revoke_badge", "adjust_points"]
        )
    )
    return get_user_model().objects.get(pk=user.pk)


@pytest.fixture
def players():
    return [create_player() for _ in range(3)]


def everybody():
    return GamificationInterface.objects.exclude(user__username="edith")


def balances():
    return list(everybody().order_by("pk").values_list("points", flat=True))


def ledger_is_right():
    from django.db.models import Sum

    rows = GamificationInterface.objects.annotate(booked=Sum("point_changes__amount"))
    return all(row.points == (row.booked or 0) for row in rows)


def holders(definition):
    badges = Badge.acquired_objects.filter(badge_definition=definition)
    return set(badges.values_list("interface", flat=True))


@pytest.mark.parametrize("prepares", [True, False])
def test_everybody_gets_the_badge_its_points_and_a_record(
    giver, players, done, settings, prepares
):
    settings.WAGTAIL_GAMIFICATION_PREPARE_ROWS = prepares
    definition = done(create_badge_definition, points=5)
    if not prepares:
        Badge._base_manager.all().delete()

    job = done(
        start_bulk_award,
        everybody(),
        definition,
        by=giver,
        reason="You were there.",
        note="As agreed.",
        tells=False,
    )

    job.refresh_from_db()
    assert (job.state, job.players, job.given) == ("finished", 3, 3)
    assert (job.has_it_already, job.could_not, job.percent) == (0, 0, 100)
    assert holders(definition) == {player.pk for player in players}
    assert balances() == [5, 5, 5]
    assert ledger_is_right()
    for award in Award.objects.all():
        assert (award.awarded_by, award.job) == (giver, job)
        assert (award.reason, award.note) == ("You were there.", "As agreed.")
        assert award.awarded_at >= job.created_at
    earned = Activity.objects.filter(event="badge_earned")
    assert earned.count() == 3


def test_it_says_how_many_had_it_and_could_not_get_it(giver, players, done):
    definition = done(create_badge_definition, points=5)
    has_it, is_inactive, gets_it = players
    definition.award(has_it)
    get_user_model().objects.filter(pk=is_inactive.user_id).update(is_active=False)
    expected = {"allowed": 1, "has_it_already": 1, "player_left_out": 1, "oneself": 1}
    all_of_them = GamificationInterface.objects.all()

    assert preview_giving(all_of_them, giver, definition) == expected
    job = done(start_bulk_award, all_of_them, definition, by=giver)

    job.refresh_from_db()
    del expected["allowed"]
    assert (job.given, job.refused) == (1, expected)
    assert (job.has_it_already, job.could_not) == (1, 2)
    outcomes = dict(GivingRow.objects.values_list("interface", "outcome"))
    assert outcomes[gets_it.pk] == ""
    assert outcomes[has_it.pk] == "has_it_already"
    assert balances() == [5, 0, 5]


def test_without_the_permission_nothing_begins(players):
    user = get_user_model().objects.create_user("visitor")
    definition = create_badge_definition()

    with pytest.raises(NotAllowed):
        start_bulk_award(everybody(), definition, by=user)
    with pytest.raises(NotAllowed):
        start_bulk_points(everybody(), 5, by=user)

    assert not GivingJob.objects.exists()


@pytest.mark.parametrize("what", ["award", "points"])
def test_who_loses_the_permission_meanwhile_gives_nothing(giver, players, what):
    definition = create_badge_definition(points=5)
    if what == "award":
        job = start_bulk_award(everybody(), definition, by=giver)
    else:
        job = start_bulk_points(everybody(), 5, by=giver)
    giver.user_permissions.clear()

    run_giving(str(job.uuid))

    job.refresh_from_db()
    assert (job.given, job.refused) == (0, {"no_permission": 3})
    assert balances() == [0, 0, 0]


def test_who_is_deleted_meanwhile_gives_nothing_and_gets_nothing(giver, players):
    definition = create_badge_definition(points=5)
    first = start_bulk_award(everybody(), definition, by=giver)
    players[0].user.delete()
    run_giving(str(first.uuid))
    first.refresh_from_db()
    assert (first.given, first.refused) == (2, {"player_gone": 1})

    second = start_bulk_points(everybody(), 5, by=giver)
    giver.delete()
    run_giving(str(second.uuid))

    second.refresh_from_db()
    assert (second.given, second.refused) == (0, {"no_permission": 2})


@pytest.mark.parametrize("state", ["draft", "deleted", "another group's"])
def test_a_badge_that_may_no_longer_be_awarded_is_not(giver, players, state):
    definition = create_badge_definition(points=5)
    job = start_bulk_award(everybody(), definition, by=giver)
    if state == "draft":
        definition.unpublish()
    elif state == "deleted":
        definition.delete()
    else:
        definition.awarding_groups.add(Group.objects.create(name="Teachers"))
        definition.save()

    run_giving(str(job.uuid))

    job.refresh_from_db()
    codes = {"draft": "not_live", "deleted": "badge_gone"}
    expected = codes.get(state, "not_in_group")
    assert (job.given, job.refused) == (0, {expected: 3})
    assert (job.title, balances()) == ("Explorer", [0, 0, 0])


def test_a_monthly_limit_holds_across_ranges(giver, players, monkeypatch):
    monkeypatch.setattr(giving_jobs, "PLAYERS_AT_ONCE", 2)
    definition = create_badge_definition(points=5, awards_per_giver=2)
    job = start_bulk_award(everybody(), definition, by=giver, tells=False)

    assert preview_giving(everybody(), giver, definition) == {
        "allowed": 2,
        "monthly_limit": 1,
    }
    run_giving(str(job.uuid))

    job.refresh_from_db()
    assert (job.given, job.refused) == (2, {"monthly_limit": 1})
    assert holders(definition) == {player.pk for player in players[:2]}


@pytest.mark.parametrize("what", ["award", "points"])
@pytest.mark.parametrize("way", ["at once", "singly"])
def test_what_follows_happens_either_way(
    giver, players, done, monkeypatch, badge_for, what, way
):
    """The level is reached by all; at once or singly the same comes of it."""
    if way == "singly":
        monkeypatch.setattr(award_chosen, "are_looked_at", lambda *events: True)
    unlockable = done(create_unlockable_definition, points_required=10)
    done(create_level, "Expert", 10)
    players[0].change_points(20)
    definition = done(create_badge_definition, points=10)

    if what == "award":
        done(start_bulk_award, everybody(), definition, by=giver, tells=False)
    else:
        done(start_bulk_points, everybody(), 10, by=giver, tells=False)

    assert balances() == [30, 10, 10]
    assert ledger_is_right()
    assert all(player.has_unlocked(unlockable.slug) for player in players)
    assert Activity.objects.filter(event="level_reached").count() == 3


def test_badges_that_ask_for_it_follow_and_players_are_told(
    giver, players, done, badge_for
):
    definition = done(create_badge_definition, points=5)
    meta = badge_for({"kind": "badge", "badge": definition}, name="Meta", points=3)
    done(create_level, "Expert", 5)
    heard = (badge_awarded, points_changed, level_reached)

    with catch_signals(*heard) as caught:
        done(start_bulk_award, everybody(), definition, by=giver, tells=True)

    assert holders(meta) == holders(definition) == {player.pk for player in players}
    assert balances() == [8, 8, 8]
    assert len(caught) == 3 * (2 + 2 + 1)

    with catch_signals(*heard) as caught:
        done(start_bulk_points, everybody(), 1, by=giver, tells=False)
    assert len(caught) == 0


def test_who_comes_between_meanwhile_gets_nothing(giver, players, monkeypatch):
    definition = create_badge_definition(points=5)
    first, between, last = players
    key = between.pk
    between.delete()
    job = start_bulk_award(everybody(), definition, by=giver, tells=False)
    give, tries = giving_jobs.award_chosen, []

    def with_a_newcomer(*args, **kwargs):
        tries.append(1)
        if len(tries) == 1:
            GamificationInterface.objects.create(pk=key)
        return give(*args, **kwargs)

    monkeypatch.setattr(giving_jobs, "award_chosen", with_a_newcomer)
    run_giving(str(job.uuid))

    assert len(tries) == 2
    assert holders(definition) == {first.pk, last.pk}
    job.refresh_from_db()
    assert (job.state, job.given) == ("finished", 2)


def test_who_stands_between_and_was_not_chosen_gets_nothing(giver, players):
    definition = create_badge_definition(points=5)
    first, _between, last = players
    chosen = GamificationInterface.objects.filter(pk__in=[first.pk, last.pk])

    run_giving(str(start_bulk_award(chosen, definition, by=giver, tells=False).uuid))
    run_giving(str(start_bulk_points(chosen, 7, by=giver, tells=False).uuid))

    assert holders(definition) == {first.pk, last.pk}
    assert balances() == [12, 0, 12]


def test_a_badge_that_was_revoked_comes_back(giver, players, done):
    definition = done(create_badge_definition, points=5)
    definition.award(players[0])
    definition.revoke(players[0])

    job = done(start_bulk_award, everybody(), definition, by=giver, tells=False)

    job.refresh_from_db()
    assert job.given == 3
    assert holders(definition) == {player.pk for player in players}
    assert balances() == [5, 5, 5]
    assert ledger_is_right()


def test_interrupted_it_goes_on_and_gives_nobody_twice(giver, players, monkeypatch):
    monkeypatch.setattr(giving_jobs, "PLAYERS_AT_ONCE", 1)
    definition = create_badge_definition(points=5, max_awards=9)
    job = start_bulk_award(everybody(), definition, by=giver, tells=False)

    def power_cut(job):
        if job.players_done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_giving(str(job.uuid), power_cut)
    job.refresh_from_db()
    assert (job.state, job.players_done, job.percent) == ("running", 2, 66)
    run_giving(str(job.uuid))
    run_giving(str(job.uuid))

    job.refresh_from_db()
    assert (job.state, job.given) == ("finished", 3)
    assert Award.objects.count() == 3
    assert balances() == [5, 5, 5]


def test_of_two_workers_one_goes_on(giver, players, monkeypatch):
    monkeypatch.setattr(giving_jobs, "PLAYERS_AT_ONCE", 1)
    job = start_bulk_points(everybody(), 5, by=giver, tells=False)
    seen = []

    def second_worker(job):
        seen.append(job.reached)
        if len(seen) == 1:
            run_giving(str(job.uuid))

    run_giving(str(job.uuid), second_worker)

    assert len(seen) == 1
    assert balances() == [5, 5, 5]


def test_what_breaks_is_written_down_and_can_go_on(giver, players, monkeypatch):
    job = start_bulk_points(everybody(), 5, by=giver)
    with monkeypatch.context() as broken:
        broken.setattr(giving_jobs, "give_points_to_chosen", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_giving(str(job.uuid))
    job.refresh_from_db()
    assert (job.state, job.error, job.given) == ("failed", "division by zero", 0)

    run_giving(str(job.uuid))

    job.refresh_from_db()
    assert (job.state, job.error, job.given) == ("finished", "", 3)


def test_a_user_who_is_no_player_yet_becomes_one(settings, giver, done):
    settings.WAGTAIL_GAMIFICATION_CREATE_INTERFACES = False
    user = get_user_model().objects.create_user("new")
    definition = done(create_badge_definition)
    users = get_user_model().objects.filter(pk=user.pk)

    job = done(start_bulk_award, make_players_of(users), definition, by=giver)

    job.refresh_from_db()
    assert job.given == 1
    assert holders(definition) == {user.gamification_interface.pk}


@pytest.mark.parametrize("tells", [True, False])
def test_undoing_takes_back_exactly_what_still_counts(giver, players, done, tells):
    definition = done(create_badge_definition, points=5)
    unlockable = done(create_unlockable_definition, points_required=5, relock=True)
    job = done(start_bulk_award, everybody(), definition, by=giver, tells=tells)
    job.refresh_from_db()
    assert may_undo(job)
    definition.revoke(players[0])
    other = done(create_badge_definition, "Other", points=7)
    other.award(players[1])

    with catch_signals(badge_revoked, points_changed) as caught:
        assert done(start_undo, job, by=giver)
    assert not done(start_undo, job, by=giver)

    job.refresh_from_db()
    assert (job.state, job.undone, job.undone_by) == ("finished", 2, giver)
    assert job.undone_at
    assert not may_undo(job)
    assert len(caught) == (4 if tells else 0)
    assert holders(definition) == set()
    assert holders(other) == {players[1].pk}
    assert balances() == [0, 7, 0]
    assert ledger_is_right()
    assert players[1].has_unlocked(unlockable.slug)
    assert not players[2].has_unlocked(unlockable.slug)
    award = Award.objects.get(badge__interface=players[2])
    assert award.revoked_by == giver
    # Revoked by somebody it stays out of reach, taken back it is as before.
    revoked = dict(
        Badge.objects.filter(badge_definition=definition).values_list(
            "interface", "revoked"
        )
    )
    assert (revoked[players[0].pk], revoked[players[2].pk]) == (True, False)


def test_undoing_leaves_what_other_awards_gave(giver, players, done):
    definition = done(create_badge_definition, points=5, max_awards=3)
    before = definition.award(players[0])
    job = done(start_bulk_award, everybody(), definition, by=giver, tells=False)
    after = definition.award(players[1])
    job.refresh_from_db()

    done(start_undo, job, by=giver)

    assert holders(definition) == {players[0].pk, players[1].pk}
    rows = Badge.objects.filter(badge_definition=definition).order_by("interface")
    assert [row.times_awarded for row in rows if row.acquired] == [1, 1]
    assert [row.acquired_at for row in rows if row.acquired] == [
        before.awarded_at,
        after.awarded_at,
    ]
    assert balances() == [5, 5, 0]
    assert ledger_is_right()


def test_undoing_takes_points_back_once(giver, players, done):
    job = done(start_bulk_points, everybody(), 5, by=giver, tells=False)
    job.refresh_from_db()
    done(start_undo, job, by=giver)
    job.refresh_from_db()
    GivingJob.objects.filter(pk=job.pk).update(state="running", reached=0)
    run_giving(str(job.uuid))

    job.refresh_from_db()
    assert job.undone == 3
    assert balances() == [0, 0, 0]
    assert ledger_is_right()
    assert PointChange.objects.count() == 6


@pytest.mark.parametrize(
    ("what", "permission"), [("award", "revoke_badge"), ("points", "adjust_points")]
)
def test_undoing_takes_a_permission(giver, players, done, what, permission):
    definition = done(create_badge_definition, points=5)
    if what == "award":
        job = done(start_bulk_award, everybody(), definition, by=giver)
    else:
        job = done(start_bulk_points, everybody(), 5, by=giver)
    job.refresh_from_db()
    giver.user_permissions.remove(Permission.objects.get(codename=permission))
    user = get_user_model().objects.get(pk=giver.pk)

    with pytest.raises(NotAllowed):
        start_undo(job, by=user)

    assert balances() == [5, 5, 5]


def test_it_is_logged_and_readable_when_all_is_gone(giver, players, done):
    definition = done(create_badge_definition, "Gold", points=5)
    job = done(start_bulk_award, everybody(), definition, by=giver, reason="Because")
    job.refresh_from_db()
    done(start_undo, job, by=giver)
    Award.objects.all().delete()
    Badge._base_manager.all().delete()
    definition.delete()
    job.delete()

    entries = ModelLogEntry.objects.filter(action__contains="bulk").order_by("pk")
    assert [(entry.action, str(entry.label)) for entry in entries] == [
        ("wagtail_gamification.bulk_award", "Gold"),
        ("wagtail_gamification.bulk_undo", "Gold"),
    ]
    assert entries[0].data["players"] == 3


@pytest.mark.parametrize("what", ["award", "points"])
def test_statements_do_not_grow_with_players(giver, done, assert_max_statements, what):
    definition = done(create_badge_definition, points=5)
    for _ in range(40):
        create_player()
    if what == "award":
        job = start_bulk_award(everybody(), definition, by=giver, tells=False)
    else:
        job = start_bulk_points(everybody(), 5, by=giver, tells=False)

    with assert_max_statements(40):
        run_giving(str(job.uuid))
    job.refresh_from_db()
    assert job.given == 40
    start_undo(job, by=giver)
    with assert_max_statements(30):
        run_giving(str(job.uuid))


def test_awards_that_end_say_so(giver, players, done):
    definition = done(create_badge_definition, expires_after=10)

    done(start_bulk_award, everybody(), definition, by=giver, tells=False)

    award = Award.objects.first()
    assert award.expires_at == award.awarded_at + timedelta(days=10)
    assert award.expires_at > timezone.now()


def test_what_a_reset_took_is_not_taken_back_once_more(giver, players, done):
    job = done(start_bulk_points, everybody(), 5, by=giver, tells=False)
    players[0].reset()
    job.refresh_from_db()

    done(start_undo, job, by=giver)

    assert balances() == [0, 0, 0]
    assert ledger_is_right()


def test_a_badge_that_ended_and_came_again_is_taken_back_term_by_term(
    giver, players, done
):
    definition = done(create_badge_definition, expires_after=10)
    jobs = []
    for _number in range(3):
        jobs.append(done(start_bulk_award, everybody(), definition, by=giver))
        for model, name in ((Badge, "badge_definition"), (Award, None)):
            rows = model._base_manager.filter(**{name: definition} if name else {})
            rows.update(expires_at=timezone.now() - timedelta(days=1))

    for job in reversed(jobs):
        job.refresh_from_db()
        done(start_undo, job, by=giver)

    assert [GivingJob.objects.get(pk=job.pk).state for job in jobs] == ["finished"] * 3
    assert holders(definition) == set()
    assert not Badge.objects.filter(times_awarded__gt=0).exists()


def test_an_award_of_the_past_takes_nothing_from_a_later_one(players):
    definition = create_badge_definition(max_awards=2, expires_after=365)
    award = definition.award(players[0])
    badge = Badge.objects.get(interface=players[0], badge_definition=definition)
    earned_at = timezone.now() - timedelta(days=300)

    award_many(
        [DueBadge(badge.pk, players[0].pk, definition)],
        {players[0].pk: players[0]},
        terms=Terms(at=earned_at, is_by_hand=True),
    )

    badge.refresh_from_db()
    assert badge.times_awarded == 2
    assert badge.expires_at == award.expires_at
    assert badge.acquired_at == award.awarded_at
    late = Award.objects.get(number=2)
    assert (late.awarded_at, late.expires_at) == (
        earned_at,
        earned_at + timedelta(days=365),
    )
