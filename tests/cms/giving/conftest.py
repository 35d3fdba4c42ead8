"""An editor who may give by hand, and a player to give to."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.http import urlencode

from wagtail_gamification.models import GamificationInterface
from wagtail_gamification.testing import create_player

SEE = "view_gamificationinterface"
# The permission that each screen takes, besides that to see players.
PERMISSIONS = {
    "award": "award_badge",
    "revoke": "revoke_badge",
    "adjust": "adjust_points",
    "reset": "reset_player",
}
ALL = (SEE, *PERMISSIONS.values())

AJAX = {"X-Requested-With": "XMLHttpRequest"}
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def editor(login_with):
    """A browser of an editor who may give everything by hand."""
    return login_with(*ALL)


@pytest.fixture
def edith(editor, django_user_model):
    return django_user_model.objects.get(username="edith")


@pytest.fixture
def grace():
    return create_player(username="grace", first_name="Grace", last_name="Hopper")


def url_of(name, player, *args, **query):
    keys = [getattr(each, "pk", each) for each in (player, *args)]
    url = reverse(f"wagtail_gamification_players:{name}", args=keys)
    return f"{url}?{urlencode(query)}" if query else url


def text_of(response):
    return response.content.decode()


def messages_of(response):
    return [str(message).strip() for message in get_messages(response.wsgi_request)]


def errors_of(response):
    return response.context["form"].errors


def hidden(response):
    """Give what the form carries without being asked."""
    fields = response.context["form"].hidden_fields()
    values = {field.html_name: field.value() for field in fields}
    return {name: value for name, value in values.items() if value is not None}


def submit(client, url, **fields):
    """Open a page, fill the form in and send it, as a browser does."""
    return client.post(url, hidden(client.get(url)) | fields)


def points_of(player):
    players = GamificationInterface.objects.filter(pk=player.pk)
    return players.values_list("points", flat=True).get()
