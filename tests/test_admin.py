"""The same models in Django's admin."""

import re
import subprocess
import sys

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale

from wagtail_gamification.admin import clean_rich_text
from wagtail_gamification.models import (
    Award,
    Badge,
    BadgeDefinition,
    Campaign,
    Category,
    Failure,
    GamificationInterface,
    Level,
    PlayerPreferences,
    PointChange,
    PointRule,
    Requirement,
    Unlockable,
    UnlockableDefinition,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db

DEFINITIONS = [BadgeDefinition, UnlockableDefinition, Level]
RECORDS = [Award, Badge, Failure, PointChange, Unlockable]
RULES = [PointRule, Campaign]
ALL = [Category, GamificationInterface, *DEFINITIONS, *RECORDS, *RULES]


@pytest.fixture
def english():
    return Locale.objects.get_or_create(language_code="en")[0]


@pytest.fixture
def player():
    """A player who has one of each."""
    create_unlockable_definition(points_required=5)
    player = create_player()
    badge = create_badge_definition(points=10)
    badge.award(player)
    Failure.objects.create(source="events", name="it", error="No")
    PointRule.objects.create(name="Visits", event="visited", points=5)
    Campaign.objects.create(name="Summer")
    return player


@pytest.fixture
def staff(client, django_user_model):
    """Log somebody in who may do what is named, and nothing else."""

    def log_in(*codenames):
        user = django_user_model.objects.create_user(username="stef", is_staff=True)
        user.user_permissions.set(
            Permission.objects.filter(
                content_type__app_label="wagtail_gamification", codename__in=codenames
            )
        )
        client.force_login(user)
        return client

    return log_in


def url_of(view, target, *args):
    name = f"admin:wagtail_gamification_{target._meta.model_name}_{view}"
    return reverse(name, args=args or None)


def change_url(instance):
    return url_of("change", instance, instance.pk)


def badge_data(**fields):
    return {
        "name": "First steps",
        "slug": "",
        "description": "",
        "image": "",
        "category": "",
        "points": "10",
        "progression_target": "",
        "next_badge": "",
        "max_awards": "",
        "expires_after": "",
        "requirements-TOTAL_FORMS": "0",
        "requirements-INITIAL_FORMS": "0",
    } | fields


@pytest.mark.parametrize("model", ALL)
def test_a_list_opens_and_searches(admin_client, player, model):
    Category.objects.create(name="Walking")
    create_level("Beginner", 0)

    assert admin_client.get(url_of("changelist", model)).status_code == 200
    found = admin_client.get(url_of("changelist", model), {"q": "nobody at all"})
    assert found.status_code == 200
    assert found.context["cl"].result_count == 0
    everything = admin_client.get(url_of("changelist", model))
    assert everything.context["cl"].result_count > 0


@pytest.mark.parametrize("model", ALL)
def test_a_form_opens(admin_client, player, model):
    Category.objects.create(name="Walking")
    create_level("Beginner", 0)

    response = admin_client.get(change_url(model._base_manager.first()))

    assert response.status_code == 200


@pytest.mark.parametrize("model", [BadgeDefinition, *RECORDS])
def test_a_list_costs_the_same_for_few_and_for_many(admin_client, model):
    def add(number):
        create_unlockable_definition(name=f"U {number}", points_required=number)
        category = Category.objects.create(name=f"C {number}")
        badge = create_badge_definition(f"B {number}", points=10, category=category)
        badge.award(create_player())
        Failure.objects.create(source="events", name="it", error="No")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(url_of("changelist", model)).status_code == 200
        return len(queries)

    add(1)
    few = cost()
    for number in range(2, 8):
        add(number)

    assert cost() == few


def test_a_badge_that_is_added_is_published_and_given_to_players(admin_client, english):
    player = create_player()

    response = admin_client.post(url_of("add", BadgeDefinition), badge_data())

    assert response.status_code == 302
    badge = BadgeDefinition.objects.get()
    assert (badge.slug, badge.live) == ("first-steps", True)
    assert badge.locale == english
    assert badge.live_revision == badge.latest_revision
    assert Badge.objects.filter(interface=player).count() == 1


def test_saving_publishes_a_revision_and_keeps_the_draft_in_the_history(admin_client):
    badge = create_badge_definition("First steps")
    badge.save_revision().publish()
    badge.name = "Somebody's draft"
    draft = badge.save_revision()

    response = admin_client.post(
        change_url(badge),
        badge_data(name="Giant leap", slug="first-steps"),
        follow=True,
    )

    badge = BadgeDefinition.objects.get()
    assert badge.name == "Giant leap"
    assert badge.latest_revision.content["name"] == "Giant leap"
    assert not badge.has_unpublished_changes
    assert draft in badge.revisions
    assert "had a draft of changes" in response.content.decode()


def test_a_chain_that_loops_is_refused_beside_the_field(admin_client):
    gold = create_badge_definition("Gold")
    silver = create_badge_definition("Silver", next_badge=gold)

    response = admin_client.post(
        change_url(gold),
        badge_data(name="Gold", slug="gold", next_badge=silver.pk),
    )

    errors = response.context["adminform"].form.errors
    assert "Gold → Silver → Gold" in str(errors["next_badge"])


def test_who_may_not_publish_only_reads(staff):
    badge = create_badge_definition("First steps")
    client = staff("view_badgedefinition", "change_badgedefinition")

    assert client.get(change_url(badge)).status_code == 200
    response = client.post(change_url(badge), badge_data(name="New"))

    assert response.status_code == 403
    badge.refresh_from_db()
    assert badge.name == "First steps"


def test_what_another_has_locked_is_not_saved(admin_client, django_user_model):
    other = django_user_model.objects.create_user(username="other")
    badge = create_badge_definition("First steps", locked=True, locked_by=other)

    response = admin_client.post(change_url(badge), badge_data(name="New"))

    assert response.status_code == 403


def test_the_rules_of_a_translation_are_read_only(admin_client):
    french = Locale.objects.create(language_code="fr")
    translation = create_badge_definition(points=10).copy_for_translation(french)
    translation.save()

    admin_client.post(
        change_url(translation),
        badge_data(name="Premiers pas", slug="pas", points="999"),
    )

    translation.refresh_from_db()
    assert (translation.name, translation.points) == ("Premiers pas", 10)
    assert translation.locale == french


@pytest.mark.parametrize("model", RECORDS)
def test_a_record_is_neither_added_changed_nor_deleted(admin_client, player, model):
    record = model._base_manager.first()
    before = model._base_manager.values().get(pk=record.pk)

    assert admin_client.get(url_of("add", model)).status_code == 403
    for view in ("change", "delete"):
        response = admin_client.post(url_of(view, model, record.pk), {"progress": "9"})
        assert response.status_code == 403
    admin_client.post(
        url_of("changelist", model),
        {"action": "delete_selected", "_selected_action": record.pk, "post": "yes"},
    )

    assert model._base_manager.values().get(pk=record.pk) == before


def test_the_balance_is_not_typed_in(admin_client, player):
    typed = {"points": "999999", "is_public": ""}
    # What the form has of the preferences below it.
    typed |= {"preferences-TOTAL_FORMS": "0", "preferences-INITIAL_FORMS": "0"}
    admin_client.post(change_url(player), typed)

    player.refresh_from_db()
    assert (player.points, player.is_public) == (10, False)


def test_a_user_is_deleted_with_the_record(admin_client, player):
    url = reverse("admin:auth_user_delete", args=[player.user_id])

    response = admin_client.post(url, {"post": "yes"})

    assert response.status_code == 302
    assert not GamificationInterface.objects.filter(pk=player.pk).exists()
    assert not PointChange.objects.exists()


def test_an_awarded_badge_is_not_deleted(admin_client, player):
    badge = BadgeDefinition.objects.get()
    url = url_of("delete", badge, badge.pk)

    assert admin_client.get(url).status_code == 200
    admin_client.post(url, {"post": "yes"})
    admin_client.post(
        url_of("changelist", badge),
        {"action": "delete_selected", "_selected_action": badge.pk, "post": "yes"},
    )

    assert BadgeDefinition.objects.filter(pk=badge.pk).exists()


def test_requirements_are_saved_with_the_revision_that_is_published(
    admin_client, english
):
    asked = {
        "kind": "event",
        "event": "visited",
        "target": "7",
        "counting": "days",
        "within_days": "30",
    }
    data = {f"requirements-0-{name}": value for name, value in asked.items()}
    data |= {"requirements-TOTAL_FORMS": "1"}
    wrong = data | {"requirements-0-event": ""}

    response = admin_client.post(url_of("add", BadgeDefinition), badge_data(**wrong))
    [formset] = response.context["inline_admin_formsets"]
    assert formset.formset.errors[0]["event"] == ["This field is required."]
    response = admin_client.post(url_of("add", BadgeDefinition), badge_data(**data))
    assert response.status_code == 302

    badge = BadgeDefinition.objects.get()
    assert (badge.live, badge.progression_target) == (True, 7)
    in_draft = badge.get_latest_revision_as_object().requirements.get()
    for requirement in (in_draft, badge.requirements.get()):
        assert (requirement.event, requirement.within_days) == ("visited", 30)

    row = badge.requirements.get()
    data |= {
        "requirements-INITIAL_FORMS": "1",
        "requirements-0-id": row.pk,
        "requirements-0-badge_definition": badge.pk,
        "requirements-0-DELETE": "on",
    }
    admin_client.post(change_url(badge), badge_data(slug=badge.slug, **data))
    badge.refresh_from_db()
    assert not Requirement.objects.exists()
    assert not badge.get_latest_revision_as_object().requirements.exists()


def test_a_translation_has_no_requirements_of_its_own(admin_client):
    french = Locale.objects.create(language_code="fr")
    translation = create_badge_definition().copy_for_translation(french)
    translation.save()

    response = admin_client.get(change_url(translation))

    assert response.context["inline_admin_formsets"] == []


@pytest.mark.parametrize("model", RULES)
def test_a_rule_is_published_or_scheduled(admin_client, model):
    data = {"name": "Visits", "slug": "", "event": "visited"}
    data |= {"points": "5", "multiplier": "2"}
    data |= {"go_live_at_0": "2090-01-01", "go_live_at_1": "10:00"}
    data |= {"expire_at_0": "2089-01-01", "expire_at_1": "10:00"}

    response = admin_client.post(url_of("add", model), data)
    errors = response.context["adminform"].form.errors
    assert errors["expire_at"] == ["The end has to be after the start."]
    response = admin_client.post(url_of("add", model), data | {"event": "nonsense"})
    assert "event" in response.context["adminform"].form.errors
    admin_client.post(url_of("add", model), data | {"expire_at_0": "2091-01-01"})
    rule = model.objects.get()
    assert (rule.live, rule.status_string) == (False, "scheduled")

    # What waits for its day is locked, as in the CMS.
    data |= {"go_live_at_0": "", "go_live_at_1": ""}
    data |= {"expire_at_0": "", "expire_at_1": ""}
    assert admin_client.post(change_url(rule), data).status_code == 403

    admin_client.post(url_of("add", model), data | {"slug": "now"})
    rule = model.objects.get(slug="now")
    assert rule.live
    assert rule.live_revision == rule.latest_revision


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>For <b>bold</b> people</p>", "<p>For <b>bold</b> people</p>"),
        ("<p>Hi<script>alert(1)</script></p>", "<p>Hialert(1)</p>"),
        ('<p onclick="alert(1)">Hi</p>', "<p>Hi</p>"),
        ('<p><a href="javascript:alert(1)">Hi</a></p>', "<p><a>Hi</a></p>"),
        (
            '<p><a linktype="page" id="3">Hi</a></p>',
            '<p><a linktype="page" id="3">Hi</a></p>',
        ),
    ],
)
def test_html_that_is_typed_in_is_held_to_what_the_cms_allows(html, clean):
    without_keys = re.sub(r' data-block-key="[^"]*"', "", clean_rich_text(html))

    assert without_keys == clean


