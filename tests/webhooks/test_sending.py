"""Messages arrive, signed, where they may; what fails is tried again."""

import socket
import ssl
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError
from wagtail.models import ModelLogEntry

from wagtail_gamification.actions import send_webhooks
from wagtail_gamification.actions.send_webhooks import send_again, send_due
from wagtail_gamification.models import WebhookDelivery
from wagtail_gamification.testing import create_badge_definition, create_player
from wagtail_gamification.webhooks import addresses
from wagtail_gamification.webhooks.addresses import (
    AddressRefused,
    check_url,
    is_allowed,
    look_up,
)
from wagtail_gamification.webhooks.sending import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(endpoint):
    endpoint.events = ["badge.awarded"]
    endpoint.save()
    create_badge_definition("Grey heron ☃").award(create_player())
    return WebhookDelivery.objects.get()


def make_due():
    WebhookDelivery.objects.update(next_attempt_at=timezone.now())


class TestArriving:
    def test_a_message_arrives_and_can_be_verified(self, receiver, endpoint, delivery):
        assert send_due() == (1, 0)

        [(path, headers, body)] = receiver.requests
        assert path == "/hooks?from=site"
        assert headers["Host"] == receiver.url.split("/")[2]
        assert headers["Content-Type"] == "application/json"
        message = Webhook(endpoint.secret).verify(body, headers)
        assert message == delivery.payload
        assert headers["webhook-id"] == delivery.message_id
        delivery.refresh_from_db()
        assert (delivery.state, delivery.status_code) == ("delivered", 204)
        assert delivery.delivered_at is not None
        assert send_due() == (0, 0)

    def test_another_secret_verifies_nothing(self, receiver, delivery):
        send_due()
        [(_path, headers, body)] = receiver.requests

        with pytest.raises(WebhookVerificationError):
            Webhook("whsec_" + "A" * 43 + "=").verify(body, headers)

    def test_for_some_hours_both_secrets_are_valid(self, receiver, endpoint, delivery):
        before = endpoint.secret
        endpoint.rotate_secret()
        assert endpoint.secret != before

        send_due()

        [(_path, headers, body)] = receiver.requests
        for secret in (before, endpoint.secret):
            assert Webhook(secret).verify(body, headers)
        endpoint.previous_until = timezone.now()
        assert endpoint.secrets == [endpoint.secret]

    def test_the_command_sends(self, receiver, delivery, capsys):
        call_command("gamification_send_webhooks", "--dry-run")
        assert not receiver.requests
        call_command("gamification_send_webhooks")

        assert "1 message is delivered." in capsys.readouterr().out

    def test_nothing_is_sent_in_a_visitors_request(
        self, receiver, endpoint, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            create_badge_definition().award(create_player())

        assert not receiver.requests

    def test_workers_are_asked_once_for_each_transaction(
        self, endpoint, django_capture_on_commit_callbacks, monkeypatch
    ):
        asked = []
        monkeypatch.setattr(
            send_webhooks, "start_sending", lambda after=None: asked.append(after)
        )

        with django_capture_on_commit_callbacks(execute=True):
            create_badge_definition(points=10).award(create_player())

        assert asked == [None]


class TestFailing:
    @pytest.mark.parametrize("status", [302, 400, 404, 500, 503])
    def test_what_fails_waits_longer_each_time(
        self, receiver, delivery, status, monkeypatch
    ):
        monkeypatch.setattr(send_webhooks, "JITTER", 0)
        waits = []
        for _number in range(10):
            receiver.answers.append((status, {"Location": receiver.url}, b"No\0!"))
            assert send_due() == (0, 1)
            delivery.refresh_from_db()
            if delivery.next_attempt_at:
                waits.append(delivery.next_attempt_at - delivery.attempted_at)
            make_due()

        assert waits == sorted(waits)
        assert waits[0] < timedelta(seconds=10)
        assert waits[-1] > timedelta(hours=19)
        assert (delivery.state, delivery.attempts) == ("failed", 10)
        assert delivery.status_code == status
        # None led elsewhere.
        assert len(receiver.requests) == 10

    def test_it_says_what_the_endpoint_answered_and_not_all_of_it(
        self, receiver, delivery
    ):
        receiver.answers.append((500, {}, b"x" * 100_000))
        send_due()

        delivery.refresh_from_db()
        assert delivery.error == "x" * 1000

    def test_an_endpoint_may_ask_to_be_left_alone(self, receiver, delivery):
        receiver.answers.append((429, {"Retry-After": "3600"}, b""))
        send_due()

        delivery.refresh_from_db()
        wait = delivery.next_attempt_at - delivery.attempted_at
        assert wait >= timedelta(hours=1)

    def test_one_that_keeps_silent_is_given_up(self, receiver, delivery, settings):
        settings.WAGTAIL_GAMIFICATION_WEBHOOK_TIMEOUT = 0.2
        receiver.keeps_silent = True

        assert send_due() == (0, 1)

        delivery.refresh_from_db()
        assert delivery.error == "There was no answer in time."

    def test_one_that_is_down_is_asked_once_in_a_run(self, receiver, endpoint):
        definition = create_badge_definition(max_awards=5)
        player = create_player()
        for _number in range(5):
            definition.award(player)
        receiver.answers += [(500, {}, b"")] * 5

        assert send_due() == (0, 1)

        tried = WebhookDelivery.objects.filter(attempts__gt=0)
        assert tried.count() == 1
        make_due()
        receiver.answers.clear()
        assert send_due()[0] == WebhookDelivery.objects.count()
        endpoint.refresh_from_db()
        assert endpoint.failing_since is None

    def test_one_that_was_claimed_is_left_to_whoever_claimed_it(
        self, receiver, delivery
    ):
        later = timezone.now() + send_webhooks.CLAIM
        now = timezone.now()
        WebhookDelivery.objects.update(attempted_at=now, next_attempt_at=later)

        assert send_due() == (0, 0)

    def test_one_that_fails_for_days_is_paused_and_editors_are_told(
        self, receiver, endpoint, delivery, django_user_model
    ):
        editor = django_user_model.objects.create_user("edith", "edith@example.org")
        codename = "change_webhookendpoint"
        editor.user_permissions.add(Permission.objects.get(codename=codename))
        django_user_model.objects.create_user("grace", "grace@example.org")
        receiver.answers += [(500, {}, b"")] * 2
        send_due()
        endpoint.refresh_from_db()
        assert endpoint.state == "failing"
        type(endpoint).objects.update(failing_since=timezone.now() - timedelta(days=5))
        make_due()

        send_due()

        endpoint.refresh_from_db()
        assert endpoint.state == "paused"
        assert [message.to for message in mail.outbox] == [["edith@example.org"]]
        assert "Members' register" in mail.outbox[0].subject
        entry = ModelLogEntry.objects.get(action="wagtail_gamification.pause_webhook")
        assert entry.object_id == str(endpoint.pk)
        make_due()
        assert send_due() == (0, 0)
        endpoint.is_active = True
        endpoint.save()
        assert (endpoint.state, send_due()) == ("active", (1, 0))

    def test_one_that_is_gone_is_paused_at_once(self, receiver, endpoint, delivery):
        receiver.answers.append((410, {}, b""))
        send_due()

        endpoint.refresh_from_db()
        assert endpoint.state == "paused"

    def test_again_means_under_the_same_id(self, receiver, delivery):
        send_due()

        assert send_again(delivery).is_delivered

        first, second = (headers["webhook-id"] for _p, headers, _b in receiver.requests)
        assert first == second

    def test_again_leaves_alone_what_is_being_sent(self, receiver, delivery):
        now = timezone.now()
        WebhookDelivery.objects.update(
            attempted_at=now, next_attempt_at=now + send_webhooks.CLAIM
        )

        assert send_again(delivery) is None
        assert not receiver.requests


PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
]


