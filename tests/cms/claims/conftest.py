"""Codes, and editors who may make them."""

import pytest
from django.contrib.auth.models import Permission

from wagtail_gamification.models import ClaimCode
from wagtail_gamification.testing import create_badge_definition

CODES = ["add_claimcode", "change_claimcode", "view_claimcode", "award_badge"]


@pytest.fixture
def badge():
    return create_badge_definition("Walker")


@pytest.fixture
def code(badge):
    return ClaimCode.objects.create(badge_definition=badge, label="Fair")


@pytest.fixture
def editor(login_with):
    """A browser of an editor who has just the rights needed."""
    return login_with(*CODES)


def permission(codename):
    return Permission.objects.get(
        content_type__app_label="wagtail_gamification", codename=codename
    )
