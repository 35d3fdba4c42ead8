"""Delivered at least once, counted exactly once: by workers that get killed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Count, Sum
from wagtail.models import Collection, Locale
from wagtail.users.models import UserProfile

from tests.workers.happenings import (
    BADGES,
    LESSONS,
    META,
    META_POINTS,
    META_TARGET,
    PLAYERS,
    RULES,
    ZONES,
    choose_retracted,
    declare_events,
    make_happenings,
    now_in_utc,
    work_out,
)
from wagtail_gamification.events import object_key_of, temporary_events
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    BadgeDefinition,
    Category,
    Failure,
    GamificationInterface,
    PointChange,
    PointRule,
    Requirement,
    Streak,
)

pytestmark = [pytest.mark.workers, pytest.mark.django_db(transaction=True)]

SEED = 4
WORKERS = 8
KILLED = 0.05
BATCH = 80
# Players whose events come in the same batches, as those of a class do.
CLASS = 10
SINGLES = 250
RETRACTIONS = 150
# A job that hangs is noticed, on a machine that is busy with other things too.
PATIENCE = 400


@pytest.fixture
def events():
    with temporary_events():
        yield declare_events()


@pytest.fixture
def queue():
    assert connection.vendor == "postgresql", (
        "These tests need PostgreSQL: set DATABASE_URL."
    )
    assert os.environ.get("TASKS_BACKEND") == "rq", (
        "These tests need Redis and django-tasks-rq: set TASKS_BACKEND=rq."
    )
    import django_rq
    from django_tasks_rq import Job

    queue = django_rq.get_queue("default", job_class=Job)
    queue.empty()
    yield queue
    queue.empty()


@pytest.fixture
def players():
    """500 users; those with an odd tenth have no interface yet."""
    users = get_user_model().objects.bulk_create(
        [get_user_model()(username=f"player-{n}") for n in range(PLAYERS)]
    )
    UserProfile.objects.bulk_create(
        [
            UserProfile(user=user, current_time_zone=ZONES[n % len(ZONES)])
            for n, user in enumerate(users)
        ]
    )
    GamificationInterface.objects.bulk_create(
        [GamificationInterface(user=user) for n, user in enumerate(users) if n % 10]
    )
    return users


@pytest.fixture
def catalogue():
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    category = Category.objects.create(name="All")
    for slug, (points, most, asked) in BADGES.items():
        definition = BadgeDefinition.objects.create(
            name=slug, slug=slug, points=points, max_awards=most, category=category
        )
        event, target, how, within = asked
        Requirement.objects.create(
            badge_definition=definition,
            event=event,
            target=target,
            counting=how,
            within_days=within,
            allows_rest_days=slug == "steady",
        )
    meta = BadgeDefinition.objects.create(name=META, slug=META, points=META_POINTS)
    Requirement.objects.create(
        badge_definition=meta, kind="badge", category=category, target=META_TARGET
    )
    for event, (points, once, daily, total) in RULES.items():
        PointRule.objects.create(
            name=event,
            slug=event,
            event=event,
            points=points,
            once_per_object=once,
            daily_limit=daily,
            total_limit=total,
        )


@pytest.fixture
def crew():
    """Workers in processes, by their ids; another begins for each that is killed."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.workers.crew",
            connection.settings_dict["NAME"],
            str(WORKERS),
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings_workers"},
        stdout=subprocess.PIPE,
        text=True,
        # Ended together with the workers that it has started.
        start_new_session=True,
    )
    alive = []
    reader = threading.Thread(
        target=lambda: alive.extend(int(line) for line in process.stdout)
    )
    reader.start()
    yield alive
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    reader.join()
    process.stdout.close()


