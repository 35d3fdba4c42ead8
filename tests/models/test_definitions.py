"""Definitions: slugs, chains, translations, deletion."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from wagtail.models import DraftStateMixin, Locale

from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def french():
    Locale.objects.get_or_create(language_code="en")
    return Locale.objects.get_or_create(language_code="fr")[0]


def translate(definition, locale, **texts):
    translation = definition.copy_for_translation(locale)
    for name, value in texts.items():
        setattr(translation, name, value)
    translation.save()
    # A translation begins as a draft; categories have none.
    if isinstance(translation, DraftStateMixin):
        translation.save_revision().publish()
    return translation


def test_creating_a_definition_with_the_names_of_the_seed_makes_mirroring_badges():
    player = create_player()
    category = Category.objects.create(name="Gold Badges", description="The top ones")

    definition = BadgeDefinition.objects.create(
        name="Badge of Awesome",
        description="You proved your awesomeness",
        points=50,
        progression_target=100,
        category=category,
    )

    badge = Badge.objects.get(interface=player, badge_definition=definition)
    assert badge.name == "Badge of Awesome"
    assert badge.description == "You proved your awesomeness"
    assert badge.points == 50
    assert badge.category == category
    assert (badge.progression.progress, badge.progression.target) == (0, 100)
    assert not badge.progression.finished


def test_an_edited_definition_is_right_everywhere_at_once():
    player = create_player()
    definition = create_badge_definition("Old name", points=1)

    definition.name = "New name"
    definition.points = 2
    definition.save_revision().publish()

    badge = player.badges.get()
    assert (badge.name, badge.points) == ("New name", 2)


def test_creating_an_unlockable_definition_makes_mirroring_unlockables():
    player = create_player()

    UnlockableDefinition.objects.create(
        name="Some super sought after feature",
        description="You unlocked a super sought after feature",
        points_required=100,
    )

    unlockable = player.unlockables.get()
    assert unlockable.name == "Some super sought after feature"
    assert unlockable.description == "You unlocked a super sought after feature"
    assert (unlockable.points_required, unlockable.acquired) == (100, False)
    assert str(unlockable) == "Some super sought after feature"


def test_the_slug_is_made_from_the_name_and_stays():
    first = create_badge_definition("Deep Diver")
    second = create_badge_definition("Deep Diver")
    assert (first.slug, second.slug) == ("deep-diver", "deep-diver-2")

    first.name = "Deeper Diver"
    first.save_revision().publish()

    first.refresh_from_db()
    assert (first.name, first.slug) == ("Deeper Diver", "deep-diver")


def test_a_name_without_letters_still_gets_a_slug():
    assert create_badge_definition("★★★").slug == "badgedefinition"


def test_names_that_differ_by_an_accent_get_slugs_on_every_database():
    names = ["Cafe", "Café", "CAFÉ", "cafe"]

    slugs = [create_badge_definition(name).slug for name in names]

    assert len(set(slugs)) == 4


def test_a_name_in_any_script_makes_a_slug_in_it():
    assert create_badge_definition("مستكشف").slug == "مستكشف"


def test_two_definitions_of_one_language_cannot_share_a_slug():
    create_badge_definition("One", slug="same")

    with pytest.raises(IntegrityError), transaction.atomic():
        create_badge_definition("Two", slug="same")


def test_next_badge_links_definitions_and_a_players_badges():
    gold = create_badge_definition("Gold")
    silver = create_badge_definition("Silver", next_badge=gold)
    player = create_player()

    badge = player.badge("silver")

    assert badge.badge_definition == silver
    assert badge.next_badge == player.badge("gold")
    assert player.badge("gold").next_badge is None
    assert badge.next_badge.interface == player


def test_next_badge_is_made_where_the_row_is_missing(settings):
    settings.WAGTAIL_GAMIFICATION_PREPARE_ROWS = False
    player = create_player()
    gold = create_badge_definition("Gold")
    create_badge_definition("Silver", next_badge=gold)

    assert player.badge("silver").next_badge.name == "Gold"


def test_a_chain_that_loops_is_refused_and_names_the_loop():
    first = create_badge_definition("First")
    second = create_badge_definition("Second", next_badge=first)
    third = create_badge_definition("Third", next_badge=second)
    first.next_badge = third

    with pytest.raises(ValidationError) as error:
        first.save()

    assert error.value.message_dict == {
        "next_badge": [
            "This would make a loop: First → Third → Second → First. Choose another "
            "next badge, or none."
        ]
    }
    first.refresh_from_db()
    assert first.next_badge is None


def test_a_badge_cannot_come_after_itself():
    badge = create_badge_definition("Only")
    badge.next_badge = badge

    with pytest.raises(ValidationError, match="Only → Only"):
        badge.full_clean()


def test_a_chain_that_ends_in_an_older_loop_is_not_refused():
    first, second = create_badge_definition("First"), create_badge_definition("Second")
    # A loop that came past the checks, through SQL say.
    BadgeDefinition.objects.filter(pk=first.pk).update(next_badge=second)
    BadgeDefinition.objects.filter(pk=second.pk).update(next_badge=first)

    third = create_badge_definition("Third")
    third.next_badge_id = first.pk
    third.full_clean()


def test_a_loop_is_refused_in_a_draft_too():
    first = create_badge_definition("First")
    second = create_badge_definition("Second", next_badge=first)
    first.next_badge = second

    with pytest.raises(ValidationError, match="loop"):
        first.save_revision()


def test_two_levels_cannot_begin_with_the_same_points():
    create_level("Novice", 10)

    with pytest.raises(ValidationError, match="Novice"):
        Level(name="Beginner", points_required=10).full_clean()


def test_deleting_a_category_leaves_its_badges_uncategorised():
    category = Category.objects.create(name="Sea")
    definition = create_badge_definition(category=category)

    category.delete()

    definition.refresh_from_db()
    assert definition.category is None


def test_a_definition_that_nobody_has_can_be_deleted():
    create_player()
    create_badge_definition().delete()
    create_unlockable_definition().delete()

    assert not Badge.objects.exists()


def test_an_awarded_definition_cannot_be_deleted_even_when_revoked():
    player = create_player()
    definition = create_badge_definition()
    definition.award(player)
    definition.revoke(player)

    with pytest.raises(ProtectedError, match="Unpublish it instead"):
        definition.delete()

    assert Badge.objects.exists()


def test_an_unlocked_definition_cannot_be_deleted():
    create_player(points=100)
    definition = create_unlockable_definition(points_required=100)

    with pytest.raises(ProtectedError, match="Unpublish it instead"):
        definition.delete()


def test_deleting_several_at_once_spares_what_players_have():
    player = create_player(points=10)
    create_badge_definition("Idle")
    awarded = create_badge_definition("Awarded")
    awarded.award(player)
    create_unlockable_definition("Idle", points_required=99)
    create_unlockable_definition("Unlocked", points_required=10)

    for model in (BadgeDefinition, UnlockableDefinition):
        with pytest.raises(ProtectedError):
            model.objects.all().delete()
        assert model.objects.count() == 2
        assert model.objects.filter(name="Idle").delete()[0]
    assert player.badges.get().badge_definition == awarded
    assert player.unlockables.get().acquired


def test_deleting_a_user_takes_all_that_the_player_had():
    player = create_player(points=100)
    create_unlockable_definition(points_required=100)
    definition = create_badge_definition(points=5)
    definition.award(player)
    definition.revoke(player)

    player.user.delete()

    assert not Badge.objects.exists()
    definition.delete()


def test_earning_in_one_language_is_earning_in_all(french):
    player = create_player()
    original = create_badge_definition("Explorer", points=50, progression_target=2)
    translation = translate(original, french, name="Explorateur", points=999)
    assert translation.slug == original.slug
    assert translation.original == original

    award = translation.award(player)

    assert award.points == 50
    assert original.award(player) is None
    assert player.badges.count() == 1
    assert translation.revoke(player)
    assert not player.badges.get().acquired


def test_a_translation_of_a_translation_leads_to_the_original(french):
    german = Locale.objects.get_or_create(language_code="de")[0]
    original = create_badge_definition()
    translation = translate(original, french)

    assert translate(translation, german).original == original


def test_publishing_a_translation_makes_no_rows(french):
    create_player()
    original = create_badge_definition()
    unlockable = create_unlockable_definition(points_required=0)

    translate(original, french).save_revision().publish()
    translate(unlockable, french).save_revision().publish()

    assert Badge.objects.count() == 1
    assert create_player().unlockables.count() == 1


def test_in_locale_gives_the_texts_with_one_query_more(
    french, django_assert_num_queries
):
    for number in range(3):
        definition = create_badge_definition(f"Badge {number}")
        translate(definition, french, name=f"Insigne {number}")
    create_badge_definition("Badge 3")
    draft = translate(BadgeDefinition.objects.get(name="Badge 3"), french, name="Non")
    draft.live = False
    draft.save()

    with django_assert_num_queries(2):
        names = [item.texts.name for item in BadgeDefinition.objects.in_locale(french)]

    assert names == ["Insigne 0", "Insigne 1", "Insigne 2", "Badge 3"]


def test_for_interface_sets_the_players_state_beside_each_with_one_query(
    django_assert_num_queries,
):
    player, other = create_player(), create_player()
    first = create_badge_definition("First", progression_target=5)
    create_badge_definition("Second")
    player.increment("first", by=3)
    first.award(other)

    with django_assert_num_queries(1):
        states = {
            item.name: (item.player_progress, item.player_acquired)
            for item in BadgeDefinition.objects.for_interface(player)
        }

    assert states == {"First": (3, False), "Second": (0, False)}


def test_for_interface_works_without_a_row(settings):
    settings.WAGTAIL_GAMIFICATION_PREPARE_ROWS = False
    player = create_player()
    create_badge_definition()

    assert BadgeDefinition.objects.for_interface(player).get().player_acquired is None


def test_by_slug_prefers_the_default_language_among_originals(french):
    create_badge_definition("Autre", slug="same", locale=french)
    english = create_badge_definition("Other", slug="same")

    assert BadgeDefinition.objects.by_slug("same") == english


def test_an_unknown_slug_lists_the_nearest_first():
    for number in range(25):
        create_badge_definition(f"Badge {number}")

    with pytest.raises(UnknownDefinition) as error:
        BadgeDefinition.objects.by_slug("badge-111")

    assert str(error.value).startswith("There is no badge “badge-111”. There are: ")
    assert "and 5 more" in str(error.value)


def test_restoring_an_older_revision_keeps_order_and_original(french):
    original = create_badge_definition()
    translation = translate(original, french)
    translation.save_revision()
    BadgeDefinition.objects.filter(pk=translation.pk).update(sort_order=7)

    restored = BadgeDefinition.objects.get(pk=translation.pk).revisions.last()
    restored = restored.as_object()

    assert (restored.sort_order, restored.original_id) == (7, original.pk)
