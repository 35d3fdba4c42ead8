"""Adjusting a player's points, and letting a player begin afresh."""

import pytest
from wagtail.models import ModelLogEntry

from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    GamificationInterface,
    PointChange,
    Unlockable,
)
from wagtail_gamification.models.amounts import MOST_POINTS
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

from .conftest import (
    EVIL,
    errors_of,
    messages_of,
    points_of,
    submit,
    text_of,
    url_of,
)

pytestmark = pytest.mark.django_db


class TestAdjust:
    @pytest.mark.parametrize(
        ("amount", "says"),
        [
            ("50", "50 points are given to Grace Hopper."),
            ("1", "1 point is given to Grace Hopper."),
            ("-1", "1 point is taken from Grace Hopper."),
            ("-70", "70 points are taken from Grace Hopper."),
        ],
    )
    def test_points_are_booked_with_the_reason(self, editor, grace, amount, says):
        response = submit(
            editor,
            url_of("adjust", grace),
            amount=amount,
            reason="The open day",
            note="Ask Ada",
        )

        assert response.url == url_of("player", grace)
        assert messages_of(response) == [says]
        change = PointChange.objects.get()
        assert (change.amount, change.reason) == (int(amount), "The open day")
        assert points_of(grace) == int(amount)
        # The player may read the ledger: the note is in the log alone.
        [entry] = ModelLogEntry.objects.all()
        assert entry.data["note"] == "Ask Ada"

    @pytest.mark.parametrize(
        "amount",
        ["", "0", "1.5", "many", str(MOST_POINTS + 1), str(-MOST_POINTS - 1), "9" * 99],
    )
    def test_what_cannot_be_booked_is_refused_beside_the_field(
        self, editor, grace, amount
    ):
        response = submit(
            editor, url_of("adjust", grace), amount=amount, reason="Kept", note="Too"
        )

        assert list(errors_of(response)) == ["amount"]
        page = text_of(response)
        assert "Kept" in page
        assert "Too" in page
        assert not PointChange.objects.exists()

    @pytest.mark.parametrize("amount", [MOST_POINTS, -MOST_POINTS])
    def test_the_bounds_can_be_booked(self, editor, grace, amount):
        submit(editor, url_of("adjust", grace), amount=amount, reason="All")

        assert points_of(grace) == amount

    def test_the_bounds_stand_beside_the_field(self, editor, grace):
        page = text_of(editor.get(url_of("adjust", grace)))

        assert "-1,000,000,000,000,000 to 1,000,000,000,000,000" in page

    def test_the_balance_is_told(self, editor, grace):
        grace.change_points(1234)

        page = text_of(editor.get(url_of("adjust", grace)))

        assert "Grace Hopper has 1,234 points." in page

    def test_a_reason_has_to_be_given(self, editor, grace):
        response = submit(editor, url_of("adjust", grace), amount="5", reason=" ")

        assert list(errors_of(response)) == ["reason"]
        assert 'value="5"' in text_of(response)
        assert not PointChange.objects.exists()

    def test_nobody_adjusts_their_own(self, editor, edith):
        url = url_of("adjust", edith.gamification_interface)

        for response in (
            editor.get(url),
            editor.post(url, {"amount": "5", "reason": "Me"}),
        ):
            assert "You can&#x27;t give this to yourself." in text_of(response)
        assert not PointChange.objects.exists()

    def test_who_is_not_counted_gets_none(self, editor, grace):
        grace.user.is_active = False
        grace.user.save()

        response = submit(editor, url_of("adjust", grace), amount="5", reason="No")

        assert "This player isn&#x27;t counted" in text_of(response)
        assert not PointChange.objects.exists()

    def test_what_was_typed_is_no_markup(self, editor, grace):
        response = submit(
            editor, url_of("adjust", grace), amount="0", reason=EVIL, note=EVIL
        )

        assert EVIL not in text_of(response)
        assert "&lt;script&gt;alert" in text_of(response)


