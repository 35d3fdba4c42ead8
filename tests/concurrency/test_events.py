"""Events that are recorded in several processes at the same moment."""

import pytest
from django.db.models import Sum

from tests.concurrency.test_processes import (  # noqa: F401 - a fixture
    PROCESSES,
    _on_postgresql,
    run_at_once,
)
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    BadgeDefinition,
    Failure,
    GamificationInterface,
    PointChange,
    PointRule,
    Requirement,
)
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

EVENT = """
from datetime import timedelta
from django.utils import timezone
from wagtail_gamification import Event
lesson = Event("lesson_completed", "Completes a lesson")
"""


def create_scholar(**fields):
    definition = create_badge_definition("Scholar", **fields)
    Requirement.objects.create(
        badge_definition=definition, event="lesson_completed", target=20
    )
    return definition


def assert_balances_are_the_ledger():
    ledger = PointChange.objects.order_by().values("interface")
    sums = dict(ledger.annotate(total=Sum("amount")).values_list("interface", "total"))
    for interface, points in GamificationInterface.objects.values_list("pk", "points"):
        assert points == sums.get(interface, 0)
    assert list(Failure.objects.values_list("error", flat=True)) == []


def test_eight_processes_record_the_same_keys_and_each_counts_once():
    player = create_player()
    create_scholar(points=50)
    PointRule.objects.create(name="Lessons", event="lesson_completed", points=2)

    run_at_once(
        player,
        EVENT + "import random\n"
        "keys = [f'key {n}' for n in range(40)]\n"
        "random.shuffle(keys)\n"
        "for key in keys[:20]: lesson.record(player, key=key)\n"
        "lesson.record_many([{'user': player, 'key': key} for key in keys])",
    )

    assert Activity.objects.get(event="lesson_completed").count == 40
    assert Badge.objects.get().progress == 40
    assert Award.objects.count() == 1
    assert player.points == 50 + 80
    assert_balances_are_the_ledger()


def test_eight_processes_record_for_users_without_an_interface():
    player = create_player()
    users = [create_player().user.pk for _ in range(20)]
    create_scholar()
    GamificationInterface.objects.filter(user__in=users).delete()

    run_at_once(
        player,
        EVENT + "from django.contrib.auth import get_user_model\n"
        "import random\n"
        f"users = list(get_user_model().objects.filter(pk__in={users}))\n"
        "random.shuffle(users)\n"
        "lesson.record_many([{'user': user, 'key': 'once'} for user in users])\n"
        "player.change_points(1)",
    )

    made = GamificationInterface.objects.filter(user__in=users)
    lessons = Activity.objects.filter(event="lesson_completed")
    assert made.count() == len(users) == lessons.count()
    assert set(lessons.values_list("count", flat=True)) == {1}
    assert_balances_are_the_ledger()


def test_all_that_can_be_done_to_players_at_once_ends_without_a_deadlock():
    players = [create_player() for _ in range(4)]
    scholar = create_scholar(points=5, max_awards=1000)
    create_badge_definition("Gift", points=7, max_awards=1000)
    PointRule.objects.create(name="Lessons", event="lesson_completed", points=2)
    PointRule.objects.create(name="Badges", event="badge_earned", points=1)

    run_at_once(
        players[0],
        EVENT + "import random\n"
        "from wagtail_gamification.actions.follow import follow_players\n"
        f"players = GamificationInterface.objects.filter(pk__in={pks(players)})\n"
        "players = list(players)\n"
        "deeds = [\n"
        "    lambda one, n: one.award('gift'),\n"
        "    lambda one, n: one.revoke('gift'),\n"
        "    lambda one, n: one.reset(),\n"
        "    lambda one, n: one.revoke('scholar'),\n"
        "    lambda one, n: lesson.record(one, quantity=30, key=f'{number} {n}'),\n"
        "    lambda one, n: lesson.retract(one, key=f'{number} {n - 5}'),\n"
        "    lambda one, n: follow_players([p.pk for p in random.sample(players, 3)]),"
        "\n"
        "    lambda one, n: lesson.record_many(\n"
        "        {'user': p} for p in random.sample(players, 4) * 3\n"
        "    ),\n"
        "]\n"
        "for n in range(40): deeds[n % 8](random.choice(players), n)",
        checks=False,
    )

    assert_balances_are_the_ledger()
    held = Award.objects.filter(revoked_at=None, badge__badge_definition=scholar)
    times = Badge.objects.filter(badge_definition=scholar)
    assert held.count() == times.aggregate(total=Sum("times_awarded"))["total"]


def test_publishing_a_badge_while_events_arrive():
    players = [create_player() for _ in range(8)]
    create_scholar()
    for number in range(8):
        definition = create_badge_definition(f"Draft {number}", live=False)
        Requirement.objects.create(
            badge_definition=definition, event="lesson_completed", target=1
        )
        definition.save_revision()

    run_at_once(
        players[0],
        EVENT
        + f"players = GamificationInterface.objects.filter(pk__in={pks(players)})\n"
        "for n in range(8):\n"
        "    if number < 2 and n % 2 == number:\n"
        "        draft = BadgeDefinition.objects.get(slug=f'draft-{n}')\n"
        "        draft.latest_revision.publish()\n"
        "    elif number > 1:\n"
        "        lesson.record_many([{'user': one} for one in players])\n",
        checks=False,
    )

    assert BadgeDefinition.objects.live().count() == 9
    times = set(Activity.objects.filter(event="lesson_completed").values_list("count"))
    assert times == {(8 * (PROCESSES - 2),)}
    assert Badge.objects.filter(badge_definition__slug="scholar").count() == 8
    assert Badge.objects.count() == 8 * 9
    assert_balances_are_the_ledger()


def pks(players):
    return [each.pk for each in players]
