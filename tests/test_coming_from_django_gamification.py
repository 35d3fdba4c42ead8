"""What django-gamification documents, name by name, as its users wrote it."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from wagtail_gamification.models import (
    Award,
    Badge,
    BadgeDefinition,
    Category,
    GamificationInterface,
    Level,
    PointChange,
    Unlockable,
    UnlockableDefinition,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def interface():
    return GamificationInterface.objects.create()


def test_gamification_interface_without_a_user(interface):
    assert interface.user is None
    assert interface.points == 0


def test_gamification_interface_of_a_user(django_user_model):
    user = django_user_model.objects.create_user("ada")

    assert GamificationInterface.objects.for_user(user).user == user


def test_gamification_sync_for_people_who_were_there_before(
    django_user_model, settings
):
    settings.WAGTAIL_GAMIFICATION_CREATE_INTERFACES = False
    user = django_user_model.objects.create_user("ada")

    call_command("gamification_sync")

    assert GamificationInterface.objects.get().user == user


def test_badge_definition_makes_a_badge_for_every_interface(interface):
    other = GamificationInterface.objects.create()

    definition = BadgeDefinition.objects.create(
        name="Badge of Awesome",
        description="You proved your awesomeness",
        points=50,
        progression_target=100,
        category=Category.objects.create(
            name="Gold Badges", description="These are the top badges"
        ),
    )

    badges = Badge.objects.filter(badge_definition=definition)
    assert {badge.interface for badge in badges} == {interface, other}
    for badge in badges:
        assert badge.name == definition.name
        assert badge.description == definition.description
        assert badge.points == definition.points
        assert badge.category == definition.category
        assert badge.progression.target == definition.progression_target


def test_category_labels_badges():
    category = Category.objects.create(name="Gold Badges")
    definition = BadgeDefinition.objects.create(name="Golden", category=category)

    assert category.badge_definitions.get() == definition


def test_a_new_interface_gets_a_badge_and_an_unlockable_for_every_definition():
    BadgeDefinition.objects.create(name="Badge of Awesome")
    UnlockableDefinition.objects.create(name="Feature", points_required=100)

    interface = GamificationInterface.objects.create()

    assert interface.badges.get().name == "Badge of Awesome"
    assert interface.unlockables.get().name == "Feature"


def test_unlockable_definition_makes_an_unlockable_for_every_interface(interface):
    UnlockableDefinition.objects.create(
        name="Some super sought after feature",
        description="You unlocked a super sought after feature",
        points_required=100,
    )

    unlockable = Unlockable.objects.get(interface=interface)
    assert unlockable.name == "Some super sought after feature"
    assert unlockable.description == "You unlocked a super sought after feature"
    assert unlockable.points_required == 100
    assert not unlockable.acquired


def test_next_badge_is_the_same_players_badge_of_the_next_definition(interface):
    GamificationInterface.objects.create()
    gold = BadgeDefinition.objects.create(name="Gold")
    silver = BadgeDefinition.objects.create(name="Silver", next_badge=gold)

    badge = Badge.objects.get(interface=interface, badge_definition=silver)

    assert badge.next_badge == Badge.objects.get(
        interface=interface, badge_definition=gold
    )


def test_next_badge_refuses_a_loop():
    gold = BadgeDefinition.objects.create(name="Gold")
    silver = BadgeDefinition.objects.create(name="Silver", next_badge=gold)
    gold.next_badge = silver

    with pytest.raises(ValidationError, match="Gold → Silver → Gold"):
        gold.save()


def test_badge_award_acquires_saves_and_pays(interface):
    BadgeDefinition.objects.create(
        name="Badge of Awesome", points=50, progression_target=100
    )

    Badge.objects.first().award()

    assert Badge.objects.first().acquired
    interface.refresh_from_db()
    assert interface.points == 50


def test_badge_award_twice_pays_once(interface):
    BadgeDefinition.objects.create(name="Badge of Awesome", points=50)

    Badge.objects.first().award()
    Badge.objects.first().award()

    interface.refresh_from_db()
    assert interface.points == 50


def test_badge_award_of_a_repeatable_badge_up_to_max_awards(interface):
    BadgeDefinition.objects.create(name="Helper", points=50, max_awards=2)

    for _ in range(3):
        Badge.objects.first().award()

    assert Award.objects.count() == 2
    interface.refresh_from_db()
    assert interface.points == 100


def test_badge_increment_acquires_at_the_target_and_pays(interface):
    BadgeDefinition.objects.create(name="Reader", points=50, progression_target=2)
    badge = Badge.objects.first()

    badge.increment()
    assert (badge.progression.progress, badge.acquired) == (1, False)
    badge.increment(by=1)

    assert badge.progression.finished
    assert Badge.objects.first().acquired
    interface.refresh_from_db()
    assert interface.points == 50


def test_badge_revoke_takes_back_what_was_paid_once(interface):
    BadgeDefinition.objects.create(name="Badge of Awesome", points=50)
    badge = Badge.objects.first()
    badge.award()

    badge.revoke(reason="A mistake")
    badge.revoke(reason="A mistake")

    interface.refresh_from_db()
    assert interface.points == 0
    assert Badge.objects.first().revoked


def test_badge_force_revoke_is_revoke(interface):
    BadgeDefinition.objects.create(name="Badge of Awesome", points=50)
    badge = Badge.objects.first()
    badge.award()

    badge.force_revoke()

    interface.refresh_from_db()
    assert (interface.points, Badge.objects.first().revoked) == (0, True)


def test_badge_award_after_a_revoke_acquires_and_pays_again(interface):
    BadgeDefinition.objects.create(name="Badge of Awesome", points=50)
    badge = Badge.objects.first()
    badge.award()
    badge.revoke()

    badge.award()

    interface.refresh_from_db()
    assert (interface.points, Badge.objects.first().acquired) == (50, True)


def test_badge_acquired_objects(interface):
    for name in ("Never", "Revoked", "Acquired"):
        BadgeDefinition.objects.create(name=name)
    interface.award("revoked")
    interface.revoke("revoked")
    interface.award("acquired")

    assert [badge.name for badge in Badge.acquired_objects.all()] == ["Acquired"]


def test_point_change_adds_to_the_balance_and_unlocks(interface):
    UnlockableDefinition.objects.create(name="Feature", points_required=100)

    PointChange.objects.create(amount=100, interface=interface)

    interface.refresh_from_db()
    assert interface.points == 100
    assert Unlockable.objects.get().acquired


def test_a_new_unlockable_is_given_at_once_to_those_who_have_the_points(interface):
    PointChange.objects.create(amount=100, interface=interface)

    UnlockableDefinition.objects.create(name="Feature", points_required=100)

    assert Unlockable.objects.get(interface=interface).acquired


def test_an_unlockable_stays_unlocked_when_points_are_lost(interface):
    UnlockableDefinition.objects.create(name="Kept", points_required=100)
    UnlockableDefinition.objects.create(name="Lost", points_required=100, relock=True)
    PointChange.objects.create(amount=100, interface=interface)

    PointChange.objects.create(amount=-1, interface=interface)

    kept = Unlockable.objects.filter(acquired=True)
    assert [unlockable.name for unlockable in kept] == ["Kept"]


def test_interface_reset(interface):
    UnlockableDefinition.objects.create(name="Feature", points_required=50)
    BadgeDefinition.objects.create(name="Reader", points=50, progression_target=2)
    Badge.objects.first().increment(by=2)

    interface.reset()

    interface.refresh_from_db()
    badge = Badge.objects.first()
    assert (interface.points, badge.acquired, badge.progress) == (0, False, 0)
    assert not Unlockable.objects.get().acquired


def test_definition_award_and_revoke_for_a_user(django_user_model):
    user = django_user_model.objects.create_user("ada")
    definition = BadgeDefinition.objects.create(name="Badge of Awesome")

    assert definition.award(user, by=user, reason="Well done")
    assert definition.award(user) is None
    assert definition.revoke(user)
    assert not definition.revoke(user)


def test_interface_award_by_slug(interface):
    BadgeDefinition.objects.create(name="Badge of Awesome")

    assert interface.award("badge-of-awesome")
    assert interface.award("badge-of-awesome") is None


def test_interface_level_and_what_is_missing_to_the_next(interface):
    Level.objects.create(name="Novice", points_required=0)
    Level.objects.create(name="Master", points_required=100)
    PointChange.objects.create(amount=40, interface=interface)

    assert interface.level.name == "Novice"
    assert interface.level_progress.missing == 60
