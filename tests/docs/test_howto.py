"""The code in the how-to guides does what they say."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from importlib import import_module
from types import ModuleType, SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum
from django.template import engines
from django.urls import path
from django.utils import timezone, translation
from wagtail.models import Locale, Page

from wagtail_gamification import badge_awarded
from wagtail_gamification.events import temporary_events
from wagtail_gamification.events.builtin import logged_in
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    BadgeDefinition,
    GamificationInterface,
    PointChange,
    Unlockable,
)
from wagtail_gamification.requirements import temporary_kinds
from wagtail_gamification.shelf import get_badge
from wagtail_gamification.testing import (
    create_badge_definition,
    create_player,
    record_now,
)

from .blocks import DOCS, blocks, pages

HOW_TO = DOCS / "how-to"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_python_names_only_what_exists(page):
    for code in blocks(page, "python"):
        tree = ast.parse(code.strip().rstrip(",") if code.startswith(" ") else code)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and "gamification" in str(node.module):
                module = import_module(node.module)
                assert [n.name for n in node.names if not hasattr(module, n.name)] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_templates_compile(page):
    for code in blocks(page, "django"):
        if "{% extends" not in code and "{% url" not in code:
            loaded = "{% load gamification_tags %}" + code
            assert engines["django"].from_string(loaded)


def test_the_migration_of_a_user_model_is_the_one_that_is_tested():
    def migration_of(source):
        tree = ast.parse(source)
        [found] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        return ast.dump(found)

    [documented] = [
        code
        for code in blocks(HOW_TO / "own-user-model.md", "python")
        if "Migration" in code
    ]
    tested = (
        DOCS.parent / "tests/customuser/migrations/0002_user_gamification.py"
    ).read_text(encoding="utf-8")

    assert migration_of(documented.replace('"accounts"', '"customuser"')) == (
        migration_of(tested)
    )


@pytest.mark.django_db
def test_a_translation_made_in_code_is_shown_in_its_language(django_user_model):
    Locale.objects.create(language_code="fr")
    create_badge_definition("Bookworm")
    [code] = [
        code
        for code in blocks(HOW_TO / "translate.md", "python")
        if "copy_for_translation" in code
    ]

    exec(code, {})  # noqa: S102

    user = django_user_model.objects.create_user("ada")
    with translation.override("fr"):
        assert get_badge(user, "bookworm").name == "Rat de bibliothèque"
    assert get_badge(user, "bookworm").name == "Bookworm"


@pytest.fixture
def documented_tests(settings):
    """The tests of the guide, on a site with the view that the tutorial writes."""
    [view] = [
        code
        for code in blocks(DOCS / "tutorial.md", "python")
        if "def read_a_page" in code
    ]
    urls = ModuleType("urls")
    exec(view, vars(urls))  # noqa: S102
    urls.urlpatterns = [path("read/", urls.read_a_page)]
    settings.ROOT_URLCONF = urls
    namespace: dict = {}
    exec(blocks(HOW_TO / "testing.md", "python")[0], namespace)  # noqa: S102
    return namespace


@pytest.mark.django_db
def test_the_documented_test_of_a_view_passes(documented_tests, client):
    documented_tests["test_the_third_page_earns_the_badge"](client)


@pytest.mark.django_db
def test_the_documented_test_of_a_signal_passes(
    documented_tests, django_capture_on_commit_callbacks
):
    documented_tests["test_earning_the_badge_is_announced"](
        django_capture_on_commit_callbacks
    )


@pytest.mark.django_db
def test_the_documented_receiver_sends_mail(
    django_capture_on_commit_callbacks, mailoutbox, settings
):
    # What Django asks for from 6.1 on; earlier ones don't know it.
    backend = "django.core.mail.backends.locmem.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend}}
    namespace: dict = {}
    exec(blocks(HOW_TO / "signals.md", "python")[0], namespace)  # noqa: S102
    try:
        create_badge_definition("Bookworm", points=30)
        player = create_player(username="ada", email="ada@example.com")

        with django_capture_on_commit_callbacks(execute=True):
            player.award("bookworm")
    finally:
        badge_awarded.disconnect(namespace["congratulate"])

    [mail] = mailoutbox
    assert mail.subject == "You have earned “Bookworm”"
    assert (mail.body, mail.to) == (
        "It brought you 30 points.",
        ["ada@example.com"],
    )


@pytest.mark.django_db
def test_a_block_of_a_template_is_replaced_by_a_template_of_the_same_name(
    tmp_path, settings, django_user_model
):
    override = next(
        code
        for code in blocks(HOW_TO / "restyle.md", "django")
        if "{% block empty %}" in code
    )
    name = override.partition("{# templates/")[2].partition(" #}")[0]
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(override, encoding="utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    html = (
        engines["django"]
        .from_string("{% load gamification_tags %}{% badge_shelf user=user %}")
        .render({"user": django_user_model.objects.create_user("ada")})
    )

    assert '<a href="/lessons/">a lesson</a>' in html
    assert 'class="gamification-shelf ' in html


@pytest.mark.django_db
def test_the_documented_calls_from_code_work(rf, django_user_model):
    create_badge_definition("Bookworm", points=30, progression_target=6)
    request = rf.post("/")
    request.user = django_user_model.objects.create_user("ada")
    namespace = {"request": request}

    for code in blocks(HOW_TO / "award-from-code.md", "python"):
        exec(code, namespace)  # noqa: S102

    interface = GamificationInterface.objects.get()
    # The badge paid and was taken back; then 25 came, and 10 went twice.
    assert interface.points == 5
    assert interface.badge("bookworm").revoked
    assert interface.badge("bookworm").progress == 6


@pytest.mark.django_db
def test_the_documented_events_count_and_are_taken_back(
    rf, django_user_model, django_capture_on_commit_callbacks
):
    lesson = Page.objects.get(depth=1)
    request = rf.post("/")
    request.user = django_user_model.objects.create_user("ada")
    things = {"pk": 7, "user": request.user, "lesson": lesson}
    things["completed_at"] = timezone.now() - timedelta(days=40)
    completion = SimpleNamespace(**things)
    namespace = {
        "request": request,
        "lesson": lesson,
        "completion": completion,
        "completions": [SimpleNamespace(**things | {"pk": 8})] * 2,
        "comment": request.user,
        "like": completion,
    }

    with temporary_events():
        for code in blocks(HOW_TO / "send-events.md", "python"):
            if "MIDDLEWARE" not in code:
                with django_capture_on_commit_callbacks(execute=True):
                    exec(code, namespace)  # noqa: S102

    counted = dict(Activity.objects.values_list("event").annotate(Sum("count")))
    assert counted == {"lesson_completed": 3, "comment_liked": 0}
    assert Activity.objects.filter(event="lesson_completed").count() == 2


@pytest.mark.django_db
def test_the_documented_kind_is_short_and_earns_a_badge(
    django_capture_on_commit_callbacks,
):
    code, more = blocks(HOW_TO / "add-a-requirement-kind.md", "python")
    assert len(code.splitlines()) < 25
    player = create_player()
    player.user.groups.add(*[Group.objects.create(name=name) for name in "ab"])

    with temporary_kinds():
        namespace: dict = {}
        exec(code, namespace)  # noqa: S102
        exec(more, namespace)  # noqa: S102
        with django_capture_on_commit_callbacks(execute=True):
            create_badge_definition(
                "Joiner", requirements=[{"kind": "groups", "target": 2}]
            )
        shown = get_badge(player, "joiner", steps=True)
        with django_capture_on_commit_callbacks(execute=True):
            record_now(logged_in, player.user)

    assert [step.sentence for step in shown.steps] == ["Is in 2 groups"]
    assert player.badge("joiner").acquired


OLD_TABLES = {
    "gamificationinterface": "id integer PRIMARY KEY",
    "category": "id integer PRIMARY KEY, name varchar(128), description text",
    "badgedefinition": "id integer PRIMARY KEY, name varchar(128), description text, "
    "progression_target integer, next_badge_id integer, category_id integer, "
    "points bigint",
    "progression": "id integer PRIMARY KEY, progress integer, target integer",
    "badge": "id integer PRIMARY KEY, interface_id integer, "
    "badge_definition_id integer, progression_id integer, acquired bool, revoked bool",
    "unlockabledefinition": "id integer PRIMARY KEY, name varchar(128), "
    "description text, points_required bigint",
    "unlockable": "id integer PRIMARY KEY, interface_id integer, "
    "unlockable_definition_id integer, acquired bool",
    "pointchange": "id integer PRIMARY KEY, interface_id integer, amount bigint, "
    "time timestamp",
}


@pytest.fixture(scope="module")
def old_tables(django_db_setup, django_db_blocker):
    """Tables as django-gamification leaves them, made outside of any transaction."""
    users = connection.ops.quote_name(get_user_model()._meta.db_table)
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            for name, columns in OLD_TABLES.items():
                cursor.execute(f"CREATE TABLE django_gamification_{name} ({columns})")
            cursor.execute(f"ALTER TABLE {users} ADD COLUMN interface_id integer")
        yield
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {users} DROP COLUMN interface_id")
            for name in OLD_TABLES:
                cursor.execute(f"DROP TABLE django_gamification_{name}")


@pytest.fixture
def old_site(old_tables, db, django_user_model):
    """What django-gamification kept of two players, and a group of nobody's."""
    ada = django_user_model.objects.create_user("ada")
    grace = django_user_model.objects.create_user("grace")
    user_table = django_user_model._meta.db_table
    rows = {
        "gamificationinterface": ["7", "8", "9"],
        "category": ["1, 'Gold Badges', NULL"],
        "badgedefinition": [
            "1, 'Bronze', 'Two\nlines', NULL, 2, 1, 50",
            "2, 'Silver', NULL, 10, NULL, NULL, NULL",
            "3, 'Gone', NULL, NULL, NULL, NULL, 20",
        ],
        "progression": ["1, 4, 10", "2, 12, 10"],
        "badge": [
            "1, 7, 1, NULL, TRUE, FALSE",
            "2, 7, 2, 1, FALSE, FALSE",
            "3, 8, 1, NULL, FALSE, FALSE",
            "4, 8, 2, 2, TRUE, FALSE",
            "5, 7, 3, NULL, TRUE, TRUE",
        ],
        "unlockabledefinition": ["1, 'Cheap', NULL, 40", "2, 'Dear', NULL, 1000"],
        "unlockable": ["1, 7, 1, FALSE", "2, 8, 2, TRUE"],
        "pointchange": [
            "1, 7, 5, '2019-03-01 12:00:00'",
            "2, 7, 50, '2019-03-02 12:00:00'",
            "3, 7, 20, '2019-03-03 12:00:00'",
            "4, 7, -20, '2019-03-04 12:00:00'",
        ],
    }
    with connection.cursor() as cursor:
        for name, all_values in rows.items():
            for values in all_values:
                cursor.execute(
                    f"INSERT INTO django_gamification_{name} VALUES ({values})"  # noqa: S608
                )
        for user, interface in [(ada, 7), (grace, 8)]:
            cursor.execute(
                f"UPDATE {user_table} SET interface_id = %s WHERE id = %s",  # noqa: S608
                [interface, user.pk],
            )
    call_command("gamification_sync")
    return ada, grace


