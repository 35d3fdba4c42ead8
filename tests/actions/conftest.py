"""A site on which something happens."""

import pytest

from wagtail_gamification import Event
from wagtail_gamification.events import temporary_events
from wagtail_gamification.models import PointRule, Requirement
from wagtail_gamification.requirements import rule_index
from wagtail_gamification.testing import create_badge_definition


@pytest.fixture
def lesson_completed():
    with temporary_events():
        yield Event("lesson_completed", "Completes a lesson")


@pytest.fixture
def done(django_capture_on_commit_callbacks):
    """Do something and what waits for its commit: tasks, signals, dropped caches."""

    def do(function, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*args, **kwargs)

    return do


@pytest.fixture
def badge_for(done):
    """Publish a badge with requirements, and read the rules."""

    def make(*requirements, name="Scholar", **fields):
        def create():
            definition = create_badge_definition(name, **fields)
            for number, asked in enumerate(requirements):
                Requirement.objects.create(
                    badge_definition=definition, sort_order=number, **asked
                )
            return definition

        definition = done(create)
        rule_index()
        return definition

    return make


@pytest.fixture
def point_rule(done):
    def make(event="lesson_completed", points=10, **fields):
        rule = done(
            PointRule.objects.create,
            name="Lessons",
            event=event,
            points=points,
            **fields,
        )
        rule_index()
        return rule

    return make
