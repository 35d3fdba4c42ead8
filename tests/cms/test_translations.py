"""Sites in several languages: one badge, one set of players, many texts."""

import pytest
from django.urls import reverse
from wagtail.actions.copy_for_translation import CopyForTranslationAction

from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Category,
    UnlockableDefinition,
)
from wagtail_gamification.testing import create_player

from .conftest import MODELS, create, form_data, url_of

pytestmark = pytest.mark.django_db


def translate_in_the_cms(cms, definition, locale):
    url = reverse(
        "simple_translation:submit_snippet_translation",
        args=[definition._meta.app_label, definition._meta.model_name, definition.pk],
    )
    assert cms.get(url).status_code == 200
    response = cms.post(url, {"locales": [locale.pk]})
    translation = type(definition).objects.get(locale=locale)
    assert response.status_code == 302
    assert response.url == url_of("edit", translation)
    return translation


@pytest.mark.parametrize("model", MODELS)
def test_translating_in_the_cms_makes_a_draft_that_knows_its_original(
    cms, model, french
):
    definition = create(model)

    translation = translate_in_the_cms(cms, definition, french)

    assert translation.original == definition
    assert translation.translation_key == definition.translation_key
    assert not getattr(translation, "live", False)
    assert definition in translation.get_translations()


def test_translating_a_translation_leads_to_the_same_original(badge, french):
    from wagtail.models import Locale

    german = Locale.objects.create(language_code="de")
    in_french = badge.copy_for_translation(french)
    in_french.save()

    in_german = CopyForTranslationAction(in_french, german).execute()
    in_german.save()

    assert in_german.original == badge


def test_translating_takes_a_free_slug_where_the_language_has_it(badge, french):
    create(BadgeDefinition, locale=french)

    translation = badge.copy_for_translation(french)
    translation.save()

    assert translation.slug == "first-steps-2"


def test_publishing_a_translation_gives_nobody_anything(cms, badge, french):
    create_player()
    before = Badge.objects.count()
    translation = translate_in_the_cms(cms, badge, french)

    cms.post(
        url_of("edit", translation),
        form_data(
            BadgeDefinition, name="Premiers pas", slug="pas", **{"action-publish": "1"}
        ),
    )

    translation.refresh_from_db()
    assert (translation.live, translation.name) == (True, "Premiers pas")
    assert Badge.objects.count() == before
    assert not Badge.objects.filter(badge_definition=translation).exists()


def test_earning_in_one_language_is_earning_in_all(cms, badge, french):
    player = create_player()
    translation = translate_in_the_cms(cms, badge, french)
    translation.save_revision().publish()

    translation.award(player)

    assert player.badge("first-steps").acquired
    player.refresh_from_db()
    assert player.points == 10
    [in_french] = BadgeDefinition.objects.in_locale(french).for_interface(player)
    assert in_french.player_acquired
    assert in_french.texts == translation
    assert badge.award(player) is None


def test_a_submitted_rule_of_a_translation_changes_nothing(cms, badge, french):
    translation = translate_in_the_cms(cms, badge, french)
    other = create(BadgeDefinition, name="Other")
    gold = create(Category, name="Gold")

    form = cms.get(url_of("edit", translation)).context["form"]
    assert set(form.fields) & set(form.rule_fields) == set()
    cms.post(
        url_of("edit", translation),
        form_data(
            BadgeDefinition,
            name="Premiers pas",
            slug="pas",
            points="999",
            progression_target="3",
            next_badge=other.pk,
            category=gold.pk,
            is_secret="on",
            max_awards="7",
            expires_after="1",
            **{"action-publish": "1"},
        ),
    )

    for definition in (badge, translation):
        definition.refresh_from_db()
        assert definition.points == 10
        assert definition.progression_target is None
        assert definition.next_badge is None
        assert definition.category is None
        assert not definition.is_secret
        assert definition.max_awards is None
    assert translation.name == "Premiers pas"


@pytest.mark.parametrize("model", [BadgeDefinition, UnlockableDefinition])
def test_the_form_of_a_translation_names_the_original_and_links_to_it(
    cms, model, french
):
    definition = create(model, name="Original name")
    translation = translate_in_the_cms(cms, definition, french)

    page = cms.get(url_of("edit", translation)).content.decode()

    assert "translation of “<bdi>Original name</bdi>” (<bdi>English</bdi>)" in page
    assert url_of("edit", definition) in page
    assert "What it gives" not in page
    original = cms.get(url_of("edit", definition)).content.decode()
    assert "This is a translation of" not in original


def test_the_screens_work_on_a_site_in_one_language(cms, settings):
    settings.WAGTAIL_I18N_ENABLED = False

    response = cms.post(
        url_of("add", BadgeDefinition),
        form_data(BadgeDefinition, **{"action-publish": "1"}),
    )

    assert response.status_code == 302
    badge = BadgeDefinition.objects.get()
    for view in ("list", "add"):
        assert cms.get(url_of(view, BadgeDefinition)).status_code == 200
    for view in ("edit", "copy", "delete", "inspect"):
        assert cms.get(url_of(view, badge)).status_code == 200
