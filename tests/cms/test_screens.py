"""Each screen of each definition opens and does what it is for."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.testing import create_player

from .conftest import (
    MODELS,
    PUBLISHED_MODELS,
    create,
    create_image,
    form_data,
    published,
    url_of,
)

pytestmark = pytest.mark.django_db


def rich_text(text):
    return json.dumps(
        {
            "blocks": [
                {
                    "key": "00000",
                    "text": text,
                    "type": "unstyled",
                    "depth": 0,
                    "inlineStyleRanges": [],
                    "entityRanges": [],
                }
            ],
            "entityMap": {},
        }
    )


def test_the_menu_has_the_four_lists(cms):
    page = cms.get(reverse("wagtailadmin_home")).content.decode()

    assert "Gamification" in page
    for model in MODELS:
        assert url_of("list", model) in page


def test_our_icons_are_in_the_sprite_of_the_cms(cms):
    from wagtail.admin.icons import get_icons

    sprite = get_icons()

    for name in ("trophy", "badge", "category", "unlockable", "level"):
        assert f'id="icon-gamification-{name}"' in sprite


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "view", ["edit", "delete", "usage", "history", "inspect", "copy"]
)
def test_a_screen_of_one_definition_opens(cms, model, view):
    definition = create(model)

    response = cms.get(url_of(view, definition))

    assert response.status_code == 200
    assert "First steps" in response.content.decode()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("view", ["list", "list_results", "add"])
def test_a_screen_of_a_kind_opens(cms, model, view):
    create(model)

    assert cms.get(url_of(view, model)).status_code == 200


@pytest.mark.parametrize("model", PUBLISHED_MODELS)
def test_screens_of_revisions_open(cms, model):
    definition = create(model)
    first = definition.save_revision()
    definition.name = "Second steps"
    second = definition.save_revision()

    for view, args in [
        ("unpublish", ()),
        ("workflow_history", ()),
        ("revisions_view", (second.pk,)),
        ("revisions_revert", (first.pk,)),
        ("revisions_unschedule", (second.pk,)),
        ("revisions_compare", (first.pk, second.pk)),
        ("revisions_compare", ("earliest", "live")),
    ]:
        assert cms.get(url_of(view, definition, *args)).status_code == 200, view


@pytest.mark.parametrize("model", MODELS)
def test_a_definition_is_created_with_a_slug_from_its_name(cms, model):
    response = cms.post(
        url_of("add", model), form_data(model, **{"action-publish": "1"})
    )

    assert response.status_code == 302
    definition = model.objects.get()
    assert (definition.name, definition.slug) == ("First steps", "first-steps")


def test_a_badge_that_is_created_as_a_draft_reaches_nobody_before_it_is_published(cms):
    create_player()

    cms.post(url_of("add", BadgeDefinition), form_data(BadgeDefinition))
    definition = BadgeDefinition.objects.get()
    assert not definition.live
    assert not Badge.objects.exists()

    cms.post(
        url_of("edit", definition),
        form_data(
            BadgeDefinition, name="Steps", slug="first-steps", **{"action-publish": "1"}
        ),
    )
    definition.refresh_from_db()
    assert (definition.live, definition.name) == (True, "Steps")
    # The superuser is a player as well.
    assert Badge.objects.count() == 2


def test_saving_by_itself_keeps_a_draft_and_publishes_nothing(cms, badge):
    response = cms.post(
        url_of("edit", badge),
        form_data(BadgeDefinition, name="Half a thou", slug="first-steps"),
        headers={"accept": "application/json"},
    )

    assert response.json()["success"]
    badge.refresh_from_db()
    assert badge.name == "First steps"
    assert badge.latest_revision.content["name"] == "Half a thou"


def test_editing_keeps_the_slug_when_the_name_changes(cms, badge):
    for slug in ("first-steps", ""):
        cms.post(
            url_of("edit", badge),
            form_data(
                BadgeDefinition, name="Giant leap", slug=slug, **{"action-publish": "1"}
            ),
        )

        badge.refresh_from_db()
        assert (badge.name, badge.slug) == ("Giant leap", "first-steps")


def test_the_name_fills_the_slug_only_while_the_definition_is_new(cms, badge):
    sync = "keyup-&gt;w-sync#apply"
    draft = create(BadgeDefinition, name="Draft", live=False)

    assert sync in cms.get(url_of("add", BadgeDefinition)).content.decode()
    assert sync not in cms.get(url_of("edit", badge)).content.decode()
    assert sync not in cms.get(url_of("edit", draft)).content.decode()


def test_the_editor_of_descriptions_has_the_features_of_the_setting(cms, settings):
    settings.WAGTAIL_GAMIFICATION_DESCRIPTION_FEATURES = ["bold"]
    page = cms.get(url_of("add", BadgeDefinition)).content.decode()
    assert "BOLD" in page
    assert "ITALIC" not in page

    settings.WAGTAIL_GAMIFICATION_DESCRIPTION_FEATURES = ["italic"]
    page = cms.get(url_of("add", BadgeDefinition)).content.decode()
    assert "ITALIC" in page
    assert "BOLD" not in page


def test_the_form_is_grouped_in_plain_words(cms):
    page = cms.get(url_of("add", BadgeDefinition)).content.decode()

    for heading in ("What it is", "What it takes", "What it gives", "Publishing"):
        assert heading in page


def test_a_copy_begins_with_a_fresh_slug_and_no_awards(cms, badge):
    player = create_player()
    badge.award(player)
    BadgeDefinition.objects.filter(pk=badge.pk).update(
        expire_at=timezone.now() + timedelta(days=1)
    )

    form = cms.get(url_of("copy", badge)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    assert values["name"] == "Copy of First steps"
    assert values["slug"] == "copy-of-first-steps"
    assert values["points"] == 10
    assert values["expire_at"] is None

    data = {name: "" if value is None else value for name, value in values.items()}
    data |= {"description": "null", "is_secret": "", "action-publish": "1"}
    data |= {"requirements-TOTAL_FORMS": "0", "requirements-INITIAL_FORMS": "0"}
    cms.post(url_of("add", BadgeDefinition), data)
    copy = BadgeDefinition.objects.get(slug="copy-of-first-steps")
    assert copy.pk != badge.pk
    assert copy.translation_key != badge.translation_key
    assert not copy.badges.filter(acquired=True).exists()
    badge.refresh_from_db()
    assert badge.name == "First steps"


def test_a_copy_of_a_translation_stands_on_its_own_with_the_rules_that_count(
    cms, badge, french
):
    translation = badge.copy_for_translation(french)
    translation.points = 99
    translation.save()

    form = cms.get(url_of("copy", translation)).context["form"]

    assert form.instance.original_id is None
    assert form.instance.locale == french
    assert form["points"].value() == 10


def test_a_copy_of_a_very_long_name_fits(cms):
    badge = create(BadgeDefinition, name="n" * 128)

    form = cms.get(url_of("copy", badge)).context["form"]

    assert len(form["name"].value()) == 128


def test_posting_to_the_copy_screen_makes_a_new_one_and_leaves_the_source(cms, badge):
    cms.post(
        url_of("copy", badge),
        form_data(BadgeDefinition, name="Another", slug="another"),
    )

    badge.refresh_from_db()
    assert badge.name == "First steps"
    assert BadgeDefinition.objects.get(slug="another").pk != badge.pk


def test_a_copied_level_asks_for_points_of_its_own(cms):
    level = create(Level, points_required=50)

    form = cms.get(url_of("copy", level)).context["form"]

    assert form["points_required"].value() is None


def test_the_comparison_shows_what_changed(cms):
    gold = create(Category, name="Gold")
    badge = published(
        create(BadgeDefinition, description="<p>Old words</p>", points=10)
    )
    badge.name = "Giant leap"
    badge.description = "<p>New words</p>"
    badge.points = 25
    badge.category = gold
    badge.save_revision()

    response = cms.get(url_of("revisions_compare", badge, "live", "latest"))

    fields = {str(change.field_label()) for change in response.context["comparison"]}
    assert fields == {"Name", "Description", "Points", "Category"}
    page = response.content.decode()
    assert "Giant leap" in page.replace("</span>", "").replace(
        '<span class="addition">', ""
    )
    assert "25" in page
    assert "Gold" in page


def test_an_older_revision_is_restored_by_the_form(cms, badge):
    first = badge.latest_revision
    badge.name = "Giant leap"
    badge.save_revision().publish()

    response = cms.get(url_of("revisions_revert", badge, first.pk))

    assert response.context["form"]["name"].value() == "First steps"


@pytest.mark.parametrize(
    ("model", "modes"),
    [
        (BadgeDefinition, ["earned", "in_progress", "locked"]),
        (UnlockableDefinition, ["unlocked", "locked"]),
        (Level, [""]),
    ],
)
def test_the_preview_shows_what_stands_in_the_form_in_each_mode(cms, model, modes):
    definition = create(model, name="Before")
    url = url_of("preview_on_edit", definition)

    saved = cms.post(url, form_data(model, name="Typed just now", slug="typed"))
    assert saved.json() == {"is_valid": True, "is_available": True}

    for mode in modes:
        response = cms.get(url, {"mode": mode})
        assert response.status_code == 200
        html = response.content.decode()
        assert "Typed just now" in html
        # The card, not only the heading above it.
        assert "Typed just now" in html.partition("</h1>")[2]
    typed_in = cms.get(url, {"mode": "no such mode"})
    assert "Typed just now" in typed_in.content.decode().partition("</h1>")[2]
    assert definition.preview_modes[0][0] == modes[0]
    assert len(definition.preview_modes) == len(modes)


@pytest.mark.parametrize("model", PUBLISHED_MODELS)
def test_what_isnt_saved_yet_is_previewed(cms, model):
    url = url_of("preview_on_add", model)

    cms.post(url, form_data(model, name="Typed just now"))

    assert "Typed just now" in cms.get(url).content.decode()


def test_the_preview_of_a_secret_badge_shows_what_others_see(cms):
    badge = create(BadgeDefinition, name="Hidden treasure", is_secret=True)
    url = url_of("preview_on_edit", badge)
    data = form_data(
        BadgeDefinition, name="Hidden treasure", slug="hidden", is_secret="on"
    )
    cms.post(url, data)

    def body(mode):
        # Below the heading, which names it for the editor.
        return cms.get(url, {"mode": mode}).content.decode().partition("</h1>")[2]

    assert "Hidden treasure" in body("earned")
    assert "Hidden treasure" not in body("locked")


def test_a_badge_is_locked_and_unlocked(cms, badge):
    cms.post(url_of("lock", badge))
    badge.refresh_from_db()
    assert badge.locked

    cms.post(url_of("unlock", badge))
    badge.refresh_from_db()
    assert not badge.locked


def test_unpublishing_leaves_the_badge_with_those_who_earned_it(cms, badge):
    player = create_player()
    badge.award(player)

    cms.post(url_of("unpublish", badge))

    badge.refresh_from_db()
    assert not badge.live
    assert Badge.objects.get(interface=player).acquired


def test_a_scheduled_badge_gets_its_rows_once_when_its_time_comes(cms):
    player = create_player()
    soon = timezone.now() + timedelta(hours=1)
    cms.post(
        url_of("add", BadgeDefinition),
        form_data(
            BadgeDefinition,
            go_live_at=timezone.localtime(soon).strftime("%Y-%m-%d %H:%M"),
            **{"action-publish": "1"},
        ),
    )
    badge = BadgeDefinition.objects.get()
    assert not badge.live
    assert badge.approved_schedule
    assert not badge.badges.exists()

    badge.revisions.update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    revision = badge.latest_revision
    revision.content["go_live_at"] = None
    revision.save(update_fields=["content"])
    call_command("publish_scheduled")
    call_command("publish_scheduled")

    badge.refresh_from_db()
    assert badge.live
    assert badge.badges.filter(interface=player).count() == 1


def test_usage_names_the_badge_before_it_and_the_image_it_shows(cms):
    silver = create(BadgeDefinition, name="Silver")
    image = create_image()
    create(BadgeDefinition, name="Bronze", next_badge=silver, image=image)

    assert "Bronze" in cms.get(url_of("usage", silver)).content.decode()
    usage = reverse("wagtailimages:image_usage", args=[image.pk])
    assert "Bronze" in cms.get(usage).content.decode()


def test_history_names_what_editors_did(cms, badge):
    cms.post(
        url_of("edit", badge),
        form_data(BadgeDefinition, name="Leap", slug="leap", **{"action-publish": "1"}),
    )

    page = cms.get(url_of("history", badge)).content.decode()

    assert "Published" in page
    assert "ada" in page


def test_inspecting_shows_rules_text_and_how_many_have_it(cms):
    silver = create(BadgeDefinition, name="Silver")
    badge = create(
        BadgeDefinition,
        description="<p>For <b>bold</b> people</p>",
        image=create_image(),
        next_badge=silver,
        points=1234,
    )
    badge.award(create_player())

    page = cms.get(url_of("inspect", badge)).content.decode()

    assert "<b>bold</b>" in page
    assert "Silver" in page
    assert "1234" in page
    assert "<img" in page
    labels = [field["label"] for field in inspect_fields(cms, badge)]
    assert labels[-2:] == ["Status", "Earned by"]
    assert ">1</a>" in inspect_fields(cms, badge)[-1]["value"]


def inspect_fields(cms, definition):
    return cms.get(url_of("inspect", definition)).context["fields"]


def test_inspecting_a_translation_shows_the_rules_of_its_original(cms, badge, french):
    badge.award(create_player())
    translation = badge.copy_for_translation(french)
    translation.points = 99
    translation.save()

    values = {
        str(field["label"]): field["value"]
        for field in inspect_fields(cms, translation)
    }

    assert values["Points"] == 10
    assert ">1</a>" in values["Earned by"]


@pytest.mark.parametrize(
    ("model", "fields", "field", "message"),
    [
        (BadgeDefinition, {"slug": "taken"}, "slug", "has this slug already"),
        (Category, {"slug": "taken"}, "slug", "has this slug already"),
        (Level, {"points_required": "7"}, "points_required", "this many points"),
        (BadgeDefinition, {"points": "-1"}, "points", "greater than or equal to 0"),
        (BadgeDefinition, {"progression_target": "0"}, "progression_target", "to 1"),
        (BadgeDefinition, {"name": ""}, "name", "required"),
        (UnlockableDefinition, {"points_required": ""}, "points_required", "required"),
        (
            BadgeDefinition,
            {"expire_at": "2001-01-01 00:00"},
            "expire_at",
            "must be in the future",
        ),
    ],
)
def test_a_mistake_is_said_beside_its_field(cms, model, fields, field, message):
    create(model, name="Taken", slug="taken", **_points(model, 7))
    data = form_data(model, **{"name": "New", "action-publish": "1"} | fields)

    response = cms.post(url_of("add", model), data)

    assert message in str(response.context["form"].errors[field])
    assert model.objects.count() == 1


def _points(model, points):
    return {} if model in (BadgeDefinition, Category) else {"points_required": points}


def test_drafts_can_keep_neither_the_same_slug_nor_the_same_points(cms):
    for model in (BadgeDefinition, Level):
        other = create(model, name="Other", slug="other")
        other.slug = "wanted"
        if model is Level:
            other.points_required = 7
        other.save_revision()

    badge = cms.post(
        url_of("add", BadgeDefinition), form_data(BadgeDefinition, slug="wanted")
    )
    level = cms.post(
        url_of("add", Level), form_data(Level, slug="new", points_required="7")
    )

    assert "slug" in badge.context["form"].errors
    assert "The draft of" in str(level.context["form"].errors["points_required"])


def test_the_same_slug_is_free_in_another_language(cms, badge, french):
    response = cms.post(
        url_of("add", BadgeDefinition) + "?locale=fr",
        form_data(BadgeDefinition, slug="first-steps"),
    )

    assert response.status_code == 302
    assert BadgeDefinition.objects.get(locale=french).slug == "first-steps"


def test_a_chain_that_loops_is_refused_beside_the_field(cms):
    gold = create(BadgeDefinition, name="Gold")
    silver = create(BadgeDefinition, name="Silver", next_badge=gold)

    response = cms.post(
        url_of("edit", gold),
        form_data(BadgeDefinition, name="Gold", slug="gold", next_badge=silver.pk),
    )

    errors = response.context["form"].errors["next_badge"]
    assert "Gold → Silver → Gold" in str(errors)
    gold.refresh_from_db()
    assert gold.next_badge is None


def test_neither_itself_nor_a_translation_can_be_the_next_badge(cms, badge, french):
    other = create(BadgeDefinition, name="Other")
    translation = other.copy_for_translation(french)
    translation.save()

    for wrong in (badge, translation):
        response = cms.post(
            url_of("edit", badge),
            form_data(BadgeDefinition, slug="first-steps", next_badge=wrong.pk),
        )
        assert "Choose another badge" in str(
            response.context["form"].errors["next_badge"]
        )


def test_description_is_saved_without_what_its_features_dont_allow(cms):
    cms.post(
        url_of("add", BadgeDefinition),
        form_data(
            BadgeDefinition,
            description=rich_text("Walk <script>alert(1)</script>"),
            **{"action-publish": "1"},
        ),
    )

    description = BadgeDefinition.objects.get().description
    assert "&lt;script&gt;" in description


def test_creating_editing_and_deleting_are_in_the_audit_log(cms):
    cms.post(
        url_of("add", BadgeDefinition),
        form_data(BadgeDefinition, **{"action-publish": "1"}),
    )
    badge = BadgeDefinition.objects.get()
    cms.post(url_of("delete", badge))

    actions = set(
        ModelLogEntry.objects.filter(object_id=str(badge.pk)).values_list(
            "action", flat=True
        )
    )
    assert {"wagtail.create", "wagtail.publish", "wagtail.delete"} <= actions
