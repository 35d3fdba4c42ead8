"""What a player has, as data."""

from dataclasses import asdict, fields
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import transaction
from django.utils import timezone, translation

from tests.shelf_data import (
    locale,
    make_badge,
    make_badges,
    make_image,
    make_user,
    translate,
)
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Category,
    GamificationInterface,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.models.progression import Progression
from wagtail_gamification.shelf import (
    BadgeState,
    ShelfReader,
    UnlockableState,
    get_badge,
    get_level,
    get_points,
    get_shelf,
    get_unlockables,
    sample_badge,
    sample_level,
    sample_unlockable,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def interface(user):
    return GamificationInterface.objects.for_user(user)


def the_badge(user, **kwargs):
    [badge] = get_shelf(user, **kwargs)
    return badge


class TestStates:
    def test_a_badge_that_was_awarded_is_earned(self, user):
        make_badge(points=10).award(user)

        badge = the_badge(user)

        assert badge.state == "earned" == str(badge.state)
        assert badge.is_earned
        assert badge.times_earned == 1
        assert timezone.now() - badge.earned_at < timedelta(minutes=1)

    def test_a_badge_that_nothing_was_done_for_is_locked(self, user):
        make_badge(progression_target=10)

        badge = the_badge(user)

        assert badge.state == BadgeState.LOCKED
        assert badge.is_locked
        assert badge.progression == Progression(0, 10)
        assert not badge.shows_progress
        assert (badge.times_earned, badge.earned_at) == (0, None)

    def test_a_badge_with_steps_is_in_progress(self, user, interface):
        make_badge(progression_target=10)
        interface.increment("bookworm", by=7)

        badge = the_badge(user)

        assert badge.state == "in_progress"
        assert badge.progression == Progression(7, 10)
        assert badge.shows_progress

    def test_steps_without_a_target_are_no_progress(self, user, interface):
        make_badge()
        interface.increment("bookworm")

        assert the_badge(user).is_locked

    def test_a_revoked_badge_is_not_earned(self, user):
        definition = make_badge()
        definition.award(user)
        definition.revoke(user)

        badge = the_badge(user)

        assert badge.is_locked
        assert (badge.times_earned, badge.earned_at) == (0, None)

    def test_a_revoked_badge_is_not_on_its_way_with_the_steps_that_earned_it(
        self, user, interface
    ):
        definition = make_badge(progression_target=2)
        interface.increment("bookworm", by=2)
        definition.revoke(user)

        assert the_badge(user).is_locked

    def test_a_lowered_target_leaves_the_badge_in_progress(self, user, interface):
        definition = make_badge(progression_target=10)
        interface.increment("bookworm", by=7)
        definition.progression_target = 5
        definition.save()

        badge = the_badge(user)

        assert badge.is_in_progress
        assert badge.progression.shown == 5

    def test_an_expired_badge_is_not_earned(self, user):
        make_badge(expires_after=30).award(user)
        Badge.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        badge = the_badge(user)

        assert not badge.is_earned
        assert badge.is_expired
        assert (badge.earned_at, badge.expires_at) == (None, None)

    def test_a_badge_that_expires_later_is_earned(self, user):
        make_badge(expires_after=30).award(user)

        badge = the_badge(user)

        assert badge.is_earned
        assert badge.expires_at > timezone.now() + timedelta(days=29)

    def test_a_badge_earned_several_times_says_how_often(self, user, interface):
        make_badge(max_awards=3, progression_target=5)
        interface.increment("bookworm", by=12)

        badge = the_badge(user)

        assert (badge.times_earned, badge.can_be_earned_again) == (2, True)
        assert badge.shows_progress
        assert badge.progression == Progression(2, 5)

    def test_a_badge_earned_as_often_as_it_can_be_shows_no_more_steps(
        self, user, interface
    ):
        make_badge(max_awards=2, progression_target=5)
        interface.increment("bookworm", by=12)

        badge = the_badge(user)

        assert (badge.times_earned, badge.can_be_earned_again) == (2, False)
        assert not badge.shows_progress

    def test_a_missing_row_is_a_locked_badge(self, settings, user):
        settings.WAGTAIL_GAMIFICATION_PREPARE_ROWS = False
        make_badge()

        assert not Badge.objects.exists()
        assert the_badge(user).is_locked

    def test_a_user_without_an_interface_has_nothing(self, settings):
        settings.WAGTAIL_GAMIFICATION_CREATE_INTERFACES = False
        make_badge()

        assert the_badge(make_user()).is_locked


class TestSecrets:
    @pytest.fixture
    def secret(self):
        return make_badge(
            "Moth whisperer",
            description="<p>Sit with moths.</p>",
            image=make_image("Moth"),
            category=Category.objects.create(name="Lepidoptera"),
            points=777,
            progression_target=42,
            is_secret=True,
        )

    def test_a_secret_badge_says_nothing_but_that_it_exists(
        self, user, interface, secret
    ):
        interface.increment(secret.slug, by=41)

        badge = the_badge(user)

        assert badge.state == BadgeState.SECRET
        assert badge.name == "Secret badge"
        told = {
            field.name
            for field in fields(badge)
            if getattr(badge, field.name) != field.default
        }
        assert told == {"state", "name"}

    def test_a_secret_badge_is_shown_once_it_is_earned(self, user, secret):
        secret.award(user)

        badge = the_badge(user)

        assert badge.is_earned
        assert (badge.name, badge.points) == ("Moth whisperer", 777)
        assert badge.image
        assert badge.category.name == "Lepidoptera"

    @pytest.mark.parametrize("loss", ["revoke", "expire"])
    def test_a_secret_badge_that_was_lost_is_secret_again(self, user, secret, loss):
        secret.award(user)
        if loss == "revoke":
            secret.revoke(user)
        else:
            Badge.objects.update(expires_at=timezone.now())

        assert the_badge(user).name == "Secret badge"

    def test_a_secret_badge_is_not_in_the_shelf_of_its_category(self, user, secret):
        shelf = get_shelf(user, category="lepidoptera")

        assert (len(shelf), shelf.total) == (0, 0)

        secret.award(user)
        assert len(get_shelf(user, category="lepidoptera")) == 1

    def test_a_secret_badge_does_not_tell_where_it_stands(self, user, secret):
        make_badge("Zebra")

        assert [badge.name for badge in get_shelf(user)] == ["Zebra", "Secret badge"]

    def test_a_secret_badge_is_not_named_by_the_one_before_it(self, user, secret):
        make_badge("Larva", next_badge=secret).award(user)

        larva = get_badge(user, "larva")
        assert larva.next_badge is None

        secret.award(user)
        assert get_badge(user, "larva").next_badge.name == "Moth whisperer"

    def test_a_secret_badge_asked_for_by_its_slug_stays_secret(self, user, secret):
        assert get_badge(user, secret.slug).name == "Secret badge"


class TestPublishing:
    def test_an_unpublished_badge_is_left_out(self, user):
        make_badge().unpublish()

        shelf = get_shelf(user)

        assert (len(shelf), shelf.total) == (0, 0)
        assert get_badge(user, "bookworm") is None

    def test_an_unpublished_badge_stays_with_those_who_earned_it(self, user):
        definition = make_badge()
        definition.award(user)
        definition.unpublish()

        assert the_badge(user).is_earned
        assert len(get_shelf(make_user("grace"))) == 0

    def test_a_draft_is_not_shown(self, user):
        make_badge(live=False)

        assert len(get_shelf(user)) == 0
        assert get_badge(user, "bookworm") is None

    def test_an_unpublished_badge_is_not_named_by_the_one_before_it(self, user):
        following = make_badge("Next")
        make_badge("First", next_badge=following)
        following.unpublish()

        assert get_badge(user, "first").next_badge is None

    def test_an_unpublished_unlockable_stays_with_those_who_have_it(self, interface):
        definition = UnlockableDefinition.objects.create(name="Door", points_required=1)
        interface.change_points(1)
        definition.unpublish()

        assert len(get_unlockables(interface)) == 1
        assert len(get_unlockables(make_user("grace"))) == 0


class TestArguments:
    def test_show_chooses_by_state(self, user, interface):
        make_badge("Earned").award(user)
        make_badge("On the way", progression_target=2)
        interface.increment("on-the-way")
        make_badge("Locked")
        make_badge("Hidden", is_secret=True)

        def names(show):
            return [badge.name for badge in get_shelf(user, show=show)]

        assert names("all") == ["Earned", "Locked", "On the way", "Secret badge"]
        assert names("earned") == ["Earned"]
        assert names("locked") == ["Locked", "On the way", "Secret badge"]

    def test_limit_leaves_the_counts(self, user):
        for index in range(5):
            make_badge(f"Badge {index}").award(user)

        shelf = get_shelf(user, limit=2)

        assert [badge.name for badge in shelf.badges] == ["Badge 0", "Badge 1"]
        assert (shelf.earned, shelf.total) == (5, 5)

    def test_badges_stand_in_the_editors_order(self, user):
        make_badge("A", sort_order=3)
        make_badge("B", sort_order=1)

        assert [badge.name for badge in get_shelf(user)] == ["B", "A"]

    @pytest.mark.parametrize("by", ["slug", "object", "translation", "shelf's own"])
    def test_category_chooses_badges(self, user, by):
        reading = Category.objects.create(name="Reading")
        french = translate(reading, "fr", name="Lecture")
        make_badge(category=reading)
        make_badge("Walker", category=Category.objects.create(name="Outdoors"))
        make_badge("Loner")
        category = {
            "slug": "reading",
            "object": reading,
            "translation": french,
            "shelf's own": get_badge(user, "bookworm").category,
        }[by]

        shelf = get_shelf(user, category=category)

        assert [badge.name for badge in shelf] == ["Bookworm"]
        assert shelf.total == 1
        assert shelf.category.name == "Reading"

    def test_a_category_without_badges_is_an_empty_shelf(self, user):
        Category.objects.create(name="Reading")

        assert len(get_shelf(user, category="reading")) == 0

    def test_an_unknown_category_lists_those_that_exist(self, user):
        Category.objects.create(name="Reading")

        with pytest.raises(UnknownDefinition, match=r"“readin”.*There are: reading"):
            get_shelf(user, category="readin")

    def test_an_unknown_badge_lists_those_that_exist(self, user):
        make_badge()

        with pytest.raises(UnknownDefinition, match=r"“bokworm”.*There are: bookworm"):
            get_badge(user, "bokworm")

    def test_a_slug_in_two_languages_means_the_default_one(self, user):
        make_badge("Rat", slug="bookworm", locale=locale("fr"))
        make_badge("Bookworm")

        assert get_badge(user, "bookworm").name == "Bookworm"

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"show": "mine"}, "“mine”. Choose from: all, earned, locked."),
            ({"size": "huge"}, "“huge”. Choose from: small, medium, large."),
            ({"limit": -1}, "limit must be a whole number from 1 up, not “-1”."),
            ({"limit": 0}, "from 1 up, not “0”."),
            ({"limit": "abc"}, "not “abc”."),
            ({"limit": 1.5}, "not “1.5”."),
            ({"limit": True}, "not “True”."),
        ],
    )
    def test_a_wrong_argument_names_the_right_ones(self, user, arguments, message):
        with pytest.raises(ValueError, match=r"\.$") as error:
            get_shelf(user, **arguments)

        assert message in str(error.value)

    def test_something_that_is_no_player_is_an_error(self):
        with pytest.raises(ValueError, match="'ada' is neither a user nor a"):
            get_points("ada")

    def test_unlockables_name_their_own_choices(self, user):
        with pytest.raises(ValueError, match="Choose from: all, unlocked, locked"):
            get_unlockables(user, show="earned")


