"""A badge, those who earned it, and editors who may see or give."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from wagtail_gamification.models import GamificationInterface

SEE = "view_gamificationinterface"
AWARD = "award_badge"
REVOKE = "revoke_badge"
XSS = "<script>alert(1)</script>"
# Everything else that comes near.
OTHERS = {
    "add_gamificationinterface",
    "change_gamificationinterface",
    "delete_gamificationinterface",
    "view_award",
    "change_award",
    "view_badge",
    "add_badgedefinition",
    "change_badgedefinition",
    "delete_badgedefinition",
    "view_badgedefinition",
    "adjust_points",
    "reset_player",
}


@pytest.fixture
def player_of(django_user_model):
    """Make a player who is a user of that name."""

    def make(username, **fields):
        fields.setdefault("email", f"{username}@example.com")
        user = django_user_model.objects.create_user(username, **fields)
        return GamificationInterface.objects.for_user(user)

    return make


@pytest.fixture
def grace(player_of):
    return player_of("grace", first_name="Grace", last_name="Hopper")


@pytest.fixture
def alan(player_of):
    return player_of("alan", first_name="Alan", last_name="Turing")


def url_of(name, badge):
    pk = getattr(badge, "pk", badge)
    return reverse(f"wagtail_gamification_earners:{name}", args=[pk])


def reserve(badge):
    """Reserve a badge for a group that nobody is in."""
    group = Group.objects.create(name="Judges")
    badge.awarding_groups.through.objects.create(badgedefinition=badge, group=group)
    return group
