"""Taking a badge back: what is said before is what happens."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import ModelLogEntry

from wagtail_gamification.models import (
    Award,
    Badge,
    GamificationInterface,
    PointChange,
    Unlockable,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

from .conftest import (
    EVIL,
    errors_of,
    hidden,
    messages_of,
    points_of,
    submit,
    text_of,
    url_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def heron(grace):
    badge = create_badge_definition("Heron", points=50)
    badge.award(grace)
    return badge


def loss_of(client, grace, badge):
    return client.get(url_of("revoke", grace, badge)).context["loss"]


def standing_of(grace):
    """Give what taking a badge back can change."""
    player = GamificationInterface.objects.get(pk=grace.pk)
    unlocked = Unlockable.objects.filter(interface=player, acquired=True)
    return {
        "points": player.points,
        "level": player.level,
        "unlocked": {row.unlockable_definition for row in unlocked},
        "awards": Award.objects.filter(
            badge__interface=player, revoked_at=None
        ).count(),
        "badges": Badge.objects.filter(interface=player, acquired=True).count(),
    }


def assert_what_is_said_happens(client, grace, badge):
    loss, before = loss_of(client, grace, badge), standing_of(grace)

    assert submit(client, url_of("revoke", grace, badge)).status_code == 302

    after = standing_of(grace)
    assert after["points"] == loss.points == before["points"] + loss.amount
    assert (before["level"], after["level"]) == (loss.level, loss.level_afterwards)
    assert before["unlocked"] - after["unlocked"] == set(loss.unlockables)
    assert after["unlocked"] <= before["unlocked"]
    assert before["awards"] - after["awards"] == loss.awards
    assert before["badges"] - after["badges"] == loss.badges == 1
    return loss


def test_a_badge_is_taken_back_with_a_reason_and_a_note(editor, grace, heron):
    response = submit(
        editor, url_of("revoke", grace, heron), reason="A mistake", note="See Ada"
    )

    assert response.url == url_of("player", grace)
    assert messages_of(response) == ["“Heron” is taken back from Grace Hopper."]
    award = Award.objects.get()
    assert (award.revoke_reason, award.revoke_note) == ("A mistake", "See Ada")
    assert award.revoked_by.username == "edith"
    assert points_of(grace) == 0


class TestWhatIsSaidHappens:
    def test_with_levels_and_unlockables(self, editor, grace, heron):
        create_level("Novice", 10)
        create_level("Expert", 60)
        create_unlockable_definition("Garden", points_required=60, relock=True)
        create_unlockable_definition("Attic", points_required=65, relock=False)
        create_unlockable_definition("Cellar", points_required=15, relock=True)
        grace.change_points(20)

        loss = assert_what_is_said_happens(editor, grace, heron)

        assert (loss.awards, loss.amount, loss.points) == (1, -50, 20)
        assert [str(each) for each in loss.unlockables] == ["Garden"]
        assert (str(loss.level), str(loss.level_afterwards)) == ("Expert", "Novice")

    def test_down_to_no_level_and_below_zero(self, editor, grace, heron):
        create_level("Novice", 1)
        grace.change_points(-30)

        loss = assert_what_is_said_happens(editor, grace, heron)

        assert (loss.points, loss.level_afterwards) == (-30, None)

    def test_all_awards_of_a_badge_that_can_be_had_more_often(self, editor, grace):
        badge = create_badge_definition("Often", points=7, max_awards=5)
        for _time in range(3):
            badge.award(grace)

        loss = assert_what_is_said_happens(editor, grace, badge)

        assert (loss.awards, loss.amount) == (3, -21)

    def test_awards_that_have_ended_too(self, editor, grace):
        badge = create_badge_definition("Guest", points=5, expires_after=1)
        badge.award(grace)
        Badge.objects.update(expires_at=timezone.now() - timedelta(1))
        badge.award(grace)

        assert assert_what_is_said_happens(editor, grace, badge).awards == 2

    def test_what_was_paid_and_not_what_the_badge_is_worth_now(
        self, editor, grace, heron
    ):
        heron.points = 70
        heron.save()

        assert assert_what_is_said_happens(editor, grace, heron).amount == -50

    def test_of_a_badge_without_points(self, editor, grace):
        create_level("Novice", 0)
        create_unlockable_definition("Garden", points_required=0, relock=True)
        badge = create_badge_definition("Plain")
        badge.award(grace)

        loss = assert_what_is_said_happens(editor, grace, badge)

        assert (loss.amount, loss.unlockables, loss.changes_level) == (0, (), False)

    def test_once_more_after_it_was_awarded_again(self, editor, grace, heron):
        heron.revoke(grace)
        heron.award(grace)

        assert assert_what_is_said_happens(editor, grace, heron).awards == 1

    def test_where_other_badges_ask_for_it(self, editor, grace, heron):
        create_badge_definition(
            "Birds",
            points=9,
            requirements=[{"kind": "badge", "badge": heron, "target": 1}],
        ).award(grace)

        assert assert_what_is_said_happens(editor, grace, heron).amount == -50

    def test_of_one_player_and_nobody_else(self, editor, grace, heron):
        other = create_player(points=100)
        heron.award(other)

        assert_what_is_said_happens(editor, grace, heron)

        assert points_of(other) == 150


def test_the_page_says_it_in_words(editor, grace):
    create_level("Novice", 10)
    create_level("Expert", 60)
    create_unlockable_definition("Garden", points_required=60, relock=True)
    badge = create_badge_definition("Often", points=30, max_awards=5)
    badge.award(grace)
    badge.award(grace)
    grace.change_points(1000)
    grace.change_points(-990)

    page = " ".join(text_of(editor.get(url_of("revoke", grace, badge))).split())

    assert "“Often” of Grace Hopper" in page
    assert "the badge, with all 2 awards of it" in page
    assert "60 points, which leaves 10" in page
    assert "the level “Expert”: “Novice” comes instead" in page
    assert "<bdi>Garden</bdi>" in page


def test_looking_changes_nothing(editor, grace, heron):
    editor.get(url_of("revoke", grace, heron), {"reason": "No"})
    editor.head(url_of("revoke", grace, heron))

    assert standing_of(grace)["awards"] == 1
    assert not ModelLogEntry.objects.exists()


class TestMeanwhile:
    def test_of_two_who_take_it_back_one_does(self, editor, grace, heron):
        url = url_of("revoke", grace, heron)
        data = hidden(editor.get(url)) | {"reason": "Mine"}
        heron.revoke(grace, reason="Somebody else's")

        response = editor.post(url, data)

        assert "This player doesn&#x27;t have this badge." in text_of(response)
        assert Award.objects.get().revoke_reason == "Somebody else's"
        assert PointChange.objects.count() == 2

    def test_an_award_that_came_since_is_not_taken_unseen(self, editor, grace):
        badge = create_badge_definition("Often", points=7, max_awards=5)
        badge.award(grace)
        url = url_of("revoke", grace, badge)
        data = hidden(editor.get(url)) | {"reason": "Long thought about"}
        badge.award(grace)

        response = editor.post(url, data)

        assert "Meanwhile something has changed" in str(errors_of(response))
        page = " ".join(text_of(response).split())
        assert "with all 2 awards of it" in page
        assert "Long thought about" in page
        assert standing_of(grace)["awards"] == 2
        assert editor.post(url, hidden(response)).status_code == 302
        assert standing_of(grace)["awards"] == 0

    def test_an_unlockable_that_came_since_is_not_taken_unseen(
        self, editor, grace, heron
    ):
        url = url_of("revoke", grace, heron)
        data = hidden(editor.get(url))
        create_unlockable_definition("Garden", points_required=55, relock=True)
        grace.change_points(5)

        assert "Meanwhile" in str(errors_of(editor.post(url, data)))

    def test_points_that_come_all_the_time_stand_in_nobodys_way(
        self, editor, grace, heron
    ):
        url = url_of("revoke", grace, heron)
        data = hidden(editor.get(url))
        grace.change_points(5)

        assert editor.post(url, data).status_code == 302

    def test_a_badge_that_was_closed_to_the_editor_stays(self, editor, grace, heron):
        url = url_of("revoke", grace, heron)
        data = hidden(editor.get(url))
        heron.awarding_groups.add(Group.objects.create(name="Mentors"))
        heron.save()

        for response in (editor.get(url), editor.post(url, data)):
            assert "Only members of certain groups" in text_of(response)
        assert standing_of(grace)["awards"] == 1

    def test_a_badge_that_is_not_published_any_more_is_taken_back(
        self, editor, grace, heron
    ):
        heron.live = False
        heron.save()

        assert_what_is_said_happens(editor, grace, heron)


def test_a_badge_that_is_none_is_not_found(editor, grace, heron, french):
    draft = create_badge_definition("Draft", live=False)
    translation = heron.copy_for_translation(french)
    translation.save()

    for key in (draft.pk, translation.pk, 0, 999_999, 10**30):
        url = url_of("revoke", grace, key)
        assert editor.get(url).status_code == 404, key
        assert editor.post(url).status_code == 404, key


def test_a_badge_of_somebody_else_is_none_of_this_player(editor, grace, heron):
    other = create_player()

    response = editor.post(url_of("revoke", other, heron))

    assert "doesn&#x27;t have this badge" in text_of(response)
    assert standing_of(grace)["awards"] == 1


def test_names_that_are_scripts_stay_names(editor):
    player = create_player(first_name=EVIL)
    create_level(EVIL, 10)
    create_unlockable_definition(EVIL, points_required=10, relock=True)
    badge = create_badge_definition(EVIL, points=50)
    badge.award(player)

    page = text_of(editor.get(url_of("revoke", player, badge)))

    assert EVIL not in page
    assert page.count("&lt;script&gt;alert") >= 4


def test_the_page_costs_the_same_however_much_there_is(
    editor, grace, assert_max_statements
):
    badge = create_badge_definition("Often", points=1, max_awards=100)
    for number in (2, 20):
        for each in range(number):
            badge.award(grace)
            create_level(f"Level {number} {each}", number * 100 + each)
            create_unlockable_definition(
                f"Garden {number} {each}", points_required=0, relock=True
            )
        editor.get(url_of("revoke", grace, badge))

        with assert_max_statements(23):
            editor.get(url_of("revoke", grace, badge))
