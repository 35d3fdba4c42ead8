"""Where members claim a badge: what the page says, and whom it lets in."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from wagtail_gamification.models import Award, Claim, ClaimCode
from wagtail_gamification.models.codes import new_code
from wagtail_gamification.testing import create_badge_definition, create_player
from wagtail_gamification.views import attempts

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"


@pytest.fixture
def url():
    return reverse("wagtail_gamification:claim")


@pytest.fixture
def member(client):
    player = create_player()
    client.force_login(player.user)
    return player


@pytest.fixture
def code():
    return create_code()


@pytest.fixture(autouse=True)
def _one_window(monkeypatch):
    """No test runs across the end of a window."""
    monkeypatch.setattr(attempts.time, "time", lambda: 1_000_000_000.0)


def create_code(definition=None, **fields):
    definition = definition or create_badge_definition("Walker", points=10)
    return ClaimCode.objects.create(badge_definition=definition, **fields)


def test_a_member_claims_a_badge_and_sees_it(client, url, member, code):
    form = client.get(url)
    assert form.status_code == 200
    response = client.post(url, {"code": code.grouped.lower()}, follow=True)

    award = Award.objects.get()
    claimed = reverse("wagtail_gamification:claimed", args=[award.uuid])
    assert response.redirect_chain == [(claimed, 302)]
    page = response.content.decode()
    assert "The badge is yours" in page
    assert "Walker" in page
    assert award.badge.interface == member


def test_nobody_sees_what_another_has_claimed(client, url, member, code):
    claimed = client.post(url, {"code": code.code}).headers["Location"]
    assert client.get(claimed).status_code == 200

    client.force_login(create_player().user)
    assert client.get(claimed).status_code == 404
    # An award that wasn't claimed has no such page.
    award = create_badge_definition("Other").award(member)
    client.force_login(member.user)
    other = reverse("wagtail_gamification:claimed", args=[award.uuid])
    assert client.get(other).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_not_signed_in_is_sent_to_sign_in_with_the_code(
    client, url, code, method
):
    address = f"{url}?code={code.grouped}"
    response = getattr(client, method)(address, {"code": code.code})

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=")
    assert not Award.objects.exists()
    login = client.get(address).headers["Location"]
    assert login.endswith(urlencode({"next": address}, safe="/"))


def test_opening_the_address_of_a_code_fills_it_in_and_claims_nothing(
    client, url, member, code
):
    page = client.get(url, {"code": code.code})

    assert f'value="{code.grouped}"' in page.content.decode()
    assert f'action="{url}"' in page.content.decode()
    client.head(url, {"code": code.code})
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(f"{url}?code={code.code}").status_code == 405
    assert not Claim.objects.exists()


def test_nothing_but_a_code_is_put_into_the_form(client, url, member):
    page = client.get(url, {"code": f'">{XSS}'}).content.decode()

    assert "<script>" not in page
    response = client.post(url, {"code": f'">{XSS}'})
    assert "<script>" not in response.content.decode()


def test_nobody_claims_without_a_token(client, url, member, code):
    client.handler.enforce_csrf_checks = True

    assert client.post(url, {"code": code.code}).status_code == 403
    assert not Award.objects.exists()


def test_no_cache_keeps_the_page_and_no_other_site_hears_of_it(client, url, member):
    headers = client.get(url).headers

    assert "no-store" in headers["Cache-Control"]
    assert "private" in headers["Cache-Control"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Robots-Tag"] == "noindex"


def test_the_answer_to_a_code_that_cannot_be_used_never_says_why(
    client, url, member, django_assert_num_queries
):
    badge = create_badge_definition("Walker")
    full = create_code(badge)
    ClaimCode.objects.filter(pk=full.pk).update(claim_count=1)
    late = create_code(badge, expires_at=timezone.now() - timedelta(minutes=1))
    off = create_code(badge, is_active=False)
    draft = create_code(create_badge_definition("Draft", live=False))
    texts = [
        new_code(),
        full.code,
        late.code,
        off.code,
        draft.code,
        "x",
        "\0☃",
        "a" * 99,
    ]
    answers = set()

    for text in texts:
        # The session, the user, the player, the code; whether there is news.
        with django_assert_num_queries(5):
            response = client.post(url, {"code": text})
        page = response.content.decode()
        token = page.partition('name="csrfmiddlewaretoken" value="')[2][:64]
        page = page.replace(token, "").replace(f'value="{text}"', "")
        page = page.replace(f'value="{text}"'.replace("\0", ""), "")
        answers.add((response.status_code, page))

    assert len(answers) == 1
    [(status, page)] = answers
    assert status == 200
    assert "This code can&#x27;t be used." in page


def test_who_has_the_badge_hears_so_and_the_code_stays_good(client, url, member, code):
    code.badge_definition.award(member)

    page = client.post(url, {"code": code.code}).content.decode()

    assert "You have this badge already." in page
    code.refresh_from_db()
    assert code.claim_count == 0


def test_a_member_has_a_number_of_wrong_attempts_and_then_waits(
    client, url, member, code, settings
):
    settings.WAGTAIL_GAMIFICATION_CLAIM_TRIES_PER_USER = 3
    for _ in range(3):
        assert client.post(url, {"code": new_code()}).status_code == 200

    right = client.post(url, {"code": code.code})
    wrong = client.post(url, {"code": new_code()})

    for response in (right, wrong):
        assert response.status_code == 429
        assert 0 < int(response.headers["Retry-After"]) <= 600
        assert "You have tried too often." in response.content.decode()
    assert not Claim.objects.exists()
    # Others aren't kept from it.
    client.force_login(create_player().user)
    assert client.post(url, {"code": code.code}).status_code == 302


def test_the_attempts_are_forgotten_when_the_window_ends(
    client, url, member, code, settings, monkeypatch
):
    settings.WAGTAIL_GAMIFICATION_CLAIM_TRIES_PER_USER = 1
    client.post(url, {"code": new_code()})
    assert client.post(url, {"code": code.code}).status_code == 429

    later = attempts.time.time() + 601
    monkeypatch.setattr(attempts.time, "time", lambda: later)
    assert client.post(url, {"code": code.code}).status_code == 302


def test_an_address_has_a_number_of_attempts_whoever_tries(client, url, settings, code):
    settings.WAGTAIL_GAMIFICATION_CLAIM_TRIES_PER_ADDRESS = 2
    for _ in range(2):
        client.force_login(create_player().user)
        client.post(url, {"code": new_code()})

    client.force_login(create_player().user)
    assert client.post(url, {"code": code.code}).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.post(url, {"code": code.code}, **elsewhere).status_code == 302


def test_what_succeeds_does_not_count_as_an_attempt(client, url, settings):
    settings.WAGTAIL_GAMIFICATION_CLAIM_TRIES_PER_ADDRESS = 2
    badge = create_badge_definition()
    # A class at an event, behind one address.
    for _ in range(5):
        client.force_login(create_player().user)
        code = create_code(badge)
        assert client.post(url, {"code": code.code}).status_code == 302


def test_limits_can_be_switched_off_and_do_without_a_cache(
    client, url, member, settings
):
    settings.WAGTAIL_GAMIFICATION_CLAIM_TRIES_PER_USER = 0
    settings.WAGTAIL_GAMIFICATION_CLAIM_TRIES_PER_ADDRESS = 0
    for _ in range(12):
        assert client.post(url, {"code": new_code()}).status_code == 200

    settings.WAGTAIL_GAMIFICATION_CLAIM_TRIES_PER_USER = 1
    dummy = "django.core.cache.backends.dummy.DummyCache"
    settings.CACHES = {"default": {"BACKEND": dummy}}
    for _ in range(2):
        assert client.post(url, {"code": new_code()}).status_code == 200


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"REMOTE_ADDR": "192.0.2.1"}, "192.0.2.1"),
        # What a client says of itself isn't asked.
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6"}, "192.0.2.1"),
        ({"REMOTE_ADDR": "2001:db8::1"}, "2001:db8::"),
        ({"REMOTE_ADDR": "2001:db8::ffff:2"}, "2001:db8::"),
        ({"REMOTE_ADDR": "::ffff:192.0.2.1"}, "192.0.2.1"),
        ({"REMOTE_ADDR": ""}, ""),
    ],
)
def test_the_address_is_the_one_that_the_server_knows(rf, meta, expected):
    assert attempts.address_of(rf.get("/", **meta)) == expected


def test_behind_a_proxy_the_address_is_what_the_proxy_has_added(rf, settings):
    settings.WAGTAIL_GAMIFICATION_CLIENT_ADDRESS = "HTTP_X_FORWARDED_FOR"
    request = rf.get("/", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.9")

    assert attempts.address_of(request) == "192.0.2.9"


def test_a_site_puts_its_own_page_around_the_forms(client, url, member, settings):
    templates = {
        "wagtail_gamification/base.html": "My site {% block content %}{% endblock %}"
    }
    settings.TEMPLATES = [
        {
            **settings.TEMPLATES[0],
            "APP_DIRS": False,
            "OPTIONS": {
                **settings.TEMPLATES[0]["OPTIONS"],
                "loaders": [
                    ("django.template.loaders.locmem.Loader", templates),
                    "django.template.loaders.app_directories.Loader",
                ],
            },
        }
    ]

    assert client.get(url).content.decode().startswith("My site")
