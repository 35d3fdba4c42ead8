"""Badges whose end is noticed twice at the same moment."""

import threading

import pytest
from django.db import connections

from tests.actions.test_expiry import let_pass
from tests.concurrency.test_processes import _on_postgresql  # noqa: F401 - a fixture
from wagtail_gamification import badge_expired
from wagtail_gamification.actions.expire_badges import expire_badges
from wagtail_gamification.testing import (
    catch_signals,
    create_badge_definition,
    create_player,
)

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def test_two_that_run_at_once_announce_each_end_once():
    definition = create_badge_definition(expires_after=30)
    for _number in range(20):
        definition.award(create_player())
    let_pass(days=31)
    start = threading.Barrier(2)
    counts = []

    def work():
        start.wait()
        try:
            counts.append(expire_badges().expired)
        finally:
            connections.close_all()

    with catch_signals(badge_expired) as caught:
        threads = [threading.Thread(target=work) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sum(counts) == 20
    assert len({fact["award"].pk for fact in caught.facts}) == len(caught) == 20
