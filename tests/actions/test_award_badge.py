"""Awarding: once, paid, recorded, whatever calls it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from wagtail_gamification.models import Award, Badge, PointChange
from wagtail_gamification.requirements import rule_index
from wagtail_gamification.signals import badge_awarded
from wagtail_gamification.testing import (
    catch_signals,
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db


def test_award_acquires_the_badge_and_pays_its_points():
    player = create_player()
    create_badge_definition("Explorer", points=50, progression_target=100)
    badge = Badge.objects.first()

    award = badge.award(reason="For the map")

    assert badge.acquired
    assert badge.acquired_at is not None
    assert Badge.objects.get(pk=badge.pk).acquired
    assert (award.number, award.points, award.reason) == (1, 50, "For the map")
    assert award.badge_definition == badge.badge_definition
    player.refresh_from_db()
    assert player.points == 50
    assert player.point_changes.get().award == award


def test_a_second_award_changes_nothing():
    player = create_player()
    create_badge_definition(points=50)
    badge = player.badges.get()
    badge.award()

    assert badge.award() is None

    player.refresh_from_db()
    assert player.points == 50
    assert Award.objects.count() == 1


def test_a_repeatable_badge_is_awarded_up_to_its_limit():
    player = create_player()
    definition = create_badge_definition(points=5, max_awards=3)

    awards = [definition.award(player) for _ in range(5)]

    assert [award.number if award else None for award in awards] == [
        1,
        2,
        3,
        None,
        None,
    ]
    player.refresh_from_db()
    assert player.points == 15
    assert player.badges.get().times_awarded == 3


def test_awarding_takes_a_user_or_an_interface_or_a_slug():
    player = create_player()
    first = create_badge_definition("First")
    second = create_badge_definition("Second")
    create_badge_definition("Third")

    first.award(player.user)
    second.award(player)
    player.award("third")

    assert Badge.acquired_objects.filter(interface=player).count() == 3


def test_the_award_records_who_gave_it():
    player, editor = create_player(), create_player().user
    definition = create_badge_definition()

    award = definition.award(player, by=editor, reason="Helped out")

    assert (award.awarded_by, award.reason) == (editor, "Helped out")


def test_a_missing_row_is_made_by_the_award(settings):
    settings.WAGTAIL_GAMIFICATION_PREPARE_ROWS = False
    player = create_player()
    definition = create_badge_definition(points=10)
    assert not Badge.objects.exists()

    definition.award(player)

    assert player.badges.get().acquired
    player.refresh_from_db()
    assert player.points == 10


def test_an_unpublished_badge_is_not_awarded():
    player = create_player()
    definition = create_badge_definition(points=10)
    definition.unpublish()

    assert definition.award(player) is None
    assert player.increment(definition.slug) is None

    assert not player.badges.filter(acquired=True).exists()
    assert not PointChange.objects.exists()


def test_a_badge_without_points_leaves_the_ledger_alone():
    player = create_player()

    create_badge_definition(points=0).award(player)

    assert not PointChange.objects.exists()


def test_an_expired_badge_is_renewed_by_a_new_award():
    player = create_player()
    definition = create_badge_definition(points=10, expires_after=30)
    award = definition.award(player)
    assert award.expires_at - award.awarded_at == timedelta(days=30)
    assert definition.award(player) is None
    Badge.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not Badge.acquired_objects.exists()

    renewal = definition.award(player)

    assert renewal.number == 2
    badge = Badge.acquired_objects.get()
    assert (badge.times_awarded, badge.is_expired) == (1, False)
    player.refresh_from_db()
    assert player.points == 20


def test_a_badge_that_expires_beyond_every_calendar_is_kept_for_a_century():
    definition = create_badge_definition(expires_after=2**31 - 1)

    award = definition.award(create_player())

    assert award.expires_at - award.awarded_at == timedelta(days=36500)
    with pytest.raises(ValidationError) as refused:
        definition.clean()
    assert list(refused.value.message_dict) == ["expires_after"]


def test_award_unlocks_what_its_points_reach_and_sends_the_signals(
    django_capture_on_commit_callbacks,
):
    player = create_player()
    create_unlockable_definition("Garden", points_required=50)
    create_level("Novice", 10)
    definition = create_badge_definition(points=50)

    with catch_signals(badge_awarded) as caught:
        with django_capture_on_commit_callbacks(execute=True):
            award = definition.award(player)
            assert len(caught) == 0

    assert caught[0]["award"] == award
    assert caught[0]["interface"] == player
    assert player.unlockables.get().acquired
    assert player.level.name == "Novice"


def test_a_receiver_that_raises_stops_nobody(
    django_capture_on_commit_callbacks, caplog
):
    def fail(**facts):
        raise RuntimeError("receiver failed")

    player = create_player()
    definition = create_badge_definition()
    badge_awarded.connect(fail)
    try:
        with catch_signals(badge_awarded) as caught:
            with django_capture_on_commit_callbacks(execute=True):
                definition.award(player)
    finally:
        badge_awarded.disconnect(fail)

    assert len(caught) == 1
    assert "receiver failed" in caplog.text


def test_award_with_points_and_unlock_check_takes_at_most_nine_queries(
    assert_max_statements, django_capture_on_commit_callbacks
):
    player = create_player()
    with django_capture_on_commit_callbacks(execute=True):
        create_unlockable_definition("Out of reach", points_required=10_000)
        definition = create_badge_definition(points=50)
    rule_index()

    with assert_max_statements(9):
        assert definition.award(player)


def test_award_of_a_loaded_badge_takes_at_most_nine_queries(
    assert_max_statements, django_capture_on_commit_callbacks
):
    create_player()
    with django_capture_on_commit_callbacks(execute=True):
        create_badge_definition(points=50)
    rule_index()
    badge = Badge.objects.select_related("interface").get()

    with assert_max_statements(9):
        assert badge.award()
