"""A snippet model of the site's own: the few lines that the how-to shows, at work."""

import datetime
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from tests.spreadsheets.make import archive, picture
from tests.spreadsheets.make import workbook as make_file
from tests.testapp import wagtail_hooks
from tests.testapp.models import Recipe, Topic
from wagtail_gamification.models import ImportState
from wagtail_gamification.spreadsheets import (
    export_catalogue,
    get_workbook,
    import_catalogue,
    jobs,
)
from wagtail_gamification.spreadsheets.options import Destination, ImportOptions

from .conftest import create_image, url_of
from .test_spreadsheets import FORMATS, menu_of

pytestmark = pytest.mark.django_db

# As people head their columns: by label, by alias, by the name of the field.
HEADINGS = ["Title", "Slug", "Introduction", "Is vegan", "Time", "tried_on"]
HEADINGS += ["Image", "Tags", "Ingredients"]
SOUP = ["Leek soup", None, "For cold days", "yes", "30", datetime.date(2026, 1, 2)]
SOUP += ["A star", "winter, Soups", "3 leeks\n1 l water"]
BREAD = ["Bread", "rye-bread", None, "no", None, None, None, None, "Flour\nWater\nSalt"]


@pytest.fixture
def workbook():
    """The workbook of recipes, and what its rows refer to."""
    Topic.objects.create(name="Soups", slug="soups")
    Topic.objects.create(name="Winter food", slug="winter")
    create_image("A star")
    return get_workbook("testapp.recipe")


@pytest.fixture
def take(workbook, django_capture_on_commit_callbacks):
    """Take rows all the way, as the screens and the tasks do it."""

    def take(user, *rows, images=None, **options):
        content = make_file(Recipes=[HEADINGS, *rows])
        with django_capture_on_commit_callbacks(execute=True):
            job = jobs.create_job(
                workbook,
                ContentFile(content, name="recipes.xlsx"),
                user=user,
                images=images and ContentFile(images, name="images.zip"),
            )
            assert jobs.set_mapping(job, job.mapping)
            assert jobs.start_preview(job)
        job.refresh_from_db()
        assert (job.state, job.error) == (ImportState.PREVIEWED, "")
        with django_capture_on_commit_callbacks(execute=True):
            assert jobs.start_run(job, ImportOptions(**options))
        job.refresh_from_db()
        return job

    return take


@pytest.fixture
def cook(django_user_model):
    """An editor who may import recipes, but not publish them."""
    user = django_user_model.objects.create_user(username="cora", password="secret")
    group = Group.objects.create(name="Cooks")
    codenames = ["import_definitions", "access_admin", "add_recipe", "change_recipe"]
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    user.groups.add(group)
    return user


def test_the_site_writes_fewer_than_thirty_lines():
    source = Path(wagtail_hooks.__file__).read_text(encoding="utf-8")

    assert len(source.splitlines()) < 30


def test_the_how_to_shows_these_lines():
    guide = Path(__file__).parents[2] / "docs/how-to/import-your-own-model.md"

    assert (
        "```{literalinclude} ../../tests/testapp/wagtail_hooks.py\n"
        in guide.read_text(encoding="utf-8")
    )


def test_every_kind_of_field_is_imported(take, admin):
    job = take(admin, SOUP, BREAD)

    assert (job.state, job.error) == (ImportState.DONE, "")
    bread, soup = Recipe.objects.order_by("title")
    assert (soup.slug, bread.slug) == ("leek-soup", "rye-bread")
    assert (soup.live, bread.live) == (True, True)
    assert "For cold days" in soup.introduction
    assert (soup.is_vegan, bread.is_vegan) == (True, False)
    assert (soup.minutes, bread.minutes) == (30, None)
    assert (soup.tried_on, bread.tried_on) == (datetime.date(2026, 1, 2), None)
    assert (soup.image.title, bread.image) == ("A star", None)
    assert {topic.slug for topic in soup.topics.all()} == {"soups", "winter"}
    assert [line.text for line in soup.ingredients.all()] == ["3 leeks", "1 l water"]
    assert [line.text for line in bread.ingredients.all()] == ["Flour", "Water", "Salt"]
    # As somebody would have done it in the CMS.
    assert soup.latest_revision.user == admin
    entries = ModelLogEntry.objects.for_instance(soup)
    assert {entry.uuid for entry in entries} == {job.uuid}


