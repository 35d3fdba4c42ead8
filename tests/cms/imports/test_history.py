"""The list of imports."""

from __future__ import annotations

import pytest

from wagtail_gamification.models import ImportState

from .conftest import url

pytestmark = pytest.mark.django_db


def test_it_says_who_when_which_file_and_what_became_of_it(
    importer, editor, colleague, make_job, add_row
):
    own = make_job(editor, ImportState.DONE, file_name="mine.csv")
    add_row(own)
    add_row(own, "refused")
    theirs = make_job(colleague, ImportState.FAILED, file_name="theirs.csv")

    html = importer.get(url("index")).content.decode()

    assert "mine.csv" in html
    assert "theirs.csv" in html
    assert "colin" in html
    assert "Done" in html
    assert "Failed" in html
    assert "New: 1, Refused: 1" in html
    assert url("detail", own) in html
    # What others have uploaded is theirs.
    assert url("detail", theirs) not in html


def test_it_can_be_searched_by_file(importer, editor, make_job):
    make_job(editor, file_name="summer.csv")
    make_job(editor, file_name="winter.csv")

    html = importer.get(url("index_results"), {"q": "summ"}).content.decode()

    assert "summer.csv" in html
    assert "winter.csv" not in html


def test_it_can_be_narrowed_to_a_state_and_a_person(
    importer, editor, colleague, make_job
):
    make_job(editor, ImportState.DONE, file_name="mine-done.csv")
    make_job(editor, ImportState.FAILED, file_name="mine-failed.csv")
    make_job(colleague, ImportState.DONE, file_name="theirs.csv")

    html = importer.get(
        url("index"), {"state": ["done"], "user": [str(editor.pk)]}
    ).content.decode()

    assert "mine-done.csv" in html
    assert "mine-failed.csv" not in html
    assert "theirs.csv" not in html


def test_a_file_name_is_text_and_not_markup(importer, editor, make_job):
    make_job(editor, file_name="<script>alert(1)</script>.csv")

    html = importer.get(url("index")).content.decode()

    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.csv" in html


def test_without_imports_it_leads_to_the_first(importer):
    html = importer.get(url("index")).content.decode()

    assert "Nothing has been imported yet." in html
    assert url("add") in html


def test_the_import_of_a_workbook_that_is_gone_is_still_listed(
    importer, editor, make_job
):
    make_job(editor, ImportState.DONE, workbook="shop.product")

    response = importer.get(url("index"))

    assert response.status_code == 200
    assert "shop.product" in response.content.decode()


def test_it_costs_the_same_for_any_number(
    importer, editor, make_job, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(100) as counted:
            importer.get(url("index"))
        return len(counted)

    make_job(editor)
    queries()
    few = queries()
    for _number in range(15):
        make_job(editor)

    assert queries() == few
