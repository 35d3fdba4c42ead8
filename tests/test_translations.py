"""French and Arabic: complete, well formed, compiled, and what people read."""

import gettext
import re
from collections import Counter
from pathlib import Path

import polib
import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Locale
from wagtail.users.models import UserProfile

import wagtail_gamification
from tests.visible_texts import texts
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Category,
    GamificationInterface,
    Level,
    Requirement,
    UnlockableDefinition,
)
from wagtail_gamification.testing import create_badge_definition

APP = Path(wagtail_gamification.__file__).parent / "locale"
SANDBOX = Path(__file__).resolve().parents[1] / "sandbox" / "learning" / "locale"
LANGUAGES = ["ar", "fr"]

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|</?\w+[^>]*>")
# What counts, in the messages that have plural forms.
NUMBERS = re.compile(
    r"%\((?:count|counter|days|hours|missing|number|points|price|times)\)[sd]"
)


def catalogue(locale, language):
    return polib.pofile(locale / language / "LC_MESSAGES" / "django.po")


@pytest.fixture(params=[APP, SANDBOX], ids=["app", "sandbox"])
def locale(request):
    return request.param


def key(entry):
    return entry.msgctxt, entry.msgid


def translations(entry):
    """All that the entry may say, by the index of the plural form."""
    return entry.msgstr_plural if entry.msgid_plural else {0: entry.msgstr}


def plural_forms(catalogue):
    """For each plural form, some of the numbers that it is for."""
    rule = re.fullmatch(
        r"nplurals=(\d+); plural=(.+);", catalogue.metadata["Plural-Forms"]
    )
    form_of = gettext.c2py(rule[2])
    numbers = {form: [] for form in range(int(rule[1]))}
    for number in range(1000):
        numbers[form_of(number)].append(number)
    return numbers


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(locale, language):
    po = catalogue(locale, language)

    missing = [
        key(entry)
        for entry in po
        if entry.fuzzy or entry.obsolete or not all(translations(entry).values())
    ]

    assert len(po) > 50
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_the_forms_of_its_language(locale, language):
    po = catalogue(locale, language)
    forms = set(plural_forms(po))

    plurals = [entry for entry in po if entry.msgid_plural]

    assert plurals
    assert [key(e) for e in plurals if set(e.msgstr_plural) != forms] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_the_same_in_every_translation(locale, language):
    po = catalogue(locale, language)
    numbers = plural_forms(po)
    wrong = []
    for entry in po:
        for form, text in translations(entry).items():
            source = entry.msgid_plural or entry.msgid
            wanted, found = (
                Counter(PLACEHOLDER.findall(part)) for part in (source, text)
            )
            # A form for a single number may say it in a word.
            if entry.msgid_plural and len(numbers[form]) == 1:
                for counts in (wanted, found):
                    for name in filter(NUMBERS.fullmatch, list(counts)):
                        del counts[name]
            if wanted != found:
                wrong.append((key(entry), form))

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_says_what_the_source_says(locale, language):
    mo = polib.mofile(locale / language / "LC_MESSAGES" / "django.mo")

    compiled = {key(entry): translations(entry) for entry in mo}

    assert compiled == {key(e): translations(e) for e in catalogue(locale, language)}


def test_catalogues_hold_the_same_messages(locale):
    english, *others = [
        {key(entry) for entry in catalogue(locale, language)}
        for language in ["en", *LANGUAGES]
    ]

    assert [english ^ other for other in others] == [set()] * len(others)


def test_english_is_the_source_and_translates_nothing(locale):
    english = catalogue(locale, "en")

    assert not any(any(translations(entry).values()) for entry in english)


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_catalogues_hold_nothing_that_changes_by_itself(locale, language):
    po = catalogue(locale, language)

    lines = {line for entry in po for _, line in entry.occurrences}

    assert lines == {""}
    assert not {"POT-Creation-Date", "PO-Revision-Date"} & set(po.metadata)
    assert "@" not in po.header + "".join(po.metadata.values())


def test_wagtails_own_words_are_left_to_wagtail():
    # Without a context, ours would be shown wherever Wagtail says the same.
    ours = {entry.msgid for entry in catalogue(APP, "en") if not entry.msgctxt}

    assert ours.isdisjoint({"In progress", "Locked", "Unlocked", "Live", "Draft"})


EVERY_TAG = """{% load gamification_tags %}
{% badge_shelf user=user %}{% badge_shelf user=user category="empty" %}
{% badge_progress "b-started" user=user %}{% badge_progress "b-locked" user=user %}
{% points user=user %}{% level user=user %}{% unlockables user=user %}
"""


@pytest.fixture
def player(django_user_model):
    """Badges in every state, levels and unlockables, named in no language."""
    Category.objects.create(name="0", slug="empty")
    silver = create_badge_definition("1", slug="b-silver", points=1)
    for number, (slug, kwargs) in enumerate(
        [
            ("b-once", {"points": 1, "next_badge": silver}),
            ("b-often", {"points": 100, "max_awards": 9, "expires_after": 9}),
            ("b-started", {"progression_target": 10}),
            ("b-locked", {}),
            ("b-secret", {"is_secret": True}),
        ],
        start=2,
    ):
        create_badge_definition(str(number), slug=slug, **kwargs)
    for points in (0, 5000):
        Level.objects.create(name=str(points), points_required=points)
    for points in (50, 2000):
        UnlockableDefinition.objects.create(name=str(points), points_required=points)
    user = django_user_model.objects.create_user("1000")
    interface = GamificationInterface.objects.for_user(user)
    for slug in ("b-once", "b-often", "b-often", "b-often"):
        interface.award(slug)
    interface.increment("b-started")
    Badge.objects.filter(acquired=True).update(acquired_at=timezone.now())
    return user


