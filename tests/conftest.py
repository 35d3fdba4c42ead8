"""What every test may rely on."""

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation


def pytest_collection_finish(session):
    """Look for garbage less often: it takes a fifth of the time of the whole suite."""
    gc.collect()
    # Models, templates and tests stay to the end.
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    """Caches outlive a rolled-back transaction; no test may see another's."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    """A request activates a language for its thread; it must not outlive the test."""
    yield
    translation.deactivate()


@pytest.fixture
def assert_max_statements() -> Callable[[int], AbstractContextManager[None]]:
    """Pin the statements of a block, without those that only mark transactions.

    Content types are known beforehand, and so is where web hooks go and which scores
    are kept: whether an earlier test has asked for one depends on the order in which
    they are run.
    """

    @contextmanager
    def at_most(number: int) -> Iterator[None]:
        from wagtail_gamification.actions.deliveries import deliver
        from wagtail_gamification.score_index import series_index

        ContentType.objects.get_for_models(*apps.get_models())
        deliver("", list)
        series_index()
        with CaptureQueriesContext(connection) as captured:
            yield
        marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        asked = [
            query["sql"]
            for query in captured.captured_queries
            if not query["sql"].startswith(marks)
        ]
        assert len(asked) <= number, "\n\n".join(asked)

    return at_most
