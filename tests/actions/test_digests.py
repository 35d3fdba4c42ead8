"""Digests: to whom, when, in which language, and once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site
from wagtail.users.models import UserProfile

from wagtail_gamification.actions import send_digests as module
from wagtail_gamification.actions.send_digests import (
    interface_of,
    send_digests,
    stop_digest,
    token_for,
)
from wagtail_gamification.models import Notice, PlayerPreferences
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def heron():
    return create_badge_definition("Heron & <owl>", max_awards=99)


def subscriber(digest="daily", *, sent=None, **user):
    user = {"email": "ada@example.org", **user}
    player = create_player(**user)
    sent_at = timezone.now() - sent if sent else None
    PlayerPreferences.objects.create(
        interface=player, digest=digest, digest_sent_at=sent_at
    )
    return player


def test_a_digest_has_text_html_and_a_way_out(heron):
    player = subscriber()
    heron.award(player)

    assert send_digests() == (1, 0)

    [message] = mail.outbox
    assert message.to == ["ada@example.org"]
    assert message.subject == "1 new thing on Gamification tests"
    assert "You have earned the badge “Heron & <owl>”." in message.body
    [html] = message.alternatives
    assert html[1] == "text/html"
    assert "Heron &amp; &lt;owl&gt;" in html[0]
    root = Site.objects.get(is_default_site=True).root_url
    assert f"{root}/badges/notices/" in message.body
    assert f'href="{root}/badges/notices/"' in html[0]
    header = message.extra_headers["List-Unsubscribe"]
    assert header.startswith(f"<{root}/badges/digest/stop/")
    post = message.extra_headers["List-Unsubscribe-Post"]
    assert post == "List-Unsubscribe=One-Click"
    assert "style" not in html[0]


def test_it_is_sent_once_and_then_when_there_is_something_new(heron):
    player = subscriber()
    heron.award(player)

    assert send_digests() == (1, 0)
    assert send_digests() == (0, 0)
    PlayerPreferences.objects.update(
        digest_sent_at=timezone.now() - timedelta(hours=24)
    )
    assert send_digests() == (0, 0)
    heron.award(player)
    assert send_digests() == (1, 0)
    assert mail.outbox[1].body.count("Heron") == 1


@pytest.mark.parametrize(
    ("digest", "sent", "is_due"),
    [
        ("", None, False),
        ("daily", None, True),
        ("daily", timedelta(hours=20), False),
        ("daily", timedelta(hours=24), True),
        ("weekly", None, True),
        ("weekly", timedelta(days=6), False),
        ("weekly", timedelta(days=7), True),
    ],
)
def test_who_is_due(heron, digest, sent, is_due):
    heron.award(subscriber(digest, sent=sent))

    assert send_digests() == (int(is_due), 0)


@pytest.mark.parametrize("user", [{"email": ""}, {"is_active": False}])
def test_who_cannot_be_written_to_is_left_out(heron, user):
    heron.award(subscriber(**user))

    assert send_digests() == (0, 0)
    assert PlayerPreferences.objects.get().digest_sent_at is None


def test_what_was_read_or_taken_back_is_no_news(heron):
    first, second = subscriber(), subscriber(email="grace@example.org")
    heron.award(first)
    heron.award(second)
    Notice.objects.filter(interface=first).mark_read()
    heron.revoke(second)

    assert send_digests() == (0, 0)


def test_who_has_just_asked_for_it_gets_no_history(heron):
    heron.award(subscriber())
    Notice.objects.update(created_at=timezone.now() - timedelta(days=2))

    assert send_digests() == (0, 0)


def test_each_reads_it_in_a_language_of_their_own(heron):
    ada, grace = subscriber(), subscriber(email="grace@example.org")
    UserProfile.objects.create(user=grace.user, preferred_language="ar")
    heron.award(ada)
    heron.award(grace)

    send_digests()

    html = {message.to[0]: message.alternatives[0][0] for message in mail.outbox}
    assert 'lang="en" dir="ltr"' in html["ada@example.org"]
    assert 'lang="ar" dir="rtl"' in html["grace@example.org"]
    assert "/ar/badges/notices/" in html["grace@example.org"]


def test_what_fails_is_in_the_next_one(heron, monkeypatch):
    players = [subscriber(email=f"{name}@example.org") for name in ("ada", "grace")]
    for player in players:
        heron.award(player)
    send = EmailBackend.send_messages

    def fail_for_ada(self, messages):
        if messages[0].to == ["ada@example.org"]:
            raise OSError("No")
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", fail_for_ada)
    assert send_digests() == (1, 1)
    monkeypatch.setattr(EmailBackend, "send_messages", send)

    assert send_digests() == (1, 0)

    assert [message.to[0][:3] for message in mail.outbox] == ["gra", "ada"]


def test_the_command_says_what_it_did(heron, monkeypatch, capsys):
    heron.award(subscriber())
    call_command("gamification_send_digests", "--dry-run")
    monkeypatch.setattr(module, "_message", lambda *args: 1 / 0)
    with pytest.raises(CommandError, match="1 digest wasn't sent"):
        call_command("gamification_send_digests")
    monkeypatch.undo()
    call_command("gamification_send_digests")

    out = capsys.readouterr().out
    assert "1 digest is due." in out
    assert "1 digest is sent." in out


def test_the_command_needs_the_pages_that_mail_leads_to(settings):
    settings.ROOT_URLCONF = "wagtail.admin.urls"
    with pytest.raises(CommandError, match="Include wagtail_gamification"):
        call_command("gamification_send_digests")


def test_statements_hardly_grow_with_players(heron, assert_max_statements):
    for number in range(12):
        heron.award(subscriber(email=f"{number}@example.org"))

    # One marks what was mailed as each mail is handed over, one finds the site.
    with assert_max_statements(12 + 12 * 2):
        assert send_digests() == (12, 0)


class TestStopping:
    def url(self, token):
        return reverse("wagtail_gamification:stop_digest", args=[token])

    def test_a_mail_program_stops_it_with_one_post(self):
        player = subscriber()
        client = Client(enforce_csrf_checks=True)
        url = self.url(token_for(player.pk))

        response = client.get(url)
        assert response.status_code == 200
        assert PlayerPreferences.objects.get().digest == "daily"
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        response = client.post(url, {"List-Unsubscribe": "One-Click"})

        assert response.status_code == 200
        assert PlayerPreferences.objects.get().digest == ""
        assert stop_digest(player.pk) is False

    @pytest.mark.parametrize("token", ["1", "x:y", "a" * 300])
    def test_a_token_of_somebody_elses_making_stops_nothing(self, client, token):
        subscriber()

        assert client.get(self.url(token)).status_code == 404
        assert client.post(self.url(token)).status_code == 404
        assert PlayerPreferences.objects.get().digest == "daily"

    def test_a_token_is_for_one_player(self):
        player = subscriber()
        assert interface_of(token_for(player.pk)) == player.pk
