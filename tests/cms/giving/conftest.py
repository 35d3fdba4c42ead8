"""An editor who may give by hand, and a player to give to."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from wagtail_gamification.models import GamificationInterface
from wagtail_gamification.testing import create_player

SEE = "view_gamificationinterface"
AWARD, REVOKE = "award_badge", "revoke_badge"
ADJUST, RESET = "adjust_points", "reset_player"
ALL = (SEE, AWARD, REVOKE, ADJUST, RESET)

AJAX = {"X-Requested-With": "XMLHttpRequest"}
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def editor(login_with):
    """A browser of an editor who may give everything by hand."""
    return login_with(*ALL)


@pytest.fixture
def grace():
    return create_player(username="grace", first_name="Grace", last_name="Hopper")


def url_of(name, player, *args, **query):
    pk = getattr(player, "pk", player)
    args = [getattr(arg, "pk", arg) for arg in args]
    url = reverse(f"wagtail_gamification_players:{name}", args=[pk, *args])
    return reverse_with(url, query)


def reverse_with(url, query):
    from django.utils.http import urlencode

    return f"{url}?{urlencode(query)}" if query else url


def text_of(response):
    return response.content.decode()


def messages_of(response):
    return [str(message).strip() for message in get_messages(response.wsgi_request)]


def errors_of(response):
    return response.context["form"].errors


def hidden(response):
    """Give what the form carries without being asked."""
    form = response.context["form"]
    return {field.html_name: field.value() or "" for field in form.hidden_fields()}


def submit(client, url, **fields):
    """Open a page, fill the form in and send it, as a browser does."""
    return client.post(url, hidden(client.get(url)) | fields)


def points_of(player):
    return GamificationInterface.objects.values_list("points", flat=True).get(
        pk=player.pk
    )
