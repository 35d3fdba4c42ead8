"""Eight processes at once, on PostgreSQL: nobody is told anything twice."""

import json

import pytest
from django.db import connection
from wagtail.models import Locale, Site

from tests.concurrency.test_processes import run_at_once
from wagtail_gamification.models import (
    Notice,
    PlayerPreferences,
    WebhookDelivery,
    WebhookEndpoint,
)
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgresql():
    assert connection.vendor == "postgresql", (
        "These tests need PostgreSQL: set DATABASE_URL."
    )
    Locale.objects.get_or_create(language_code="en")


@pytest.fixture
def player():
    definition = create_badge_definition(max_awards=50)
    player = create_player(email="ada@example.org")
    for _number in range(20):
        definition.award(player)
    return player


def lines_of(path):
    """Give what the processes wrote, each a line."""
    files = path.glob("*.txt")
    return [line for file in files for line in file.read_text().splitlines()]


TAKE = """
from wagtail_gamification.notices import take_new_notices
new = take_new_notices(player.user)
with open(f"{path}/{number}.txt", "w") as file:
    file.write(f"{len(new.items) + new.more}")
"""


def test_eight_pages_tell_of_each_notice_once(player, tmp_path):
    run_at_once(player, f"path = {json.dumps(str(tmp_path))}\n{TAKE}", checks=False)

    assert sorted(map(int, lines_of(tmp_path))) == [0] * 7 + [20]
    assert not Notice.objects.filter(shown_at=None).exists()


SEND_MAIL = """
import django
from django.conf import settings
backend = "django.core.mail.backends.filebased.EmailBackend"
if django.VERSION >= (6, 1):
    options = {"file_path": path}
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
else:
    settings.EMAIL_BACKEND = backend
    settings.EMAIL_FILE_PATH = path
from wagtail_gamification.actions.send_digests import send_digests
send_digests()
"""


def test_eight_runs_send_one_digest(player, tmp_path):
    if not Site.objects.exists():
        from wagtail.models import Page

        root = Page.objects.filter(depth=1).first() or Page.add_root(
            title="Root", slug="root", locale=Locale.objects.get(language_code="en")
        )
        Site.objects.create(hostname="x", root_page=root, is_default_site=True)
    PlayerPreferences.objects.create(interface=player, digest="daily")

    run_at_once(
        player, f"path = {json.dumps(str(tmp_path))}\n{SEND_MAIL}", checks=False
    )

    mails = [file.read_text() for file in tmp_path.glob("*.log")]
    assert sum(text.count("List-Unsubscribe:") for text in mails) == 1


SEND_MESSAGES = """
from wagtail_gamification.actions import send_webhooks
from wagtail_gamification.webhooks.sending import Outcome
sent = []
def send(url, message, payload, secrets):
    sent.append(message)
    return Outcome(204)
send_webhooks.send = send
send_webhooks.send_due()
with open(f"{path}/{number}.txt", "w") as file:
    file.write("\\n".join(sent))
"""


def test_eight_workers_send_each_message_once(tmp_path):
    WebhookEndpoint.objects.create(name="Register", url="https://example.org/")
    definition = create_badge_definition(max_awards=50)
    player = create_player()
    for _number in range(40):
        definition.award(player)

    run_at_once(
        player, f"path = {json.dumps(str(tmp_path))}\n{SEND_MESSAGES}", checks=False
    )

    sent = lines_of(tmp_path)
    messages = WebhookDelivery.objects.values_list("message_id", flat=True)
    assert sorted(sent) == sorted(messages)
    assert set(WebhookDelivery.objects.values_list("state", "attempts")) == {
        ("delivered", 1)
    }
