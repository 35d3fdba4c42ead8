"""Web hooks in the CMS: who may see and do what, and that the secret is shown once."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.webhooks.conftest import endpoint, receiver  # noqa: F401
from wagtail_gamification.cms.webhooks.base import ENDPOINTS, url_of
from wagtail_gamification.models import WebhookDelivery, WebhookEndpoint
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"
FORM = {
    "name": "Register",
    "url": "https://example.org/hooks",
    "events": ["badge.awarded", "level.reached"],
    "is_active": "on",
}


@pytest.fixture
def hook():
    return WebhookEndpoint.objects.create(
        name=f"Register {XSS}", url="https://example.org/hooks"
    )


@pytest.fixture
def delivery(endpoint):  # noqa: F811
    endpoint.events = ["badge.awarded"]
    endpoint.save()
    create_badge_definition("Heron").award(create_player())
    return WebhookDelivery.objects.get()


def edit(hook):
    return reverse(f"{ENDPOINTS}:edit", args=[hook.pk])


class TestEndpoints:
    def test_making_one_leads_to_its_secret_which_is_shown_once(self, cms):
        response = cms.post(reverse(f"{ENDPOINTS}:add"), FORM)

        hook = WebhookEndpoint.objects.get()
        assert hook.events == ["badge.awarded", "level.reached"]
        assert response["Location"] == url_of("secret", hook.pk)
        first = cms.get(url_of("secret", hook.pk))
        assert hook.secret not in first.content.decode()
        assert "no-store" in first["Cache-Control"]
        assert hook.secret in cms.post(url_of("secret", hook.pk)).content.decode()
        again = cms.post(url_of("secret", hook.pk), follow=True).content.decode()
        assert hook.secret not in again
        assert "shown already" in again
        assert ModelLogEntry.objects.filter(action="wagtail.create").count() == 1

    @pytest.mark.parametrize(
        "url",
        [
            "http://example.org/",
            "https://127.0.0.1/",
            "https://[::ffff:10.0.0.1]/",
            "https://user:password@example.org/",
            "javascript:alert(1)",
        ],
    )
    def test_an_address_that_may_not_be_is_said_beside_the_field(self, cms, url):
        response = cms.post(reverse(f"{ENDPOINTS}:add"), FORM | {"url": url})

        assert response.context["form"].errors["url"]
        assert not WebhookEndpoint.objects.exists()

    def test_no_screen_shows_the_secret(self, cms, hook):
        pages = [
            reverse(f"{ENDPOINTS}:index"),
            edit(hook),
            reverse(f"{ENDPOINTS}:inspect", args=[hook.pk]),
            reverse(f"{ENDPOINTS}:history", args=[hook.pk]),
            reverse(f"{ENDPOINTS}:delete", args=[hook.pk]),
            url_of("secret", hook.pk),
            url_of("deliveries"),
        ]
        for page in pages:
            html = cms.get(page).content.decode()
            assert hook.secret not in html, page
            assert XSS not in html, page

    def test_editing_keeps_the_secret_and_is_logged(self, cms, hook):
        cms.post(edit(hook), FORM | {"secret": "whsec_mine"})

        again = WebhookEndpoint.objects.get()
        assert (again.name, again.secret) == ("Register", hook.secret)
        assert ModelLogEntry.objects.filter(action="wagtail.edit").exists()

    def test_a_new_secret_is_logged_and_shown_once(self, cms, hook):
        response = cms.post(url_of("rotate", hook.pk))

        again = WebhookEndpoint.objects.get()
        assert response["Location"] == url_of("secret", hook.pk)
        assert again.secrets == [again.secret, hook.secret]
        action = "wagtail_gamification.rotate_webhook_secret"
        assert ModelLogEntry.objects.filter(action=action).count() == 1
        assert again.secret in cms.post(url_of("secret", hook.pk)).content.decode()

    def test_deleting_one_deletes_what_it_was_told(self, cms, delivery):
        cms.post(reverse(f"{ENDPOINTS}:delete", args=[delivery.endpoint_id]))

        assert not WebhookDelivery.objects.exists()


class TestDeliveries:
    def test_the_report_lists_and_filters_them(self, cms, delivery):
        page = cms.get(url_of("deliveries")).content.decode()
        assert "Badge awarded" in page
        assert "Waiting" in page
        for query, number in [
            ("state=waiting", 1),
            ("state=failed", 0),
            ("type=badge.awarded", 1),
            ("type=level.reached", 0),
            (f"endpoint={delivery.endpoint_id}", 1),
        ]:
            found = cms.get(f"{url_of('deliveries')}?{query}").context["object_list"]
            assert len(found) == number, query

    def test_it_costs_as_much_however_many_there_are(
        self, cms, delivery, assert_max_statements
    ):
        cms.get(url_of("deliveries"))
        for number in range(15):
            create_badge_definition(f"Badge {number}").award(delivery.interface)
        with assert_max_statements(14):
            cms.get(url_of("deliveries"))

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_it_can_be_downloaded(self, cms, delivery, form):
        response = cms.get(f"{url_of('deliveries')}?export={form}")
        assert response.status_code == 200

    def test_one_says_what_is_sent_and_what_was_answered(self, cms, delivery):
        WebhookDelivery.objects.update(error=XSS, status_code=500)

        page = cms.get(url_of("delivery", delivery.pk)).content.decode()

        assert "&quot;badge&quot;: &quot;heron&quot;" in page
        assert XSS not in page
        assert "&lt;script&gt;" in page

    def test_send_again(self, cms, delivery, receiver):  # noqa: F811
        url = url_of("send_again", delivery.pk)

        assert "has arrived" in cms.post(url, follow=True).content.decode()
        receiver.answers.append((500, {}, b"Oh dear"))
        assert "Oh dear" in cms.post(url, follow=True).content.decode()

        action = "wagtail_gamification.send_webhook_again"
        assert ModelLogEntry.objects.filter(action=action).count() == 2
        assert cms.get(url).status_code == 405

    def test_what_is_switched_off_is_told_nothing(
        self,
        cms,
        delivery,
        receiver,  # noqa: F811
    ):
        WebhookEndpoint.objects.update(is_active=False)

        url = url_of("send_again", delivery.pk)
        assert "isn't sent" in cms.post(url, follow=True).content.decode().replace(
            "&#x27;", "'"
        )
        assert not receiver.requests


SEES = {"view_webhookendpoint", "add_webhookendpoint", "change_webhookendpoint"}


@pytest.mark.parametrize("permission", ["view_level", *sorted(SEES)])
def test_each_screen_is_for_those_with_the_permission(
    login_with,
    client,
    delivery,
    receiver,  # noqa: F811
    permission,
):
    login_with(permission)
    hook = delivery.endpoint
    changes = permission == "change_webhookendpoint"
    makes = permission == "add_webhookendpoint"
    pages = {
        url_of("deliveries"): permission in SEES,
        url_of("delivery", delivery.pk): permission in SEES,
        url_of("secret", hook.pk): changes or makes,
        reverse(f"{ENDPOINTS}:index"): permission in SEES,
        reverse(f"{ENDPOINTS}:add"): makes,
        edit(hook): changes,
    }
    for page, is_open in pages.items():
        assert (client.get(page).status_code == 200) == is_open, page

    client.post(url_of("send_again", delivery.pk))
    assert bool(receiver.requests) == changes
    client.post(url_of("rotate", hook.pk))
    hook.refresh_from_db()
    assert bool(hook.previous_secret) == changes
    client.post(url_of("secret", hook.pk))
    hook.refresh_from_db()
    assert bool(hook.secret_shown_at) == (changes or makes)
    page = client.get(url_of("delivery", delivery.pk)).content.decode()
    assert ("Send again" in page) == changes