def test_an_image_comes_with_the_file(take, admin):
    row = [*SOUP[:6], "leek.png", *SOUP[7:]]

    take(admin, row, images=archive({"leek.png": picture("green")}))

    assert Recipe.objects.get().image.title == "leek"


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_exported_is_skipped_when_it_is_imported(take, admin, workbook, format):
    take(admin, SOUP, BREAD)

    content = export_catalogue(format, workbook=workbook)
    result = import_catalogue(content, f"recipes.{format}", workbook=workbook)

    assert [row.action for row in result.rows] == ["skipped", "skipped"]


def test_only_what_differs_is_changed(take, admin):
    take(admin, SOUP, BREAD)
    changed = [*SOUP[:7], "soups", "1 l water\n4 leeks"]

    job = take(admin, changed, BREAD)

    assert Counter(job.rows.values_list("action", flat=True)) == {
        "updated": 1,
        "skipped": 1,
    }
    row = job.rows.get(action="updated")
    assert [change["column"] for change in row.changes] == ["topics", "ingredients"]
    soup = Recipe.objects.get(slug="leek-soup")
    assert [topic.slug for topic in soup.topics.all()] == ["soups"]
    assert [line.text for line in soup.ingredients.all()] == ["1 l water", "4 leeks"]


def test_an_import_can_be_undone(take, admin, django_capture_on_commit_callbacks):
    take(admin, SOUP)
    job = take(admin, [*SOUP[:7], "soups", "5 leeks"], BREAD)

    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.start_undo(job)

    job.refresh_from_db()
    assert (job.state, job.error) == (ImportState.UNDONE, "")
    soup = Recipe.objects.get()
    assert [line.text for line in soup.ingredients.all()] == ["3 leeks", "1 l water"]
    assert {topic.slug for topic in soup.topics.all()} == {"soups", "winter"}


def test_who_may_not_publish_leaves_drafts(take, cook):
    job = take(cook, BREAD, destination=Destination.DRAFT)

    assert (job.state, job.error) == (ImportState.DONE, "")
    bread = Recipe.objects.get()
    assert not bread.live
    draft = bread.get_latest_revision_as_object()
    assert [line.text for line in draft.ingredients.all()] == ["Flour", "Water", "Salt"]


def test_what_does_not_exist_is_named_beside_its_column(take, admin):
    job = take(admin, [*SOUP[:7], "soupz", None])

    [error] = job.rows.get().errors
    assert error["column"] == "topics"
    assert "soupz" in error["message"]
    assert "Did you mean" in error["message"]
    assert not Recipe.objects.exists()


def test_the_list_offers_import_and_export(client, cook):
    client.force_login(cook)

    menu = menu_of(client.get(url_of("list", Recipe)))

    assert menu["Export…"] == url_of("export", Recipe)
    assert menu["Import…"] == (
        reverse("wagtail_gamification_imports:add")
        + "?workbook=testapp.recipe&sheet=Recipes"
    )
    assert client.get(menu["Import…"]).status_code == 200


def test_the_list_is_exported(cms, admin, take):
    take(admin, SOUP, BREAD)

    response = cms.get(url_of("export", Recipe), {"format": "xlsx"})

    assert 'filename="testapp_recipe-' in response["Content-Disposition"]
    headings, *rows = load_workbook(BytesIO(response.content))["Recipes"].values
    assert headings == tuple(wagtail_hooks.RecipeResource.Meta.fields)
    assert sorted(row[0] for row in rows) == ["leek-soup", "rye-bread"]


def test_the_template_has_the_columns_of_the_model(client, cook, workbook):
    client.force_login(cook)
    url = reverse("wagtail_gamification_imports:template", args=["testapp.recipe"])

    book = load_workbook(BytesIO(client.get(url).content))

    headings = next(book["Recipes"].values)
    assert headings == tuple(wagtail_hooks.RecipeResource.Meta.fields)


def test_nothing_of_it_is_for_other_editors(login_with):
    editor = login_with("import_definitions", "change_badgedefinition")
    template = reverse("wagtail_gamification_imports:template", args=["testapp.recipe"])
    home = reverse("wagtailadmin_home")

    assert editor.get(template).url == home
    assert editor.get(url_of("export", Recipe), {"format": "csv"}).url == home
