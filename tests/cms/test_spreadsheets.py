"""Import and export beside the lists: the menu, the export page, the template."""

import csv
import json
from io import BytesIO, StringIO
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

import pytest
from defusedxml.ElementTree import fromstring
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from wagtail_gamification.cms.spreadsheets import SpreadsheetViewSetMixin
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
)
from wagtail_gamification.spreadsheets import import_catalogue
from wagtail_gamification.spreadsheets.resources import CATALOGUE
from wagtail_gamification.testing import create_badge_definition

from .conftest import MODELS, create, url_of

pytestmark = pytest.mark.django_db

FORMATS = ["xlsx", "ods", "csv", "json"]
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1"]


def menu_of(response):
    """Give the address behind each entry of the menu above a list."""
    [more] = [
        button
        for button in response.context["header_buttons"]
        if hasattr(button, "dropdown_buttons")
    ]
    return {str(button.label): button.url for button in more.dropdown_buttons}


def query_of(url):
    return parse_qs(urlsplit(url).query)


def export(cms, model, format, **query):
    response = cms.get(url_of("export", model), {**query, "format": format})
    assert response.status_code == 200, response.content
    return response


def names_in(cms, model, **query):
    rows = json.loads(export(cms, model, "json", **query).content)
    return [row["name"] for row in rows]


@pytest.fixture
def badges():
    return [create_badge_definition(name) for name in ("Bookworm", "Poet", "Writer")]


@pytest.mark.parametrize("model", MODELS)
def test_import_and_export_are_in_the_menu_beside_wagtails_own(cms, model):
    menu = menu_of(cms.get(url_of("list", model)))

    assert list(menu)[:2] == ["Import…", "Export…"]
    assert {"Download XLSX", "Download CSV"} <= set(menu)
    assert menu["Export…"] == url_of("export", model)
    target = urlsplit(menu["Import…"])
    assert target.path == reverse("wagtail_gamification_imports:add")
    assert parse_qs(target.query) == {
        "workbook": ["catalogue"],
        "sheet": [CATALOGUE.title_of(model)],
    }


@pytest.mark.parametrize("allowed", ["add_badgedefinition", "change_badgedefinition"])
def test_import_is_for_those_who_may_import_and_write(login_with, allowed):
    editor = login_with("import_definitions", allowed)

    assert "Import…" in menu_of(editor.get(url_of("list", BadgeDefinition)))


@pytest.mark.parametrize(
    "allowed",
    [
        ["import_definitions", "view_badgedefinition"],
        ["add_badgedefinition", "change_badgedefinition"],
        ["import_definitions", "view_badgedefinition", "change_category"],
    ],
)
def test_import_is_for_nobody_else(login_with, allowed):
    menu = menu_of(login_with(*allowed).get(url_of("list", BadgeDefinition)))

    assert "Import…" not in menu
    assert "Export…" in menu


@pytest.mark.parametrize("view", ["list", "list_results"])
def test_the_menu_takes_the_filters_of_the_list_along(cms, badges, view):
    query = "?q=po&locale=en&ordering=-name&p=2&_w_filter_fragment=1&is_secret="

    response = cms.get(url_of(view, BadgeDefinition) + query)

    assert query_of(menu_of(response)["Export…"]) == {
        "q": ["po"],
        "locale": ["en"],
        "ordering": ["-name"],
    }


def test_the_page_says_what_is_exported_and_keeps_the_filters(cms, badges, french):
    badges[1].copy_for_translation(french).save()
    url = url_of("export", BadgeDefinition)

    everything = cms.get(url)
    narrowed = cms.get(url, {"q": "Poet", "locale": "en", "ordering": "-name"})

    assert "4 badges: all that the list shows." in page_text(everything)
    text = page_text(narrowed)
    assert "1 badge: what the list shows with its filters." in text
    for name, value in [("q", "Poet"), ("locale", "en"), ("ordering", "-name")]:
        field = f'<input type="hidden" name="{name}" value="{value}">'
        assert field in narrowed.content.decode()
    assert [
        value for value, _ in narrowed.context["form"].fields["format"].choices
    ] == (FORMATS)
    assert narrowed.context["list_url"] == (
        url_of("list", BadgeDefinition) + "?q=Poet&locale=en&ordering=-name"
    )


def page_text(response):
    return " ".join(response.content.decode().split())


def test_what_a_filter_holds_cannot_leave_its_field(cms, badges):
    response = cms.get(url_of("export", BadgeDefinition), {"q": '"><script>x'})

    assert "<script>x" not in response.content.decode()


