"""Eight processes at once, on PostgreSQL: what the constraints and locks decide."""

import os
import subprocess
import sys
import threading

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from wagtail.models import Locale

from wagtail_gamification.actions.reconcile_balances import correct_balances
from wagtail_gamification.models import (
    Award,
    Badge,
    GamificationInterface,
    PointChange,
    Unlockable,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_player,
    create_unlockable_definition,
)

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

PROCESSES = 8

# Loads everything once and then forks: a process is there at once, with a connection of
# its own. Each waits until the other end of a pipe is closed, then does its share.
STARTER = """
import os, random, sys, traceback, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from wagtail_gamification.models import *

def run(number):
    player = GamificationInterface.objects.get(pk=sys.argv[2])
    badge = Badge.objects.select_related("interface").filter(interface=player).first()
    os.write(ready[1], b".")
    os.read(go[0], 1)
    random.seed()
    names = {**globals(), "player": player, "badge": badge, "number": number}
    exec(sys.argv[3], names)

ready, go = os.pipe(), os.pipe()
children = []
for number in range(int(sys.argv[4])):
    child = os.fork()
    if not child:
        os.close(go[1])
        try:
            run(number)
        except BaseException:
            traceback.print_exc()
            os.write(ready[1], b"!")
            os._exit(1)
        os._exit(0)
    children.append(child)
for _ in children:
    os.read(ready[0], 1)
os.close(go[1])
failed = [child for child in children if os.waitpid(child, 0)[1]]
sys.exit(bool(failed))
"""


@pytest.fixture(autouse=True)
def _on_postgresql():
    assert connection.vendor == "postgresql", (
        "These tests need PostgreSQL: set DATABASE_URL."
    )
    # The one that Wagtail's migrations make goes with every other test's data.
    Locale.objects.get_or_create(language_code="en")


def run_at_once(player, work, *, checks=True):
    """Run ``work`` (Python source) in all processes at the same moment.

    Where it ``checks``, this player alone has points afterwards.
    """
    arguments = [connection.settings_dict["NAME"], player.pk, work, PROCESSES]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", STARTER, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    player.refresh_from_db()
    if checks:
        assert (
            player.points == PointChange.objects.aggregate(total=Sum("amount"))["total"]
        )


def test_a_thousand_increments_lose_none_and_pay_once():
    player = create_player()
    create_badge_definition(progression_target=700, points=50)
    create_unlockable_definition("Garden", points_required=50)

    run_at_once(player, "for _ in range(125): badge.increment()")

    badge = Badge.objects.get()
    assert (badge.progress, badge.acquired) == (1000, True)
    assert Award.objects.count() == 1
    assert PointChange.objects.count() == 1
    assert player.points == 50
    assert Unlockable.objects.get().acquired


def test_a_thousand_increments_of_a_repeatable_badge_award_every_hundredth():
    player = create_player()
    create_badge_definition(progression_target=100, points=5, max_awards=20)

    run_at_once(player, "for _ in range(125): badge.increment()")

    badge = Badge.objects.get()
    assert (badge.times_awarded, badge.progress) == (10, 0)
    assert sorted(Award.objects.values_list("number", flat=True)) == [*range(1, 11)]
    assert player.points == 50


def test_increments_without_a_row_make_one_and_lose_none():
    player = create_player()
    create_badge_definition(progression_target=700, points=50)
    Badge.objects.all().delete()

    run_at_once(player, "for _ in range(125): player.increment('explorer')")

    badge = Badge.objects.get()
    assert (badge.progress, badge.acquired) == (1000, True)
    assert player.points == 50


def test_eight_awards_at_once_give_one_and_pay_once():
    player = create_player()
    create_badge_definition(points=50)

    run_at_once(player, "for _ in range(20): badge.award()")

    assert Award.objects.count() == 1
    assert PointChange.objects.count() == 1
    assert player.points == 50


