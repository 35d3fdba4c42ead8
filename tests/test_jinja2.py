"""The tags in Jinja2."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.backends.jinja2 import Jinja2
from django.test import RequestFactory, override_settings
from jinja2 import Environment, TemplateSyntaxError

from tests.shelf_data import make_badge, make_user
from tests.test_fragments import REQUIRED, untouchable
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import Category, Level, UnlockableDefinition
from wagtail_gamification.templatetags.gamification_tags import (
    gamification_script,
    gamification_stylesheet,
)
from wagtail_gamification.templatetags.tags import node_of, shelf_tags
from wagtail_gamification.testing import create_leaderboard

pytestmark = pytest.mark.django_db

EXTENSION = "wagtail_gamification.jinja2tags.gamification"


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def site():
    """Something of everything to show."""
    reading = Category.objects.create(name="Reading")
    make_badge(category=reading, progression_target=3)
    make_badge("Night owl")
    Level.objects.create(name="Novice", points_required=0)
    UnlockableDefinition.objects.create(name="Attic", points_required=20)
    create_leaderboard("Most points")


def request_of(user=None):
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    return request


def render(source, user=None, **values):
    environment = Environment(extensions=[EXTENSION], autoescape=True)
    return environment.from_string(source).render(request=request_of(user), **values)


@pytest.mark.parametrize("tag", sorted({*shelf_tags()} - {"claim_form"}))
def test_every_tag_shows_what_it_shows_in_django(tag, site, user):
    slug = REQUIRED.get(tag, "")

    html = render(f"{{% {tag} {slug} %}}", user)

    arguments = {"slug": slug.strip('"')} if slug else {}
    assert html == node_of(tag).show(request_of(user), arguments)
    # Where nothing is unread, there is nothing to say.
    assert html.strip() or tag == "unread_notices"


def test_a_claim_form_has_its_token(user):
    assert "csrfmiddlewaretoken" in render("{% claim_form %}", user)


def test_arguments_are_expressions(site, user):
    html = render(
        '{% badge_shelf category=slugs[0] show="lo" ~ "cked" limit=1 + 1, heading=h %}',
        user,
        slugs=["reading"],
        h="<To do>",
    )

    assert "Bookworm" in html
    assert "Night owl" not in html
    assert "&lt;To do&gt;" in html


def test_as_gives_the_data(site, user):
    make_badge("Earned").award(user)

    html = render(
        "{% badge_shelf as shelf %}{{ shelf.earned }}/{{ shelf.total }}"
        '{% badge_progress "bookworm" as steps %} {{ steps.target }}'
        "{% points as total %} {{ total }}",
        user,
    )

    assert html == "1/3 3 0"


def test_as_works_within_a_loop_and_a_block(site, user):
    html = render(
        "{% block body %}{% for slug in slugs %}{% badge slug as b %}{{ b.name }};"
        "{% endfor %}{% endblock %}",
        user,
        slugs=["bookworm", "night-owl"],
    )

    assert html == "Bookworm;Night owl;"


def test_other_delimiters_work(site, user):
    environment = Environment(
        extensions=[EXTENSION],
        autoescape=True,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
    )
    template = environment.from_string(
        '<% badge_shelf category="reading" as shelf %><< shelf.total >>'
        "<% badge_shelf %>"
    )

    html = template.render(request=request_of(user))

    assert html.startswith("1")
    assert "<section" in html


def test_it_works_with_djangos_engine(site, user):
    backend = Jinja2(
        {
            "NAME": "jinja2",
            "DIRS": [],
            "APP_DIRS": False,
            "OPTIONS": {"extensions": [EXTENSION]},
        }
    )
    template = backend.from_string('{% badge "bookworm" %}{{ "<b>" }}')

    html = template.render({}, request=request_of(user))

    assert "Bookworm" in html
    assert "&lt;b&gt;" in html


def test_somebody_elses_things(site, user):
    make_badge("Earned").award(user)

    assert "1 of 3 earned" in render("{% badge_shelf user=owner %}", owner=user)


def test_loaded_separately_it_asks_nobody(site, django_assert_num_queries):
    environment = Environment(extensions=[EXTENSION], autoescape=True)
    template = environment.from_string("{% badge_shelf lazy=true user=request.user %}")

    with django_assert_num_queries(0):
        html = template.render(request=untouchable())

    assert html.startswith("<gamification-fragment")


def test_the_head_has_its_links():
    html = render("{% gamification_stylesheet %}|{% gamification_script %}")

    assert html == f"{gamification_stylesheet()}|{gamification_script()}"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('{% badge_shelf colour="red" %}', "badge_shelf has no argument colour="),
        ('{% badge_shelf "red" %}', "badge_shelf doesn't understand 'red'"),
        ("{% badge %}", 'badge needs a slug: badge "…".'),
        ('{% badge "x" slug="y" %}', "badge got slug= twice"),
        ("{% badge_shelf lazy=true as shelf %}", "has no data yet"),
    ],
)
def test_a_mistake_is_found_when_the_template_is_read(source, message):
    with pytest.raises(TemplateSyntaxError, match=re.escape(message)):
        render(source)


def test_an_unknown_slug_is_an_error_while_developing(site):
    assert render('{% badge "bokworm" %}') == ""
    with override_settings(DEBUG=True), pytest.raises(UnknownDefinition):
        render('{% badge "bokworm" %}')
