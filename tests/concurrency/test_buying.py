"""Many who spend at once, on PostgreSQL: no point is spent twice."""

import pytest
from django.db import connection
from wagtail.models import Locale

from tests.concurrency.test_processes import run_at_once
from wagtail_gamification.models import (
    Activity,
    GamificationInterface,
    PointChange,
    Unlockable,
)
from wagtail_gamification.testing import create_player, create_unlockable_definition

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgresql():
    assert connection.vendor == "postgresql", (
        "These tests need PostgreSQL: set DATABASE_URL."
    )
    Locale.objects.get_or_create(language_code="en")


def for_sale(name, price):
    return create_unlockable_definition(name, 0, price=price)


def held(player):
    return Unlockable.objects.filter(interface=player, acquired=True).count()


@pytest.mark.parametrize("has_row", [True, False])
def test_one_who_buys_eight_times_at_once_pays_once(has_row):
    for_sale("Garden", 50)
    player = create_player(500)
    if not has_row:
        Unlockable.objects.all().delete()

    run_at_once(player, 'for _ in range(5): player.buy("garden")')

    assert (player.points, player.points_spent, player.points_earned) == (450, 50, 500)
    assert PointChange.objects.exclude(unlockable=None).count() == 1
    assert held(player) == 1
    assert Activity.objects.filter(event="unlockable_unlocked").count() == 1


def test_points_for_one_of_two_things_buy_one():
    for_sale("Garden", 50)
    for_sale("Attic", 50)
    player = create_player(99)

    run_at_once(player, 'player.buy(["garden", "attic"][number % 2])')

    assert (player.points, player.points_spent) == (49, 50)
    assert held(player) == 1
    assert PointChange.objects.exclude(unlockable=None).count() == 1


def test_points_that_come_while_others_go_are_all_counted():
    for number in range(20):
        for_sale(f"Thing {number}", 10)
    player = create_player()

    run_at_once(
        player,
        """
for each in range(20):
    player.change_points(1)
    player.buy(f"thing-{each}")
    player.change_points(1)
""",
    )

    spent = 10 * held(player)
    assert 0 < spent <= 200
    assert (player.points, player.points_spent) == (320 - spent, spent)
    assert player.points >= 0
    assert not GamificationInterface.objects.filter(points__lt=0).exists()
