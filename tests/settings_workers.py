"""As tests.settings, with tasks that real workers do in processes of their own.

TASKS_BACKEND is ``db`` (django-tasks-db, in the database of the tests) or ``rq``
(django-tasks-rq, on the Redis of REDIS_URL).
"""

import os

from .settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "django_tasks_db", "django_rq"]  # noqa: F405
TASKS = {
    "default": {
        "BACKEND": "django_tasks_rq.RQBackend"
        if os.environ.get("TASKS_BACKEND") == "rq"
        else "django_tasks_db.DatabaseBackend"
    }
}
RQ_QUEUES = {
    "default": {"URL": os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/15"}
}
# Both processes have to find what was uploaded.
if "TESTS_MEDIA_ROOT" in os.environ:
    MEDIA_ROOT = os.environ["TESTS_MEDIA_ROOT"]
# Soon enough to wait for it in a test.
WAGTAIL_GAMIFICATION_IMPORT_SILENT_SECONDS = 3
