"""Players are told of each thing once, and only while it is true."""

from datetime import timedelta

import pytest
from django.utils import timezone

from wagtail_gamification import notices_created
from wagtail_gamification.actions.giving_jobs import start_bulk_award
from wagtail_gamification.actions.purge_notices import forget_old_notices
from wagtail_gamification.models import GamificationInterface, Notice, Unlockable
from wagtail_gamification.notices import (
    count_unread,
    read_notices,
    take_new_notices,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db


def told(player):
    """Give what a player was told, in the order in which it was written."""
    return list(player.notices.order_by("pk").values_list("kind", flat=True))


class TestWriting:
    def test_an_award_with_what_it_reaches_is_told_of(self):
        create_level("Novice", 10)
        create_unlockable_definition("Attic", points_required=5)
        definition = create_badge_definition(points=10)
        player = create_player()

        award = definition.award(player)

        assert sorted(told(player)) == ["award", "level", "unlockable"]
        notice = player.notices.get(kind="award")
        assert (notice.award, notice.definition_id) == (award, definition.pk)

    def test_a_badge_that_is_had_again_is_told_of_again(self):
        definition = create_badge_definition(max_awards=2)
        player = create_player()

        definition.award(player)
        definition.award(player)
        definition.award(player)

        assert told(player) == ["award", "award"]

    def test_a_level_that_is_reached_twice_is_told_of_once(self):
        create_level("Novice", 10)
        player = create_player(points=10)

        player.change_points(-5)
        player.change_points(5)

        assert told(player) == ["level"]

    def test_of_several_levels_the_highest_is_told_of(self):
        create_level("Novice", 10)
        master = create_level("Master", 20)

        player = create_player(points=30)

        assert [notice.level for notice in player.notices.all()] == [master]

    def test_nothing_is_written_where_the_site_wants_none(self, settings):
        settings.WAGTAIL_GAMIFICATION_NOTICES = False
        create_level("Novice", 10)
        player = create_player()

        create_badge_definition(points=10).award(player)

        assert not Notice.objects.exists()

    @pytest.mark.parametrize("tells", [True, False])
    def test_many_are_told_where_the_editor_says_so(
        self, admin_user, django_capture_on_commit_callbacks, tells
    ):
        definition = create_badge_definition(points=5)
        create_level("Novice", 5)
        players = [create_player() for _ in range(3)]
        everybody = GamificationInterface.objects.filter(
            pk__in=[player.pk for player in players]
        )

        with django_capture_on_commit_callbacks(execute=True):
            start_bulk_award(everybody, definition, by=admin_user, tells=tells)

        assert all(player.badges.get().acquired for player in players)
        kinds = ["award", "level"] if tells else []
        assert [sorted(told(player)) for player in players] == [kinds] * 3

    def test_a_reset_forgets_what_was_told(self):
        create_level("Novice", 10)
        player = create_player(points=10)

        player.reset()
        assert told(player) == []
        player.change_points(10)

        assert told(player) == ["level"]

    def test_a_signal_brings_what_was_written(self, django_capture_on_commit_callbacks):
        create_level("Novice", 10)
        player = create_player()
        definition = create_badge_definition(points=10)
        heard = []

        def listen(sender, keys, **kwargs):
            heard.append(set(keys))

        notices_created.connect(listen)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                definition.award(player)
                assert heard == []
            with django_capture_on_commit_callbacks(execute=True):
                player.change_points(1)
        finally:
            notices_created.disconnect(listen)

        assert len(heard) == 2
        assert set.union(*heard) == set(player.notices.values_list("pk", flat=True))

    def test_old_ones_are_forgotten(self):
        definition = create_badge_definition(max_awards=9)
        player = create_player()
        definition.award(player)
        definition.award(player)
        old = player.notices.order_by("pk").first()
        days = timedelta(days=31)
        Notice.objects.filter(pk=old.pk).update(created_at=timezone.now() - days)

        assert forget_old_notices(30) == 1

        assert old not in player.notices.all()


class TestReading:
    def test_sentences_and_pictures(self):
        create_level("Novice", 10)
        create_unlockable_definition("Attic", points_required=5)
        player = create_player()
        create_badge_definition("Heron", points=10).award(player)

        texts = {item.text for item in read_notices(player.notices.all())}

        assert texts == {
            "You have earned the badge “Heron”.",
            "You have reached the level “Novice”.",
            "You have unlocked “Attic”.",
        }

    def test_a_secret_badge_is_told_of_once_it_is_earned(self):
        player = create_player()
        create_badge_definition("Whisperer", is_secret=True).award(player)

        [item] = take_new_notices(player.user).items

        assert item.name == "Whisperer"

    def test_what_was_taken_back_is_not_told_of(self):
        definition = create_badge_definition()
        door = create_unlockable_definition("Attic", points_required=5, relock=True)
        player = create_player(points=5)
        definition.award(player)
        assert count_unread(player.user) == 2

        definition.revoke(player)
        player.change_points(-5)

        assert not Unlockable.objects.get(unlockable_definition=door).acquired
        assert count_unread(player.user) == 0
        assert not take_new_notices(player.user)

    def test_each_is_told_once(self):
        player = create_player()
        create_badge_definition().award(player)

        assert len(take_new_notices(player.user).items) == 1
        assert not take_new_notices(player.user)
        assert count_unread(player.user) == 1

    def test_what_was_read_is_not_told_of(self):
        player = create_player()
        create_badge_definition().award(player)

        assert Notice.objects.of(player.user).mark_read() == 1

        assert not take_new_notices(player.user)

    def test_many_are_told_of_in_one(self):
        player = create_player()
        for number in range(7):
            create_badge_definition(f"Badge {number}").award(player)

        new = take_new_notices(player.user)

        names = [item.name for item in new.items]
        assert (names, new.more) == (["Badge 6", "Badge 5", "Badge 4"], 4)

    def test_nothing_new_costs_one_query(self, assert_max_statements):
        user = create_player().user

        with assert_max_statements(1):
            take_new_notices(user)

    def test_something_new_costs_as_much_however_much_it_is(
        self, assert_max_statements, django_capture_on_commit_callbacks
    ):
        player = create_player()
        with django_capture_on_commit_callbacks(execute=True):
            for number in range(9):
                create_badge_definition(f"Badge {number}").award(player)
        read_notices(player.notices.all())
        user = player.user

        with assert_max_statements(4):
            take_new_notices(user)

    def test_nobody_else_is_told(self):
        player, other = create_player(), create_player()
        create_badge_definition().award(player)

        assert not take_new_notices(other.user)
        assert not take_new_notices(None)
        assert take_new_notices(player.user)
