"""The definitions are read once for all visitors, and never served stale."""

import pickle

import pytest
from django.core.cache import caches
from django.db import transaction
from django.utils import translation
from wagtail.models import Page

from tests.shelf_data import (
    locale,
    make_badge,
    make_badges,
    make_image,
    make_user,
    translate,
)
from wagtail_gamification import catalogue
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.shelf import get_level, get_shelf, get_unlockables

pytestmark = pytest.mark.django_db


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Do something as a request of its own would: with a commit at its end."""

    def commit(change):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            return change()

    return commit


def names():
    return [entry.name for entry in catalogue.badges("en", "medium").badges]


def test_what_was_read_once_is_not_read_again(commit, django_assert_num_queries):
    commit(lambda: make_badges(3))
    names()

    with django_assert_num_queries(0):
        assert names() == ["Badge 00", "Badge 01", "Badge 02"]


def test_what_is_cached_is_plain_data(commit):
    commit(lambda: make_badges(1))

    found = pickle.loads(pickle.dumps(catalogue.badges("en", "medium")))  # noqa: S301

    assert found == catalogue.badges("en", "medium")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda badge: (
                setattr(badge, "name", "New"),
                badge.save_revision().publish(),
            ),
            id="publish",
        ),
        pytest.param(lambda badge: badge.unpublish(), id="unpublish"),
        pytest.param(lambda badge: badge.delete(), id="delete"),
        pytest.param(lambda badge: make_badge("Another"), id="create"),
        pytest.param(lambda badge: translate(badge, "fr"), id="translate"),
        pytest.param(lambda badge: badge.category.delete(), id="category"),
        pytest.param(lambda badge: badge.image.delete(), id="image deleted"),
        pytest.param(lambda badge: badge.image.save(), id="image replaced"),
        pytest.param(
            lambda badge: Level.objects.create(name="1", points_required=1), id="level"
        ),
        pytest.param(
            lambda badge: UnlockableDefinition.objects.create(
                name="1", points_required=1
            ),
            id="unlockable",
        ),
    ],
)
def test_a_change_is_seen_after_its_commit(commit, change):
    badge = commit(
        lambda: make_badge(
            image=make_image(), category=Category.objects.create(name="Reading")
        )
    )
    before = catalogue.badges("en", "medium")
    version = catalogue._version.current()

    commit(lambda: change(BadgeDefinition.objects.get(pk=badge.pk)))

    assert version
    assert catalogue._version.current() != version
    assert catalogue.badges("en", "medium") is not before


def test_a_published_name_is_seen_at_once(commit):
    badge = commit(make_badge)
    assert names() == ["Bookworm"]

    def publish():
        badge.name = "Bookwyrm"
        badge.save_revision().publish()

    commit(publish)

    assert names() == ["Bookwyrm"]


def test_a_change_that_is_rolled_back_drops_nothing(commit, django_assert_num_queries):
    badge = commit(make_badge)
    names()

    class Undo(Exception):
        pass

    def change():
        with transaction.atomic():
            badge.name = "Never"
            badge.save()
            assert names() == ["Never"]
            raise Undo

    with pytest.raises(Undo):
        commit(change)

    with django_assert_num_queries(0):
        assert names() == ["Bookworm"]


def test_a_change_is_hidden_from_others_until_its_commit(commit):
    badge = commit(make_badge)
    names()
    stored = dict(caches["default"]._cache)

    badge.name = "Bookwyrm"
    badge.save()

    assert names() == ["Bookwyrm"]
    assert dict(caches["default"]._cache) == stored


def test_a_reader_who_began_before_a_change_stores_nothing_for_those_after(
    commit, monkeypatch
):
    badge = commit(make_badge)
    read = catalogue.read_badges

    def read_slowly(*args):
        found = read(*args)
        BadgeDefinition.objects.filter(pk=badge.pk).update(name="Bookwyrm")
        commit(catalogue.drop)
        return found

    monkeypatch.setattr(catalogue, "read_badges", read_slowly)
    assert names() == ["Bookworm"]
    monkeypatch.setattr(catalogue, "read_badges", read)

    assert names() == ["Bookwyrm"]


def test_saving_a_draft_drops_nothing(commit, django_assert_num_queries):
    badge = commit(make_badge)
    names()

    def draft():
        badge.name = "Draft"
        badge.save_revision()

    commit(draft)

    with django_assert_num_queries(0):
        assert names() == ["Bookworm"]


def test_a_new_image_drops_nothing(commit, django_assert_num_queries):
    commit(make_badge)
    names()

    commit(make_image)

    with django_assert_num_queries(0):
        assert names() == ["Bookworm"]


def test_importing_many_asks_for_one_drop(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        for index in range(20):
            make_badge(f"Badge {index}")

    drops = [
        callback
        for callback in callbacks
        if getattr(callback, "version", None) is catalogue._version
    ]

    assert len(drops) == 1


def test_a_drop_survives_the_rollback_of_an_earlier_one(commit):
    commit(lambda: make_badge("First"))
    names()

    def change():
        try:
            with transaction.atomic():
                make_badge("Undone")
                raise ValueError
        except ValueError:
            make_badge("Second")

    commit(change)

    assert names() == ["First", "Second"]


def test_each_language_has_its_texts(commit):
    badge = commit(make_badge)
    commit(lambda: translate(badge, "fr", name="Rat de bibliothèque"))

    [french] = catalogue.badges("fr", "medium").badges
    [german] = catalogue.badges("de", "medium").badges

    assert (french.name, french.language) == ("Rat de bibliothèque", "fr")
    assert (german.name, german.language) == ("Bookworm", "en")
    assert names() == ["Bookworm"]


def test_a_translation_that_is_not_published_is_not_shown(commit):
    badge = commit(make_badge)

    def draft():
        translation = translate(badge, "fr", name="Brouillon")
        translation.unpublish()

    commit(draft)

    assert catalogue.badges("fr", "medium").badges[0].name == "Bookworm"


def test_each_size_has_its_pictures(commit):
    commit(lambda: make_badges(1))

    widths = [
        catalogue.badges("en", size).badges[0].image.width
        for size in ["small", "medium", "large"]
    ]

    # The drawing is 256 pixels wide, and nothing is enlarged.
    assert widths == [96, 192, 256]


def test_sizes_are_those_of_the_settings(commit, settings):
    commit(lambda: make_badges(1))
    settings.WAGTAIL_GAMIFICATION_IMAGE_SIZES = {"tiny": 8}

    assert catalogue.badges("en", "tiny").badges[0].image.width == 16
    with pytest.raises(ValueError, match=r"no size “small”. Choose from: tiny\."):
        catalogue.badges("en", "small")


def test_the_cache_is_the_one_of_the_settings(commit, settings):
    settings.CACHES = {
        **settings.CACHES,
        "shared": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "shared",
        },
    }
    settings.WAGTAIL_GAMIFICATION_CACHE_ALIAS = "shared"
    commit(make_badge)

    names()

    kept = [key for key in caches["shared"]._cache if ":catalogue:" in key]
    assert len(kept) == 2
    caches["shared"].clear()


def test_what_is_cached_is_read_again_after_the_timeout(commit, settings):
    settings.WAGTAIL_GAMIFICATION_CACHE_TIMEOUT = 0
    commit(make_badge)
    names()

    BadgeDefinition.objects.update(name="Bookwyrm")

    assert names() == ["Bookwyrm"]


def test_a_cache_that_keeps_nothing_is_no_obstacle(commit, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    }
    commit(make_badge)

    assert names() == ["Bookworm"]


def test_a_moved_page_is_linked_where_it_is_now(commit):
    root = Page.objects.get(depth=1)
    home = root.get_children().first()
    page = commit(lambda: home.add_child(instance=Page(title="Old", slug="old")))
    commit(
        lambda: make_badge(
            description=f'<p><a linktype="page" id="{page.pk}">Read</a></p>'
        )
    )
    [badge] = catalogue.badges("en", "medium").badges
    assert "/old/" in badge.description

    def rename():
        page.slug = "new"
        page.save_revision().publish()

    commit(rename)

    [badge] = catalogue.badges("en", "medium").badges
    assert "/new/" in badge.description


def test_linked_pages_of_all_descriptions_are_read_together(
    commit, django_assert_max_num_queries
):
    home = Page.objects.get(depth=2)
    commit(
        lambda: [
            make_badge(
                f"Badge {index}",
                description=f'<p><a linktype="page" id="{home.pk}">Home</a></p>',
            )
            for index in range(10)
        ]
    )

    # Wagtail asks for the active locale at each link; the pages come all at once.
    with django_assert_max_num_queries(20):
        found = catalogue.badges("en", "medium").badges

    assert all('href="/"' in badge.description for badge in found)


def test_a_broken_description_leaves_its_neighbours_alone(commit):
    def make():
        make_badge("One", description='<p>Open <a linktype="page" id="1"')
        make_badge("Two", description="<p>Closed</p>")

    commit(make)

    one, two = catalogue.badges("en", "medium").badges

    assert "Closed" not in one.description
    assert two.description == "<p>Closed</p>"


def test_an_image_without_its_file_is_left_out(commit, caplog):
    def make():
        badge = make_badge(image=make_image())
        badge.image.file.storage.delete(badge.image.file.name)

    commit(make)

    [badge] = catalogue.badges("en", "medium").badges

    assert badge.image is None
    assert "can't be shown" in caplog.text


def test_a_language_without_a_locale_shows_the_default_one(commit):
    commit(make_badge)

    with translation.override("ar"):
        shelf = get_shelf(None)

    assert [badge.name for badge in shelf] == ["Bookworm"]


@pytest.mark.parametrize(("active", "expected"), [("fr", "fr"), ("ja", "en")])
def test_the_visitors_language_is_one_of_the_sites(active, expected):
    with translation.override(active):
        assert catalogue.active_language() == expected


def test_without_an_active_language_the_default_one_is_meant():
    with translation.override(None):
        assert catalogue.active_language() == "en"


class TestQueries:
    """50 badges with images, whose renditions exist."""

    @pytest.fixture(autouse=True)
    def _catalogue(self, commit):
        def make():
            category = Category.objects.create(name="Reading")
            for badge in make_badges(50, category=category):
                translate(badge, "fr", name=f"Le {badge.name}")
            UnlockableDefinition.objects.create(
                name="Library", points_required=10, image=make_image()
            )
            Level.objects.create(name="Novice", points_required=0, image=make_image())
            self.user = make_user()
            self.other = make_user("grace")
            for badge in BadgeDefinition.objects.originals()[:20]:
                badge.award(self.user)

        commit(make)
        locale("fr")
        with translation.override("fr"):
            get_shelf(None)
            get_unlockables(None)
            get_level(None)
        caches["default"].clear()

    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_of_a_cold_shelf(self, django_assert_max_num_queries, language):
        with translation.override(language), django_assert_max_num_queries(6):
            shelf = get_shelf(self.user)

        assert len(shelf) == 50
        assert all(badge.image for badge in shelf)
        assert shelf.earned == 20

    def test_of_a_warm_shelf(self, django_assert_num_queries):
        get_shelf(None)

        with django_assert_num_queries(1):
            assert get_shelf(self.user).earned == 20

    def test_of_a_warm_shelf_of_somebody_else(self, django_assert_num_queries):
        get_shelf(None)
        viewer = type(self.other).objects.get(pk=self.other.pk)

        # Two of them are Django's, for the permissions of the one who looks.
        with django_assert_num_queries(3):
            assert get_shelf(self.user, viewer=viewer).earned == 20

    def test_of_a_shelf_of_one_category(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(6):
            assert len(get_shelf(self.user, category="reading")) == 50

    def test_of_a_warm_shelf_for_nobody(self, django_assert_num_queries):
        get_shelf(None)

        with django_assert_num_queries(0):
            assert len(get_shelf(None)) == 50
