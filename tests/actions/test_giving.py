"""Who may give what: each answer, for one player and for many."""

from datetime import datetime, timedelta, timezone
from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db.models import Count
from wagtail.models import Locale, ModelLogEntry

from wagtail_gamification.actions.give import award_by_hand, revoke_by_hand
from wagtail_gamification.actions.giving import (
    MESSAGES,
    Giver,
    decide_for,
    definitions_for,
    may_give,
    start_of_month,
)
from wagtail_gamification.actions.make_claim_codes import make_claim_codes
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models import Award, BadgeDefinition, GamificationInterface
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db

CODENAMES = ("award_badge", "revoke_badge", "adjust_points", "reset_player")
ACTIONS = dict(
    zip(("award", "revoke", "adjust_points", "reset"), CODENAMES, strict=True)
)


def create_giver(*codenames, **fields):
    user = create_player(**fields).user
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def giver():
    return create_giver(*CODENAMES)


@pytest.fixture
def badge(db):
    return create_badge_definition("Helper", points=5)


@pytest.fixture
def player(badge):
    return create_player()


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_takes_its_permission_and_no_other(action, badge, player):
    badge.award(player) if action == "revoke" else None
    able = create_giver(ACTIONS[action])
    unable = create_giver(*(name for name in CODENAMES if name != ACTIONS[action]))

    assert may_give(able, action, badge, player).allowed
    decision = may_give(unable, action, badge, player)
    assert (decision.allowed, decision.code) == (False, "no_permission")
    assert "permission" in decision.message


def test_somebody_who_is_not_signed_in_or_not_active_may_nothing(badge, player):
    idle = create_giver(*CODENAMES, is_active=False)

    for user in (AnonymousUser(), idle):
        assert may_give(user, "award", badge, player).code == "no_permission"
        assert not definitions_for(user, "award").exists()


def test_an_action_that_is_not_known_is_an_error(giver):
    with pytest.raises(KeyError):
        may_give(giver, "give")


@pytest.mark.parametrize("action", ["award", "revoke"])
def test_a_badge_that_names_groups_takes_one_of_them(action, giver, badge, player):
    if action == "revoke":
        badge.award(player)
    group = Group.objects.create(name="Mentors")
    badge.awarding_groups.add(group, Group.objects.create(name="Teachers"))
    badge.save()

    assert may_give(giver, action, badge, player).code == "not_in_group"
    assert badge not in definitions_for(giver, action)

    giver.groups.add(group)
    assert may_give(giver, action, badge, player).allowed
    assert badge in definitions_for(giver, action)


def test_a_superuser_is_in_every_group(badge, player):
    root = create_giver(is_superuser=True)
    badge.awarding_groups.add(Group.objects.create(name="Mentors"))
    badge.save()

    assert may_give(root, "award", badge, player).allowed
    assert badge in definitions_for(root, "award")


def test_groups_of_a_draft_count_when_it_is_published(giver, badge, player):
    draft = badge.get_latest_revision_as_object()
    draft.awarding_groups = [Group.objects.create(name="Mentors")]
    draft.awards_per_giver = 2
    revision = draft.save_revision()

    assert may_give(giver, "award", draft, player).allowed

    revision.publish()
    assert may_give(giver, "award", badge, player).code == "not_in_group"
    stored = BadgeDefinition.objects.get()
    assert stored.awards_per_giver == 2
    assert [group.name for group in stored.awarding_groups.all()] == ["Mentors"]


def test_nobody_awards_themselves_unless_the_badge_says_so(giver, badge):
    own = giver.gamification_interface

    assert may_give(giver, "award", badge, own).code == "oneself"
    assert may_give(giver, "adjust_points", None, own).code == "oneself"
    assert may_give(giver, "reset", None, own).allowed

    BadgeDefinition.objects.update(may_award_oneself=True)
    assert may_give(giver, "award", badge, own).allowed


def test_a_draft_cannot_be_awarded_but_taken_back(giver, badge, player):
    badge.award(player)
    BadgeDefinition.objects.update(live=False, max_awards=5)

    assert may_give(giver, "award", badge, player).code == "not_live"
    assert may_give(giver, "revoke", badge, player).allowed


def test_a_translation_stands_for_its_original(giver, badge, player):
    french = Locale.objects.create(language_code="fr")
    translation = badge.copy_for_translation(french)
    translation.save()

    assert may_give(giver, "award", translation, player).allowed


def test_what_the_player_has_decides(giver, badge, player):
    BadgeDefinition.objects.update(max_awards=2)
    badge.refresh_from_db()

    assert may_give(giver, "revoke", badge, player).code == "has_it_not"
    badge.award(player)
    assert may_give(giver, "award", badge, player).allowed
    badge.award(player)
    assert may_give(giver, "award", badge, player).code == "has_it_already"
    player.badges.update(expires_at=datetime(2020, 1, 1, tzinfo=timezone.utc))
    assert may_give(giver, "award", badge, player).allowed


@pytest.mark.parametrize("action", ["award", "adjust_points"])
def test_players_that_are_not_counted_get_nothing(action, giver, badge, settings):
    settings.WAGTAIL_GAMIFICATION_EXCLUDED_GROUPS = ["Staff"]
    idle = create_player(is_active=False)
    staff = create_player()
    staff.user.groups.add(Group.objects.create(name="Staff"))
    team = GamificationInterface.objects.create()

    assert may_give(giver, action, badge, idle).code == "player_left_out"
    assert may_give(giver, action, badge, staff).code == "player_left_out"
    assert may_give(giver, action, badge, team).allowed