class TestPlayers:
    @pytest.mark.parametrize("nobody", [None, "", AnonymousUser()])
    def test_nobody_sees_a_locked_shelf(self, nobody):
        make_badge(points=5)
        UnlockableDefinition.objects.create(name="Door", points_required=0)

        assert the_badge(nobody).is_locked
        assert get_points(nobody) == 0
        assert get_level(nobody).level is None
        assert not get_unlockables(nobody).unlockables[0].is_unlocked

    def test_each_player_has_their_own(self, user):
        make_badge().award(user)

        assert the_badge(user).is_earned
        assert the_badge(make_user("grace")).is_locked

    def test_a_team_without_a_user_has_a_shelf(self):
        team = GamificationInterface.objects.create()
        make_badge(points=3).award(team)

        assert the_badge(team).is_earned
        assert get_points(team) == 3

    @pytest.fixture
    def private(self, user, interface):
        make_badge(points=10, progression_target=4).award(user)
        make_badge("Walker", progression_target=9)
        interface.increment("walker", by=5)
        Level.objects.create(name="Novice", points_required=5)
        UnlockableDefinition.objects.create(name="Door", points_required=5)
        GamificationInterface.objects.update(is_public=False)
        return user

    @pytest.mark.parametrize("who", ["anonymous", "another"])
    def test_a_private_player_looks_like_nobody(self, private, who):
        viewer = AnonymousUser() if who == "anonymous" else make_user("grace")
        before = get_shelf(None)

        assert get_shelf(private, viewer=viewer) == before
        assert before.earned == 0
        assert get_points(private, viewer=viewer) == 0
        assert get_level(private, viewer=viewer) == get_level(None)
        assert get_unlockables(private, viewer=viewer) == get_unlockables(None)
        assert get_badge(private, "bookworm", viewer=viewer).is_locked

    def test_a_private_player_sees_themselves(self, private):
        viewer = type(private).objects.get(pk=private.pk)

        shelf = get_shelf(private, viewer=viewer)

        assert (shelf.earned, shelf.total) == (1, 2)
        assert get_points(private, viewer=viewer) == 10

    def test_a_private_player_is_seen_by_those_who_may(self, private):
        staff = make_user("staff", is_staff=True)
        staff.user_permissions.add(
            Permission.objects.get(codename="view_gamificationinterface")
        )

        assert get_shelf(private, viewer=staff).earned == 1
        assert get_points(private, viewer=staff) == 10

    def test_a_public_player_is_seen_by_everybody(self, user):
        make_badge().award(user)

        assert get_shelf(user, viewer=AnonymousUser()).earned == 1
        assert get_shelf(user, viewer=make_user("grace")).earned == 1