def deliver(events, players, lessons, happenings, retracted, rng):
    """Put everything into the queue, twice, in an order of its own each time."""

    def said(happening):
        lesson = happening.lesson
        return {
            "user": players[happening.player],
            "target": None if lesson is None else lessons[lesson],
            "quantity": happening.quantity,
            "at": happening.at,
            "key": happening.key,
        }

    deliveries = []
    for _time in range(2):
        rng.shuffle(happenings)
        singles, others = happenings[:SINGLES], happenings[SINGLES:]
        deliveries += [(events[each.event].record, said(each)) for each in singles]
        batches = defaultdict(list)
        for each in others:
            batches[each.event, each.player // CLASS].append(said(each))
        for (event, _class), batch in batches.items():
            for start in range(0, len(batch), BATCH):
                part = batch[start : start + BATCH]
                deliveries.append((events[event].record_many, {"happenings": part}))
        deliveries += [
            (events[each.event].retract, said(each))
            for each in happenings
            if each.key in retracted
        ]
    rng.shuffle(deliveries)
    for say, arguments in deliveries:
        say(**arguments)


def kill_and_finish(queue, alive, rng):
    """Kill one worker in twenty jobs, and deliver again what wasn't finished."""
    jobs = queue.job_ids
    kills = sorted(rng.sample(range(len(jobs)), int(len(jobs) * KILLED)))
    number_of_kills = len(kills)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        left = queue.count
        if kills and alive and left <= kills[-1]:
            kills.pop()
            os.kill(alive.pop(rng.randrange(len(alive))), signal.SIGKILL)
        elif not left:
            # Some may just be done by workers that are alive: they are delivered
            # once more than needed.
            jobs = unfinished(queue, jobs)
            if not jobs or Failure.objects.exists():
                break
            for job in queue.job_class.fetch_many(jobs, connection=queue.connection):
                queue.enqueue_job(job)
        # Redis is asked, not worn out.
        time.sleep(0.01)
    assert not kills, f"{len(kills)} of {number_of_kills} were never killed."
    return jobs


def unfinished(queue, jobs):
    found = queue.job_class.fetch_many(jobs, connection=queue.connection)
    return [job.id for job in found if job and not job.is_finished]


def test_twenty_thousand_events_delivered_twice_count_once(
    events, queue, players, catalogue, crew
):
    rng = random.Random(SEED)  # noqa: S311 - the same in every run
    happenings = make_happenings(rng, now_in_utc())
    retracted = choose_retracted(happenings, RETRACTIONS)
    assert len(retracted) == RETRACTIONS
    expected = work_out([each for each in happenings if each.key not in retracted])
    lessons = [Group.objects.create(name=f"Lesson {n}") for n in range(LESSONS)]
    deliver(events, players, lessons, happenings, retracted, rng)

    jobs = kill_and_finish(queue, crew, rng)

    failures = [f"{each}\n{each.traceback}" for each in Failure.objects.all()]
    assert not failures, failures[0]
    assert jobs == []
    number_of = {user.pk: number for number, user in enumerate(players)}
    lesson_of = {object_key_of(each): number for number, each in enumerate(lessons)}
    rows = Activity.objects.exclude(event="badge_earned").filter(count__gt=0)
    assert expected.activities == Counter(
        {
            (number_of[user], event, day, lesson_of.get(what)): count
            for user, event, day, what, count in rows.values_list(
                "interface__user", "event", "day", "object_key", "count"
            )
        }
    )
    assert expected.awards == by_player(
        number_of,
        Award.objects.values_list(
            "badge__interface__user", "badge__badge_definition__slug"
        ).annotate(times=Count("pk")),
    )
    assert expected.awards == by_player(
        number_of,
        Badge.acquired_objects.values_list(
            "interface__user", "badge_definition__slug", "times_awarded"
        ),
    )
    assert expected.progress == by_player(
        number_of,
        Badge.objects.values_list(
            "interface__user", "badge_definition__slug", "progress"
        ).filter(progress__gt=0),
    )
    assert expected.paid == by_player(
        number_of,
        PointChange.objects.filter(rule__isnull=False)
        .order_by()
        .values_list("interface__user", "rule__slug")
        .annotate(total=Sum("amount")),
    )
    ledger = PointChange.objects.order_by().values_list("interface__user")
    balances = GamificationInterface.objects.values_list("user", "points")
    assert expected.balances == by_player(number_of, balances)
    assert expected.balances == by_player(
        number_of, ledger.annotate(total=Sum("amount"))
    )
    streaks = Streak.objects.filter(event="practised")
    assert expected.streaks == by_player(
        number_of, streaks.values_list("interface__user", "longest")
    )


def by_player(number_of, rows):
    """Give rows of user, …, number as a counter by the player's number, …"""
    return +Counter(
        {
            (number_of[user], *names) if names else number_of[user]: number
            for user, *names, number in rows
        }
    )