def rendered(template, user, language):
    with translation.override(language):
        return Template(template).render(Context({"user": user}))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "alike"),
    [("fr", {"Badges", "1 point", "100 points", "301 points"}), ("ar", set())],
)
def test_nothing_on_the_shelf_stays_english(player, language, alike):
    english = texts(rendered(EVERY_TAG, player, "en"))
    others = texts(rendered(EVERY_TAG, player, language))

    # Each has its counterpart; those that are alike in both are known.
    assert {"In progress", "Locked", "Secret badge", "Level"} <= english
    assert len(others) == len(english)
    assert others & english <= alike | {"Secret"}
    if language == "ar":
        assert not re.search("[A-Za-z]", " ".join(others))


@pytest.mark.django_db
def test_the_shelf_speaks_french(player):
    said = texts(rendered(EVERY_TAG, player, "fr"))

    assert {"Verrouillé", "Secret", "En cours", "Badge secret"} <= said
    assert {"1 point", "100 points", "Se débloque à 2000 points"} <= said
    assert "Obtenus : 2 sur 6" in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("points", "said"),
    [
        (0, "0 نقطة"),
        (1, "نقطة واحدة"),
        (2, "نقطتان"),
        (3, "3 نقاط"),
        (11, "11 نقطة"),
        (100, "100 نقطة"),
    ],
)
def test_arabic_counts_points_in_six_ways(django_user_model, points, said):
    user = django_user_model.objects.create_user("ada")
    GamificationInterface.objects.for_user(user).change_points(points)

    html = rendered("{% load gamification_tags %}{% points user=user %}", user, "ar")

    assert texts(html) == {said}


@pytest.mark.django_db
def test_a_preview_is_in_the_language_of_the_definition():
    french = Locale.objects.create(language_code="fr")
    badge = create_badge_definition("Bookworm").copy_for_translation(french)

    with translation.override("en"):
        response = badge.serve_preview(RequestFactory().get("/"), "locked")

    html = response.content.decode()
    assert '<html lang="fr" dir="ltr">' in html
    assert "Verrouillé" in texts(html)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", {"Ce qu'il faut", "Badge suivant", "Ce que les joueurs voient"}),
        ("ar", {"ما يتطلبه", "الشارة التالية", "ما يراه اللاعبون"}),
    ],
)
def test_editors_read_the_form_in_their_language(
    admin_client, admin_user, language, words
):
    profile = UserProfile.get_for_user(admin_user)
    profile.preferred_language = language
    profile.save()

    response = admin_client.get(
        reverse(BadgeDefinition.snippet_viewset.get_url_name("add"))
    )

    page = " ".join(texts(response.content.decode()))
    assert {word for word in words if word not in page} == set()
    assert "What it takes" not in page
    assert "Next badge" not in page


@pytest.mark.django_db
def test_a_badge_is_inspected_in_the_editors_language(admin_client, admin_user):
    profile = UserProfile.get_for_user(admin_user)
    profile.preferred_language = "fr"
    profile.save()
    badge = create_badge_definition("Bookworm")

    response = admin_client.get(
        reverse(badge.snippet_viewset.get_url_name("inspect"), args=[badge.pk])
    )

    said = {field["label"]: field["value"] for field in response.context["fields"]}
    assert said["Image"] == "-"
    assert "Conditions" in said
    assert "Requirements" not in said


@pytest.mark.django_db
def test_an_error_for_developers_is_in_one_language():
    with (
        translation.override("ar"),
        pytest.raises(UnknownDefinition, match=r"^There is no badge “bookwrm”\."),
    ):
        BadgeDefinition.objects.by_slug("bookwrm")


@pytest.mark.parametrize(
    ("language", "counting", "sentence"),
    [
        ("fr", "every", "Se connecte 3 fois"),
        ("fr", "days", "Se connecte 3 jours différents"),
        ("fr", "days_in_a_row", "Se connecte 3 jours de suite"),
        ("fr", "weeks_in_a_row", "Se connecte 3 semaines de suite"),
        ("ar", "days", "يسجّل الدخول في 3 أيام مختلفة"),
        ("ar", "days_in_a_row", "يسجّل الدخول 3 أيام متتالية"),
    ],
)
def test_each_way_to_count_has_words_of_its_own(language, counting, sentence):
    requirement = Requirement(event="logged_in", target=3, counting=counting)

    with translation.override(language):
        assert str(requirement) == sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "fr",
            "Publie une page 10 fois, jamais deux fois les mêmes pages, "
            "en l'espace de 30 jours, uniquement sous «\xa0Root\xa0»",
        ),
        ("ar", "ينشر صفحة 10 مرات، صفحات مختلفة، خلال 30 يومًا، تحت «Root» فقط"),
    ],
)
def test_the_parts_of_a_requirement_make_a_sentence(language, sentence):
    requirement = Requirement(
        event="page_published",
        target=10,
        counting="objects",
        within_days=30,
        object_key="wagtailcore.page:1",
        is_below=True,
    )

    with translation.override(language):
        assert str(requirement) == sentence