class TestTexts:
    def test_the_translation_gives_name_description_and_image(self, user):
        badge = make_badge(
            description="<p>Read.</p>",
            points=5,
            image=make_image("Worm"),
            category=Category.objects.create(name="Reading"),
        )
        translate(badge.category, "fr", name="Lecture")
        translate(
            badge,
            "fr",
            name="Rat",
            description="<p>Lisez.</p>",
            image=make_image("Rat"),
            points=999,
        )
        badge.award(user)

        with translation.override("fr"):
            french = the_badge(user)

        assert (french.name, french.description) == ("Rat", "<p>Lisez.</p>")
        assert french.language == "fr"
        assert french.category.name == "Lecture"
        assert french.image.alt == "Rat"
        assert (french.slug, french.points) == ("bookworm", 5)
        assert french.is_earned

    def test_the_locale_may_be_named(self, user):
        translate(make_badge(), "fr", name="Rat")

        assert the_badge(user, locale=locale("fr")).name == "Rat"
        assert the_badge(user).name == "Bookworm"

    def test_a_translation_without_an_image_has_the_originals(self, user):
        translate(make_badge(image=make_image("Worm")), "fr", image=None)

        assert the_badge(user, locale=locale("fr")).image.alt == "Worm"

    def test_a_category_chosen_in_another_language_is_the_same_category(self, user):
        reading = Category.objects.create(name="Reading")
        lecture = translate(reading, "fr", name="Lecture")
        make_badge("Rat", locale=locale("fr"), category=lecture)

        [badge] = get_shelf(user, category="reading")

        assert badge.category.name == "Reading"
        assert badge.category.definition_id == reading.pk

    def test_a_next_badge_chosen_in_another_language_is_the_same_badge(self, user):
        silver = make_badge("Silver")
        argent = translate(silver, "fr", name="Argent")
        make_badge("Bronze", next_badge=argent)

        following = get_badge(user, "bronze").next_badge

        assert following.name == "Silver"
        assert following.definition_id == silver.pk

    def test_rich_text_is_expanded(self, user):
        make_badge(description='<p><a linktype="page" id="999999">gone</a></p>')

        assert the_badge(user).description == "<p><a>gone</a></p>"

    def test_a_deleted_image_leaves_the_badge(self, user):
        badge = make_badge(image=make_image())
        assert the_badge(user).image

        badge.image.delete()

        assert the_badge(user).image is None
        assert the_badge(user).initial == "B"


