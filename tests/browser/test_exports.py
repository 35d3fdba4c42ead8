"""Import and export beside a list, in a real browser."""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse
from wagtail.models import Locale

from tests.browser.accessibility import assert_fits
from tests.cms.conftest import create, url_of
from wagtail_gamification.models import BadgeDefinition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(django_user_model):
    return django_user_model.objects.create_superuser(
        username="ada", email="ada@example.com", password="secret"
    )


@pytest.fixture(autouse=True)
def _badges():
    # What migrations make, and the flush after a test takes away.
    Locale.objects.get_or_create(language_code="en")
    for name in ("Bronze boot", "Silver boot", "Night owl"):
        create(BadgeDefinition, name=name)


def test_an_editor_exports_what_a_search_has_left(expect, open_page, editor):
    page = open_page(url_of("list", BadgeDefinition), user=editor)
    page.locator("#id_q").fill("boot")
    expect(page.get_by_text("Night owl")).to_have_count(0)
    # The menu is replaced together with the results.
    expect(page).to_have_url(re.compile("q=boot"))
    page.wait_for_load_state("networkidle")

    page.get_by_role("button", name="Actions").first.click()
    page.get_by_role("link", name="Export…").click()

    expect(page.get_by_text("2 badges: what the list shows")).to_be_visible()
    page.get_by_label("JSON (.json)").check()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download").click()
    rows = json.loads(Path(started.value.path()).read_text(encoding="utf-8"))
    assert [row["name"] for row in rows] == ["Bronze boot", "Silver boot"]

    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("#id_q")).to_have_value("boot")


def test_the_menu_leads_to_the_import(expect, open_page, editor):
    page = open_page(url_of("list", BadgeDefinition), user=editor)

    page.get_by_role("button", name="Actions").first.click()
    page.get_by_role("link", name="Import…").click()

    expect(page.get_by_role("heading", name="Import").first).to_be_visible()
    assert page.url.endswith(
        reverse("wagtail_gamification_imports:add") + "?workbook=catalogue&sheet=Badges"
    )
    expect(page.get_by_role("combobox", name="Sheet")).to_have_value("Badges")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 420])
@pytest.mark.parametrize("format", ["", "&format=unknown"])
def test_the_page_is_accessible(open_page, editor, scheme, width, format):
    page = open_page(
        f"{url_of('export', BadgeDefinition)}?q=boot{format}",
        user=editor,
        width=width,
        color_scheme=scheme,
    )

    assert_fits(page)
