"""A row in another language is the translation of the original with its slug."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Locale
from wagtail.signals import copy_for_translation_done

from wagtail_gamification.models import BadgeDefinition, Category, Level

from .test_import import actions, badges, errors, levels

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]

GOLD = {"slug": "gold", "name": "Gold", "points": 5, "description": "Shiny"}
OR = {"slug": "gold", "locale": "fr", "name": "Or"}


def translation() -> BadgeDefinition:
    return BadgeDefinition.objects.get(locale__language_code="fr")


def test_a_translation_is_made_as_wagtail_makes_it(make_image: Any) -> None:
    badges({**GOLD, "image": str(make_image("Medal").pk)})
    heard: list[Any] = []

    def listener(target_obj: Any, **kwargs: Any) -> None:
        heard.append(target_obj)

    copy_for_translation_done.connect(listener)
    try:
        result = badges({**OR, "description": "Brillant"})
    finally:
        copy_for_translation_done.disconnect(listener)

    original = BadgeDefinition.objects.originals().get()
    assert actions(result) == ["created"]
    assert len(heard) == 1
    assert translation().original == original
    assert translation().translation_key == original.translation_key
    assert (translation().name, translation().slug) == ("Or", "gold")
    assert ">Brillant</p>" in translation().description
    assert translation().image == original.image
    assert translation().live


def test_original_and_translation_in_one_file_whatever_their_order() -> None:
    result = badges(OR, GOLD, {"name": "Next"})

    assert actions(result) == ["created"] * 3
    assert translation().original.name == "Gold"
    assert translation().points == 5


def test_without_a_row_in_the_default_language_the_first_is_the_original() -> None:
    Locale.objects.create(language_code="de")

    badges(OR, {**OR, "locale": "de", "name": "Gold (de)"})

    assert BadgeDefinition.objects.originals().get().name == "Or"


def test_a_translation_is_updated_and_skipped_by_its_key() -> None:
    badges(GOLD, OR)

    assert actions(badges(GOLD, OR)) == ["skipped", "skipped"]
    assert actions(badges({**OR, "name": "Doré"})) == ["updated"]
    assert translation().name == "Doré"
    assert translation().original.name == "Gold"


def test_a_translation_with_a_slug_of_its_own_is_found_by_both() -> None:
    badges(GOLD, OR)
    BadgeDefinition.objects.filter(pk=translation().pk).update(slug="or")

    assert actions(badges(OR)) == ["skipped"]
    assert actions(badges({**OR, "slug": "or"})) == ["skipped"]
    assert len(errors(badges(OR, {**OR, "slug": "or"}))) == 2


def test_the_originals_numbers_count() -> None:
    badges(GOLD)

    assert actions(badges({**OR, "points": "", "is_secret": ""})) == ["created"]
    assert actions(badges({**OR, "points": 5})) == ["skipped"]
    ((_, column, message),) = errors(badges({**OR, "points": 6}))
    assert column == "points"
    assert "the original's value counts" in message


def test_a_translated_level_may_leave_its_points_out() -> None:
    result = levels(
        {"name": "One", "points_required": 10},
        {"slug": "one", "locale": "fr", "name": "Un"},
    )

    assert actions(result) == ["created", "created"]
    assert Level.objects.originals().count() == 1


def test_a_draft_of_a_translation() -> None:
    badges(GOLD)

    badges(OR, publish=False)

    assert not translation().live
    assert translation().first_published_at is None
    assert translation().latest_revision.content["name"] == "Or"


def test_the_locale_is_matched_in_any_case() -> None:
    badges(GOLD)

    assert actions(badges({**OR, "locale": "FR"})) == ["created"]


def test_references_prefer_the_rows_own_language() -> None:
    french = Locale.objects.get(language_code="fr")
    Category.objects.create(name="Sport", slug="sport")
    sport_fr = Category.objects.create(name="Sport", slug="sport", locale=french)

    badges({"name": "Vélo", "locale": "fr", "category": "sport"})

    assert BadgeDefinition.objects.get().category == sport_fr
