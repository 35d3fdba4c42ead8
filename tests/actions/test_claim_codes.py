"""Claiming a badge with a code, and making the codes."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from wagtail_gamification.actions.claim_code import ClaimCodeAction, ClaimOutcome
from wagtail_gamification.actions.make_claim_codes import (
    make_claim_codes,
    switch_claim_codes,
)
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models import Award, Claim, ClaimCode
from wagtail_gamification.models.codes import (
    ALPHABET,
    LENGTH,
    grouped_code,
    new_code,
    normalise_code,
    part_of_code,
)
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db


def create_code(definition=None, **fields):
    definition = definition or create_badge_definition(points=10)
    return ClaimCode.objects.create(badge_definition=definition, **fields)


def claim(code, player):
    text = code.code if isinstance(code, ClaimCode) else code
    return ClaimCodeAction(text, player, player.user).execute()


@pytest.fixture
def giver(django_user_model):
    user = django_user_model.objects.create_user("grace")
    user.user_permissions.add(Permission.objects.get(codename="award_badge"))
    return django_user_model.objects.get(pk=user.pk)


def test_a_code_has_at_least_sixty_bits_and_no_letters_that_look_alike():
    assert len(ALPHABET) ** LENGTH >= 2**60
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert not set(ALPHABET) & set("0O1IL5S8B2ZUAE")
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {LENGTH}
    assert set("".join(codes)) == set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        "CDFG-HJKM-NPQR-TVWX",
        "cdfghjkmnpqrtvwx",
        "  cdfg hjkm\N{EN DASH}npqr_tvwx\n",
        "\N{FULLWIDTH LATIN CAPITAL LETTER C}DFG HJKM NPQR TVWX",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert normalise_code(typed) == "CDFGHJKMNPQRTVWX"
    assert grouped_code(normalise_code(typed)) == "CDFG-HJKM-NPQR-TVWX"


def test_what_is_no_code_is_read_without_an_error():
    for text in ("", "\0", "☃" * 10_000, "'; DROP TABLE", "ﷺ" * 64):
        assert len(normalise_code(text)) <= 64 * 18


def test_a_part_of_a_code_is_told_from_a_name():
    assert part_of_code("cdfg-hj") == "CDFGHJ"
    assert part_of_code("chris") == ""


def test_a_claim_awards_the_badge_and_says_who_has_used_the_code():
    player = create_player()
    code = create_code()

    result = claim(code.grouped.lower(), player)

    assert result.outcome is ClaimOutcome.CLAIMED
    award = Award.objects.get()
    assert result.award == award
    assert award.badge.interface == player
    assert (award.reason, award.awarded_by) == ("Claimed with a code.", None)
    entry = Claim.objects.get()
    assert (entry.claim_code, entry.interface, entry.award) == (code, player, award)
    code.refresh_from_db()
    assert (code.claim_count, code.state) == (1, ClaimCode.State.USED_UP)
    player.refresh_from_db()
    assert player.points == 10


def test_a_one_time_code_works_once():
    code = create_code()
    claim(code, create_player())

    assert claim(code, create_player()).outcome is ClaimOutcome.REFUSED
    assert Award.objects.count() == 1


def test_a_shared_code_works_for_as_many_as_it_says_and_once_for_each():
    code = create_code(create_badge_definition(max_awards=5), max_claims=2)
    first, second, third = (create_player() for _ in range(3))

    outcomes = [claim(code, player).outcome for player in (first, first, second, third)]

    assert outcomes == [
        ClaimOutcome.CLAIMED,
        ClaimOutcome.CLAIMED_BEFORE,
        ClaimOutcome.CLAIMED,
        ClaimOutcome.REFUSED,
    ]
    code.refresh_from_db()
    assert code.claim_count == 2
    # It is used up by now; who has used it hears so all the same.
    assert claim(code, first).outcome is ClaimOutcome.CLAIMED_BEFORE


def test_who_has_the_badge_already_uses_nothing_up():
    definition = create_badge_definition()
    player = create_player()
    definition.award(player)
    code = create_code(definition)

    assert claim(code, player).outcome is ClaimOutcome.HAS_IT_ALREADY

    code.refresh_from_db()
    assert code.claim_count == 0
    assert not Claim.objects.exists()
    assert claim(code, create_player()).outcome is ClaimOutcome.CLAIMED


def test_a_badge_that_was_taken_back_is_not_claimed_again_with_the_same_code():
    player = create_player()
    code = create_code(max_claims=5)
    claim(code, player)
    code.badge_definition.revoke(player)

    assert claim(code, player).outcome is ClaimOutcome.CLAIMED_BEFORE
    assert Claim.objects.get().taken_back_at is not None


UNUSABLE = {
    "wrong": {},
    "used up": {"claim_count": 1},
    "expired": {"expires_at": timezone.now() - timedelta(seconds=1)},
    "deactivated": {"is_active": False},
    "not live": {},
}


@pytest.mark.parametrize("reason", UNUSABLE)
def test_whatever_is_wrong_with_a_code_the_answer_and_the_work_are_the_same(
    reason, django_assert_num_queries
):
    player = create_player()
    user = player.user
    code = create_code(create_badge_definition(live=reason != "not live"))
    ClaimCode.objects.filter(pk=code.pk).update(**UNUSABLE[reason])
    text = new_code() if reason == "wrong" else code.code
    before = ClaimCode.objects.values().get()

    with django_assert_num_queries(1):
        result = ClaimCodeAction(text, player, user).execute()

    assert (result.outcome, result.code) == (ClaimOutcome.REFUSED, None)
    assert ClaimCode.objects.values().get() == before
    assert not Award.objects.exists()


def test_whoever_makes_a_code_cannot_claim_it_unless_the_badge_allows(giver):
    definition = create_badge_definition()
    player = create_player()
    code = create_code(definition, created_by=player.user)

    assert claim(code, player).outcome is ClaimOutcome.OWN_CODE
    assert not Award.objects.exists()

    type(definition).objects.update(may_award_oneself=True)
    assert claim(code, player).outcome is ClaimOutcome.CLAIMED


def test_a_player_who_is_not_counted_uses_nothing_up(settings):
    settings.WAGTAIL_GAMIFICATION_EXCLUDED_GROUPS = ["Robots"]
    player = create_player()
    player.user.groups.add(Group.objects.create(name="Robots"))
    code = create_code()

    assert claim(code, player).outcome is ClaimOutcome.NOT_COUNTED
    code.refresh_from_db()
    assert code.claim_count == 0


def test_the_database_holds_the_maximum_and_one_claim_for_each_player():
    code = create_code(max_claims=2)
    player = create_player()
    claim(code, player)

    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimCode.objects.update(claim_count=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(claim_code=code, interface=player)


def test_erasing_a_player_frees_no_place():
    player = create_player()
    code = create_code()
    claim(code, player)

    player.user.delete()

    assert not Claim.objects.exists()
    assert claim(code, create_player()).outcome is ClaimOutcome.REFUSED


def test_a_claim_costs_the_same_for_any_number_of_codes_and_claims(
    badge_for, assert_max_statements
):
    definition = badge_for()
    make = [ClaimCode(badge_definition=definition) for _ in range(200)]
    ClaimCode.objects.bulk_create(make)
    code = create_code(definition, max_claims=1000)
    for _ in range(5):
        claim(code, create_player())
    player = create_player()
    user = player.user

    # Besides what an award takes: find, take a place, look for a claim, write one.
    with assert_max_statements(11):
        ClaimCodeAction(code.code, player, user).execute()


def test_making_codes_writes_who_did_it_and_what_for(giver):
    definition = create_badge_definition("Walker")
    expires_at = timezone.now() + timedelta(days=1)

    codes = make_claim_codes(
        giver, definition, number=3, max_claims=4, expires_at=expires_at, label="Fair"
    )

    stored = ClaimCode.objects.order_by("pk")
    assert [code.code for code in stored] == [code.code for code in codes]
    assert len({code.batch for code in stored}) == 1
    assert {
        (code.label, code.max_claims, code.expires_at, code.created_by)
        for code in stored
    } == {("Fair", 4, expires_at, giver)}
    definition.delete()
    entry = ModelLogEntry.objects.get(action="wagtail_gamification.make_claim_codes")
    assert entry.user == giver
    assert entry.formatter.format_message(entry) == ("Made 3 claim codes for “Walker”.")
    assert not any(code.code in str(entry.data) for code in codes)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda giver, badge: giver.user_permissions.clear(), "no_permission"),
        (
            lambda giver, badge: type(badge).objects.update(live=False),
            "not_live",
        ),
        (
            lambda giver, badge: badge.awarding_groups.through.objects.create(
                badgedefinition=badge, group=Group.objects.create(name="Others")
            ),
            "not_in_group",
        ),
        (lambda giver, badge: type(badge).objects.all().delete(), "badge_gone"),
    ],
)
def test_whoever_may_not_award_a_badge_makes_no_codes(giver, change, reason):
    badge = create_badge_definition()
    change(giver, badge)
    giver = type(giver).objects.get(pk=giver.pk)

    with pytest.raises(NotAllowed) as error:
        make_claim_codes(giver, badge)

    assert error.value.decision.code == reason
    assert not ClaimCode.objects.exists()


def test_codes_count_towards_the_monthly_limit_of_a_badge(giver):
    badge = create_badge_definition(awards_per_giver=5)
    make_claim_codes(giver, badge, number=1, max_claims=3)

    with pytest.raises(NotAllowed, match="2 more times this month"):
        make_claim_codes(giver, badge, number=3)
    make_claim_codes(giver, badge, number=2)
    # Switching them off opens no place: they can be switched on again.
    switch_claim_codes(giver, ClaimCode.objects.all(), badge, on=False)
    with pytest.raises(NotAllowed, match="5 times a month, and you have done"):
        make_claim_codes(giver, badge)
    long_ago = timezone.now() - timedelta(days=40)
    ClaimCode.objects.update(created_at=long_ago)
    make_claim_codes(giver, badge, number=5)


def test_codes_are_switched_off_and_on_and_each_is_logged_once(giver):
    code = create_code()
    badge = code.badge_definition
    codes = ClaimCode.objects.all()

    assert switch_claim_codes(giver, codes, badge, on=False) == 1
    assert switch_claim_codes(giver, codes, badge, on=False) == 0
    assert claim(code, create_player()).outcome is ClaimOutcome.REFUSED
    assert switch_claim_codes(giver, codes, badge, on=True) == 1
    assert claim(code, create_player()).outcome is ClaimOutcome.CLAIMED

    actions = ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    assert [*actions] == [
        "wagtail_gamification.switch_off_claim_codes",
        "wagtail_gamification.switch_on_claim_codes",
    ]
