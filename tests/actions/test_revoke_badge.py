"""Revoking: exactly what was paid, once."""

import pytest

from wagtail_gamification.models import Award, Badge, BadgeDefinition
from wagtail_gamification.signals import badge_revoked, points_changed
from wagtail_gamification.testing import (
    catch_signals,
    create_badge_definition,
    create_player,
)

pytestmark = pytest.mark.django_db


def test_revoke_takes_back_exactly_what_was_paid_even_if_the_points_were_edited():
    player = create_player(points=100)
    definition = create_badge_definition(points=50)
    definition.award(player)
    BadgeDefinition.objects.update(points=70)
    editor = create_player().user

    assert definition.revoke(player, by=editor, reason="A mistake")

    player.refresh_from_db()
    assert player.points == 100
    badge = player.badges.get()
    assert (badge.acquired, badge.revoked) == (False, True)
    award = Award.objects.get()
    assert (award.revoked_by, award.revoke_reason) == (editor, "A mistake")
    reversal = player.point_changes.get(amount=-50)
    assert reversal.reverses.award == award


def test_a_second_revoke_takes_nothing():
    player = create_player()
    create_badge_definition(points=50)
    badge = player.badges.get()
    badge.award()
    badge.revoke()

    assert not badge.revoke()

    player.refresh_from_db()
    assert player.points == 0


def test_revoke_of_what_was_never_awarded_changes_nothing():
    player = create_player()
    create_badge_definition(points=50)
    badge = player.badges.get()

    assert not badge.revoke()

    assert not badge.revoked
    assert not player.point_changes.exists()


def test_award_after_a_revoke_acquires_and_pays_again():
    player = create_player()
    create_badge_definition(points=50)
    badge = player.badges.get()
    badge.award()
    badge.force_revoke()
    assert (badge.acquired, badge.revoked) == (False, True)

    award = badge.award()

    assert award.number == 2
    assert (badge.acquired, badge.revoked) == (True, False)
    player.refresh_from_db()
    assert player.points == 50
    badge.revoke()
    player.refresh_from_db()
    assert player.points == 0


def test_all_awards_of_a_repeatable_badge_are_taken_back():
    player = create_player()
    definition = create_badge_definition(points=5, max_awards=3)
    for _ in range(3):
        definition.award(player)

    player.revoke(definition.slug)

    player.refresh_from_db()
    assert player.points == 0
    assert not Award.objects.filter(revoked_at=None).exists()
    assert player.badges.get().times_awarded == 0


def test_revoked_badges_are_not_among_the_acquired():
    player = create_player()
    definition = create_badge_definition()
    definition.award(player)
    assert Badge.acquired_objects.count() == 1

    definition.revoke(player)

    assert Badge.acquired_objects.count() == 0


def test_a_revoke_is_announced_after_commit(django_capture_on_commit_callbacks):
    player = create_player()
    definition = create_badge_definition(points=5)
    definition.award(player)

    with catch_signals(badge_revoked, points_changed) as caught:
        with django_capture_on_commit_callbacks(execute=True):
            definition.revoke(player, reason="Oops")

    facts = {fact["signal"]: fact for fact in caught.facts}
    assert facts[badge_revoked]["reason"] == "Oops"
    assert facts[points_changed]["balance"] == 0
