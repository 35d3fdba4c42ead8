"""What happens is written down for endpoints, once, with what happens."""

import json

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from wagtail_gamification.actions.expire_badges import expire_badges
from wagtail_gamification.actions.purge_notices import forget_old_deliveries
from wagtail_gamification.models import (
    Award,
    Badge,
    WebhookDelivery,
    WebhookEndpoint,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db


def written():
    rows = WebhookDelivery.objects.order_by("pk")
    return [(row.type, row.payload["data"]) for row in rows]


def test_each_thing_that_happens_is_a_message(endpoint):
    create_level("Novice", 10)
    create_unlockable_definition("Attic", points_required=5)
    definition = create_badge_definition("Heron", points=10)
    player = create_player(email="ada@example.org", username="ada")
    key = str(player.pk)

    award = definition.award(player)
    definition.revoke(player)

    messages = dict(written())
    assert messages["badge.awarded"] == {
        "player": key,
        "badge": "heron",
        "award": str(award.uuid),
        "number": 1,
        "points": 10,
        "awarded_at": award.awarded_at.isoformat(),
        "expires_at": None,
    }
    assert messages["badge.revoked"]["award"] == str(award.uuid)
    level = {"player": key, "level": "novice", "points_required": 10}
    assert messages["level.reached"] == level
    assert messages["unlockable.unlocked"] == {"player": key, "unlockable": "attic"}
    amounts = [
        (data["amount"], data["balance"])
        for event, data in written()
        if event == "points.changed"
    ]
    assert amounts == [(10, 10), (-10, 0)]
    for row in WebhookDelivery.objects.all():
        assert row.interface == player
        assert list(row.payload) == ["type", "timestamp", "data"] or set(
            row.payload
        ) == {"type", "timestamp", "data"}
        assert "ada" not in json.dumps(row.payload)
        assert row.message_id.startswith("msg_")


def test_what_has_ended_is_a_message(endpoint):
    definition = create_badge_definition("Heron", expires_after=1)
    player = create_player()
    award = definition.award(player)
    past = award.awarded_at
    Award.objects.update(expires_at=past)
    Badge._base_manager.update(expires_at=past)

    expire_badges()
    expire_badges()

    ended = [data for event, data in written() if event == "badge.expired"]
    assert [data["award"] for data in ended] == [str(award.uuid)]


def test_only_what_an_endpoint_wants_is_written(endpoint):
    endpoint.events = ["badge.awarded"]
    endpoint.save()
    other = WebhookEndpoint.objects.create(
        name="Off", url="https://example.org/", is_active=False
    )

    create_badge_definition(points=10).award(create_player())

    assert [event for event, _data in written()] == ["badge.awarded"]
    assert not other.deliveries.exists()


def test_of_two_endpoints_each_gets_the_same_message(endpoint):
    WebhookEndpoint.objects.create(name="Second", url="https://example.org/")

    create_badge_definition().award(create_player())

    first, second = WebhookDelivery.objects.all()
    assert first.message_id == second.message_id
    assert first.endpoint != second.endpoint


def test_what_is_rolled_back_is_told_nobody(endpoint):
    player = create_player()
    definition = create_badge_definition()

    with transaction.atomic():
        definition.award(player)
        transaction.set_rollback(True)

    assert written() == []


def test_without_endpoints_nothing_is_asked():
    player = create_player()
    player.change_points(1)

    with CaptureQueriesContext(connection) as captured:
        player.change_points(1)

    asked = [query["sql"] for query in captured if "webhook" in query["sql"]]
    assert asked == []


def test_the_site_says_what_players_are_called(endpoint, settings):
    settings.WAGTAIL_GAMIFICATION_WEBHOOK_PLAYER_KEYS = f"{__name__}.usernames"
    player = create_player(username="ada")

    create_badge_definition().award(player)

    assert written()[0][1]["player"] == "ada"


def usernames(interfaces):
    from wagtail_gamification.models import GamificationInterface

    rows = GamificationInterface.objects.filter(pk__in=interfaces)
    return dict(rows.values_list("pk", "user__username"))


def test_an_endpoint_that_was_deleted_a_moment_ago_stops_no_award(endpoint):
    from wagtail_gamification.actions import deliveries

    player = create_player()
    definition = create_badge_definition()
    WebhookEndpoint.objects.filter(pk=endpoint.pk)._raw_delete("default")
    # Another process may not have heard of it.
    known = {"badge.awarded": [endpoint.pk]}
    original, deliveries._endpoints = deliveries._endpoints, lambda: known
    try:
        assert definition.award(player)
    finally:
        deliveries._endpoints = original

    WebhookDelivery.objects.update(created_at="2020-01-01T00:00:00Z")
    assert forget_old_deliveries(30) == 1


def test_what_waits_is_not_forgotten(endpoint):
    definition = create_badge_definition(max_awards=2)
    player = create_player()
    definition.award(player)
    definition.award(player)
    old = WebhookDelivery.objects.filter(type="badge.awarded")
    old.update(created_at="2020-01-01T00:00:00Z")
    done = old.first()
    old.filter(pk=done.pk).update(state="delivered")

    assert forget_old_deliveries(30) == 1

    assert old.get().state == "waiting"
