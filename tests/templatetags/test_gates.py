"""What only some players see, in Django's templates and in Jinja2."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation
from jinja2 import Environment
from jinja2 import TemplateSyntaxError as JinjaSyntaxError

from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.jinja2tags import gamification
from wagtail_gamification.shelf import Gate
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db


def boom():
    raise AssertionError("This part is rendered.")


def in_django(source, **context):
    template = Template("{% load gamification_tags %}" + source)
    return template.render(Context(context))


def in_jinja(source, **context):
    environment = Environment(extensions=[gamification], autoescape=True)
    return environment.from_string(source).render(**context)


def in_jinja_with_own_delimiters(source, **context):
    environment = Environment(
        extensions=[gamification],
        autoescape=True,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
    )
    source = source.replace("{%", "<%").replace("%}", "%>")
    source = source.replace("{{", "<<").replace("}}", ">>")
    return environment.from_string(source).render(**context)


@pytest.fixture(params=[in_django, in_jinja, in_jinja_with_own_delimiters])
def render(request):
    def render(source, user=None, **context):
        given = RequestFactory().get("/")
        given.user = user or AnonymousUser()
        return request.param(source, request=given, **context)

    return render


@pytest.fixture
def player():
    return create_player(60)


@pytest.fixture
def things():
    create_level("Seed", 0)
    create_level("Sprout", 50)
    create_level("Tree", 100)
    create_unlockable_definition("Garden", 50)
    create_unlockable_definition("Attic", 100)
    create_unlockable_definition("Shed", 0, price=10)
    create_badge_definition("Walker")
    create_badge_definition("Ghost", is_secret=True)


GATES = [
    ('ifunlocked "garden"', True),
    ('ifunlocked "attic"', False),
    ('ifunlocked "shed"', False),
    ('ifbadge "walker"', True),
    ('ifbadge "ghost"', False),
    ("iflevel 1", True),
    ("iflevel 2", True),
    ("iflevel 3", False),
    ('iflevel "sprout"', True),
    ('iflevel "tree"', False),
]


@pytest.mark.parametrize(("gate", "is_open"), GATES)
def test_each_gate_shows_one_of_two_parts(render, things, player, gate, is_open):
    from wagtail_gamification.models import BadgeDefinition

    BadgeDefinition.objects.by_slug("walker").award(player)
    tag = gate.split()[0]
    source = f"{{% {gate} %}}open{{% else %}}closed{{% end{tag} %}}"

    assert render(source, player.user) == ("open" if is_open else "closed")
    assert render(source) == "closed"


def test_the_other_part_is_not_rendered_at_all(render, things, player):
    closed = '{% ifunlocked "attic" %}{{ boom }}{% endifunlocked %}'
    opened = '{% ifunlocked "garden" %}in{% else %}{{ boom }}{% endifunlocked %}'

    assert render(closed, player.user, boom=boom) == ""
    assert render(opened, player.user, boom=boom) == "in"


def test_what_is_bought_opens(render, things, player):
    source = '{% ifunlocked "shed" %}in{% endifunlocked %}'
    player.buy("shed")

    assert render(source, player.user) == "in"


def test_gates_stand_within_one_another(render, things, player):
    source = (
        '{% ifunlocked "garden" %}{% ifbadge "walker" %}a{% else %}b{% endifbadge %}'
        "{% endifunlocked %}"
    )

    assert render(source, player.user) == "b"


@pytest.mark.parametrize(
    "gate", ['ifunlocked "nothing"', 'ifbadge "nothing"', "iflevel 9", "iflevel 0"]
)
def test_what_nobody_knows_is_closed_and_logged(render, things, player, gate, caplog):
    tag = gate.split()[0]
    source = f"{{% {gate} %}}open{{% else %}}closed{{% end{tag} %}}"

    assert render(source, player.user) == "closed"
    assert tag in caplog.text
    with override_settings(DEBUG=True), pytest.raises(UnknownDefinition):
        render(source, player.user)


def test_another_player_is_asked_as_far_as_the_visitor_may_see(render, things, player):
    source = (
        '{% ifunlocked "garden" user=other %}open{% else %}closed{% endifunlocked %}'
    )
    visitor = create_player().user
    assert render(source, visitor, other=player.user) == "open"

    player.is_public = False
    player.save()
    assert render(source, visitor, other=player.user) == "closed"


@pytest.mark.parametrize(
    "source",
    [
        "{% ifunlocked %}{% endifunlocked %}",
        '{% ifunlocked "a" 3 %}{% endifunlocked %}',
        '{% ifunlocked "a" slg="b" %}{% endifunlocked %}',
        '{% ifunlocked "a" lazy=True %}{% endifunlocked %}',
        '{% ifunlocked "a" %}',
        '{% ifunlocked "a" %}{% else %}{% else %}{% endifunlocked %}',
    ],
)
def test_a_tag_that_is_written_wrongly_is_an_error(render, source):
    with pytest.raises((TemplateSyntaxError, JinjaSyntaxError)):
        render(source)


def test_without_a_request_everything_is_closed(things):
    source = '{% ifunlocked "garden" %}open{% else %}closed{% endifunlocked %}'

    assert in_django(source) == in_jinja(source) == "closed"


def test_a_page_with_a_shelf_a_level_and_three_gates_costs_two_queries(
    render, player, django_assert_num_queries, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        create_level("Seed", 0)
        create_level("Sprout", 50)
        create_unlockable_definition("Garden", 50)
        create_badge_definition("Walker")
    source = (
        "{% badge_shelf %}{% level %}{% unlockables %}{% points %}"
        '{% ifunlocked "garden" %}a{% endifunlocked %}'
        '{% ifbadge "walker" %}b{% endifbadge %}{% iflevel 2 %}c{% endiflevel %}'
    )
    render(source, player.user)

    with django_assert_num_queries(2):
        render(source, player.user)


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_what_opens_it_is_in_the_visitors_language_in_a_text_of_another(
    language, direction
):
    with translation.override(language):
        html = render_to_string(
            "wagtail_gamification/gates/teaser.html",
            {"gate": Gate(is_open=False), "teaser": "<p>Owls by night</p>"},
        )

    gate = BeautifulSoup(html, "html.parser").select_one(".gamification-gate")
    opens = gate.select_one(".gamification-gate__opens")
    assert (opens["lang"], opens["dir"]) == (language, direction)
    assert "dir" not in gate.attrs
    assert "Owls by night" not in opens.get_text()