def test_exactly_what_the_list_shows_is_exported(cms, badges, french):
    _, poet, writer = badges
    translation = poet.copy_for_translation(french)
    translation.name = "Poète"
    translation.save()
    category = create(Category, name="Words")
    for badge in (poet, writer):
        badge.category = category
        badge.save()

    queries = [
        {},
        {"q": "poet"},
        {"locale": "fr"},
        {"locale": "en"},
        {"category": str(category.pk)},
        {"category": str(category.pk), "q": "Writer"},
        {"is_translation": "true"},
        {"ordering": "sort_order"},
        {"ordering": "-name", "p": "7"},
        {"q": "nothing has this name"},
    ]
    for query in queries:
        shown = cms.get(url_of("list", BadgeDefinition), {**query, "p": "1"})
        expected = sorted(item.name for item in shown.context["object_list"])

        assert sorted(names_in(cms, BadgeDefinition, **query)) == expected, query


def test_more_than_a_page_of_the_list_is_exported(cms):
    for number in range(25):
        create(Category, name=f"Category {number}")

    response = cms.get(url_of("list", Category))
    assert len(response.context["object_list"]) == 20
    assert len(names_in(cms, Category)) == 25


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("format", FORMATS)
def test_what_is_exported_changes_nothing_when_it_is_imported(cms, model, format):
    create(model, name="One", **{"points_required": 1} if model is Level else {})
    create(model, name="Two", **{"points_required": 2} if model is Level else {})

    response = export(cms, model, format)

    result = import_catalogue(
        response.content, f"file.{format}", sheet=CATALOGUE.title_of(model)
    )
    assert [row.action for row in result.rows] == ["skipped", "skipped"]


