"""Scores follow what players earn and do, in the same transaction."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from wagtail_gamification.actions import BuyUnlockableAction
from wagtail_gamification.actions.build_scores import (
    build_scores,
    purge_scores,
    rebuild_scores,
    wrong_players,
)
from wagtail_gamification.models import (
    Award,
    GamificationInterface,
    Leaderboard,
    PointChange,
    Score,
    ScoreSeries,
)
from wagtail_gamification.score_index import Span
from wagtail_gamification.testing import (
    create_badge_definition,
    create_player,
    create_point_rule,
    create_unlockable_definition,
    record_now,
)

pytestmark = pytest.mark.django_db


def test_without_a_board_nothing_is_counted_and_nothing_is_asked(
    assert_max_statements, scores
):
    definition = create_badge_definition(points=10)
    player = create_player()
    with assert_max_statements(99):
        definition.award(create_player())

    definition.award(player)

    assert scores() == []


def test_points_count_when_they_are_booked(board_of, scores):
    board_of()
    player = create_player()

    player.change_points(10)
    player.change_points(5)

    assert scores(player) == [15]


def test_what_was_before_is_counted_once_it_is_published(board_of, scores):
    player = create_player(points=30)

    board_of()

    assert scores(player) == [30]


def test_an_award_costs_one_statement_more(board_of, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    definition = create_badge_definition(points=10)
    players = [create_player() for _number in range(4)]

    def statements(player):
        with CaptureQueriesContext(connection) as captured:
            definition.award(player)
        return len(captured)

    statements(players[0])
    before = statements(players[1])
    board_of(name="Points")
    board_of(name="Badges", measure="badges", window="week")
    board_of(name="Earned", measure="event", event="badge_earned", window="month")
    statements(players[2])

    assert statements(players[3]) == before + 1


def test_a_board_of_badges_counts_awards_until_they_are_taken_back(board_of, scores):
    board_of(measure="badges")
    definition = create_badge_definition(max_awards=0)
    player = create_player()
    definition.award(player)

    assert scores(player) == [1]

    definition.revoke(player)

    assert scores(player) == [0]
    assert wrong_players() == 0


def test_a_board_of_an_event_counts_it(board_of, scores, lesson_completed, done):
    board_of(measure="event", event="lesson_completed")
    player = create_player()

    done(lesson_completed.record, player.user, quantity=3)
    done(lesson_completed.retract, player.user, quantity=2)

    assert scores(player) == [1]
    assert wrong_players() == 0


def test_points_of_rules_count_on_the_day_of_the_event(
    board_of, scores, lesson_completed, done
):
    board_of(window="week")
    rule = done(create_point_rule, "lesson_completed", 10)
    player = create_player()
    long_ago = timezone.now() - timedelta(days=30)

    done(lesson_completed.record, player.user, at=long_ago)

    assert rule.live
    assert player.point_changes.count() == 1
    assert scores(player) == []

    done(lesson_completed.record, player.user)

    assert scores(player) == [10]
    assert wrong_players() == 0


def test_a_reversal_counts_in_the_window_of_what_it_reverses(board_of, scores):
    definition = create_badge_definition(points=10)
    player = create_player()
    award = definition.award(player)
    before = timezone.now() - timedelta(days=400)
    Award.objects.filter(pk=award.pk).update(awarded_at=before)
    PointChange.objects.filter(award=award).update(time=before)
    board_of(name="Week", window="week")
    board_of(name="Ever")
    player.change_points(3)

    definition.revoke(player)

    series = {row.window: row for row in ScoreSeries.objects.all()}
    found = dict(Score.objects.values_list("series__window", "score"))
    assert set(series) == {"week", "all_time"}
    assert found == {"week": 3, "all_time": 3}
    assert wrong_players() == 0


def test_spending_takes_nothing_away(board_of, scores):
    board_of()
    player = create_player(points=50)
    garden = create_unlockable_definition(points_required=0, price=20)

    BuyUnlockableAction(garden, player).execute()

    player.refresh_from_db()
    assert player.points == 30
    assert scores(player) == [50]
    assert wrong_players() == 0


@pytest.mark.parametrize("measure", ["points", "badges"])
def test_a_reset_takes_the_player_off(board_of, scores, measure):
    board_of(measure=measure)
    definition = create_badge_definition(points=10)
    player, other = create_player(), create_player()
    definition.award(player)
    definition.award(other)
    player.reset()

    assert scores(player) == []

    player.change_points(4)
    create_badge_definition("Another").award(player)
    left = {"points": [4], "badges": [1]}[measure]

    assert scores(player) == left
    rebuild_scores()
    assert scores(player) == left
    assert len(scores(other)) == 1


def test_boards_that_compare_the_same_share_their_scores(board_of):
    board_of(name="One")
    board_of(name="Two", size=3)

    assert ScoreSeries.objects.count() == 1


def test_a_draft_counts_nothing(board_of):
    board_of(live=False)

    assert not ScoreSeries.objects.exists()


def test_an_unpublished_board_ends_its_series(board_of, done, scores):
    board = board_of()
    player = create_player(points=10)
    assert scores(player) == [10]

    done(board.unpublish)
    player.change_points(5)

    assert scores(player) == [10]
    assert purge_scores() == 1
    done(board.save_revision().publish)
    assert scores(player) == [15]


def test_a_deleted_board_ends_its_series(board_of, done):
    board = board_of()

    done(board.delete)

    assert not ScoreSeries.objects.filter(is_kept=True).exists()


def test_between_two_dates_what_came_before_is_left_out(board_of, scores):
    today = timezone.localdate()
    player = create_player(points=100)
    PointChange.objects.update(time=timezone.now() - timedelta(days=20))

    board_of(
        window="dates",
        starts_on=today - timedelta(days=3),
        ends_on=today + timedelta(days=3),
    )
    player.change_points(7)

    assert scores(player) == [7]


def test_scores_of_windows_that_are_over_are_purged(board_of, scores):
    board_of(window="week")
    player = create_player(points=10)
    Score.objects.update(first_day=1)
    player.change_points(2)

    assert purge_scores() == 1

    assert scores(player) == [2]


def test_wrong_scores_are_found_and_set_right(board_of):
    board_of()
    player, other = create_player(points=10), create_player(points=5)
    Score.objects.filter(interface=player).update(score=99)
    Score.objects.filter(interface=other).delete()

    assert wrong_players() == 2

    rebuild_scores()

    assert wrong_players() == 0


def test_an_interrupted_count_goes_on_where_it_stopped(board_of, scores):
    board_of()
    player = create_player(points=10)
    ScoreSeries.objects.update(built_at=None, reached=player.pk)
    Score.objects.all().delete()
    later = create_player(points=5)

    build_scores()

    assert scores(player) == []
    assert scores(later) == [5]
    assert ScoreSeries.objects.get().built_at


def test_what_is_rolled_back_is_not_counted(board_of, scores):
    board_of()
    player = create_player()

    with transaction.atomic():
        player.change_points(10)
        transaction.set_rollback(True)

    assert scores(player) == []


def test_deleting_a_player_takes_the_scores_along(board_of):
    board_of()
    player = create_player(points=10)

    get_user_model().objects.get(pk=player.user_id).delete()

    assert not Score.objects.exists()
    assert not GamificationInterface.objects.filter(pk=player.pk).exists()
    assert Leaderboard.objects.exists()


@pytest.mark.parametrize(
    ("window", "day", "first", "last"),
    [
        ("week", date(2026, 1, 1), date(2025, 12, 29), date(2026, 1, 4)),
        ("week", date(2026, 1, 5), date(2026, 1, 5), date(2026, 1, 11)),
        ("month", date(2024, 2, 29), date(2024, 2, 1), date(2024, 2, 29)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        ("year", date(2026, 6, 1), date(2026, 1, 1), date(2026, 12, 31)),
        ("year", date.max, date(9999, 1, 1), date.max),
        ("month", date.max, date(9999, 12, 1), date.max),
        ("week", date.max, date(9999, 12, 27), date.max),
    ],
)
def test_windows_begin_and_end_on_their_days(window, day, first, last):
    span = Span.of(window, day.toordinal())

    assert (span.first_day, span.last_day) == (first.toordinal(), last.toordinal())


def test_a_window_begins_at_midnight_of_the_site(board_of, standing, monkeypatch):
    board_of(window="week")
    sunday = datetime(2026, 3, 1, 23, 59, tzinfo=timezone.get_default_timezone())
    monday = sunday + timedelta(minutes=2)
    player = create_player(username="ada")
    monkeypatch.setattr(timezone, "now", lambda: sunday)
    PointChange.objects.create(interface=player, amount=10, time=sunday)

    assert standing() == [(1, "ada", 10)]

    monkeypatch.setattr(timezone, "now", lambda: monday)
    assert standing() == []
    PointChange.objects.create(interface=player, amount=3, time=monday)

    assert standing() == [(1, "ada", 3)]


def test_players_awarded_in_bulk_are_counted(board_of, done, lesson_completed):
    from wagtail_gamification.actions.retroactive import (
        make_retroactive_award,
        run_retroactive_award,
    )
    from wagtail_gamification.models import Requirement

    board_of(name="Points")
    board_of(name="Badges", measure="badges", window="year")
    board_of(name="Earned", measure="event", event="badge_earned", window="week")
    players = [create_player() for _number in range(3)]
    for player in players:
        record_now(lesson_completed, player.user)
    definition = create_badge_definition(points=10)
    Requirement.objects.create(
        badge_definition=definition, event="lesson_completed", target=1
    )
    job = make_retroactive_award(definition, awards=True, tells=False)

    done(run_retroactive_award, str(job.uuid))

    assert Award.objects.count() == 3
    found = Score.objects.values_list("series__measure", "score")
    assert sorted(found) == sorted(
        [("points", 10)] * 3 + [("badges", 1)] * 3 + [("event", 1)] * 3
    )
    assert wrong_players() == 0
