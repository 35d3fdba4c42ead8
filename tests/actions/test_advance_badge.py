"""Progress: counted once, and enough is enough."""

import pytest
from django.db import connection

from wagtail_gamification.exceptions import InvalidAmount, UnknownDefinition
from wagtail_gamification.models import Award, Badge, Progression
from wagtail_gamification.signals import badge_progressed
from wagtail_gamification.testing import (
    catch_signals,
    create_badge_definition,
    create_player,
)

pytestmark = pytest.mark.django_db


def test_increment_adds_progress_and_acquires_at_the_target():
    player = create_player()
    create_badge_definition(progression_target=3, points=30)
    badge = player.badges.get()

    assert badge.increment() is None
    assert badge.progression == Progression(1, 3)
    assert not badge.acquired
    award = badge.increment(by=2)

    assert award.number == 1
    assert badge.acquired
    assert badge.progression.finished
    player.refresh_from_db()
    assert player.points == 30


def test_steps_past_the_target_are_counted_and_award_nothing_more():
    player = create_player()
    create_badge_definition(progression_target=2, points=5)
    badge = player.badges.get()
    badge.increment(by=2)

    assert badge.increment(by=3) is None

    assert badge.progression == Progression(5, 2)
    assert (badge.progression.percent, badge.progression.shown) == (100, 2)
    assert Award.objects.count() == 1


def test_a_repeatable_badge_starts_over_after_each_award():
    player = create_player()
    create_badge_definition(progression_target=10, max_awards=3, points=1)
    badge = player.badges.get()

    award = badge.increment(by=25)

    assert award.number == 2
    assert badge.progression == Progression(5, 10)
    assert badge.increment(by=100).number == 3
    assert Award.objects.count() == 3
    player.refresh_from_db()
    assert player.points == 3


def test_a_revoked_badge_is_not_given_back_by_progress():
    player = create_player()
    create_badge_definition(progression_target=1)
    badge = player.badges.get()
    badge.increment()
    badge.revoke(reason="Cheated")

    assert badge.increment() is None

    assert badge.revoked
    assert not badge.acquired
    assert badge.progress == 2


def test_a_badge_without_a_target_counts_and_awards_nothing():
    player = create_player()
    create_badge_definition()
    badge = player.badges.get()

    assert badge.increment() is None

    assert badge.progress == 1
    assert badge.progression is None


def test_increment_by_slug_makes_a_missing_row(settings):
    settings.WAGTAIL_GAMIFICATION_PREPARE_ROWS = False
    player = create_player()
    create_badge_definition("Reader", progression_target=5)

    player.increment("reader", by=4)

    assert player.badges.get().progression == Progression(4, 5)


@pytest.mark.parametrize("by", [0, -1, 1.0, True, "2", None, 2**31])
def test_only_whole_numbers_above_zero_are_steps(by):
    player = create_player()
    create_badge_definition(progression_target=5)

    with pytest.raises(InvalidAmount):
        player.increment("explorer", by=by)

    assert Badge.objects.get().progress == 0


def test_an_unknown_slug_lists_what_exists():
    player = create_player()
    create_badge_definition("Reader")

    with pytest.raises(UnknownDefinition, match=r"There is no badge “raeder”.*reader"):
        player.increment("raeder")


def test_progress_is_announced_after_commit(django_capture_on_commit_callbacks):
    player = create_player()
    definition = create_badge_definition(progression_target=5)

    with catch_signals(badge_progressed) as caught:
        with django_capture_on_commit_callbacks(execute=True):
            player.increment(definition.slug, by=2)

    assert (caught[0]["by"], caught[0]["badge"].progress) == (2, 2)


def test_increment_takes_at_most_two_statements_and_the_lock(assert_max_statements):
    create_player()
    create_badge_definition(progression_target=5)
    badge = Badge.objects.select_related("interface").get()

    with assert_max_statements(2 + connection.features.has_select_for_update):
        badge.increment()
