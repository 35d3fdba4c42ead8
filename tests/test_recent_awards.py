"""Who has earned something lately, and who is told so."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import override_settings
from django.utils import timezone, translation

from tests.shelf_data import make_badge, make_user, translate
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import (
    Award,
    Badge,
    BadgeDefinition,
    Category,
    GamificationInterface,
)
from wagtail_gamification.shelf import get_recent_awards

pytestmark = pytest.mark.django_db


@pytest.fixture
def award():
    """One award that everybody may read about."""
    return make_badge().award(make_user(first_name="Ada", last_name="Lovelace"))


def shown(**arguments):
    return [
        (award.player, award.badge.name)
        for award in get_recent_awards(**arguments).awards
    ]


def test_the_latest_comes_first(award):
    make_badge("Night owl").award(make_user("bob"))
    Award.objects.filter(pk=award.pk).update(
        awarded_at=timezone.now() - timedelta(days=1)
    )

    assert shown() == [("bob", "Night owl"), ("Ada Lovelace", "Bookworm")]
    assert shown(limit=1) == [("bob", "Night owl")]


HIDING = {
    "the player isn't public": lambda award: GamificationInterface.objects.update(
        is_public=False
    ),
    "the player isn't on boards": lambda award: GamificationInterface.objects.update(
        on_boards=False
    ),
    "the player hides the badge": lambda award: Badge.objects.update(is_hidden=True),
    "the account is closed": lambda award: _user(award, is_active=False),
    "the badge is secret": lambda award: BadgeDefinition.objects.update(is_secret=True),
    "the badge isn't published": lambda award: BadgeDefinition.objects.update(
        live=False
    ),
    "it was taken back": lambda award: award.badge.revoke(),
    "it has ended": lambda award: Award.objects.update(
        expires_at=timezone.now() - timedelta(hours=1)
    ),
}


def _user(award, **values):
    user = award.badge.interface.user
    for name, value in values.items():
        setattr(user, name, value)
    user.save()


@pytest.mark.parametrize("hide", HIDING.values(), ids=HIDING)
def test_nobody_reads_of_it_where(award, hide):
    assert shown() == [("Ada Lovelace", "Bookworm")]

    hide(award)

    assert shown() == []


@override_settings(WAGTAIL_GAMIFICATION_EXCLUDED_GROUPS=["Staff"])
def test_excluded_players_are_nowhere(award):
    award.badge.interface.user.groups.add(Group.objects.create(name="Staff"))

    assert shown() == []


def test_no_e_mail_address_is_shown():
    make_badge().award(make_user("ada@example.com"))

    [(player, _badge)] = shown()

    assert player.startswith("Player ")


def test_badges_are_called_as_the_visitor_reads_them(award):
    translate(award.badge.badge_definition, "fr", name="Lecteur")

    with translation.override("fr"):
        assert shown() == [("Ada Lovelace", "Lecteur")]


def test_of_one_category(award):
    reading = Category.objects.create(name="Reading")
    make_badge("Novel", category=reading).award(award.badge.interface)

    assert shown(category="reading") == [("Ada Lovelace", "Novel")]
    with pytest.raises(UnknownDefinition):
        shown(category="raeding")


@pytest.mark.parametrize("limit", [0, -1, 101, True, "5", None])
def test_a_limit_is_a_number_up_to_a_hundred(limit):
    with pytest.raises(ValueError, match="from 1 to 100"):
        get_recent_awards(limit=limit)


def test_many_cost_one_query(
    django_assert_num_queries, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        badges = [make_badge(f"Badge {number}") for number in range(5)]
        for number in range(6):
            user = make_user(f"user{number}")
            for badge in badges:
                badge.award(user)
    shown()

    with django_assert_num_queries(1):
        assert len(shown(limit=30)) == 30
