"""Where members nominate one another: what the page says, and whom it lets in."""

import pytest
from django.urls import reverse

from wagtail_gamification.models import BadgeDefinition, Nomination
from wagtail_gamification.testing import create_badge_definition, create_player
from wagtail_gamification.views import attempts

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"


@pytest.fixture
def badge():
    return create_badge_definition("Kind neighbour", allows_nominations=True)


@pytest.fixture
def url(badge):
    return reverse("wagtail_gamification:nominate", args=[badge.slug])


@pytest.fixture
def thanks(badge):
    return reverse("wagtail_gamification:nominated", args=[badge.slug])


@pytest.fixture
def nina():
    return create_player(username="nina", email="nina@example.org")


@pytest.fixture
def member(client, nina):
    player = create_player(username="noel")
    client.force_login(player.user)
    return player


@pytest.fixture(autouse=True)
def _one_window(monkeypatch):
    """No test runs across the end of a window."""
    monkeypatch.setattr(attempts.time, "time", lambda: 1_000_000_000.0)


def data(person="nina", reason="Fed my cat."):
    return {"person": person, "reason": reason}


@pytest.mark.parametrize("person", ["nina", "nina@example.org", "NINA@example.org"])
def test_a_member_nominates_another(client, url, thanks, member, nina, person):
    assert client.get(url).status_code == 200

    response = client.post(url, data(person), follow=True)

    assert response.redirect_chain == [(thanks, 302)]
    nomination = Nomination.objects.get()
    assert (nomination.nominee, nomination.nominator) == (nina, member.user)
    assert nomination.reason == "Fed my cat."


def test_the_answer_is_the_same_whether_or_not_there_is_such_a_person(
    client, url, thanks, member, nina
):
    gone = create_player(username="gone").user
    gone.is_active = False
    gone.save()

    for person in ("nina", "nina", "nobody", "gone"):
        response = client.post(url, data(person))
        assert (response.status_code, response.headers["Location"]) == (302, thanks)
    assert Nomination.objects.count() == 1
    assert "nina" not in client.get(thanks).content.decode()


def test_two_people_with_one_address_are_nobody(client, url, member, nina):
    create_player(username="nino", email="nina@example.org")

    assert client.post(url, data("nina@example.org")).status_code == 302
    assert not Nomination.objects.exists()


def test_the_limit_of_a_day_says_nothing_about_who_is_here(
    client, url, badge, member, settings
):
    settings.WAGTAIL_GAMIFICATION_NOMINATIONS_PER_DAY = 1
    Nomination.objects.create(
        badge_definition=badge, nominee=create_player(), nominator=member.user
    )

    answers = [client.post(url, data(person)) for person in ("nina", "nobody")]

    # The cache has counted none of them yet.
    assert [answer.status_code for answer in answers] == [429, 429]


def test_guesses_are_counted_like_nominations(client, url, member, settings):
    settings.WAGTAIL_GAMIFICATION_NOMINATIONS_PER_DAY = 2
    for number in range(2):
        assert client.post(url, data(f"guess {number}")).status_code == 302

    for person in ("nina", "nobody"):
        response = client.post(url, data(person))
        assert response.status_code == 429
        assert "Please go on tomorrow." in response.content.decode()
    assert not Nomination.objects.exists()


def test_nobody_nominates_themselves(client, url, member):
    page = client.post(url, data("noel")).content.decode()

    assert "You can&#x27;t nominate yourself." in page
    assert not Nomination.objects.exists()


def test_a_page_of_a_player_leads_to_a_form_that_says_what_is_wrong(
    client, badge, member, nina
):
    args = [badge.slug, nina.pk]
    url = reverse("wagtail_gamification:nominate_player", args=args)
    assert "Nominate nina" in client.get(url).content.decode()

    assert client.post(url, {"reason": "Kind"}).status_code == 302
    page = client.post(url, {"reason": "Kind"}).content.decode()

    assert "You have nominated this player for this badge already." in page
    assert Nomination.objects.get().nominee == nina


def test_a_player_who_is_not_public_is_nobody(client, badge, member, nina):
    nina.is_public = False
    nina.save()

    for pk in (nina.pk, 0, 10**9):
        url = reverse("wagtail_gamification:nominate_player", args=[badge.slug, pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"reason": "Kind"}).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"allows_nominations": False}, {"live": False}, {"is_secret": True}],
    ids=str,
)
def test_a_badge_that_nobody_is_nominated_for_is_not_found(
    client, url, thanks, member, fields
):
    BadgeDefinition.objects.update(**fields)

    for address in (url, thanks):
        assert client.get(address).status_code == 404
    assert client.post(url, data()).status_code == 404
    assert not Nomination.objects.exists()


def test_what_is_wrong_is_said_beside_its_field(client, url, member):
    for fields, field in [
        (data(person=""), "person"),
        (data(person="a\0"), "person"),
        (data(reason=""), "reason"),
        (data(reason="a" * 2001), "reason"),
    ]:
        response = client.post(url, fields)
        assert list(response.context["form"].errors) == [field]
    assert not Nomination.objects.exists()


def test_nobody_nominates_without_signing_in_or_without_a_token(client, url, nina):
    for response in (client.get(url), client.post(url, data())):
        assert response.headers["Location"].startswith("/accounts/login/")
    client.handler.enforce_csrf_checks = True
    client.force_login(create_player().user)
    assert client.post(url, data()).status_code == 403
    assert client.get(url, data()).status_code == 200
    assert not Nomination.objects.exists()


def test_no_html_gets_through(client, url, member, badge):
    nina = create_player(username=XSS)
    BadgeDefinition.objects.update(name=XSS)

    pages = [
        client.get(url),
        client.post(url, {"person": XSS, "reason": ""}),
        client.get(
            reverse("wagtail_gamification:nominate_player", args=[badge.slug, nina.pk])
        ),
    ]

    for page in pages:
        assert XSS not in page.content.decode()
