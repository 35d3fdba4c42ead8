"""Imports in the hands of real workers, which are sometimes killed."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from wagtail.models import Collection, Locale, ModelLogEntry

from tests.spreadsheets.make import workbook
from wagtail_gamification.models import BadgeDefinition, ImportJob, ImportState
from wagtail_gamification.spreadsheets import jobs
from wagtail_gamification.spreadsheets.options import ImportOptions
from wagtail_gamification.spreadsheets.progress import ProgressNote
from wagtail_gamification.spreadsheets.resources import CATALOGUE

pytestmark = [pytest.mark.workers, pytest.mark.django_db(transaction=True)]

BACKEND = os.environ.get("TASKS_BACKEND", "db")
PATIENCE = 120

# The worker's settings are those of the tests, its database is theirs too.
START = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.core.management import call_command
call_command(*sys.argv[2:])
"""
COMMANDS = {
    "db": ["db_worker", "--interval=0.1"],
    # The one that does the work itself, so that it can be killed.
    "rq": [
        "rqworker",
        "--job-class=django_tasks_rq.Job",
        "--worker-class=rq.SimpleWorker",
        "default",
    ],
}


@pytest.fixture(autouse=True)
def _a_site():
    assert connection.vendor == "postgresql", (
        "These tests need PostgreSQL: set DATABASE_URL."
    )
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    if BACKEND == "rq":
        import django_rq

        # What an earlier test has left there.
        django_rq.get_queue().empty()


@pytest.fixture
def start_worker(tmp_path):
    processes = []
    output = (tmp_path / "output.txt").open("w")

    def start():
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                START,
                connection.settings_dict["NAME"],
                *COMMANDS[BACKEND],
            ],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.settings_workers",
                "TESTS_MEDIA_ROOT": settings.MEDIA_ROOT,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        kill(process)
    output.close()
    # Shown where a test fails.
    sys.stdout.write((tmp_path / "output.txt").read_text())


def kill(process):
    process.kill()
    process.wait()


def wait_for(is_there, what):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := is_there():
            return found
        time.sleep(0.05)
    raise TimeoutError(f"Nobody saw within {PATIENCE} s: {what}")


def wait_until(job, *states):
    def is_there():
        job.refresh_from_db()
        return job.state in states

    try:
        wait_for(is_there, f"an import that is {' or '.join(states)}")
    except TimeoutError as error:
        raise TimeoutError(f"{error}; it is {job.state}: {job.error}") from None


def badges(count):
    rows = [["name", "points"], *([f"Badge {n}", n] for n in range(count))]
    return ContentFile(workbook(Badges=rows), "badges.xlsx")


def previewed(user, count=20):
    job = jobs.create_job(CATALOGUE, badges(count), user=user)
    assert jobs.set_mapping(job, job.mapping)
    assert jobs.start_preview(job)
    assert job.state == ImportState.PREVIEWING
    wait_until(job, ImportState.PREVIEWED)
    return job


def test_a_worker_previews_runs_and_undoes(start_worker, admin_user):
    start_worker()
    job = previewed(admin_user)
    assert job.totals["created"] == 20
    assert BadgeDefinition.objects.count() == 0

    assert jobs.start_run(job, ImportOptions())
    assert not jobs.start_run(job, ImportOptions())

    wait_until(job, ImportState.DONE)
    assert BadgeDefinition.objects.live().count() == 20
    assert (
        ModelLogEntry.objects.filter(
            uuid=job.uuid, action="wagtail.create", user=admin_user
        ).count()
        == 20
    )

    assert jobs.start_undo(job)
    wait_until(job, ImportState.UNDONE)
    assert BadgeDefinition.objects.count() == 0


def test_two_workers_do_it_once(start_worker, admin_user):
    start_worker()
    start_worker()
    job = previewed(admin_user)
    jobs.start_run(job, ImportOptions())
    # As a queue would that delivers twice.
    jobs.tasks.run_import.enqueue(str(job.uuid))

    wait_until(job, ImportState.DONE)

    assert BadgeDefinition.objects.count() == 20
    assert ModelLogEntry.objects.filter(action="wagtail.create").count() == 20


def test_a_worker_that_is_killed_leaves_nothing_and_another_does_it(
    start_worker, admin_user
):
    worker = start_worker()
    job = previewed(admin_user, count=400)
    jobs.start_run(job, ImportOptions())
    wait_until(job, ImportState.RUNNING)
    wait_for(ProgressNote(job).read, "a note of the progress")

    kill(worker)

    job.refresh_from_db()
    assert job.state == ImportState.RUNNING
    assert BadgeDefinition.objects.count() == 0
    wait_for(lambda: jobs.notice_silence(job), "the silence")
    assert ImportJob.objects.get().state == ImportState.INTERRUPTED

    start_worker()
    assert jobs.start_again(job)

    wait_until(job, ImportState.DONE)
    assert BadgeDefinition.objects.live().count() == 400