def test_eight_awards_at_once_of_a_repeatable_badge_stop_at_its_limit():
    player = create_player()
    create_badge_definition(points=50, max_awards=5)

    run_at_once(player, "for _ in range(20): badge.award()")

    assert Award.objects.count() == 5
    assert player.points == 250


def test_award_against_revoke_pays_and_takes_back_in_pairs():
    player = create_player()
    create_badge_definition(points=50)

    run_at_once(
        player,
        "for _ in range(25): badge.award() if number % 2 else badge.revoke()",
    )

    badge = Badge.objects.get()
    assert player.points == (50 if badge.acquired else 0)
    held = Award.objects.filter(revoked_at=None).count()
    assert held == int(badge.acquired)
    taken_back = PointChange.objects.filter(reverses__isnull=False).count()
    assert taken_back == Award.objects.count() - held


def test_points_from_eight_processes_all_arrive_and_unlock_once():
    player = create_player()
    create_badge_definition()
    create_unlockable_definition("Garden", points_required=500)

    run_at_once(player, "for _ in range(125): player.change_points(1)")

    assert player.points == 1000
    assert Unlockable.objects.get().acquired


def test_reset_against_awards_and_points_keeps_the_balance_right():
    player = create_player()
    create_badge_definition(points=50, max_awards=1000)

    run_at_once(
        player,
        "for _ in range(10): player.reset() if number == 0 else badge.award()",
    )

    held = Award.objects.filter(revoked_at=None)
    assert Badge.objects.get().times_awarded == held.count()


def test_for_user_at_once_makes_one_interface():
    player = create_player()
    create_badge_definition()
    user = create_player().user
    GamificationInterface.objects.filter(user=user).delete()

    run_at_once_user = (
        "from django.contrib.auth import get_user_model\n"
        f"user = get_user_model().objects.get(pk={user.pk})\n"
        "for _ in range(5): GamificationInterface.objects.for_user(user)\n"
        "player.change_points(1)"
    )
    run_at_once(player, run_at_once_user)

    assert GamificationInterface.objects.filter(user=user).count() == 1


def test_two_resets_against_awards_of_missing_rows_leave_what_was_paid():
    player = create_player()
    for number in range(20):
        create_badge_definition(f"Badge {number}", points=5)
    Badge.objects.all().delete()

    run_at_once(
        player,
        "for n in range(20):\n"
        "    player.reset() if number < 2 else player.award(f'badge-{n}')",
    )

    assert player.points == 5 * Badge.acquired_objects.count()


def test_deleting_a_definition_against_awards_keeps_each_award_that_was_paid():
    player = create_player()
    for number in range(20):
        create_badge_definition(f"Badge {number}", points=5)

    run_at_once(
        player,
        "from django.db import IntegrityError\n"
        "from django.db.models import ProtectedError\n"
        "for n in range(20):\n"
        "    try:\n"
        "        definition = BadgeDefinition.objects.get(slug=f'badge-{n}')\n"
        "        definition.delete() if number % 2 else definition.award(player)\n"
        "    except (BadgeDefinition.DoesNotExist, IntegrityError, ProtectedError):\n"
        "        pass\n"
        "player.change_points(1)",
    )

    assert player.points == 5 * Award.objects.count() + PROCESSES


def test_a_repair_counts_what_is_booked_while_it_waits():
    player = create_player(points=10)
    GamificationInterface.objects.filter(pk=player.pk).update(points=99)
    repair = threading.Thread(target=repair_and_hang_up)

    with transaction.atomic():
        player.change_points(5)
        repair.start()
        with connection.cursor() as cursor:
            waiting = 0
            while not waiting:
                # Or the transaction would go on seeing what it saw first.
                cursor.execute("SELECT pg_stat_clear_snapshot()")
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity "
                    "WHERE wait_event_type = 'Lock' AND datname = current_database()"
                )
                [waiting] = cursor.fetchone()
    repair.join()

    player.refresh_from_db()
    assert player.points == 15


def repair_and_hang_up():
    correct_balances()
    connection.close()