class TestAddresses:
    @pytest.mark.parametrize("address", PRIVATE)
    def test_private_ones_are_refused(self, address):
        assert not is_allowed(addresses.ip_address(address))
        host = f"[{address}]" if ":" in address else address
        with pytest.raises(AddressRefused):
            check_url(f"https://{host}/")

    @pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
    def test_public_ones_are_allowed(self, address):
        assert is_allowed(addresses.ip_address(address))

    @pytest.mark.parametrize(
        "url",
        [
            "http://example.org/",
            "ftp://example.org/",
            "file:///etc/passwd",
            "https://",
            "https://user:password@example.org/",
            "https://example.org/#part",
            "https://example.org:port/",
            "https://[::1/",
            "//example.org/",
        ],
    )
    def test_these_are_none(self, url):
        with pytest.raises(AddressRefused):
            check_url(url)

    def test_a_name_with_one_private_address_is_refused(self, monkeypatch):
        def resolve(host, port, **kwargs):
            return [
                (2, 1, 6, "", (address, port))
                for address in ("93.184.216.34", "10.0.0.1")
            ]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)

        with pytest.raises(AddressRefused):
            look_up("example.org", 443)

    def test_other_spellings_of_a_private_address_are_refused(self):
        for host in ("2130706433", "127.1", "0x7f000001", "localhost"):
            outcome = send(f"https://{host}/", "msg_1", {}, ["whsec_AAAA"])
            assert outcome.status is None
            assert outcome.error in (
                "The host is in a private network.",
                "The host wasn't found.",
            )

    def test_the_connection_goes_to_the_address_that_was_looked_at(
        self, receiver, settings, monkeypatch
    ):
        answers = iter(["127.0.0.1", "10.0.0.1", "10.0.0.1"])
        real = socket.getaddrinfo

        def resolve(host, port, *args, **kwargs):
            if host == "rebinding.example":
                return [(2, 1, 6, "", (next(answers), port))]
            return real(host, port, *args, **kwargs)

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        port = receiver.server_address[1]

        outcome = send(f"http://rebinding.example:{port}/", "msg_1", {}, ["whsec_AAAA"])

        assert outcome.is_delivered
        assert receiver.requests[0][1]["Host"] == f"rebinding.example:{port}"
        assert next(answers) == "10.0.0.1"

    def test_nothing_private_is_sent_to_where_the_site_says_nothing(
        self, receiver, settings
    ):
        settings.WAGTAIL_GAMIFICATION_WEBHOOK_ALLOWED_NETWORKS = []

        outcome = send(receiver.url, "msg_1", {}, ["whsec_AAAA"])

        assert outcome.error == "This address is in a private network."
        assert not receiver.requests

    def test_a_certificate_has_to_be_for_the_host(self, settings, monkeypatch):
        settings.WAGTAIL_GAMIFICATION_WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]
        asked = []

        class Context:
            def wrap_socket(self, sock, *, server_hostname):
                asked.append(server_hostname)
                raise ssl.SSLCertVerificationError("No")

        monkeypatch.setattr(ssl, "create_default_context", Context)
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda h, p, **k: [(2, 1, 6, "", ("127.0.0.1", p))]
        )
        monkeypatch.setattr(socket, "create_connection", lambda *args: socket.socket())

        outcome = send("https://example.org/", "msg_1", {}, ["whsec_AAAA"])

        assert asked == ["example.org"]
        assert "SSLCertVerificationError" in outcome.error
