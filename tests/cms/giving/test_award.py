"""Awarding a badge on a player's page, and renewing one."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.users.models import UserProfile

from tests.cms.conftest import published
from wagtail_gamification.actions.giving import may_give
from wagtail_gamification.cms.giving.award import badges_to_award
from wagtail_gamification.models import Award, Badge, BadgeDefinition
from wagtail_gamification.testing import create_badge_definition, create_player

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
def heron():
    return create_badge_definition("Heron", points=10)


def end(badge, days=-1):
    """Let a badge end so many days from now."""
    ends_at = timezone.now() + timedelta(days)
    Badge.objects.filter(badge_definition=badge).update(expires_at=ends_at)
    Award.objects.filter(badge__badge_definition=badge).update(expires_at=ends_at)
    return date_format(timezone.localtime(ends_at), "DATE_FORMAT")


def choices_of(response):
    field = response.context["form"].fields["badge"]
    return [str(label) for value, label in field.choices if value]


class TestAward:
    def test_a_badge_is_awarded_with_a_reason_and_a_note(self, editor, grace, heron):
        response = submit(
            editor,
            url_of("award", grace),
            badge=heron.pk,
            reason="Well done",
            note="Ask Ada",
        )

        assert response.url == url_of("player", grace)
        assert messages_of(response) == ["“Heron” is awarded to Grace Hopper."]
        award = Award.objects.get()
        assert (award.reason, award.note) == ("Well done", "Ask Ada")
        assert award.awarded_by.username == "edith"
        assert points_of(grace) == 10

    def test_the_badge_of_the_address_is_chosen(self, editor, grace, heron):
        create_badge_definition("Kite")

        response = editor.get(url_of("award", grace, badge=heron.pk))

        assert f'value="{heron.pk}" selected' in text_of(response)

    def test_only_what_the_player_can_still_get_is_offered(
        self, editor, grace, django_user_model
    ):
        offered = create_badge_definition("Once more", max_awards=2)
        ended = create_badge_definition("Over", expires_after=1)
        taken = create_badge_definition("Taken back")
        for badge in (offered, ended, taken):
            badge.award(grace)
        taken.revoke(grace)
        end(ended)
        full = create_badge_definition("Has it", max_awards=1)
        full.award(grace)
        create_badge_definition("A draft", live=False)
        closed = create_badge_definition("Closed")
        closed.awarding_groups.add(Group.objects.create(name="Mentors"))
        closed.save()

        labels = choices_of(editor.get(url_of("award", grace)))

        assert [label.split(" (")[0] for label in labels] == [
            "Once more",
            "Over",
            "Taken back",
        ]
        assert "renews it" in labels[1]

    def test_what_is_offered_is_what_the_decision_allows(self, editor, edith, grace):
        for number, fields in enumerate(
            [{}, {"max_awards": 2}, {"may_award_oneself": True}, {"live": False}]
        ):
            for state in ("new", "held", "ended", "revoked"):
                badge = create_badge_definition(
                    f"Badge {number} {state}", expires_after=9, **fields
                )
                for player in (grace, edith.gamification_interface):
                    if state != "new":
                        BadgeDefinition.objects.filter(pk=badge.pk).update(live=True)
                        badge.refresh_from_db()
                        badge.award(player)
                    if state == "revoked":
                        badge.revoke(player)
                live = fields.get("live", True)
                BadgeDefinition.objects.filter(pk=badge.pk).update(live=live)
                if state == "ended":
                    end(badge)

        for player in (grace, edith.gamification_interface):
            offered = {badge.name for badge in badges_to_award(edith, player)}
            allowed = {
                badge.name
                for badge in BadgeDefinition.objects.all()
                if may_give(edith, "award", badge, player).allowed
            }
            assert offered == allowed

    def test_badges_are_called_as_editors_read_them(
        self, editor, edith, grace, heron, french
    ):
        translation = heron.copy_for_translation(french)
        translation.name = "Héron"
        translation.live = True
        translation.save()
        profile = UserProfile.get_for_user(edith)
        profile.preferred_language = "fr"
        profile.save()

        page = editor.get(url_of("award", grace))
        response = submit(editor, url_of("award", grace), badge=heron.pk)

        assert choices_of(page) == ["Héron"]
        assert "Héron" in messages_of(response)[0]

    def test_who_can_get_nothing_is_said_to(self, editor, grace, heron):
        heron.award(grace)

        page = text_of(editor.get(url_of("award", grace)))

        assert "There is no badge that you can award to this player now." in page
        assert '<button type="submit" class="button button-longrunning' not in page

    def test_who_is_not_counted_gets_none(self, editor, grace, heron):
        grace.user.is_active = False
        grace.user.save()

        for response in (
            editor.get(url_of("award", grace)),
            editor.post(url_of("award", grace), {"badge": heron.pk}),
        ):
            assert "This player isn&#x27;t counted" in text_of(response)
        assert not Award.objects.exists()


def restrict(badge):
    badge.awarding_groups.add(Group.objects.create(name="Mentors"))
    badge.save()


class TestRefusals:
    @pytest.mark.parametrize(
        ("happens", "says"),
        [
            (lambda badge, grace, edith: badge.award(grace), "has this badge already"),
            (lambda badge, grace, edith: restrict(badge), "members of certain groups"),
            (lambda badge, grace, edith: badge.unpublish(), "isn't published"),
            (
                lambda badge, grace, edith: badge.award(create_player(), by=edith),
                "1 time a month",
            ),
            (lambda badge, grace, edith: badge.delete(), "no such badge any more"),
        ],
        ids=["awarded", "restricted", "unpublished", "limit reached", "deleted"],
    )
    def test_what_happened_meanwhile_is_said_beside_the_badge(
        self, editor, edith, grace, happens, says
    ):
        badge = published(create_badge_definition("Heron", awards_per_giver=1))
        url = url_of("award", grace)
        data = hidden(editor.get(url)) | {
            "badge": badge.pk,
            "reason": "Long thought about",
            "note": "And noted",
        }
        happens(badge, grace, edith)
        before = Award.objects.count()

        response = editor.post(url, data)

        [error] = errors_of(response)["badge"]
        assert says in error
        page = text_of(response)
        assert "Long thought about" in page
        assert "And noted" in page
        if says != "no such badge any more":
            assert f'value="{data["badge"]}" selected' in page
        assert Award.objects.count() == before

    def test_nobody_awards_themselves(self, editor, edith, heron):
        player = edith.gamification_interface
        create_badge_definition("For me", may_award_oneself=True)

        response = submit(editor, url_of("award", player), badge=heron.pk)

        assert "to yourself" in errors_of(response)["badge"][0]
        assert choices_of(editor.get(url_of("award", player))) == ["For me"]

    def test_of_two_who_award_the_same_one_does(self, editor, grace):
        badge = create_badge_definition("Often", max_awards=5)
        url = url_of("award", grace)
        data = hidden(editor.get(url)) | {"badge": badge.pk, "reason": "Mine"}
        badge.award(grace, reason="Somebody else's")

        response = editor.post(url, data)

        assert "Meanwhile" in errors_of(response)["badge"][0]
        assert Award.objects.count() == 1
        # Whoever has read that and goes on means it.
        again = editor.post(url, hidden(response) | {"badge": badge.pk})
        assert again.status_code == 302
        assert Award.objects.count() == 2

    def test_a_click_twice_awards_once(self, editor, grace):
        badge = create_badge_definition("Often", max_awards=5)
        url = url_of("award", grace)
        data = hidden(editor.get(url)) | {"badge": badge.pk}

        for _click in range(2):
            editor.post(url, data)

        assert Award.objects.count() == 1

    def test_another_badge_awarded_meanwhile_stands_in_nobodys_way(
        self, editor, grace, heron
    ):
        url = url_of("award", grace)
        data = hidden(editor.get(url)) | {"badge": heron.pk}
        create_badge_definition("Kite").award(grace)

        assert editor.post(url, data).status_code == 302

    def test_an_invalid_reason_keeps_the_badge(self, editor, grace, heron):
        response = submit(
            editor, url_of("award", grace), badge=heron.pk, reason="x" * 2001
        )

        assert "reason" in errors_of(response)
        assert f'value="{heron.pk}" selected' in text_of(response)
        assert not Award.objects.exists()

    @pytest.mark.parametrize("badge", ["", "abc", "0", "999999", "9" * 40, "-1"])
    def test_what_is_no_badge_is_refused_beside_the_field(self, editor, grace, badge):
        response = editor.post(url_of("award", grace), {"badge": badge})

        assert errors_of(response)["badge"]

    def test_a_draft_is_refused_without_its_name(self, editor, grace, heron):
        draft = create_badge_definition("Top secret plans", live=False)

        response = editor.post(url_of("award", grace), {"badge": draft.pk})

        assert errors_of(response)["badge"]
        assert "Top secret plans" not in text_of(response)

    def test_an_address_with_no_such_badge_is_not_found(self, editor, grace, heron):
        draft = create_badge_definition("Draft", live=False)

        for key in (draft.pk, "0", "999999", "abc", "9" * 40, "²", "-1"):
            for query in ({"badge": key}, {"badge": key, "renew": 1}):
                url = url_of("award", grace, **query)
                assert editor.get(url).status_code == 404, key
        assert editor.get(url_of("award", grace, renew=1)).status_code == 404

    def test_an_address_with_a_badge_that_is_had_says_so(self, editor, grace, heron):
        heron.award(grace)
        create_badge_definition("Kite")

        page = text_of(editor.get(url_of("award", grace, badge=heron.pk)))

        assert "has this badge already" in page


class TestRenew:
    @pytest.fixture
    def guest(self, grace):
        """A badge that ends, and that the player has."""
        badge = create_badge_definition("Guest", points=5, expires_after=30)
        badge.award(grace)
        return badge

    def test_a_badge_that_ends_is_followed_by_its_next_term(self, editor, grace, guest):
        ends = end(guest, days=3)
        url = url_of("award", grace, badge=guest.pk, renew=1)
        page = text_of(editor.get(url))
        assert f"ends on {ends}." in page
        new_end = timezone.localtime() + timedelta(30)
        assert f"lasts until {date_format(new_end, 'DATE_FORMAT')}." in page
        assert "Its 5 points are paid once more." in page

        response = submit(editor, url, reason="One more month", note="Paid")

        assert messages_of(response) == ["“Guest” of Grace Hopper is renewed."]
        badge = Badge.objects.get(badge_definition=guest, interface=grace)
        assert badge.expires_at.date() == new_end.date()
        assert (badge.times_awarded, badge.last_award_number) == (1, 2)
        award = Award.objects.get(number=2)
        assert (award.reason, award.note) == ("One more month", "Paid")
        assert points_of(grace) == 10

    def test_a_badge_that_has_ended_is_renewed(self, editor, grace, guest):
        ended = end(guest)
        url = url_of("award", grace, badge=guest.pk, renew=1)

        assert f"ended on {ended}." in text_of(editor.get(url))
        submit(editor, url)

        assert Badge.objects.acquired().filter(badge_definition=guest).exists()

    def test_one_of_several_awards_is_replaced_and_none_is_added(self, editor, grace):
        badge = create_badge_definition("Often", max_awards=3, expires_after=9)
        badge.award(grace)
        badge.award(grace)

        submit(editor, url_of("award", grace, badge=badge.pk, renew=1))

        held = Badge.objects.get(badge_definition=badge, interface=grace)
        assert held.times_awarded == 2

    def test_awarding_what_ends_leads_to_renewing_it(self, editor, grace, guest):
        url = url_of("award", grace, badge=guest.pk, next="/admin/reports/")

        response = editor.get(url)

        assert response.url == url_of(
            "award", grace, badge=guest.pk, renew=1, next="/admin/reports/"
        )

    def test_of_two_who_renew_one_does(self, editor, grace, guest):
        url = url_of("award", grace, badge=guest.pk, renew=1)
        data = hidden(editor.get(url))
        Award.objects.get().renew()

        response = editor.post(url, data | {"reason": "Kept"})

        assert "Meanwhile" in str(errors_of(response)["__all__"])
        assert "Kept" in text_of(response)
        assert Award.objects.count() == 2

    @pytest.mark.parametrize(
        ("happens", "says"),
        [
            (lambda badge, grace: badge.revoke(grace), "doesn&#x27;t have this badge"),
            (lambda badge, grace: badge.unpublish(), "isn&#x27;t published"),
            (lambda badge, grace: restrict(badge), "members of certain groups"),
        ],
        ids=["revoked", "unpublished", "restricted"],
    )
    def test_what_happened_meanwhile_is_said(self, editor, grace, guest, happens, says):
        url = url_of("award", grace, badge=guest.pk, renew=1)
        data = hidden(editor.get(url))
        happens(guest, grace)

        response = editor.post(url, data)

        assert says in text_of(response)
        assert Award.objects.count() == 1

    def test_a_badge_that_is_kept_for_good_is_not_renewed(self, editor, grace, heron):
        heron.award(grace)
        url = url_of("award", grace, badge=heron.pk, renew=1)

        assert "has this badge for good" in text_of(editor.get(url))
        assert "has this badge for good" in text_of(editor.post(url))
        assert Award.objects.count() == 1

    def test_a_name_that_is_a_script_stays_a_name(self, editor):
        player = create_player(first_name=EVIL, last_name=EVIL)
        badge = create_badge_definition(EVIL, expires_after=3)
        badge.award(player)

        for url in (
            url_of("award", player),
            url_of("award", player, badge=badge.pk, renew=1),
        ):
            page = text_of(editor.get(url))
            assert EVIL not in page
            assert "&lt;script&gt;alert" in page


def test_the_page_costs_the_same_however_many_badges_there_are(
    editor, grace, assert_max_statements
):
    for number in (2, 20):
        for each in range(number):
            badge = create_badge_definition(f"{number} {each}", max_awards=2)
            badge.award(grace)
        editor.get(url_of("award", grace))

        with assert_max_statements(18):
            editor.get(url_of("award", grace))
