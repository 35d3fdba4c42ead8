"""Badges within texts."""

import json

import pytest
from django.test import override_settings
from django.utils import translation
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import ReferenceIndex
from wagtail.rich_text import expand_db_html

from tests.shelf_data import make_badge, make_image, translate
from wagtail_gamification.models import BadgeDefinition
from wagtail_gamification.rich_text import ENTITY, FEATURE

pytestmark = pytest.mark.django_db


def embed(badge):
    return f'<embed embedtype="{FEATURE}" id="{badge.pk}"/>'


def address(badge):
    return f"/about/{badge.slug}/"


class TestOnThePage:
    def test_it_shows_the_name_and_the_picture(self):
        badge = make_badge("Book & worm", image=make_image())

        html = expand_db_html(f"<p>Earn {embed(badge)} today.</p>")

        assert html.startswith('<p>Earn <span class="gamification-inline"><img ')
        assert html.endswith('<bdi lang="en">Book &amp; worm</bdi></span> today.</p>')

    def test_it_is_called_what_it_is_called_now(self):
        badge = make_badge()
        source = embed(badge)
        BadgeDefinition.objects.update(name="Reader")
        translate(badge, "fr", name="Lecteur")

        assert ">Reader<" in expand_db_html(source)
        with translation.override("fr"):
            assert ">Lecteur<" in expand_db_html(source)

    @override_settings(
        WAGTAIL_GAMIFICATION_BADGE_URL="tests.blocks.test_rich_text.address"
    )
    def test_it_links_to_the_page_that_the_site_has_of_it(self):
        html = expand_db_html(embed(make_badge()))

        assert html.startswith('<a class="gamification-inline" href="/about/bookworm/"')
        assert html.endswith("</a>")

    @override_settings(
        WAGTAIL_GAMIFICATION_BADGE_URL="tests.blocks.test_rich_text.address"
    )
    def test_a_secret_one_says_nothing(self):
        secret = make_badge("Moths", image=make_image("Moths"), is_secret=True)

        html = expand_db_html(embed(secret))

        assert html == (
            '<span class="gamification-inline"><bdi>Secret badge</bdi></span>'
        )

    def test_one_that_is_gone_or_not_published_is_left_out(self):
        badge, draft = make_badge(), make_badge("Draft", live=False)
        source = f"<p>Now {embed(badge)}{embed(draft)}.</p>"
        badge.delete()

        assert expand_db_html(source) == "<p>Now .</p>"
        assert expand_db_html(f'<embed embedtype="{FEATURE}" id="x"/>') == ""
        assert expand_db_html(f'<embed embedtype="{FEATURE}"/>') == ""

    def test_descriptions_may_name_badges(self):
        first = make_badge()
        second = make_badge("Second", description=f"<p>After {embed(first)}.</p>")
        first.description = f"<p>Before {embed(second)}.</p>"
        first.save()

        assert ">Bookworm<" in expand_db_html(embed(first))

    def test_many_cost_what_one_does(
        self, django_assert_num_queries, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            badges = [make_badge(f"Badge {n}") for n in range(30)]
        expand_db_html(embed(badges[0]))

        with django_assert_num_queries(0):
            html = expand_db_html("".join(map(embed, badges)))

        assert html.count("gamification-inline") == 30


class TestInTheEditor:
    def test_what_is_stored_comes_back(self):
        badge = make_badge()
        converter = ContentstateConverter(features=["bold", FEATURE])
        source = f'<p data-block-key="a">Earn {embed(badge)} <b>today</b>.</p>'

        state = json.loads(converter.from_database_format(source))
        back = converter.to_database_format(json.dumps(state))

        [block] = state["blocks"]
        assert block["text"] == "Earn Bookworm today."
        [entity] = state["entityMap"].values()
        assert entity == {
            "type": ENTITY,
            "mutability": "IMMUTABLE",
            "data": {"id": str(badge.pk)},
        }
        assert back == source

    def test_a_deleted_one_can_be_seen_and_removed(self):
        badge = make_badge()
        source = f"<p>Earn {embed(badge)}</p>"
        badge.delete()

        state = ContentstateConverter([FEATURE]).from_database_format(source)

        assert "Earn A badge that was deleted" in state

    def test_what_texts_name_is_known(self):
        first = make_badge()
        second = make_badge("Second", description=f"<p>{embed(first)}</p>")
        ReferenceIndex.create_or_update_for_object(second)

        assert ReferenceIndex.get_references_to(first).exists()
