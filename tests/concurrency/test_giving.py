"""Editors who give at the same moment, in eight processes on PostgreSQL."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from wagtail_gamification.actions import RevokeBadgeAction
from wagtail_gamification.models import Award, BadgeDefinition, PointChange
from wagtail_gamification.testing import create_badge_definition, create_player

from .test_processes import _on_postgresql, run_at_once  # noqa: F401

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

# Each process gives as the first user; a refusal is an answer, not an error.
GIVING = """
from django.contrib.auth import get_user_model
from wagtail_gamification.actions.give import *
from wagtail_gamification.exceptions import NotAllowed
giver = get_user_model().objects.get(username="giver")
definition = BadgeDefinition.objects.get()
players = list(GamificationInterface.objects.exclude(user=giver).order_by("pk"))
def attempt(action, *args, **kwargs):
    try:
        action(giver, *args, **kwargs)
    except NotAllowed as refused:
        assert refused.decision.code in ALLOWED, refused.decision
"""


@pytest.fixture
def giver():
    user = create_player(username="giver").user
    for codename in ("award_badge", "revoke_badge"):
        content_type = ContentType.objects.get_for_model(Award)
        permission, _created = Permission.objects.get_or_create(
            codename=codename, content_type=content_type, defaults={"name": codename}
        )
        user.user_permissions.add(permission)
    return user


def test_a_monthly_limit_holds_whoever_asks_at_the_same_moment(giver):
    create_badge_definition(points=5, awards_per_giver=10)
    players = [create_player() for _ in range(40)]

    run_at_once(
        players[0],
        "ALLOWED = {'monthly_limit'}\n"
        + GIVING
        + "for n in range(5): attempt(award_by_hand, definition, players[number*5+n])",
        checks=False,
    )

    assert Award.objects.filter(awarded_by=giver).count() == 10
    assert PointChange.objects.count() == 10
    assert ModelLogEntry.objects.filter(action__endswith=".award").count() == 10


def test_awarding_and_revoking_at_the_same_moment_each_do_what_they_log(giver):
    create_badge_definition(points=5)
    player = create_player()

    run_at_once(
        player,
        "ALLOWED = {'has_it_already', 'has_it_not'}\n"
        + GIVING
        + "for n in range(20):\n"
        "    action = award_by_hand if number % 2 else revoke_by_hand\n"
        "    attempt(action, definition, player)",
    )

    logged = ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    done = [action.rsplit(".")[-1] for action in logged]
    assert done == ["award", "revoke"] * (len(done) // 2) + ["award"] * (len(done) % 2)
    assert Award.objects.count() == done.count("award")
    player.refresh_from_db()
    assert player.points == 5 * (done.count("award") - done.count("revoke"))
    assert BadgeDefinition.objects.count() == 1


def test_of_editors_who_saw_the_same_page_one_awards_and_one_renews(giver):
    create_badge_definition(points=5, max_awards=100, expires_after=30)
    player = create_player()

    for renews in (False, True):
        known = Award.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        run_at_once(
            player,
            "ALLOWED = {'awarded_meanwhile'}\n"
            + GIVING
            + f"attempt(award_by_hand, definition, player, renews={renews}, "
            f"known={known})",
        )

    assert Award.objects.count() == 2
    assert PointChange.objects.count() == 2
    assert player.badges.get().times_awarded == 1
    assert ModelLogEntry.objects.count() == 2


def test_of_editors_who_read_the_same_page_one_takes_the_badge_back(giver):
    definition = create_badge_definition(points=5, max_awards=100)
    player = create_player()
    definition.award(player)
    definition.award(player)
    told = RevokeBadgeAction(definition, player).preview().digest

    run_at_once(
        player,
        "ALLOWED = {'has_it_not', 'changed_meanwhile'}\n"
        + GIVING
        + f"attempt(revoke_by_hand, definition, player, told={told!r})",
    )

    player.refresh_from_db()
    assert player.points == 0
    assert PointChange.objects.count() == 4
    assert ModelLogEntry.objects.count() == 1