class TestNextBadge:
    def test_the_chain_is_followed_one_step(self, user):
        gold = make_badge("Gold")
        silver = make_badge("Silver", next_badge=gold)
        make_badge("Bronze", next_badge=silver)
        silver.award(user)

        bronze = get_badge(user, "bronze")

        assert bronze.next_badge.slug == "silver"
        assert bronze.next_badge.state == BadgeState.EARNED
        assert get_badge(user, "gold").next_badge is None


class TestUnlockablesAndLevels:
    def test_unlockables_say_how_far_the_points_are(self, interface):
        UnlockableDefinition.objects.create(name="Attic", points_required=5)
        UnlockableDefinition.objects.create(name="Cellar", points_required=50)
        UnlockableDefinition.objects.create(name="Door", points_required=0)
        interface.change_points(7)

        shelf = get_unlockables(interface)

        attic, cellar, door = shelf
        assert attic.state == UnlockableState.UNLOCKED
        assert attic.unlocked_at
        assert cellar.state == "locked"
        assert cellar.progression == Progression(7, 50)
        assert door.progression is None
        assert (shelf.unlocked, shelf.total, len(shelf)) == (2, 3, 3)
        assert [item.name for item in get_unlockables(interface, show="locked")] == [
            "Cellar"
        ]
        assert len(get_unlockables(interface, limit=1)) == 1

    def test_points_below_zero_are_no_progress(self, interface):
        UnlockableDefinition.objects.create(name="Cellar", points_required=50)
        interface.change_points(-7)

        [cellar] = get_unlockables(interface)

        assert cellar.progression == Progression(0, 50)

    def test_the_level_is_the_highest_that_the_points_reach(self, interface):
        for name, points in [("Expert", 100), ("Novice", 0), ("Adept", 10)]:
            Level.objects.create(name=name, points_required=points)
        interface.change_points(40)

        progress = get_level(interface)

        assert progress.level.name == "Adept"
        assert progress.next_level.name == "Expert"
        assert progress.missing == 60
        assert progress.progression == Progression(30, 90)

    def test_an_unpublished_level_is_left_out(self, interface):
        Level.objects.create(name="Novice", points_required=0).unpublish()

        assert get_level(interface).level is None

    def test_a_balance_below_zero_has_no_level_and_no_progress(self, interface):
        Level.objects.create(name="Novice", points_required=0)
        interface.change_points(-5)

        progress = get_level(interface)

        assert progress.level is None
        assert progress.missing == 5
        assert progress.progression is None


