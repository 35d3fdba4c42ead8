"""What every test may rely on."""

from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.utils import translation


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
