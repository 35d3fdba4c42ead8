"""Deleting: what players have achieved is kept, and the way out is shown."""

import pytest
from django.db.models.signals import pre_delete
from django.urls import reverse

from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.testing import create_player

from .conftest import create, url_of

pytestmark = pytest.mark.django_db


def bulk_delete_url(model, *definitions):
    url = reverse(
        "wagtail_bulk_action",
        args=[model._meta.app_label, model._meta.model_name, "delete"],
    )
    return f"{url}?" + "&".join(f"id={definition.pk}" for definition in definitions)


@pytest.fixture(params=["awarded", "unlocked"])
def achieved(request):
    """A definition that two players have, and the words for it."""
    if request.param == "awarded":
        badge = create(BadgeDefinition)
        for _number in range(2):
            badge.award(create_player())
        return badge, "2 players have been awarded “First steps”"
    unlockable = create(UnlockableDefinition, points_required=10)
    for _number in range(2):
        create_player(points=10)
    return unlockable, "2 players have unlocked “First steps”"


def test_deleting_what_players_have_is_refused_with_a_way_out(cms, achieved):
    definition, reason = achieved
    url = url_of("delete", definition)

    asked = cms.get(url)
    page = asked.content.decode()
    assert reason in page
    assert "Unpublish instead" in page
    assert url_of("unpublish", definition) in page
    assert "Yes, delete" not in page

    refused = cms.post(url)
    assert refused.status_code == 409
    assert reason in refused.content.decode()
    definition.refresh_from_db()


def test_an_unpublished_one_needs_no_way_out(cms, achieved):
    definition, _reason = achieved
    definition.unpublish()

    page = cms.get(url_of("delete", definition)).content.decode()

    assert "Unpublish instead" not in page
    assert "There is nothing more to do" in page


def test_who_may_not_publish_is_not_sent_to_a_page_that_refuses(login_with, achieved):
    definition, reason = achieved
    name = definition._meta.model_name
    client = login_with(f"change_{name}", f"delete_{name}")

    page = client.get(url_of("delete", definition)).content.decode()

    assert reason in page
    assert url_of("unpublish", definition) not in page


def test_a_badge_that_was_revoked_is_still_kept_for_its_record(cms):
    badge = create(BadgeDefinition)
    player = create_player()
    badge.award(player)
    badge.revoke(player)

    assert cms.post(url_of("delete", badge)).status_code == 409
    assert BadgeDefinition.objects.filter(pk=badge.pk).exists()


def test_one_that_is_earned_while_somebody_decides_is_kept_too(cms):
    badge = create(BadgeDefinition)
    player = create_player()

    def earn_it(instance, **kwargs):
        raise AssertionError("It was deleted.")

    from wagtail_gamification.cms import views

    original = views.protections

    def protections_before_the_award(definitions, user):
        found = original(definitions, user)
        badge.award(player)
        return found

    views.protections = protections_before_the_award
    pre_delete.connect(earn_it, sender=BadgeDefinition)
    try:
        response = cms.post(url_of("delete", badge))
    finally:
        views.protections = original
        pre_delete.disconnect(earn_it, sender=BadgeDefinition)

    assert response.status_code == 409
    assert BadgeDefinition.objects.filter(pk=badge.pk).exists()


@pytest.mark.parametrize("model", [BadgeDefinition, UnlockableDefinition, Level])
def test_what_nobody_has_is_deleted_with_its_rows(cms, model):
    create_player()
    definition = create(model, points_required=99) if model is Level else create(model)

    response = cms.post(url_of("delete", definition))

    assert response.status_code == 302
    assert not model.objects.exists()
    assert not Badge.objects.exists()


def test_deleting_an_original_says_that_its_translations_go_with_it(cms, badge, french):
    translation = badge.copy_for_translation(french)
    translation.name = "Premiers pas"
    translation.save()

    page = cms.get(url_of("delete", badge)).content.decode()
    assert "Premiers pas (French)" in page
    cms.post(url_of("delete", badge))

    assert not BadgeDefinition.objects.exists()


def test_deleting_a_translation_leaves_the_original_and_who_has_it(cms, badge, french):
    badge.award(create_player())
    translation = badge.copy_for_translation(french)
    translation.save()

    response = cms.post(url_of("delete", translation))

    assert response.status_code == 302
    assert list(BadgeDefinition.objects.all()) == [badge]
    assert badge.badges.filter(acquired=True).count() == 1


def test_deleting_a_category_leaves_its_badges_without_one(cms, badge):
    category = create(Category, name="Walking")
    badge.category = category
    badge.save_revision().publish()

    page = cms.get(url_of("delete", category)).content.decode()
    assert "1 badge is in this category" in page
    cms.post(url_of("delete", category))

    badge.refresh_from_db()
    assert badge.category is None


def test_deleting_several_refuses_all_where_players_have_one(cms, achieved):
    definition, reason = achieved
    other = (
        create(type(definition), name="Other", points_required=999)
        if isinstance(definition, UnlockableDefinition)
        else create(BadgeDefinition, name="Other")
    )
    url = bulk_delete_url(type(definition), definition, other)

    page = cms.get(url).content.decode()
    assert reason in page
    assert url_of("unpublish", definition) in page
    assert "Yes, delete" not in page

    refused = cms.post(url)
    assert refused.status_code == 409
    assert reason in refused.content.decode()
    assert type(definition).objects.count() == 2


@pytest.mark.parametrize(
    "model", [BadgeDefinition, Category, UnlockableDefinition, Level]
)
def test_several_that_nobody_has_are_deleted_at_once(cms, model):
    fields = {} if model in (BadgeDefinition, Category) else {"points_required": 999}
    chosen = [create(model), create(model, name="Other", **fields)]

    response = cms.post(bulk_delete_url(model, *chosen))

    assert response.status_code == 302
    assert not model.objects.exists()


def test_deleting_several_asks_for_the_permission(login_with, badge):
    client = login_with("change_badgedefinition")

    client.post(bulk_delete_url(BadgeDefinition, badge))

    assert BadgeDefinition.objects.filter(pk=badge.pk).exists()
