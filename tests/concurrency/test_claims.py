"""Many who claim at once, on PostgreSQL: each code gives what it says and no more."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Sum
from wagtail.models import Locale, ModelLogEntry

from tests.concurrency.test_processes import PROCESSES, run_at_once
from wagtail_gamification.models import (
    Award,
    Claim,
    ClaimCode,
    GamificationInterface,
    Nomination,
    PointChange,
)
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

CLAIM = """
from wagtail_gamification.actions.claim_code import ClaimCodeAction
players = list(GamificationInterface.objects.order_by("pk").select_related("user"))
players = players[number::8] if shares else players
for code in ClaimCode.objects.order_by("pk"):
    for player in players:
        ClaimCodeAction(code.code, player, player.user).execute()
"""


@pytest.fixture(autouse=True)
def _on_postgresql():
    assert connection.vendor == "postgresql", (
        "These tests need PostgreSQL: set DATABASE_URL."
    )
    Locale.objects.get_or_create(language_code="en")


def claim_at_once(*, shares):
    player = GamificationInterface.objects.order_by("pk").first()
    run_at_once(player, f"shares = {shares}\n{CLAIM}", checks=False)
    assert (
        GamificationInterface.objects.aggregate(total=Sum("points"))["total"]
        == PointChange.objects.aggregate(total=Sum("amount"))["total"]
    )


def test_eight_who_claim_with_one_time_codes_get_one_each_and_no_code_is_lost():
    for number in range(20):
        definition = create_badge_definition(f"Badge {number}", points=5)
        ClaimCode.objects.create(badge_definition=definition)
    for _ in range(PROCESSES):
        create_player()

    claim_at_once(shares=True)

    assert Award.objects.count() == Claim.objects.count() == 20
    assert set(ClaimCode.objects.values_list("claim_count", flat=True)) == {1}
    assert set(Claim.objects.values_list("claim_code").distinct()) == set(
        ClaimCode.objects.values_list("pk")
    )


def test_a_shared_code_stops_at_its_maximum():
    definition = create_badge_definition(points=5)
    code = ClaimCode.objects.create(badge_definition=definition, max_claims=25)
    for _ in range(40):
        create_player()

    claim_at_once(shares=True)

    code.refresh_from_db()
    assert code.claim_count == 25
    assert Award.objects.count() == Claim.objects.count() == 25


def test_one_player_who_claims_eight_times_at_once_takes_one_place():
    definition = create_badge_definition(points=5, max_awards=50)
    code = ClaimCode.objects.create(badge_definition=definition, max_claims=50)
    create_player()

    claim_at_once(shares=False)

    code.refresh_from_db()
    assert code.claim_count == 1
    assert Award.objects.count() == Claim.objects.count() == 1


DECIDE = """
from django.contrib.auth import get_user_model
from wagtail_gamification.actions.decide_nomination import DecideNominationAction
from wagtail_gamification.exceptions import NotAllowed
judge = get_user_model().objects.get(username=f"judge-{number}")
for nomination in Nomination.objects.order_by("pk"):
    approves = (number + nomination.pk) % 2 == 0
    try:
        DecideNominationAction(judge, nomination, approves=approves).execute()
    except NotAllowed:
        pass
"""


def test_eight_who_decide_at_once_decide_each_nomination_once():
    definition = create_badge_definition(points=5, max_awards=50)
    player = create_player()
    for _ in range(20):
        Nomination.objects.create(
            badge_definition=definition,
            nominee=player,
            nominator=create_player().user,
            reason="Kind",
        )
    permission = Permission.objects.get(codename="decide_nomination")
    for number in range(PROCESSES):
        judge = create_player(username=f"judge-{number}").user
        judge.user_permissions.add(permission)

    run_at_once(player, DECIDE)

    approved = Nomination.objects.filter(state="approved")
    assert not Nomination.objects.filter(state="waiting").exists()
    assert Award.objects.count() == approved.count()
    assert player.points == 5 * approved.count()
    assert set(approved.values_list("award")) == set(Award.objects.values_list("pk"))
    assert ModelLogEntry.objects.count() == 20