class TestSamples:
    def test_a_draft_is_shown_in_each_state_without_asking_for_players(
        self, django_assert_max_num_queries
    ):
        draft = BadgeDefinition(
            name="Bookworm",
            description="<p>Read.</p>",
            locale=locale("en"),
            progression_target=9,
            expires_after=30,
        )

        with django_assert_max_num_queries(0):
            badges = {state: sample_badge(draft, state) for state in BadgeState}

        assert {state: badge.state for state, badge in badges.items()} == {
            state: state for state in BadgeState
        }
        assert badges["earned"].earned_at < badges["earned"].expires_at
        assert badges["in_progress"].progression == Progression(6, 9)
        assert badges["locked"].description == "<p>Read.</p>"
        assert asdict(badges["secret"])["description"] == ""

    def test_a_badge_without_a_target_is_never_in_progress(self):
        assert sample_badge(make_badge(), "in_progress").is_locked

    def test_a_translation_takes_its_numbers_from_the_original(self):
        badge = make_badge(
            points=5,
            progression_target=3,
            category=Category.objects.create(name="Reading"),
            image=make_image(),
            next_badge=make_badge("Silver"),
        )
        translate(badge.category, "fr", name="Lecture")
        french = translate(badge, "fr", name="Rat", points=999, image=None)

        sample = sample_badge(french, "earned", size="small")

        assert (sample.name, sample.points) == ("Rat", 5)
        assert sample.category.name == "Lecture"
        assert sample.image.width == 96
        assert sample.next_badge.name == "Silver"

    def test_a_secret_next_badge_is_not_named(self):
        following = make_badge("Silver", is_secret=True)

        assert sample_badge(make_badge(next_badge=following)).next_badge is None

    def test_an_unknown_state_is_an_error(self):
        with pytest.raises(ValueError, match="open"):
            sample_badge(make_badge(), "open")

    def test_an_unlockable_is_shown_in_each_state(self):
        draft = UnlockableDefinition(
            name="Door", points_required=30, locale=locale("en")
        )

        assert sample_unlockable(draft, "unlocked").is_unlocked
        locked = sample_unlockable(draft, "locked")
        assert locked.progression == Progression(20, 30)

    def test_a_level_is_shown_on_the_way_to_the_next(self):
        Level.objects.create(name="Expert", points_required=100)
        draft = Level(name="Adept", points_required=10, locale=locale("en"))

        progress = sample_level(draft)

        assert progress.level.name == "Adept"
        assert progress.next_level.name == "Expert"
        assert progress.progression == Progression(60, 90)

    def test_the_highest_level_is_shown_alone(self):
        progress = sample_level(Level.objects.create(name="Expert", points_required=9))

        assert progress.level.name == "Expert"
        assert progress.next_level is None


def test_one_reader_serves_a_page(
    user, django_assert_num_queries, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        make_badges(3)
        Level.objects.create(name="Novice", points_required=0)
        UnlockableDefinition.objects.create(name="Door", points_required=1)

    def read():
        reader = ShelfReader(user)
        return (
            reader.points,
            reader.level(),
            reader.shelf(),
            reader.shelf(show="earned"),
            reader.badge("badge-00"),
            reader.unlockables(),
        )

    read()

    with django_assert_num_queries(2):
        read()


def test_two_hundred_badges_are_on_the_shelf(user, django_assert_max_num_queries):
    for index in range(200):
        make_badge(f"Badge {index:03}")

    with django_assert_max_num_queries(6):
        assert len(get_shelf(user)) == 200
