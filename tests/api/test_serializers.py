"""Serializers for a site's own views, and what they keep to themselves."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation

from tests.shelf_data import make_badge, make_user
from wagtail_gamification.api.serializers import (
    BadgeDefinitionSerializer,
    BadgeSerializer,
    CategorySerializer,
    GamificationInterfaceSerializer,
    PointChangeSerializer,
    ProgressionSerializer,
    UnlockableDefinitionSerializer,
    UnlockableSerializer,
)
from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    GamificationInterface,
    PointChange,
    Progression,
    Unlockable,
    UnlockableDefinition,
)

from .conftest import WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen_by(rf):
    """Give what somebody sees of an object, or of many."""

    def see(serializer, instance, user=None, **kwargs):
        request = rf.get("/")
        request.user = user or AnonymousUser()
        return serializer(instance, context={"request": request}, **kwargs).data

    return see


def badge_of(user, definition):
    return Badge.objects.get(interface__user=user, badge_definition=definition)


def test_interface(seen_by, ada, interface):
    interface.change_points(5)
    interface.refresh_from_db()

    found = seen_by(GamificationInterfaceSerializer, interface, ada)

    assert found == {"id": interface.pk, "points": 5}


def test_progression():
    found = ProgressionSerializer(Progression(3, 5)).data

    assert found == {"progress": 3, "target": 5, "finished": False}


def test_category_in_the_active_language(seen_by, catalogue):
    with translation.override("fr"):
        found = seen_by(CategorySerializer, catalogue.reading)

    assert found == {
        "id": catalogue.reading.pk,
        "name": "Lecture",
        "description": "Livres",
    }


def test_badge_definition(seen_by, catalogue):
    found = seen_by(BadgeDefinitionSerializer, catalogue.first)

    assert found == {
        "id": catalogue.first.pk,
        "name": "Bronze",
        "description": '<p>Read <a href="/">here</a>.</p>',
        "progression_target": 5,
        "next_badge": catalogue.last.pk,
        "category": {
            "id": catalogue.reading.pk,
            "name": "Reading",
            "description": "Books and more",
        },
        "points": 10,
    }


def test_unlockable_definition(seen_by, catalogue):
    found = seen_by(UnlockableDefinitionSerializer, catalogue.unlockable)

    assert found == {
        "id": catalogue.unlockable.pk,
        "name": "Lounge",
        "description": "",
        "points_required": 50,
    }


def test_badge(seen_by, catalogue, ada, interface):
    interface.increment("bronze", by=2)

    badge = badge_of(ada, catalogue.first)
    found = seen_by(BadgeSerializer, badge, ada)

    assert found["progression"] == {"progress": 2, "target": 5, "finished": False}
    assert (found["acquired"], found["revoked"]) == (False, False)
    assert (found["name"], found["points"]) == ("Bronze", 10)
    assert found["badge_definition"] == catalogue.first.pk
    assert (found["id"], found["interface"]) == (badge.pk, interface.pk)
    assert found["category"]["name"] == "Reading"


def test_unlockable(seen_by, catalogue, ada, interface):
    interface.change_points(60)

    found = seen_by(
        UnlockableSerializer,
        Unlockable.objects.get(
            interface=interface, unlockable_definition=catalogue.unlockable
        ),
        ada,
    )

    assert (found["name"], found["acquired"]) == ("Lounge", True)
    assert found["points_required"] == 50


def test_point_change(seen_by, ada, interface):
    change = interface.change_points(5, "Well done")

    found = seen_by(PointChangeSerializer, change, ada)

    assert (found["amount"], found["reason"]) == (5, "Well done")


class TestWhatIsNotTold:
    @pytest.mark.parametrize("who", ["anonymous", "other", "editor"])
    @pytest.mark.parametrize(
        ("serializer", "model"),
        [
            (BadgeDefinitionSerializer, BadgeDefinition),
            (UnlockableDefinitionSerializer, UnlockableDefinition),
            (BadgeSerializer, Badge),
            (UnlockableSerializer, Unlockable),
        ],
    )
    def test_of_secrets_and_drafts(
        self, seen_by, catalogue, ada, bert, editor, who, serializer, model
    ):
        viewer = {"anonymous": None, "other": bert, "editor": editor}[who]
        for found in seen_by(serializer, model.objects.all(), viewer, many=True):
            assert not [word for word in WORDS if word in str(found)]

    def test_of_a_secret_badge_before_it_is_earned(self, seen_by, catalogue, ada, bert):
        for definition in (catalogue.secret, catalogue.draft):
            found = seen_by(BadgeDefinitionSerializer, definition, bert)
            assert found.pop("name") in ("Secret badge", "")
            assert not any(found.values())
        catalogue.secret.award(ada)
        found = seen_by(BadgeDefinitionSerializer, catalogue.secret, ada)
        assert (found["name"], found["points"]) == ("Hush", 7)
        other = seen_by(BadgeDefinitionSerializer, catalogue.secret, bert)
        assert other["name"] == "Secret badge"

    def test_of_the_next_badge(self, seen_by, catalogue):
        for definition in (catalogue.before_secret, catalogue.before_draft):
            found = seen_by(BadgeDefinitionSerializer, definition)
            assert found["next_badge"] is None

    @pytest.mark.parametrize("who", ["anonymous", "other"])
    def test_of_a_player_who_is_not_public(
        self, seen_by, catalogue, ada, bert, interface, who
    ):
        catalogue.secret.award(ada)
        change = interface.change_points(60, "For the cake")
        GamificationInterface.objects.update(is_public=False)
        interface.refresh_from_db()
        viewer = bert if who == "other" else None

        badge = seen_by(BadgeSerializer, badge_of(ada, catalogue.secret), viewer)
        assert (badge["name"], badge["acquired"]) == ("Secret badge", False)
        assert (
            seen_by(GamificationInterfaceSerializer, interface, viewer)["points"] == 0
        )
        unlockable = Unlockable.objects.get(
            interface=interface, unlockable_definition=catalogue.unlockable
        )
        assert not seen_by(UnlockableSerializer, unlockable, viewer)["acquired"]
        ledger = seen_by(PointChangeSerializer, change, viewer)
        assert (ledger["amount"], ledger["reason"]) == (None, "")

    def test_of_the_ledger_of_a_public_player(self, seen_by, bert, editor, interface):
        change = interface.change_points(60, "For the cake")

        assert seen_by(PointChangeSerializer, change, bert)["reason"] == ""
        assert seen_by(PointChangeSerializer, change)["amount"] is None
        assert seen_by(PointChangeSerializer, change, editor)["amount"] == 60

    def test_of_a_badge_that_is_hidden(self, seen_by, catalogue, ada, bert, editor):
        catalogue.last.award(ada)
        Badge.objects.update(is_hidden=True)
        badge = badge_of(ada, catalogue.last)

        assert seen_by(BadgeSerializer, badge, ada)["acquired"]
        for viewer in (None, bert, editor):
            found = seen_by(BadgeSerializer, badge, viewer)
            assert (found["acquired"], found["acquired_at"]) == (False, None)

    def test_of_a_badge_that_was_revoked_or_has_ended(
        self, seen_by, catalogue, ada, bert
    ):
        catalogue.last.award(ada)
        catalogue.last.revoke(ada)
        badge = badge_of(ada, catalogue.last)
        assert seen_by(BadgeSerializer, badge, ada)["revoked"]
        assert not seen_by(BadgeSerializer, badge, bert)["revoked"]

        catalogue.first.award(ada)
        ended = timezone.now() - timedelta(days=1)
        Badge.objects.update(expires_at=ended)
        badge = badge_of(ada, catalogue.first)
        assert not seen_by(BadgeSerializer, badge, bert)["acquired"]

    def test_where_nobody_asks(self, catalogue, ada):
        catalogue.secret.award(ada)
        GamificationInterface.objects.update(is_public=False)

        found = BadgeSerializer(badge_of(ada, catalogue.secret)).data

        assert (found["name"], found["acquired"]) == ("Secret badge", False)


def test_nothing_can_be_written(catalogue, ada):
    serializer = BadgeDefinitionSerializer(
        catalogue.first, data={"name": "Mine", "points": 1000}
    )

    assert serializer.is_valid()
    assert serializer.validated_data == {}
    with pytest.raises(NotImplementedError):
        serializer.save()


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize("serializer", [BadgeSerializer, PointChangeSerializer])
def test_many_take_the_same_queries(
    seen_by, ada, assert_max_statements, commit, number, serializer
):
    with commit():
        make_badge("Often", max_awards=5, points=1)
        for index in range(number):
            user = make_user(f"player{index}")
            GamificationInterface.objects.for_user(user).award("often")
    model = Badge if serializer is BadgeSerializer else PointChange
    seen_by(serializer, model.objects.all(), ada, many=True)

    # The rows, who is visible, the viewer's own interface and badges.
    with assert_max_statements(4):
        assert len(seen_by(serializer, model.objects.all(), ada, many=True)) >= number