def test_what_was_deleted_meanwhile_is_said(giver, badge, player):
    GamificationInterface.objects.filter(pk=player.pk).delete()
    assert may_give(giver, "award", badge, player).code == "player_gone"
    with pytest.raises(NotAllowed, match="player has been deleted"):
        award_by_hand(giver, badge, player)

    gone = BadgeDefinition.objects.get()
    gone.delete()
    assert may_give(giver, "award", badge, create_player()).code == "badge_gone"


def test_a_monthly_limit_counts_what_one_giver_awarded_of_it(giver, badge):
    BadgeDefinition.objects.update(awards_per_giver=2)
    other = create_badge_definition("Other")
    players = [create_player() for _ in range(3)]
    award_by_hand(giver, other, players[0])
    badge.award(players[0])  # by code

    award_by_hand(giver, badge, players[1])
    assert Giver(giver, "award", badge).awards_left == 1
    award_by_hand(giver, badge, players[2])

    with pytest.raises(NotAllowed) as refused:
        award_by_hand(giver, badge, create_player())
    assert refused.value.decision.code == "monthly_limit"
    assert "2 times a month" in str(refused.value)
    assert may_give(giver, "revoke", badge, players[2]).allowed
    assert may_give(
        create_giver("award_badge"), "award", badge, create_player()
    ).allowed


def test_codes_that_one_made_count_towards_the_limit(giver, badge, player):
    BadgeDefinition.objects.update(awards_per_giver=3)
    make_claim_codes(giver, badge, number=2)

    award_by_hand(giver, badge, player)

    assert may_give(giver, "award", badge, create_player()).code == "monthly_limit"


def test_a_mistake_that_was_taken_back_leaves_the_award_to_give(giver, badge, player):
    BadgeDefinition.objects.update(awards_per_giver=1)
    award_by_hand(giver, badge, player)
    revoke_by_hand(giver, badge, player)

    assert may_give(giver, "award", badge, create_player()).allowed


def test_last_months_awards_do_not_count(giver, badge, player):
    BadgeDefinition.objects.update(awards_per_giver=1)
    award = award_by_hand(giver, badge, player)
    Award.objects.update(awarded_at=start_of_month() - timedelta(microseconds=1))

    assert may_give(giver, "award", badge, create_player()).allowed

    Award.objects.filter(pk=award.pk).update(awarded_at=start_of_month())
    assert may_give(giver, "award", badge, create_player()).code == "monthly_limit"


def test_a_month_begins_at_midnight_on_the_site(settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    still_june_in_london = datetime(2026, 6, 30, 13, tzinfo=timezone.utc)

    start = start_of_month(still_june_in_london)

    assert start.isoformat() == "2026-07-01T00:00:00+12:00"


def test_many_players_are_decided_about_in_one_query(
    giver, badge, player, assert_max_statements
):
    badge.award(player)
    create_player(is_active=False)
    create_player(), create_player()
    GamificationInterface.objects.create()
    giver.get_all_permissions()

    with assert_max_statements(2):
        decided = decide_for(GamificationInterface.objects, giver, "award", badge)
        codes = decided.values_list("giving_code").annotate(players=Count("pk"))
        found = dict(codes.order_by())

    assert found == {
        "allowed": 3,
        "has_it_already": 1,
        "oneself": 1,
        "player_left_out": 1,
    }


def test_where_the_giver_may_nothing_no_player_is_allowed(giver, badge, player):
    BadgeDefinition.objects.update(live=False)

    decided = decide_for(GamificationInterface.objects, giver, "award", badge)

    assert set(decided.values_list("giving_code", flat=True)) == {"not_live"}


def test_every_code_has_words_for_people(giver, badge):
    for code in MESSAGES:
        decision = Giver(giver, "award", badge).decision_of(code)
        assert decision.message.endswith("."), code
        assert not decision.allowed


def test_what_was_refused_changes_nothing_and_leaves_no_log(giver, badge, player):
    with mock.patch.object(type(giver), "has_perm", return_value=False):
        with pytest.raises(NotAllowed):
            award_by_hand(giver, badge, player, reason="For nothing")

    assert not Award.objects.exists()
    assert not ModelLogEntry.objects.filter(action__contains="award").exists()


def test_only_what_is_held_and_ends_is_renewed(giver, badge, player):
    guest = create_badge_definition("Guest", expires_after=3)

    assert may_give(giver, "renew", guest, player).code == "has_it_not"
    guest.award(player)
    assert may_give(giver, "renew", guest, player).allowed
    assert may_give(giver, "award", guest, player).code == "has_it_already"
    player.badges.update(expires_at=datetime(2020, 1, 1, tzinfo=timezone.utc))
    assert may_give(giver, "renew", guest, player).allowed
    guest.revoke(player)
    assert may_give(giver, "renew", guest, player).code == "has_it_not"
    badge.award(player)
    assert may_give(giver, "renew", badge, player).code == "never_ends"


def test_a_renewal_is_limited_as_an_award_is(giver, player):
    guest = create_badge_definition("Guest", expires_after=3, awards_per_giver=1)
    guest.award(player, by=giver)

    assert may_give(giver, "renew", guest, player).code == "monthly_limit"
    guest.award(giver.gamification_interface)
    other = create_giver("award_badge")
    other_guest = create_badge_definition("Other guest", expires_after=3)
    other_guest.award(other.gamification_interface)
    decision = may_give(other, "renew", other_guest, other.gamification_interface)
    assert decision.code == "oneself"
    guest.unpublish()
    assert may_give(other, "renew", guest, player).code == "not_live"
