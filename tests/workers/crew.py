"""Eight workers of django-tasks-rq out of one process that loads Django once.

``python -m tests.workers.crew DATABASE NUMBER`` says the process id of each worker, a
line for each, and starts another for each that is killed.
"""

import os
import sys

import django
from django.conf import settings


def start():
    """Fork a worker that does the work itself, so that it can be killed in it."""
    pid = os.fork()
    if pid:
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        return
    import django_rq

    worker = django_rq.get_worker(
        "default", job_class="django_tasks_rq.Job", worker_class="rq.SimpleWorker"
    )
    worker.work(logging_level="ERROR")
    os._exit(1)


def main(database, number):
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    # What each worker would load for itself.
    import django_tasks_rq  # noqa: F401

    from tests.workers.happenings import declare_events
    from wagtail_gamification.actions import record_events  # noqa: F401

    declare_events()
    for _ in range(number):
        start()
    while True:
        os.wait()
        start()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
