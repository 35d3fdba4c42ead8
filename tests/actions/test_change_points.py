"""Points: the balance is the ledger."""

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from wagtail_gamification.exceptions import InvalidAmount, LedgerIsAppendOnly
from wagtail_gamification.models import (
    Award,
    GamificationInterface,
    PointChange,
    Unlockable,
    UnlockableDefinition,
)
from wagtail_gamification.signals import (
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


def test_a_point_change_adds_to_the_ledger_and_to_the_balance():
    player = create_player()

    change = PointChange.objects.create(amount=100, interface=player)

    assert change.pk
    assert player.points == 100
    player.refresh_from_db()
    assert player.points == 100
    PointChange.objects.create(amount=-30, interface=player)
    player.refresh_from_db()
    assert player.points == 70
    assert player.point_changes.aggregate(Sum("amount"))["amount__sum"] == 70


def test_points_unlock_every_unlockable_that_they_reach():
    player = create_player()
    for points in (10, 50, 100, 101):
        create_unlockable_definition(f"At {points}", points_required=points)

    player.change_points(100)

    assert set(
        player.unlockables.filter(acquired=True).values_list(
            "unlockable_definition__points_required", flat=True
        )
    ) == {10, 50, 100}
    assert player.has_unlocked("at-100")
    assert not player.has_unlocked("at-101")


def test_points_unlock_where_no_row_was_prepared(settings):
    settings.WAGTAIL_GAMIFICATION_PREPARE_ROWS = False
    player = create_player()
    create_unlockable_definition("Garden", points_required=10)

    player.change_points(10)

    assert Unlockable.objects.get().acquired


def test_what_is_unlocked_stays_unlocked_unless_the_definition_locks_again():
    player = create_player()
    create_unlockable_definition("Kept", points_required=10)
    create_unlockable_definition("Lost", points_required=10, relock=True)
    player.change_points(10)

    player.change_points(-1)

    assert player.has_unlocked("kept")
    assert not player.has_unlocked("lost")


def test_a_new_unlockable_is_given_at_once_to_those_who_have_the_points():
    rich, poor = create_player(points=100), create_player(points=99)

    create_unlockable_definition("Garden", points_required=100)

    assert rich.has_unlocked("garden")
    assert not poor.has_unlocked("garden")
    assert poor.unlockables.count() == 1


def test_a_cheaper_unlockable_is_given_at_once_to_those_who_have_the_points():
    player = create_player(points=50)
    definition = create_unlockable_definition("Garden", points_required=100)
    definition.save_revision().publish()
    assert not player.has_unlocked("garden")

    definition.points_required = 50
    definition.save_revision().publish()

    assert player.has_unlocked("garden")
    definition.points_required = 60
    definition.save_revision().publish()
    assert player.has_unlocked("garden")


def test_a_dearer_unlockable_that_locks_again_leaves_those_below():
    player = create_player(points=50)
    definition = create_unlockable_definition("Garden", 50, relock=True)
    definition.save_revision().publish()
    assert player.has_unlocked("garden")

    definition.points_required = 60
    definition.save_revision().publish()

    assert not player.has_unlocked("garden")


def test_a_free_unlockable_is_given_to_new_players():
    create_unlockable_definition("Welcome", points_required=0)

    assert create_player().has_unlocked("welcome")


def test_levels_follow_the_points():
    player = create_player()
    create_level("Novice", 0)
    create_level("Master", 100)
    assert player.level.name == "Novice"
    progress = player.level_progress
    assert (progress.next_level.name, progress.missing) == ("Master", 100)

    player.change_points(60)
    assert player.level_progress.missing == 40
    assert player.level_progress.progression.percent == 60
    player.change_points(40)

    assert player.level.name == "Master"
    progress = player.level_progress
    assert (progress.next_level, progress.missing, progress.progression) == (
        None,
        0,
        None,
    )


def test_below_the_lowest_level_there_is_none():
    player = create_player()
    create_level("Novice", 10)

    assert player.level is None
    assert player.level_progress.missing == 10


def test_signals_tell_points_unlockables_and_the_highest_new_level_after_commit(
    django_capture_on_commit_callbacks,
):
    player = create_player()
    create_unlockable_definition("Garden", points_required=10)
    create_level("Novice", 10)
    create_level("Adept", 20)

    with catch_signals(points_changed, unlockable_unlocked, level_reached) as caught:
        with django_capture_on_commit_callbacks(execute=True):
            change = player.change_points(25)
            player.change_points(1)

    facts = [fact for fact in caught.facts if fact["signal"] is points_changed]
    assert [fact["balance"] for fact in facts] == [25, 26]
    assert facts[0]["change"] == change
    levels = [fact["level"].name for fact in caught.facts if "level" in fact]
    assert levels == ["Adept"]
    unlocked = [
        fact["unlockable_definition"].name
        for fact in caught.facts
        if fact["signal"] is unlockable_unlocked
    ]
    assert unlocked == ["Garden"]


@pytest.mark.parametrize("amount", ["5", 1.5, None, True, 10**15 + 1])
def test_only_whole_numbers_are_booked(amount):
    player = create_player()

    with pytest.raises(InvalidAmount):
        player.change_points(amount)

    assert not PointChange.objects.exists()


def test_the_ledger_is_only_added_to():
    change = create_player().change_points(5)

    change.amount = 500
    with pytest.raises(LedgerIsAppendOnly):
        change.save()
    with pytest.raises(LedgerIsAppendOnly):
        change.delete()
    with pytest.raises(LedgerIsAppendOnly):
        PointChange.objects.all().delete()


def test_reset_takes_everything_back_and_keeps_the_record():
    player = create_player(points=10)
    create_unlockable_definition("Garden", points_required=10)
    definition = create_badge_definition(points=5, progression_target=3)
    player.increment(definition.slug, by=3)

    player.reset()

    player.refresh_from_db()
    assert player.points == 0
    badge = player.badges.get()
    assert (badge.acquired, badge.revoked, badge.progress) == (False, False, 0)
    assert not player.has_unlocked("garden")
    assert Award.objects.get().revoked_at is not None
    assert player.point_changes.aggregate(Sum("amount"))["amount__sum"] == 0


def test_after_a_reset_a_badge_is_earned_and_revoked_anew():
    player = create_player()
    definition = create_badge_definition(points=5, progression_target=3)
    player.increment(definition.slug, by=3)
    player.reset()

    assert player.increment(definition.slug, by=3).number == 2
    player.refresh_from_db()
    assert player.points == 5
    player.revoke(definition.slug)

    player.refresh_from_db()
    assert player.points == 0


def test_reconcile_finds_and_repairs_a_wrong_balance(capsys):
    player = create_player(points=10)
    create_player(points=20)
    call_command("gamification_reconcile")
    GamificationInterface.objects.filter(pk=player.pk).update(points=99)

    with pytest.raises(CommandError, match="1 balances are wrong"):
        call_command("gamification_reconcile")
    assert "the balance is 99, the ledger says 10" in capsys.readouterr().out
    call_command("gamification_reconcile", "--repair")

    player.refresh_from_db()
    assert player.points == 10


def test_an_unpublished_unlockable_stays_with_those_who_have_it():
    garden = create_unlockable_definition("Garden", points_required=10)
    player = create_player(points=10)

    garden.unpublish()

    assert player.has_unlocked("garden")
    assert not create_player(points=10).has_unlocked("garden")


def test_a_free_unlockable_is_there_without_prepared_rows_and_after_a_reset(settings):
    settings.WAGTAIL_GAMIFICATION_PREPARE_ROWS = False
    create_unlockable_definition("Welcome", points_required=0)
    create_unlockable_definition("Garden", points_required=10)

    player = create_player()

    assert [item.name for item in player.unlockables.all()] == ["Welcome"]
    player.change_points(10)
    player.reset()
    assert player.has_unlocked("welcome")
    assert not player.has_unlocked("garden")


def test_an_unlockable_that_players_have_is_not_taken_by_a_translation():
    player = create_player(points=50)
    definition = create_unlockable_definition("Garden", points_required=50)

    assert player.has_unlocked("garden")
    assert (
        UnlockableDefinition.objects.for_interface(player)
        .get(pk=definition.pk)
        .player_acquired
    )


def test_a_reason_may_be_as_long_as_it_takes():
    reason = "Because of all that was done. " * 100

    assert create_player().change_points(5, reason=reason).reason == reason