class TestReset:
    @pytest.fixture
    def heron(self, grace):
        create_level("Novice", 0)
        create_level("Expert", 40)
        create_unlockable_definition("Garden", points_required=40)
        create_unlockable_definition("Hall", points_required=0)
        badge = create_badge_definition("Heron", points=50, max_awards=3)
        badge.award(grace)
        badge.award(grace)
        Activity.objects.create(interface=grace, event="visited", day=738_000, count=1)
        return badge

    def test_the_page_says_what_goes(self, editor, grace, heron):
        response = editor.get(url_of("reset", grace))

        page = " ".join(text_of(response).split())
        assert "1 badge, also if it has ended" in page
        assert "100 points, which leaves 0" in page
        assert "the level “Expert”: “Novice” comes instead" in page
        assert "<bdi>Garden</bdi>" in page
        assert "<bdi>Hall</bdi>" not in page
        assert "Type “grace” to confirm." in page

    def test_what_is_said_happens(self, editor, grace, heron):
        loss = editor.get(url_of("reset", grace)).context["loss"]
        unlocked = Unlockable.objects.filter(interface=grace, acquired=True)
        before = {row.unlockable_definition for row in unlocked}

        response = submit(
            editor,
            url_of("reset", grace),
            name=" grace ",
            reason="A new season",
            note="As agreed",
        )

        assert response.url == url_of("player", grace)
        assert messages_of(response) == ["Grace Hopper is reset."]
        player = GamificationInterface.objects.get(pk=grace.pk)
        assert player.points == loss.points == 0
        assert player.level == loss.level_afterwards
        after = {row.unlockable_definition for row in unlocked.all()}
        assert before - after == set(loss.unlockables)
        revoked = Award.objects.exclude(revoked_at=None)
        assert revoked.count() == loss.awards == 2
        assert {(each.revoke_reason, each.revoke_note) for each in revoked} == {
            ("A new season", "As agreed")
        }
        assert {each.revoked_by.username for each in revoked} == {"edith"}
        assert not Badge.objects.filter(interface=grace, acquired=True).exists()
        assert not Activity.objects.filter(interface=grace, event="visited").exists()

    @pytest.mark.parametrize("name", ["", "Grace", "Grace Hopper", "yes"])
    def test_another_name_resets_nothing(self, editor, grace, heron, name):
        response = submit(
            editor, url_of("reset", grace), name=name, reason="Kept", note="Too"
        )

        assert list(errors_of(response)) == ["name"]
        assert "Kept" in text_of(response)
        assert "Too" in text_of(response)
        assert points_of(grace) == 100
        assert not ModelLogEntry.objects.exists()

    def test_a_debt_is_forgiven(self, editor, grace):
        grace.change_points(-30)

        assert "points below zero" in text_of(editor.get(url_of("reset", grace)))
        submit(editor, url_of("reset", grace), name="grace")

        assert points_of(grace) == 0

    def test_a_new_player_is_reset_to_the_same(self, editor, grace):
        submit(editor, url_of("reset", grace), name="grace")

        assert not PointChange.objects.exists()

    def test_a_second_click_changes_nothing_more(self, editor, grace, heron):
        for _click in range(2):
            editor.post(url_of("reset", grace), {"name": "grace"})

        assert PointChange.objects.filter(amount__lt=0).count() == 1

    def test_a_name_that_is_a_script_can_be_typed(self, editor):
        player = create_player(username=EVIL, points=5)

        page = text_of(editor.get(url_of("reset", player)))
        assert EVIL not in page
        submit(editor, url_of("reset", player), name=EVIL)

        assert points_of(player) == 0

    def test_a_player_without_a_user_is_reset_by_number(self, editor):
        team = GamificationInterface.objects.create()
        team.change_points(5)

        submit(editor, url_of("reset", team), name=f"Player {team.pk}")

        assert points_of(team) == 0
