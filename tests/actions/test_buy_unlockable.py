"""Points are spent on what is for sale, once, and cost nobody a level."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError
from django.test import override_settings

from wagtail_gamification import BuyOutcome, BuyUnlockableAction
from wagtail_gamification.actions.reconcile_balances import (
    correct_balances,
    find_wrong_balances,
)
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import (
    Activity,
    GamificationInterface,
    PointChange,
    Unlockable,
)
from wagtail_gamification.signals import points_changed, unlockable_unlocked
from wagtail_gamification.testing import (
    catch_signals,
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def player():
    return create_player()


def for_sale(name="Garden", price=50, points_required=0, **fields):
    return create_unlockable_definition(name, points_required, price=price, **fields)


def numbers(player):
    player = GamificationInterface.objects.get(pk=player.pk)
    return player.points, player.points_spent, player.points_earned


def has(player, definition):
    return Unlockable.objects.filter(
        interface=player, unlockable_definition=definition, acquired=True
    ).exists()


@pytest.mark.parametrize("prepares", [True, False])
def test_what_is_bought_is_paid_for_and_unlocked(player, prepares):
    with override_settings(WAGTAIL_GAMIFICATION_PREPARE_ROWS=prepares):
        definition = for_sale()
    player.change_points(80)

    assert definition.buy(player) is BuyOutcome.BOUGHT

    assert numbers(player) == (30, 50, 80)
    assert (player.points, player.points_spent, player.points_earned) == (30, 50, 80)
    assert has(player, definition)
    change = PointChange.objects.get(unlockable=definition)
    assert (change.amount, change.reason) == (-50, "Bought: Garden")


def test_it_is_bought_by_its_slug(player):
    for_sale()
    player.change_points(50)

    assert player.buy("garden") is BuyOutcome.BOUGHT
    with pytest.raises(UnknownDefinition):
        player.buy("graden")


def test_a_user_buys_without_having_an_interface_yet():
    user = create_player().user
    GamificationInterface.objects.filter(user=user).delete()
    user.refresh_from_db()

    assert for_sale().buy(user) is BuyOutcome.TOO_FEW_POINTS


def test_it_is_sold_once(player):
    definition = for_sale()
    player.change_points(200)
    definition.buy(player)

    assert definition.buy(player) is BuyOutcome.HAS_IT_ALREADY
    assert numbers(player) == (150, 50, 200)
    assert PointChange.objects.filter(unlockable=definition).count() == 1


def test_one_point_too_few_buys_nothing(player):
    definition = for_sale()
    player.change_points(49)

    assert definition.buy(player) is BuyOutcome.TOO_FEW_POINTS
    assert numbers(player) == (49, 0, 49)
    assert not has(player, definition)
    assert not PointChange.objects.filter(unlockable=definition).exists()


def test_it_is_sold_from_the_points_required_on_spent_ones_included(player):
    definition = for_sale(points_required=100)
    other = for_sale("Shed", price=20)
    player.change_points(99)
    player.buy("shed")

    assert definition.buy(player) is BuyOutcome.NOT_YET

    player.change_points(1)
    assert definition.buy(player) is BuyOutcome.BOUGHT
    assert has(player, other)
    assert numbers(player) == (30, 70, 100)


def test_what_has_no_price_or_is_not_published_is_not_sold(player):
    player.change_points(500)
    free = create_unlockable_definition("Free", 1000)
    draft = for_sale("Draft", live=False)

    assert free.buy(player) is BuyOutcome.NOT_FOR_SALE
    assert draft.buy(player) is BuyOutcome.NOT_FOR_SALE
    assert numbers(player) == (500, 0, 500)


def test_nothing_is_sold_for_another_price_than_was_told(player):
    definition = for_sale(price=80)
    player.change_points(100)

    told = BuyUnlockableAction(definition, player, price=50)

    assert told.execute() is BuyOutcome.PRICE_CHANGED
    assert numbers(player) == (100, 0, 100)


def test_the_price_of_now_counts_whatever_object_is_at_hand(player):
    definition = for_sale(price=50)
    player.change_points(100)
    type(definition).objects.update(price=90)

    assert definition.buy(player) is BuyOutcome.BOUGHT
    assert numbers(player) == (10, 90, 100)


def test_who_is_inactive_buys_nothing(player):
    definition = for_sale()
    player.change_points(100)
    player.user.is_active = False
    player.user.save()

    assert definition.buy(player) is BuyOutcome.NOT_COUNTED
    assert numbers(player) == (100, 0, 100)


def test_points_do_not_unlock_what_is_for_sale(player):
    definition = for_sale(points_required=10)

    player.change_points(1000)
    newcomer = create_player()

    assert not has(player, definition)
    assert not has(newcomer, definition)


def test_publishing_what_is_for_sale_unlocks_it_for_nobody(player):
    player.change_points(1000)

    definition = for_sale()
    definition.save_revision().publish()

    assert not Unlockable.objects.filter(acquired=True).exists()


def test_spending_costs_no_level_and_locks_nothing_again(player):
    level = create_level("Scout", 80)
    lost = create_unlockable_definition("Lost", 70, relock=True)
    for_sale(price=80)
    player.change_points(80)
    assert player.level == level

    player.buy("garden")

    player = GamificationInterface.objects.get(pk=player.pk)
    assert player.points == 0
    assert player.level == level
    assert player.level_progress.points == 80
    assert has(player, lost)


def test_what_was_bought_is_not_locked_again_by_falling_points(player):
    definition = for_sale(points_required=60, relock=True)
    player.change_points(60)
    definition.buy(player)

    player.change_points(-60)
    assert has(player, definition)

    # Nor when it becomes dearer, or is no longer for sale.
    definition.price, definition.points_required = None, 500
    definition.save_revision().publish()
    player.change_points(-1)
    assert has(player, definition)


def test_a_level_is_reached_by_what_was_earned_after_spending(player):
    level = create_level("Scout", 100)
    for_sale(price=50)
    player.change_points(50)
    player.buy("garden")

    player.change_points(50)

    player = GamificationInterface.objects.get(pk=player.pk)
    assert (player.points, player.level) == (50, level)


def test_requirements_for_points_go_by_what_was_earned(badge_for, done, player):
    badge_for({"kind": "points", "target": 100}, points=0)
    for_sale(price=60)
    done(player.change_points, 60)
    done(player.buy, "garden")

    done(player.change_points, 40)

    assert player.badge("scholar").acquired


def test_buying_is_told_and_counted(done, player):
    definition = for_sale()
    player.change_points(80)

    with (
        catch_signals(unlockable_unlocked) as unlocked,
        catch_signals(points_changed) as changed,
    ):
        done(definition.buy, player)
        done(definition.buy, player)

    assert [call["unlockable_definition"] for call in unlocked] == [definition]
    assert [call["balance"] for call in changed] == [30]
    events = Activity.objects.filter(interface=player).values_list("event", flat=True)
    assert list(events) == ["unlockable_unlocked"]


def test_a_reset_takes_what_was_bought_and_it_can_be_bought_anew(player):
    level = create_level("Scout", 80)
    definition = for_sale(price=80)
    free = create_unlockable_definition("Free", 0)
    player.change_points(80)
    definition.buy(player)

    player.reset()

    assert numbers(player) == (0, 0, 0)
    assert not has(player, definition)
    assert has(player, free)
    assert GamificationInterface.objects.get(pk=player.pk).level != level
    assert not find_wrong_balances().exists()
    player.change_points(80)
    assert definition.buy(player) is BuyOutcome.BOUGHT


def test_before_a_reset_is_said_what_it_takes(player):
    from wagtail_gamification import ResetInterfaceAction

    level = create_level("Scout", 80)
    definition = for_sale(price=60)
    player.change_points(80)
    definition.buy(player)

    loss = ResetInterfaceAction(player).preview()

    assert loss.unlockables == (definition,)
    assert (loss.level, loss.level_afterwards) == (level, None)
    assert loss.amount == -20


def test_before_a_badge_is_taken_back_the_level_of_what_was_earned_is_said(player):
    from wagtail_gamification import RevokeBadgeAction

    low, high = create_level("Low", 50), create_level("High", 100)
    badge = create_badge_definition(points=40)
    for_sale(price=60)
    player.change_points(60)
    badge.award(player)
    player.buy("garden")

    loss = RevokeBadgeAction(badge, player).preview()

    assert (loss.level, loss.level_afterwards) == (high, low)
    assert (loss.points, loss.unlockables) == (0, ())


def test_the_ledger_keeps_what_points_were_spent_on(player):
    definition = for_sale()
    player.change_points(50)
    definition.buy(player)
    Unlockable.objects.update(acquired=False)

    with pytest.raises(ProtectedError):
        definition.delete()


def test_reconciling_finds_and_repairs_what_is_said_to_be_spent(player):
    definition = for_sale()
    player.change_points(50)
    definition.buy(player)
    GamificationInterface.objects.filter(pk=player.pk).update(points_spent=7)
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("gamification_reconcile", stdout=out)

    assert "7 points are spent, the ledger says 50." in out.getvalue()
    assert "the balance is" not in out.getvalue()
    assert correct_balances() == 1
    assert numbers(player) == (0, 50, 50)


def test_a_draft_on_sale_changes_no_price(player):
    definition = for_sale(price=50)
    definition.price = 5
    definition.save_revision()
    player.change_points(50)

    definition.buy(player)

    assert numbers(player) == (0, 50, 50)


def test_buying_takes_few_statements(player, assert_max_statements):
    definition = for_sale()
    player.change_points(80)

    with assert_max_statements(12):
        definition.buy(player)