def test_the_recipe_moves_the_data_of_django_gamification(old_site):
    ada, grace = old_site
    [recipe] = blocks(HOW_TO / "moving-from-django-gamification.md", "python")

    exec(recipe, {})  # noqa: S102

    ada, grace = (
        GamificationInterface.objects.for_user(get_user_model().objects.get(pk=user.pk))
        for user in (ada, grace)
    )
    assert GamificationInterface.objects.filter(user=None).count() == 1
    assert (ada.points, grace.points) == (55, 0)
    bronze = BadgeDefinition.objects.by_slug("bronze")
    assert bronze.next_badge.slug == "silver"
    assert bronze.category.name == "Gold Badges"
    assert bronze.description == "<p>Two<br>lines</p>"
    state = Badge.objects.values_list(
        "interface__user__username", "badge_definition__slug", "acquired", "progress"
    )
    assert set(state.filter(interface__in=[ada, grace])) == {
        ("ada", "bronze", True, 0),
        ("ada", "silver", False, 4),
        ("ada", "gone", False, 0),
        ("grace", "bronze", False, 0),
        ("grace", "silver", True, 12),
        ("grace", "gone", False, 0),
    }
    assert ada.badge("gone").revoked
    assert set(
        Award.objects.values_list("badge__badge_definition__slug", "points")
    ) == {
        ("bronze", 50),
        ("silver", 0),
    }
    assert PointChange.objects.earliest("time").time.year == 2019
    unlocked = Unlockable.objects.filter(acquired=True)
    assert set(
        unlocked.values_list("interface__user__username", "unlockable_definition__slug")
    ) == {("ada", "cheap"), ("grace", "dear")}

    # A moved award is taken back with what it had paid, and can be earned again.
    assert bronze.revoke(ada)
    ada.refresh_from_db()
    assert ada.points == 5
    assert bronze.award(ada)
    call_command("gamification_reconcile")


def test_every_picture_is_shown_and_every_shown_one_exists():
    shown = set()
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for name in re.findall(r"(?:\]\(|src(?:set)?=\")([^)\"]+\.png)", text):
            shown.add((page.parent / name).resolve())

    assert shown == {image.resolve() for image in (DOCS / "images").glob("*.png")}
    assert [image.name for image in shown if image.stat().st_size > 150_000] == []
