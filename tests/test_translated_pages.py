"""Members read their pages and boards in their language."""

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from tests.visible_texts import texts
from wagtail_gamification.models import Award, Badge, Notice, PlayerPreferences
from wagtail_gamification.testing import (
    create_badge_definition,
    create_leaderboard,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db

TAGS = """{% load gamification_tags %}
{% standing user=user %}{% recent_awards %}{% claim_form %}{% unread_notices %}
{% unlockables user=user %}{% leaderboard "20" %}{% leaderboard "21" %}
{% badge_shelf user=user lazy=True %}
"""
# What is the same in English and in French.
ALIKE = re.compile("Badges|Code|Points|[0-9]+ points")


@pytest.fixture
def player(settings, django_capture_on_commit_callbacks):
    """Somebody with a bit of everything, named in no language."""
    settings.WAGTAIL_GAMIFICATION_PROFILES = True
    with django_capture_on_commit_callbacks(execute=True):
        create_leaderboard("20", slug="20", size=1)
        create_leaderboard("21", slug="21", measure="badges")
    create_level("30", 10)
    create_level("31", 1000)
    create_unlockable_definition("40", 0, price=50)
    create_unlockable_definition("41", 0, price=3000)
    create_unlockable_definition("42", 500, price=2)
    badges = [create_badge_definition(str(n), slug=f"b-{n}") for n in (50, 51)]
    with django_capture_on_commit_callbacks(execute=True):
        create_player(500, username="1001")
        player = create_player(100, username="1000")
        for badge in badges:
            player.award(badge.slug)
    Badge.objects.filter(interface=player).update(is_hidden=True)
    Badge.objects.filter(interface=player, badge_definition=badges[0]).update(
        is_hidden=False
    )
    Award.objects.filter(badge__interface=player).update(is_shared=True)
    PlayerPreferences.objects.update_or_create(
        interface=player, defaults={"has_profile": True}
    )
    return player


def rendered(player, language):
    request = RequestFactory().get("/")
    request.user = player.user
    with translation.override(language):
        return Template(TAGS).render(Context({"request": request, "user": player.user}))


def assert_translated(english, others, language):
    assert [text for text in english & others if not ALIKE.fullmatch(text)] == []
    assert len(others) > 4
    if language == "ar":
        assert [text for text in others if re.search("[A-Za-z]", text)] == []


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_tag_stays_english(player, language):
    english = texts(rendered(player, "en"))
    others = texts(rendered(player, language))

    assert {"Rank", "You", "3 unread"} <= english
    assert_translated(english, others, language)


def addresses(player):
    award = Award.objects.filter(badge__interface=player, badge__is_hidden=False).get()
    preferences = PlayerPreferences.objects.get(interface=player)
    return {
        "settings": [],
        "profile": [preferences.public_id],
        "awards": [],
        "award": [award.uuid],
        "notices": [],
        "claim": [],
        "unlock": ["40"],
    }


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize(
    "name", ["settings", "profile", "awards", "award", "notices", "claim", "unlock"]
)
def test_no_page_stays_english(client, player, name, language):
    client.force_login(player.user)
    pages = {}
    for code in ("en", language):
        with translation.override(code):
            address = reverse(
                f"wagtail_gamification:{name}", args=addresses(player)[name]
            )
        # The page tells of them again.
        Notice.objects.update(shown_at=None)
        response = client.get(address)
        assert response.status_code == 200
        pages[code] = response.content.decode()

    assert f'<html lang="{language}"' in pages[language]
    english, others = texts(pages["en"]), texts(pages[language])
    assert_translated(english, others, language)
