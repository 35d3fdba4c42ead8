"""What visitors see."""

import logging
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.db import transaction
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone, translation
from wagtail.models import Page

from tests.shelf_data import (
    locale,
    make_badge,
    make_badges,
    make_image,
    make_user,
    translate,
)
from tests.testapp.models import ProfilePage
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import (
    Badge,
    Category,
    GamificationInterface,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.models.progression import Progression
from wagtail_gamification.shelf import sample_badge, sample_level, sample_unlockable
from wagtail_gamification.templatetags.gamification_tags import SCRIPTS, STYLESHEETS

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def interface(user):
    return GamificationInterface.objects.for_user(user)


def request_of(user):
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    return request


def render(source, *, user=None, request=True, **context):
    """Render tags on a page that ``user`` visits."""
    if request is True:
        request = request_of(user)
    values = {"request": request, **context} if request else context
    template = Template("{% load gamification_tags %}" + source)
    return template.render(Context(values))


def words(html):
    """What is left to read."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestBadgeShelf:
    def test_an_earned_badge_says_when_it_was_earned(self, user):
        make_badge(points=50).award(user)
        Badge.objects.update(
            acquired_at=timezone.make_aware(timezone.datetime(2026, 3, 3, 12))
        )

        html = render("{% badge_shelf %}", user=user)

        assert "gamification-badge--earned" in html
        assert '<time datetime="2026-03-03T12:00:00+00:00">March 3, 2026' in html
        assert "Earned March 3, 2026" in words(html)
        assert "50 points" in words(html)
        assert "1 of 1 earned" in words(html)

    def test_dates_are_written_as_the_visitor_does(self, user):
        make_badge().award(user)
        Badge.objects.update(
            acquired_at=timezone.make_aware(timezone.datetime(2026, 3, 3, 12))
        )

        with translation.override("de"):
            html = render("{% badge_shelf %}", user=user)

        assert "3. März 2026" in html

    def test_a_badge_in_progress_has_a_bar_with_its_numbers(self, user, interface):
        make_badge(progression_target=10)
        interface.increment("bookworm", by=7)

        html = render("{% badge_shelf %}", user=user)

        assert "gamification-badge--in-progress" in html
        assert re.search(
            r'<progress [^>]*max="10" value="7" aria-label="Progress: Bookworm">', html
        )
        assert "In progress 7 of 10" in words(html)

    def test_a_locked_badge_says_so(self, user):
        make_badge(progression_target=10)

        html = render("{% badge_shelf %}", user=user)

        assert "gamification-badge--locked" in html
        assert "Bookworm Locked" in words(html)
        assert "<progress" not in html

    @pytest.mark.parametrize("size", ["small", "medium", "large"])
    def test_a_secret_badge_leaks_nowhere(self, user, interface, size):
        secret = make_badge(
            "Moth whisperer",
            slug="mothslug",
            description="<p>Nocturnal</p>",
            image=make_image("Mothpicture"),
            category=Category.objects.create(name="Lepidoptera"),
            # Longer than the microseconds that dates of other badges show.
            points=7_777_777,
            progression_target=4_242_424,
            is_secret=True,
        )
        make_badge("Larva", next_badge=secret).award(user)
        interface.increment("mothslug", by=4_141_414)

        html = render(
            "{% badge_shelf size=size %}{% badge 'mothslug' size=size %}"
            "{% badge_progress 'mothslug' %}"
            "{% badge_shelf as shelf %}{{ shelf }}"
            "{% badge 'mothslug' as one %}{{ one }}"
            "{% badge_progress 'mothslug' as steps %}{{ steps }}",
            user=user,
            size=size,
        )

        assert html.count("gamification-badge--secret") == 2
        assert "Secret badge Secret" in words(html)
        leaks = "moth|whisper|nocturnal|lepidoptera|7,?777,?777|4,?242,?424|4,?141,?414"
        # The template itself named the slug.
        assert re.findall(leaks, html, re.IGNORECASE) == []

    def test_anonymous_visitors_see_a_locked_shelf(self):
        make_badge()

        html = render("{% badge_shelf %}")

        assert "gamification-badge--locked" in html
        assert "0 of 1 earned" in words(html)

    def test_a_shelf_without_badges_says_so(self, user):
        html = render("{% badge_shelf %}", user=user)

        assert "No badges yet." in html
        assert "<ul" not in html

    def test_two_hundred_badges_are_shown(self, user):
        for index in range(200):
            make_badge(f"Badge {index:03}")

        html = render("{% badge_shelf %}", user=user)

        assert html.count("gamification-shelf__item") == 200

    def test_a_name_of_128_characters_is_shown_in_full(self, user):
        name = "x" * 128
        make_badge(name)

        assert name in render("{% badge_shelf %}", user=user)

    @pytest.mark.parametrize(
        "wrapper", ["{}", "{{% autoescape off %}}{}{{% endautoescape %}}"]
    )
    def test_names_are_escaped(self, user, interface, wrapper):
        attack = '<script>alert("x")</script>'
        following = make_badge("2" + attack)
        make_badge(
            attack,
            progression_target=9,
            next_badge=following,
            category=Category.objects.create(name=attack),
        ).award(user)
        definition = UnlockableDefinition.objects.create(name=attack, points_required=9)
        Level.objects.create(name=attack, points_required=0)
        Level.objects.create(name="2" + attack, points_required=99)
        translate(definition, "fr", name=attack)

        html = render(
            wrapper.format(
                "{% badge_shelf heading=attack %}{% level %}{% unlockables %}"
            ),
            user=user,
            attack=attack,
        )

        assert "<script" not in html
        assert html.count("&lt;script&gt;") >= 6

    def test_descriptions_are_rich_text(self, user):
        home = Page.objects.get(depth=2)
        make_badge(
            description="<p>A <b>bold</b> "
            f'<a linktype="page" id="{home.pk}">link</a></p>'
        )

        html = render("{% badge_shelf %}", user=user)

        assert re.search(
            r'<div class="gamification-badge__description"[^>]*>'
            r'<p>A <b>bold</b> <a href="/">link</a></p></div>',
            html,
        )

    def test_a_picture_is_decoration_beside_the_name(self, user):
        make_badge(image=make_image())

        html = render("{% badge_shelf %}", user=user)

        assert re.search(r'<img [^>]*width="192" height="192" alt=""', html)

    def test_a_deleted_image_is_replaced_by_the_initial(self, user):
        badge = make_badge(image=make_image())
        badge.image.delete()

        html = render("{% badge_shelf %}", user=user)

        assert "<img" not in html
        assert re.search(
            r'gamification-medal__shape" aria-hidden="true">B</span>', html
        )

    def test_numbers_in_attributes_are_for_machines(self, settings, user, interface):
        settings.USE_THOUSAND_SEPARATOR = True
        make_badge(progression_target=20000)
        interface.increment("bookworm", by=1500)

        html = render("{% badge_shelf %}", user=user)

        assert 'max="20000" value="1500"' in html
        assert "1,500 of 20,000" in html

    def test_several_awards_and_an_expiry_are_told(self, user):
        definition = make_badge(max_awards=3, expires_after=10)
        definition.award(user)
        definition.award(user)

        told = words(render("{% badge_shelf %}", user=user))

        assert "Earned 2 times, last on" in told
        assert "Until" in told

    def test_the_next_badge_is_named_on_an_earned_one(self, user):
        make_badge("Bronze", next_badge=make_badge("Silver")).award(user)

        assert "Next: Silver" in words(render("{% badge_shelf %}", user=user))

    def test_its_arguments_reach_the_shelf(self, user):
        reading = Category.objects.create(name="Reading")
        for index in range(3):
            make_badge(f"Read {index}", category=reading).award(user)
        make_badge("Walk").award(user)
        make_badge("Read never", category=reading)

        html = render(
            '{% badge_shelf category="reading" show="earned" limit="2" size="small" %}',
            user=user,
        )

        assert html.count("gamification-shelf__item") == 2
        assert "gamification-size--small" in html
        assert "Reading 3 of 4 earned" in words(html)
        assert 'aria-label="Reading"' in html

    def test_the_heading_may_be_another_or_none(self, user):
        assert "<bdi>Mine</bdi>" in render(
            '{% badge_shelf heading="Mine" %}', user=user
        )
        bare = render('{% badge_shelf heading="" %}', user=user)
        assert "gamification-shelf__heading" not in bare
        assert 'aria-label="Badges"' in bare

    def test_the_data_is_given_instead_with_as(self, user):
        make_badge().award(user)

        html = render(
            "{% badge_shelf as shelf %}"
            "{% for badge in shelf %}{{ badge.name }}={{ badge.state }}{% endfor %}",
            user=user,
        )

        assert html == "Bookworm=earned"

    def test_texts_are_in_the_visitors_language(self, user):
        make_badge("Untold")
        translate(make_badge(), "ar", name="دودة الكتب")

        with translation.override("ar"):
            html = render("{% badge_shelf %}", user=user)

        assert '<bdi lang="ar">دودة الكتب</bdi>' in html
        assert '<bdi lang="en">Untold</bdi>' in html


class TestPlayers:
    def test_another_player_may_be_named(self, user):
        make_badge().award(user)
        viewer = make_user("grace")

        assert "1 of 1" in render(
            "{% badge_shelf user=member %}", user=viewer, member=user
        )
        assert "0 of 1" in render("{% badge_shelf %}", user=viewer)

    @pytest.mark.parametrize("source", ["user=None", "user=missing", 'user=""'])
    def test_a_player_who_is_missing_is_not_the_visitor(self, user, source):
        make_badge().award(user)

        html = render(f"{{% badge_shelf {source} %}}", user=user)

        assert "0 of 1 earned" in words(html)

    def test_a_private_player_looks_like_nobody(self, user):
        make_badge(points=70).award(user)
        Level.objects.create(name="Novice", points_required=5)
        GamificationInterface.objects.update(is_public=False)
        tags = (
            "{% badge_shelf user=member %}{% points user=member %}"
            "{% level user=member %}{% badge 'bookworm' user=member %}"
        )

        html = render(tags, user=make_user("grace"), member=user)

        assert html == render(tags, member=None)
        assert "0 points" in html
        assert html != render(tags, user=user, member=user)

    def test_without_a_request_public_players_are_shown(self, user):
        make_badge().award(user)

        html = render("{% badge_shelf user=member %}", request=None, member=user)

        assert "1 of 1 earned" in words(html)

    def test_without_a_request_and_a_player_the_shelf_is_locked(self):
        make_badge()

        assert "Locked" in render("{% badge_shelf %}", request=None)

    def test_without_a_request_private_players_are_shown_to_a_named_viewer(self, user):
        make_badge().award(user)
        GamificationInterface.objects.update(is_public=False)

        def count(tag):
            html = render(tag, request=None, member=user)
            return re.search(r"\d of 1", html).group()

        assert count("{% badge_shelf user=member %}") == "0 of 1"
        assert count("{% badge_shelf user=member viewer=member %}") == "1 of 1"

    def test_a_request_without_a_user_is_anonymous(self):
        make_badge()

        html = render("{% badge_shelf %}", request=RequestFactory().get("/"))

        assert "0 of 1 earned" in words(html)

    def test_each_player_of_a_page_has_their_own(self, user):
        make_badge().award(user)
        grace = make_user("grace")

        html = render(
            "{% badge_shelf user=a as x %}{% badge_shelf user=b as y %}"
            "{{ x.earned }}{{ y.earned }}",
            user=user,
            a=user,
            b=grace,
        )

        assert html == "10"

    def test_each_language_of_a_page_has_its_own(self, user):
        translate(make_badge(), "fr", name="Rat")

        html = render(
            "{% load i18n %}{% badge 'bookworm' as one %}{{ one.name }},"
            "{% language 'fr' %}{% badge 'bookworm' as one %}{% endlanguage %}"
            "{{ one.name }}",
            user=user,
        )

        assert html == "Bookworm,Rat"


class TestOtherTags:
    def test_badge_shows_one(self, user):
        make_badge().award(user)

        html = render('{% badge "bookworm" size="large" %}', user=user)

        assert html.count("gamification-badge--earned") == 1
        assert "gamification-size--large" in html

    def test_badge_gives_the_data_with_as(self, user):
        make_badge(points=3)

        assert render('{% badge "bookworm" as b %}{{ b.points }}', user=user) == "3"

    def test_an_unpublished_badge_is_nothing(self, user, caplog):
        make_badge().unpublish()

        assert render('{% badge "bookworm" %}', user=user).strip() == ""
        assert caplog.text == ""

    def test_badge_progress_shows_the_bar(self, user, interface):
        make_badge(progression_target=10)
        interface.increment("bookworm", by=7)

        html = render('{% badge_progress "bookworm" %}', user=user)

        assert "<progress" in html
        assert words(html) == "7 of 10"

    def test_badge_progress_says_how_a_badge_without_a_target_stands(self, user):
        make_badge()

        assert words(render('{% badge_progress "bookworm" %}', user=user)) == "Locked"

    def test_badge_progress_gives_the_steps_with_as(self, user, interface):
        make_badge(progression_target=10)
        interface.increment("bookworm", by=7)

        html = render(
            '{% badge_progress "bookworm" as steps %}{{ steps.percent }}', user=user
        )

        assert html == "70"

    @pytest.mark.parametrize(
        ("points", "text"), [(0, "0 points"), (1, "1 point"), (1240, "1240 points")]
    )
    def test_points_are_counted(self, user, interface, points, text):
        if points:
            interface.change_points(points)

        assert words(render("{% points %}", user=user)) == text
        assert render("{% points as p %}{{ p|add:1 }}", user=user) == str(points + 1)

    def test_level_shows_what_is_missing(self, user, interface):
        Level.objects.create(name="Novice", points_required=0, image=make_image())
        Level.objects.create(name="Adept", points_required=100)
        interface.change_points(60)

        html = render("{% level %}", user=user)

        assert words(html) == "Level Novice 60 of 100 40 points to Adept"
        assert 'aria-label="Progress: Adept"' in html

    def test_level_says_where_it_ends(self, user):
        Level.objects.create(name="Novice", points_required=0)

        assert "The highest level" in render("{% level %}", user=user)

    def test_level_says_where_none_is_reached(self, user):
        Level.objects.create(name="Adept", points_required=100)

        told = words(render("{% level %}", user=user))

        assert told == "Level No level yet 0 of 100 100 points to Adept"

    def test_level_is_nothing_where_there_are_none(self, user):
        assert render("{% level %}", user=user).strip() == ""

    def test_level_gives_the_data_with_as(self, user):
        Level.objects.create(name="Novice", points_required=0)

        assert render("{% level as l %}{{ l.level.name }}", user=user) == "Novice"

    def test_unlockables_say_what_opens_them(self, user, interface):
        UnlockableDefinition.objects.create(
            name="Attic", points_required=50, description="<p>Dusty</p>"
        )
        UnlockableDefinition.objects.create(name="Cellar", points_required=1)
        interface.change_points(20)

        told = words(render("{% unlockables %}", user=user))

        assert "1 of 2 unlocked" in told
        assert "Attic Opens with 50 points 20 of 50 Dusty" in told
        assert "Cellar Unlocked" in told

    def test_unlockables_may_be_chosen(self, user, interface):
        UnlockableDefinition.objects.create(name="Attic", points_required=50)
        UnlockableDefinition.objects.create(name="Cellar", points_required=0)

        html = render(
            '{% unlockables show="unlocked" limit=1 as u %}{{ u.total }}', user=user
        )
        assert html == "2"
        assert "Attic" not in render('{% unlockables show="unlocked" %}', user=user)

    def test_nothing_to_unlock_is_said(self, user):
        assert "Nothing to unlock yet." in render("{% unlockables %}", user=user)

    def test_the_stylesheets_are_linked(self):
        folder = "/static/wagtail_gamification/css"

        assert render("{% gamification_stylesheet %}") == "\n".join(
            f'<link rel="stylesheet" href="{folder}/{name}.css">'
            for name in STYLESHEETS
        )

    def test_the_scripts_are_loaded_after_the_page(self):
        assert render("{% gamification_script %}") == "\n".join(
            f'<script src="/static/wagtail_gamification/js/{name}.js" defer></script>'
            for name in SCRIPTS
        )


class TestMistakes:
    @pytest.mark.parametrize(
        "tag",
        [
            '{% badge "bokworm" %}',
            '{% badge_progress "bokworm" %}',
            '{% badge_shelf category="bokworm" %}',
        ],
    )
    def test_an_unknown_slug_is_nothing_and_one_warning(self, user, caplog, tag):
        make_badge(category=Category.objects.create(name="Reading"))

        with caplog.at_level(logging.WARNING, logger="wagtail_gamification"):
            html = render(tag, user=user)

        assert html.strip() == ""
        [record] = caplog.records
        assert record.name == "wagtail_gamification"
        assert "“bokworm”" in record.getMessage()

    def test_an_unknown_slug_gives_none_with_as(self, user):
        assert render('{% badge "x" as b %}{{ b }}', user=user) == "None"

    @pytest.mark.parametrize(
        ("tag", "known"),
        [
            ('{% badge "bokworm" %}', "bookworm"),
            ('{% badge_progress "bokworm" as x %}', "bookworm"),
            ('{% badge_shelf category="bokworm" %}', "reading"),
        ],
    )
    def test_an_unknown_slug_is_a_clear_error_while_debugging(
        self, settings, user, tag, known
    ):
        settings.DEBUG = True
        make_badge(category=Category.objects.create(name="Reading"))

        with pytest.raises(UnknownDefinition, match=f"“bokworm”. There are: {known}"):
            render(tag, user=user)

    @pytest.mark.parametrize(
        ("tag", "message"),
        [
            ("{% badge_shelf colour='x' %}", "no argument colour=.*category, show"),
            ("{% badge_shelf 'reading' %}", "doesn't understand 'reading'"),
            ("{% badge_shelf size='small' size='large' %}", "size= twice"),
            ("{% badge %}", "needs a slug"),
            ("{% badge 'a' 'b' %}", "doesn't understand 'b'"),
            ("{% badge 'a' slug='b' %}", "slug= twice"),
            ("{% points 5 %}", "Its arguments are user, viewer"),
        ],
    )
    def test_a_wrong_argument_is_found_when_the_template_is_compiled(
        self, tag, message
    ):
        with pytest.raises(TemplateSyntaxError, match=message):
            Template("{% load gamification_tags %}" + tag)

    @pytest.mark.parametrize(
        "tag",
        [
            "{% badge_shelf show='mine' %}",
            "{% badge_shelf size='huge' %}",
            "{% badge_shelf limit=-1 %}",
            "{% badge_shelf limit='abc' %}",
            "{% badge 'bookworm' size='huge' %}",
            "{% level size='huge' %}",
            "{% unlockables show='earned' %}",
            "{% points user='ada' %}",
        ],
    )
    def test_a_wrong_value_is_a_clear_error(self, tag):
        make_badge()

        with pytest.raises(
            ValueError, match=r"Choose from|whole number|neither a user"
        ):
            render(tag)


class TestPage:
    @pytest.fixture
    def page(self, django_capture_on_commit_callbacks, user):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            for badge in make_badges(10):
                badge.award(user)
            Level.objects.create(name="Novice", points_required=0)
            UnlockableDefinition.objects.create(name="Attic", points_required=50)
            home = Page.objects.get(depth=2)
            return home.add_child(instance=ProfilePage(title="Profile"))

    TAGS = (
        "{% points %}{% level %}{% badge_shelf %}{% unlockables %}"
        '{% badge "badge-00" %}{% badge_progress "badge-00" %}'
    )

    def test_shows_all_of_it(self, client, page, user):
        client.force_login(user)

        html = client.get(page.url).content.decode()

        assert "10 of 10 earned" in words(html)
        assert "Novice" in html

    def test_costs_one_query_for_each_kind_of_thing(
        self, page, user, django_assert_num_queries
    ):
        render(self.TAGS, user=user)

        # Points and unlockables, badges.
        with django_assert_num_queries(2):
            render(self.TAGS, user=user)

    def test_costs_few_queries_where_nothing_is_cached(
        self, page, user, django_assert_max_num_queries
    ):
        render(self.TAGS, user=user)
        caches["default"].clear()

        # Two of the player, five for the badges, and for levels and unlockables
        # the locale, the definitions and their texts.
        with django_assert_max_num_queries(13):
            render(self.TAGS, user=user)

    def test_is_mirrored_where_people_write_from_right_to_left(
        self, client, page, settings
    ):
        arabic = locale("ar")
        page.copy_for_translation(arabic, copy_parents=True).save_revision().publish()

        response = client.get("/ar" + page.url)

        assert 'dir="rtl"' in response.content.decode()


class TestParts:
    def test_a_site_may_replace_a_single_part(self, settings, tmp_path, user):
        part = tmp_path / "wagtail_gamification" / "shelf" / "badge_state.html"
        part.parent.mkdir(parents=True)
        part.write_text("<p>Ours: {{ badge.state }}</p>")
        [engine] = settings.TEMPLATES
        settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]
        make_badge()

        html = render("{% badge_shelf %}", user=user)

        assert "<p>Ours: locked</p>" in html

    def test_a_site_may_extend_the_shelf(self, settings, tmp_path, user):
        shelf = tmp_path / "wagtail_gamification" / "shelf" / "badge_shelf.html"
        shelf.parent.mkdir(parents=True)
        shelf.write_text(
            '{% extends "wagtail_gamification/shelf/badge_shelf.html" %}'
            "{% block empty %}<p>Read on!</p>{% endblock %}"
        )
        [engine] = settings.TEMPLATES
        settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]

        html = render("{% badge_shelf %}", user=user)

        assert "<p>Read on!</p>" in html
        assert "gamification-shelf__heading" in html

    def test_the_markup_has_no_inline_scripts_and_styles(self, user):
        make_badge(image=make_image()).award(user)
        make_badge("Secret", is_secret=True)
        Level.objects.create(name="Novice", points_required=0)
        UnlockableDefinition.objects.create(name="Attic", points_required=50)

        html = render("{% badge_shelf %}{% level %}{% unlockables %}", user=user)

        assert not re.search(r"<script|\bstyle=|\son\w+=|https?://", html)


class TestPreviews:
    @pytest.mark.parametrize("state", ["earned", "in_progress", "locked", "secret"])
    def test_a_badge_is_shown_in_all_sizes(self, state):
        definition = make_badge(progression_target=9, image=make_image())
        template = "wagtail_gamification/previews/badge.html"

        html = render(
            f'{{% include "{template}" %}}',
            object=definition,
            badge=sample_badge(definition, state),
        )

        assert html.count(f"gamification-badge--{state.replace('_', '-')}") == 3
        assert "gamification.css" in html
        assert ("6 of 9" in html) is (state == "in_progress")

    @pytest.mark.parametrize("state", ["unlocked", "locked"])
    def test_an_unlockable_is_shown(self, state):
        definition = UnlockableDefinition.objects.create(
            name="Attic", points_required=9
        )

        html = render(
            '{% include "wagtail_gamification/previews/unlockable.html" %}',
            object=definition,
            unlockable=sample_unlockable(definition, state),
        )

        assert html.count(f"gamification-badge--{state}") == 3
        assert "<title>Attic</title>" in html

    def test_a_level_is_shown(self):
        level = Level.objects.create(name="Novice", points_required=0)
        Level.objects.create(name="Adept", points_required=90)

        html = render(
            '{% include "wagtail_gamification/previews/level.html" %}',
            object=level,
            progress=sample_level(level),
        )

        assert "Novice" in html
        assert "60 of 90" in html


def test_progress_of_a_badge_is_the_models_progression():
    badge = sample_badge(make_badge(progression_target=3), "in_progress")

    assert badge.progression == Progression(2, 3)
