"""The reports of rarity and of unused badges."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wagtail_gamification.actions.summarise import summarise
from wagtail_gamification.days import today
from wagtail_gamification.models import BadgeDefinition, GamificationInterface, Summary
from wagtail_gamification.testing import create_badge_definition, create_player

from .conftest import XSS, address, exported, queries_for, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def players(owl, fox, grace, alan):
    """Two of five are active, one is the editor; three have the owl, one the fox."""
    others = [create_player(), create_player()]
    interfaces = GamificationInterface.objects.all()
    interfaces.update(last_active_day=None)
    interfaces.filter(pk__in=[grace.pk, alan.pk]).update(
        last_active_day=today().toordinal()
    )
    for player in (grace, *others):
        owl.award(player)
    fox.award(alan)
    summarise()


def test_the_rarest_among_active_players_is_first(cms, players, owl, fox):
    nobody = create_badge_definition("Nobody's")

    response = cms.get(address("rarity"))

    numbers = {
        row.pk: (row.players, row.active_players, row.active_share, row.share)
        for row in rows_of(response)
    }
    assert numbers == {
        nobody.pk: (0, 0, 0, 0),
        fox.pk: (1, 1, 50, 20),
        owl.pk: (3, 1, 50, 60),
    }
    assert rows_of(response)[0] == nobody
    page = response.content.decode()
    assert "2 of 5 players are active" in page
    assert reverse("wagtail_gamification_earners:earners", args=[owl.pk]) in page


def test_who_may_see_awards_alone_is_led_to_these(login_with, players, owl):
    client = login_with("view_badgedefinition", "view_award")

    page = client.get(address("rarity")).content.decode()

    assert f"{address('awards')}?badge={owl.pk}" in page


def test_no_link_leads_where_one_may_not_go(login_with, players, owl):
    client = login_with("view_badgedefinition")

    page = client.get(address("rarity")).content.decode()

    assert address("awards") not in page
    assert f"badges/edit/{owl.pk}" not in page


def test_old_numbers_are_counted_anew_when_somebody_looks(
    cms, players, fox, grace, django_capture_on_commit_callbacks
):
    fox.award(grace)
    old = timezone.now() - timedelta(hours=1)
    Summary.objects.update(summarised_at=old, requested_at=None)

    with django_capture_on_commit_callbacks(execute=True):
        cms.get(address("rarity"))

    rows = {row.pk: row.players for row in rows_of(cms.get(address("rarity")))}
    assert rows[fox.pk] == 2


def test_drafts_and_translations_are_not_listed(cms, players, french, owl):
    create_badge_definition("Draft", live=False)
    copy = owl.copy_for_translation(french)
    copy.save()

    assert len(rows_of(cms.get(address("rarity")))) == 2


def test_rarity_is_narrowed_down_to_a_category(cms, players, owl, birds):
    assert rows_of(cms.get(address("rarity"), {"category": birds.pk})) == [owl]
    assert len(rows_of(cms.get(address("rarity"), {"is_secret": "true"}))) == 0


def test_rarity_is_exported(cms, players):
    create_badge_definition("=1+1")

    csv = exported(cms, "rarity", "csv").decode().splitlines()

    assert csv[0].startswith("Name,Category,Players who have it,")
    assert csv[1].startswith("'=1+1,,0,0,0")
    assert len(exported(cms, "rarity", "xlsx")) > 1000


def test_unused_badges_are_those_that_nobody_has(cms, owl, fox, grace):
    owl.award(grace)

    response = cms.get(address("unused"))
    assert rows_of(response) == [fox]

    owl.revoke(grace)
    summarise()
    found = {row.pk: row.last_day for row in rows_of(cms.get(address("unused")))}
    assert found == {fox.pk: None, owl.pk: today()}


def test_unused_since_the_publication_or_since_it_was_taken_back(cms, owl, grace):
    published = timezone.now() - timedelta(days=90)
    BadgeDefinition.objects.update(first_published_at=published)
    rows = exported(cms, "unused", "csv").decode().splitlines()
    assert rows[0] == "Name,Category,First published at,Unused since"
    assert rows[1].endswith(str(timezone.localtime(published).date()))

    owl.award(grace)
    owl.revoke(grace)
    summarise()
    rows = exported(cms, "unused", "csv").decode().splitlines()
    assert rows[1].endswith(str(today()))


def test_names_are_escaped(cms):
    create_badge_definition(XSS)
    summarise()

    for name in ("rarity", "unused"):
        assert XSS not in cms.get(address(name)).content.decode()


def test_an_empty_site_is_told_so(cms):
    page = cms.get(address("rarity")).content.decode()
    assert "No badge is published yet." in page
    page = cms.get(address("unused")).content.decode()
    assert "Every published badge has been earned by somebody." in page


def test_a_site_without_active_players_has_no_share_of_them(cms, owl, grace):
    owl.award(grace)
    GamificationInterface.objects.update(last_active_day=None)
    summarise()

    [row] = rows_of(cms.get(address("rarity")))

    assert row.active_share is None
    assert row.share == 50


@pytest.mark.parametrize("name", ["rarity", "unused"])
def test_queries_grow_neither_with_badges_nor_with_players(cms, name):
    def make(number):
        for each in range(number):
            badge = create_badge_definition(f"{number}-{each}")
            if each % 2:
                badge.award(create_player())
        summarise()

    make(2)
    before = queries_for(cms, address(name))
    make(10)

    assert queries_for(cms, address(name)) == before
    assert before <= 16
