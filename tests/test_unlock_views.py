"""Where members buy an unlockable: what the page says, and what it refuses."""

import pytest
from django.urls import reverse

from wagtail_gamification.models import GamificationInterface, PointChange, Unlockable
from wagtail_gamification.testing import create_player, create_unlockable_definition

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"


@pytest.fixture
def member(client):
    player = create_player(80)
    client.force_login(player.user)
    return player


@pytest.fixture
def garden():
    return create_unlockable_definition("Garden", 0, price=50)


def address(definition, name="unlock"):
    return reverse(f"wagtail_gamification:{name}", args=[definition.slug])


def points(player):
    return GamificationInterface.objects.get(pk=player.pk).points


def bought():
    return PointChange.objects.exclude(unlockable=None).count()


def test_a_member_reads_what_it_costs_and_what_is_left_and_buys_it(
    client, member, garden
):
    page = client.get(address(garden))
    text = page.content.decode()
    assert page.status_code == 200
    assert page.context["points"] == 80
    assert page.context["left"] == 30
    for part in ("50 points", "80 points", "30 points", "Spend 50 points"):
        assert part in text
    assert bought() == 0

    response = client.post(address(garden), {"price": 50}, follow=True)

    assert response.redirect_chain == [(address(garden, "unlocked"), 302)]
    assert "“Garden” is yours" in response.content.decode()
    assert "You have 30 points left." in response.content.decode()
    assert points(member) == 30


def test_sending_the_form_twice_buys_once(client, member, garden):
    client.post(address(garden), {"price": 50})

    again = client.post(address(garden), {"price": 50})

    assert "You have this already. No points are spent." in again.content.decode()
    assert (points(member), bought()) == (30, 1)


def test_looking_buys_nothing(client, member, garden):
    client.get(address(garden))
    client.head(address(garden))

    assert bought() == 0


def test_another_price_than_was_read_buys_nothing_and_shows_the_new_one(
    client, member, garden
):
    client.get(address(garden))
    garden.price = 60
    garden.save()

    response = client.post(address(garden), {"price": 50})

    assert "The price has changed meanwhile." in response.content.decode()
    assert 'name="price" value="60"' in response.content.decode()
    assert (points(member), bought()) == (80, 0)


@pytest.mark.parametrize("price", ["", "abc", "1e3", "-50", "0", "49", "\0"])
def test_no_other_price_can_be_sent(client, member, garden, price):
    response = client.post(address(garden), {"price": price})

    assert "The price has changed meanwhile." in response.content.decode()
    assert bought() == 0


def test_who_has_too_few_points_reads_how_many_are_missing(client, garden):
    player = create_player(20)
    client.force_login(player.user)

    page = client.get(address(garden)).content.decode()
    refused = client.post(address(garden), {"price": 50}).content.decode()

    assert "You need 30 more points." in page
    assert "Spend 50 points" not in page
    assert "You don't have enough points." in refused or (
        "You don&#x27;t have enough points." in refused
    )
    assert (points(player), bought()) == (20, 0)


def test_what_is_for_sale_later_says_from_when_on(client, member):
    attic = create_unlockable_definition("Attic", 100, price=50)

    page = client.get(address(attic)).content.decode()
    refused = client.post(address(attic), {"price": 50}).content.decode()

    assert "It can be bought from 100 earned points on." in page
    assert "Spend" not in page
    assert "earned enough points yet" in refused
    assert bought() == 0


def test_who_is_left_out_is_told_so(client, member, garden, settings):
    from django.contrib.auth.models import Group

    settings.WAGTAIL_GAMIFICATION_EXCLUDED_GROUPS = ["Staff"]
    member.user.groups.add(Group.objects.create(name="Staff"))

    refused = client.post(address(garden), {"price": 50}).content.decode()

    assert "collect anything on this site" in refused
    assert bought() == 0


def test_what_is_not_for_sale_has_no_page(client, member):
    free = create_unlockable_definition("Free", 100)
    draft = create_unlockable_definition("Draft", 0, price=10, live=False)

    for definition in (free, draft):
        assert client.get(address(definition)).status_code == 404
        assert client.post(address(definition), {"price": 10}).status_code == 404
    assert client.get("/badges/unlock/nothing/").status_code == 404
    assert client.get("/badges/unlocked/free/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_not_signed_in_is_sent_to_sign_in(client, garden, method):
    response = getattr(client, method)(address(garden), {"price": 50})

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=")
    assert bought() == 0


def test_another_site_cannot_send_the_form(garden):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    player = create_player(80)
    client.force_login(player.user)

    assert client.post(address(garden), {"price": 50}).status_code == 403
    assert bought() == 0


def test_the_pages_are_private(client, member, garden):
    for response in (client.get(address(garden)), client.post(address(garden))):
        assert "private" in response.headers["Cache-Control"]
        assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("/lessons/?page=2", True),
        ("http://testserver/lessons/", True),
        ("https://evil.example/", False),
        ("//evil.example/", False),
        ("javascript:alert(1)", False),
        ("/\\evil.example", False),
    ],
)
def test_the_way_back_leads_nowhere_else(client, member, garden, given, shown):
    page = client.get(address(garden), {"next": given})
    assert (page.context["back_url"] == given) is shown

    done = client.post(address(garden), {"price": 50, "next": given})
    assert ("next=" in done.headers["Location"]) is shown
    seen = client.get(done.headers["Location"])
    assert (seen.context["back_url"] == given) is shown


def test_names_are_text(client, member):
    evil = create_unlockable_definition(XSS, 0, price=10, slug="evil")

    for name in ("unlock", "unlocked"):
        page = client.get(address(evil, name), {"next": f"/{XSS}"})
        assert XSS not in page.content.decode()
        client.post(address(evil), {"price": 10})


def test_slugs_have_letters_of_any_alphabet(client, member):
    garden = create_unlockable_definition("حديقة", 0, price=10)

    assert client.get(address(garden)).status_code == 200


def test_nobody_sees_what_others_bought(client, member, garden):
    garden.buy(member)
    client.force_login(create_player().user)

    assert client.get(address(garden, "unlocked")).status_code == 404


def test_one_that_is_not_published_any_more_stays_with_its_buyer(
    client, member, garden
):
    garden.buy(member)
    garden.unpublish()

    assert client.get(address(garden, "unlocked")).status_code == 200
    assert Unlockable.objects.get(interface=member).acquired