def test_nothing_is_imported_where_djangos_admin_isnt_installed(tmp_path):
    settings = tmp_path / "without_admin.py"
    settings.write_text(
        "from tests.settings import *\n"
        "INSTALLED_APPS = [\n"
        "    app for app in INSTALLED_APPS if app != 'django.contrib.admin'\n"
        "]\n"
        "ROOT_URLCONF = 'without_admin_urls'\n"
    )
    (tmp_path / "without_admin_urls.py").write_text(
        "from django.urls import include, path\n"
        "from wagtail.admin import urls\n"
        "urlpatterns = [path('admin/', include(urls))]\n"
    )
    program = (
        "import sys, django; django.setup();"
        "from django.core.management import call_command; call_command('check');"
        "assert 'wagtail_gamification.wagtail_hooks' in sys.modules;"
        "assert 'wagtail_gamification.admin' not in sys.modules"
    )

    subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        env={
            "DJANGO_SETTINGS_MODULE": "without_admin",
            "PYTHONPATH": f"{tmp_path}:.",
        },
    )


def test_what_a_player_chose_is_shown_and_not_typed_in(admin_client, player):
    PlayerPreferences.objects.create(interface=player, digest="weekly")
    page = admin_client.get(change_url(player)).content.decode()
    assert "Weekly" in page
    assert 'name="preferences-0-digest"' not in page

    admin_client.post(
        change_url(player),
        {
            "is_public": "on",
            "preferences-TOTAL_FORMS": "1",
            "preferences-INITIAL_FORMS": "1",
            "preferences-0-id": player.preferences.pk,
            "preferences-0-has_profile": "on",
            "preferences-0-DELETE": "on",
        },
    )

    player.preferences.refresh_from_db()
    assert not player.preferences.has_profile
    player.refresh_from_db()
    assert (player.is_public, player.on_boards) == (True, False)
