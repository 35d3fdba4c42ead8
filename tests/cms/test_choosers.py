"""The choosers of badges, categories and unlockables."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wagtail_gamification.models import BadgeDefinition, Category, UnlockableDefinition

from .conftest import MODELS, create, create_image, url_of

pytestmark = pytest.mark.django_db


def chooser_url(model, view="choose"):
    return reverse(model.snippet_viewset.chooser_viewset.get_url_name(view))


def chosen_from(response):
    return [item.name for item in response.context["results"]]


@pytest.mark.parametrize("model", MODELS)
def test_a_chooser_opens_and_searches(cms, model):
    create(model, name="Night owl")
    create(model, name="Early bird", **_points(model))

    opened = cms.get(chooser_url(model))
    assert opened.json()["step"] == "choose"
    assert "Night owl" in opened.json()["html"]

    results = cms.get(chooser_url(model, "choose_results"), {"q": "owl"})
    assert chosen_from(results) == ["Night owl"]
    assert "There is 1 match" in results.content.decode()


def _points(model):
    return {} if model in (BadgeDefinition, Category) else {"points_required": 7}


@pytest.mark.parametrize("model", [BadgeDefinition, UnlockableDefinition])
def test_a_chooser_shows_the_image(cms, model):
    create(model, image=create_image())

    html = cms.get(chooser_url(model)).json()["html"]

    assert 'width="40" height="30" alt=""' in html


def test_badges_are_narrowed_to_a_category(cms):
    walking = create(Category, name="Walking")
    create(BadgeDefinition, name="In it", category=walking)
    create(BadgeDefinition, name="Not in it")
    results = chooser_url(BadgeDefinition, "choose_results")

    assert chosen_from(cms.get(results, {"in_category": walking.pk})) == ["In it"]
    assert len(chosen_from(cms.get(results))) == 2
    assert len(chosen_from(cms.get(results, {"in_category": "nonsense"}))) == 2


def test_translations_are_not_offered(cms, badge, french):
    badge.copy_for_translation(french).save()
    create(BadgeDefinition, name="Un badge", locale=french)
    results = chooser_url(BadgeDefinition, "choose_results")

    assert chosen_from(cms.get(results)) == ["First steps", "Un badge"]
    assert chosen_from(cms.get(results, {"locale": "fr"})) == ["Un badge"]


def test_the_next_badge_of_a_badge_is_never_itself(cms, badge):
    create(BadgeDefinition, name="Other")
    url = f"{chooser_url(BadgeDefinition)}?exclude={badge.pk}"

    assert url in cms.get(url_of("edit", badge)).content.decode()
    opened = cms.get(url)
    assert "First steps" not in opened.json()["html"]
    assert "Other" in opened.json()["html"]
    # The address that is asked while somebody types keeps it.
    results = f"{chooser_url(BadgeDefinition, 'choose_results')}?exclude={badge.pk}"
    assert results in opened.json()["html"]
    assert chosen_from(cms.get(results)) == ["Other"]


def test_nonsense_in_the_address_excludes_nothing(cms, badge):
    results = chooser_url(BadgeDefinition, "choose_results")

    assert chosen_from(cms.get(results, {"exclude": "x'"})) == ["First steps"]


def test_a_chooser_costs_the_same_for_few_and_for_many(cms):
    image, category = create_image(), create(Category)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            cms.get(chooser_url(BadgeDefinition))
        return len(queries)

    create(BadgeDefinition, name="Badge 0", image=image, category=category)
    cost()
    few = cost()
    for number in range(1, 10):
        create(BadgeDefinition, name=f"Badge {number}", image=image, category=category)

    assert cost() == few


def test_a_models_foreign_key_gets_the_chooser(badge):
    from wagtail.admin.forms.models import formfield_for_dbfield
    from wagtail.snippets.widgets import AdminSnippetChooser

    field = BadgeDefinition._meta.get_field("next_badge")

    assert isinstance(formfield_for_dbfield(field).widget, AdminSnippetChooser)


def test_a_streamfield_block_chooses_a_badge(cms, badge):
    from wagtail.snippets.blocks import SnippetChooserBlock

    block = SnippetChooserBlock(BadgeDefinition)

    assert block.clean(badge) == badge
    assert chooser_url(BadgeDefinition) in str(
        block.field.widget.render("badge", badge.pk, {"id": "badge"})
    )
    chosen = reverse(
        BadgeDefinition.snippet_viewset.chooser_viewset.get_url_name("chosen"),
        args=[badge.pk],
    )
    assert cms.get(chosen).json()["result"]["string"] == "First steps"