@pytest.mark.parametrize(
    ("format", "content_type"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_the_file_is_saved_under_a_name_with_the_date(cms, badge, format, content_type):
    response = export(cms, BadgeDefinition, format)

    today = timezone.localdate().isoformat()
    assert response["Content-Disposition"] == (
        f'attachment; filename="badges-{today}.{format}"'
    )
    assert response["Content-Type"] == content_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def create_evil():
    for number, text in enumerate(EVIL):
        create(Category, name=f"Category {number}", description=text)


def test_no_text_runs_as_a_formula_in_csv(cms):
    create_evil()

    content = export(cms, Category, "csv").content.decode("utf-8-sig")

    cells = [
        row["description"] for row in csv.DictReader(StringIO(content, newline=""))
    ]
    assert sorted(cells) == sorted(f"'{text}" for text in EVIL)


def test_no_text_runs_as_a_formula_in_xlsx(cms):
    create_evil()

    workbook = load_workbook(BytesIO(export(cms, Category, "xlsx").content))

    column = [cell.value for cell in workbook["Categories"][1]].index("description")
    cells = [row[column] for row in workbook["Categories"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.quotePrefix for cell in cells} == {True}
    assert sorted(cell.value for cell in cells) == sorted(EVIL)


def test_no_text_runs_as_a_formula_in_ods(cms):
    create_evil()

    with ZipFile(BytesIO(export(cms, Category, "ods").content)) as packed:
        content = fromstring(packed.read("content.xml"))

    cells = list(content.iter(f"{TABLE}table-cell"))
    assert [cell for cell in cells if f"{TABLE}formula" in cell.attrib] == []
    texts = {
        "".join(cell.itertext())
        for cell in cells
        if cell.get(f"{OFFICE}value-type") == "string"
    }
    assert set(EVIL) <= texts


def test_a_list_that_shows_nothing_gives_the_headings(cms):
    workbook = load_workbook(BytesIO(export(cms, BadgeDefinition, "xlsx").content))

    [headings] = workbook["Badges"].values
    assert headings[0] == "slug"


@pytest.mark.parametrize("format", ["tsv", "exe", "", "../xlsx"])
def test_a_format_that_is_not_offered_is_refused_on_the_page(cms, badge, format):
    response = cms.get(url_of("export", BadgeDefinition), {"format": format})

    assert response.status_code == 400
    assert "Content-Disposition" not in response
    assert "format" in response.context["form"].errors


def test_what_cannot_be_exported_is_said_on_the_page(cms):
    create(Category, description="a" * 32_768)

    response = cms.get(
        url_of("export", Category), {"format": "xlsx", "q": "First", "locale": "en"}
    )

    assert response.status_code == 400
    assert "is longer than a cell of a workbook can be" in page_text(response)
    # And what was asked for can be asked for in another format.
    assert '<input type="hidden" name="q" value="First">' in response.content.decode()


@pytest.mark.parametrize("action", ["add", "change", "delete", "view"])
def test_who_may_see_the_list_may_export_it(login_with, badge, action):
    editor = login_with(f"{action}_badgedefinition")

    assert editor.get(url_of("list", BadgeDefinition)).status_code == 200
    assert export(editor, BadgeDefinition, "csv").content


def test_nobody_else_may_export_it(login_with, client, badge):
    url = url_of("export", BadgeDefinition)
    assert client.get(url, {"format": "csv"}).url.startswith("/admin/login/")

    stranger = login_with("import_definitions", "change_category")

    assert stranger.get(url).url == reverse("wagtailadmin_home")
    assert stranger.get(url, {"format": "csv"}).url == reverse("wagtailadmin_home")


def test_the_template_is_an_empty_workbook_or_what_there_is(cms, badge):
    url = reverse("wagtail_gamification_imports:template", args=["catalogue"])

    empty, filled = cms.get(url), cms.get(url, {"filled": "1"})

    today = timezone.localdate().isoformat()
    assert 'filename="catalogue-template.xlsx"' in empty["Content-Disposition"]
    assert f'filename="catalogue-{today}.xlsx"' in filled["Content-Disposition"]
    sheets = load_workbook(BytesIO(filled.content))
    assert set(CATALOGUE.sheets) <= set(sheets.sheetnames)
    slugs = [row[0] for row in sheets["Badges"].values]
    assert badge.slug in slugs
    slugs = [row[0] for row in load_workbook(BytesIO(empty.content))["Badges"].values]
    assert badge.slug not in slugs


@pytest.mark.parametrize("filled", ["", "1"])
def test_the_template_has_the_sheets_that_its_reader_may_see(login_with, badge, filled):
    editor = login_with("import_definitions", "change_level", "view_category")
    url = reverse("wagtail_gamification_imports:template", args=["catalogue"])

    sheets = load_workbook(BytesIO(editor.get(url, {"filled": filled}).content))

    assert set(sheets.sheetnames) & set(CATALOGUE.sheets) == {"Categories", "Levels"}


def test_the_template_is_for_those_who_may_import(client, login_with, badge):
    url = reverse("wagtail_gamification_imports:template", args=["catalogue"])
    assert client.get(url).url.startswith("/admin/login/")

    editor = login_with("change_badgedefinition")

    assert editor.get(url).url == reverse("wagtailadmin_home")


def test_the_template_is_for_those_who_may_see_something(login_with, badge):
    url = reverse("wagtail_gamification_imports:template", args=["catalogue"])

    response = login_with("import_definitions").get(url, {"filled": "1"})

    assert response.url == reverse("wagtailadmin_home")


def test_a_template_of_what_is_not_there_is_not_found(cms):
    url = reverse("wagtail_gamification_imports:template", args=["cats"])

    assert cms.get(url).status_code == 404


def test_a_template_that_cannot_be_made_says_why(cms):
    create(Category, description="a" * 32_768)
    url = reverse("wagtail_gamification_imports:template", args=["catalogue"])

    response = cms.get(url, {"filled": "1"})

    assert response.url == reverse("wagtail_gamification_imports:add")
    [message] = response.wsgi_request._messages
    assert "is longer than a cell of a workbook can be" in str(message)


def test_the_permission_can_be_given_to_a_group(cms):
    group = Group.objects.create(name="Importers")
    permission = Permission.objects.get(codename="import_definitions")
    url = reverse("wagtailusers_groups:edit", args=[group.pk])

    page = cms.get(url)

    assert "Can import definitions" in page.content.decode()
    assert permission in page.context["form"].registered_permissions


class FindingIndexView(IndexView):
    """A list whose search gives results that know no values, as search backends do.

    A backend itself finds nothing in an open transaction of MariaDB.
    """

    def search_queryset(self, queryset):
        return list(queryset.filter(name__icontains=self.search_query))


class Titled(SpreadsheetViewSetMixin, SnippetViewSet):
    model = Category
    resource_class = CATALOGUE.sheets["Categories"]
    index_view_class = FindingIndexView


def test_what_a_search_index_finds_is_exported(rf, admin):
    for name in ("Walking", "Swimming"):
        create(Category, name=name)
    request = rf.get("/", {"q": "swimm", "format": "json"})
    request.user = admin

    response = Titled().export_view(request)

    assert [row["name"] for row in json.loads(response.content)] == ["Swimming"]


def test_a_workbook_is_named_after_the_model_whatever_the_language(settings):
    settings.LANGUAGE_CODE = "fr"

    viewset = Titled()

    assert viewset.workbook.name == "wagtail_gamification.category"
    assert list(viewset.workbook.sheets) == ["Categories"]
    assert viewset.sheet == "Categories"


def test_the_title_of_a_sheet_is_one_that_programs_take(monkeypatch):
    monkeypatch.setattr(
        Category._meta, "verbose_name_plural", "[cats/dogs]:" + "x" * 40
    )

    [title] = Titled().workbook.sheets

    assert title == ("Catsdogs" + "x" * 40)[:31]


def test_a_viewset_without_a_resource_is_a_mistake():
    class Empty(SpreadsheetViewSetMixin, SnippetViewSet):
        model = Category

    with pytest.raises(ImproperlyConfigured, match="Empty needs a resource_class"):
        Empty()


def test_a_workbook_without_the_model_is_a_mistake():
    with pytest.raises(ImproperlyConfigured, match="no sheet of wagtail_gamification"):
        Titled(model=Level)
