"""Nominating a player for a badge, and deciding it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from wagtail_gamification.actions import ExportPlayerAction
from wagtail_gamification.actions.decide_nomination import (
    DecideNominationAction,
    may_decide,
)
from wagtail_gamification.actions.nominate import NominateAction, withdraw_nomination
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models import Award, BadgeDefinition, Nomination
from wagtail_gamification.player_files import write_player_data
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge():
    return create_badge_definition("Kind neighbour", points=10, allows_nominations=True)


@pytest.fixture
def nominee():
    return create_player(username="nina")


@pytest.fixture
def nominator():
    return create_player(username="noel").user


def judge(name="judy"):
    user = create_player(username=name).user
    user.user_permissions.add(Permission.objects.get(codename="decide_nomination"))
    return type(user).objects.get(pk=user.pk)


@pytest.fixture
def nomination(badge, nominee, nominator):
    return nominate(nominator, badge, nominee)


def nominate(nominator, badge, nominee):
    return NominateAction(nominator, badge, nominee, reason="Fed my cat.").execute()


def decide(user, nomination, *, approves=True, message=""):
    return DecideNominationAction(
        user, nomination, approves=approves, message=message
    ).execute()


def refused(function, *args, **kwargs):
    with pytest.raises(NotAllowed) as error:
        function(*args, **kwargs)
    assert error.value.decision.message
    return error.value.decision.code


def test_a_nomination_waits(nomination, badge, nominee, nominator):
    nomination.refresh_from_db()

    assert nomination.state == Nomination.State.WAITING
    assert nomination.is_open is True
    assert (nomination.nominee, nomination.nominator) == (nominee, nominator)
    assert not Award.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"allows_nominations": False}, {"live": False}, {"is_secret": True}],
    ids=str,
)
def test_nobody_is_nominated_for_a_badge_that_does_not_allow_it(
    badge, nominee, nominator, fields
):
    BadgeDefinition.objects.update(**fields)

    assert refused(nominate, nominator, badge, nominee) == "not_nominable"


def test_nobody_nominates_themselves(badge, nominee):
    assert refused(nominate, nominee.user, badge, nominee) == "oneself"


def test_who_is_not_counted_is_not_nominated(badge, nominee, nominator):
    nominee.user.is_active = False
    nominee.user.save()

    assert refused(nominate, nominator, badge, nominee) == "player_left_out"


def test_a_second_open_nomination_by_the_same_person_is_refused(
    nomination, badge, nominee, nominator
):
    assert refused(nominate, nominator, badge, nominee) == "nominated_already"
    # By somebody else it isn't, nor after a decision.
    nominate(create_player().user, badge, nominee)
    for _ in range(2):
        decide(
            judge(f"judge {_}"),
            Nomination.objects.get(nominator=nominator, state="waiting"),
            approves=False,
        )
        nominate(nominator, badge, nominee)
    assert Nomination.objects.filter(nominator=nominator).count() == 3


def test_the_database_holds_one_open_nomination(nomination, badge, nominee, nominator):
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.create(
            badge_definition=badge, nominee=nominee, nominator=nominator, reason="x"
        )


def test_a_monthly_limit_holds_for_approving_too(badge, nominator):
    BadgeDefinition.objects.update(awards_per_giver=1)
    first, second, third = (
        nominate(nominator, badge, create_player()) for _ in range(3)
    )
    busy = judge("busy")
    decide(busy, first)

    with pytest.raises(NotAllowed) as error:
        decide(busy, second)

    assert error.value.decision.code == "monthly_limit"
    assert "1 time a month" in error.value.decision.message
    second.refresh_from_db()
    assert second.state == Nomination.State.WAITING
    assert Award.objects.count() == 1
    # Who has used it up may still decline, and somebody else approve.
    decide(busy, third, approves=False)
    decide(judge("idle"), second)
    assert Award.objects.count() == 2


def test_what_was_awarded_by_hand_counts_for_the_limit(badge, nomination):
    BadgeDefinition.objects.update(awards_per_giver=1)
    editor = judge("busy")
    badge.award(create_player(), by=editor)

    assert refused(decide, editor, nomination) == "monthly_limit"


def test_whoever_proposed_is_not_in_what_is_exported(nomination, nominee, nominator):
    decide(judge("busy"), nomination, message="Seen by three of us")

    file = BytesIO()
    write_player_data(ExportPlayerAction(nominee).execute(), "json", file)
    data = file.getvalue().decode()

    assert "Seen by three of us" in data
    assert "Fed my cat." in data
    assert nominator.username not in data


def test_a_member_nominates_so_many_in_a_day(badge, nominator, settings):
    settings.WAGTAIL_GAMIFICATION_NOMINATIONS_PER_DAY = 2
    for _ in range(2):
        nominate(nominator, badge, create_player())

    assert refused(nominate, nominator, badge, create_player()) == "daily_limit"
    yesterday = timezone.now() - timedelta(days=1, minutes=1)
    Nomination.objects.update(created_at=yesterday)
    nominate(nominator, badge, create_player())


def test_the_nominator_withdraws_what_is_not_decided(nomination, nominator):
    assert withdraw_nomination(create_player().user, nomination) is False
    assert withdraw_nomination(nominator, nomination) is True
    assert withdraw_nomination(nominator, nomination) is False

    assert refused(decide, judge(), nomination) == "decided_already"
    nomination.refresh_from_db()
    assert (nomination.state, nomination.is_open) == ("withdrawn", None)


def test_approving_awards_with_the_reason_and_is_logged(nomination, badge, nominee):
    judy = judge()

    award = decide(judy, nomination, message="Well done")

    assert (award.badge.interface, award.awarded_by) == (nominee, judy)
    assert award.reason == "Fed my cat."
    nominee.refresh_from_db()
    assert nominee.points == 10
    nomination.refresh_from_db()
    assert (nomination.state, nomination.is_open) == ("approved", None)
    assert (nomination.award, nomination.decided_by) == (award, judy)
    assert (nomination.message, nomination.decided_at is not None) == (
        "Well done",
        True,
    )
    entry = ModelLogEntry.objects.get(action="wagtail_gamification.nominate.approve")
    assert entry.user == judy
    BadgeDefinition.objects.update(name="Another")
    assert entry.formatter.format_message(entry) == (
        "Approved the nomination of nina for “Kind neighbour”."
    )
    assert entry.formatter.format_comment(entry) == "Well done"


def test_declining_awards_nothing_and_is_logged(nomination):
    assert decide(judge(), nomination, approves=False, message="No") is None

    assert not Award.objects.exists()
    nomination.refresh_from_db()
    assert (nomination.state, nomination.message) == ("declined", "No")
    entry = ModelLogEntry.objects.get()
    assert entry.action == "wagtail_gamification.nominate.decline"
    assert "Declined the nomination of nina" in entry.formatter.format_message(entry)


def test_nominator_nominee_and_judge_are_three_people(badge, nominee):
    judy, jack = judge(), judge("jack")
    own = nominate(judy, badge, nominee)
    of_judge = nominate(jack, badge, nominee=create_interface(judy))

    assert refused(decide, judy, own) == "own_nomination"
    assert refused(decide, judy, of_judge) == "nominee"
    assert may_decide(jack, own).allowed
    assert not Award.objects.exists()


def create_interface(user):
    from wagtail_gamification.models import GamificationInterface

    return GamificationInterface.objects.for_user(user)


def test_it_takes_the_permission_to_decide(nomination, nominee):
    user = create_player().user
    user.user_permissions.add(Permission.objects.get(codename="award_badge"))

    assert refused(decide, type(user).objects.get(pk=user.pk), nomination) == (
        "no_permission"
    )


def test_a_reserved_badge_is_decided_by_its_groups(nomination, badge):
    group = Group.objects.create(name="Jury")
    badge.awarding_groups.through.objects.create(badgedefinition=badge, group=group)
    judy = judge()

    assert refused(decide, judy, nomination) == "not_in_group"
    judy.groups.add(group)
    assert decide(judy, nomination) is not None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda badge, nominee: badge.award(nominee), "has_it_already"),
        (lambda badge, nominee: type(badge).objects.update(live=False), "not_live"),
        (
            lambda badge, nominee: (
                type(nominee.user)
                .objects.filter(pk=nominee.user.pk)
                .update(is_active=False)
            ),
            "player_left_out",
        ),
    ],
)
def test_what_cannot_be_awarded_is_not_approved(
    nomination, badge, nominee, change, reason
):
    change(badge, nominee)
    fresh = Nomination.objects.get(pk=nomination.pk)
    awards = Award.objects.count()

    assert refused(decide, judge(), fresh) == reason
    fresh.refresh_from_db()
    assert fresh.state == "waiting"
    assert Award.objects.count() == awards
    assert decide(judge("jack"), fresh, approves=False) is None


def test_of_two_who_decide_at_once_the_first_counts(nomination):
    stale = Nomination.objects.get(pk=nomination.pk)
    decide(judge(), nomination, approves=False)

    assert refused(decide, judge("jack"), stale) == "decided_already"
    assert not Award.objects.exists()
    assert ModelLogEntry.objects.count() == 1
