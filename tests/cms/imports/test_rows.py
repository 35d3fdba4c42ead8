"""The rows of an import as an editor reads them, before it and after."""

from __future__ import annotations

import re

import pytest

from tests.cms.conftest import url_of
from wagtail_gamification.models import ImportState

from .conftest import url

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>"


def page(client, job, **query):
    response = client.get(url("detail", job), query)
    assert response.status_code == 200
    return response.content.decode()


def text(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_the_totals_are_links_that_filter(importer, editor, make_job, add_row):
    job = make_job(editor)
    for action in ("created", "created", "updated", "skipped", "refused"):
        add_row(job, action, name=f"{action} badge")

    html = page(importer, job)

    for words in ("All rows 5", "New 2", "Changed 1", "Unchanged 1", "Refused 1"):
        assert words in text(html)
    only = page(importer, job, outcome="refused")
    assert "refused badge" in only
    assert "created badge" not in only
    assert re.search(r'outcome=refused" aria-current="page"', only)


def test_a_change_is_told_without_colour(importer, editor, make_job, add_row, badge):
    job = make_job(editor)
    add_row(
        job,
        "updated",
        name="Gold",
        key="gold",
        object_id=str(badge.pk),
        changes=[
            {"column": "points", "before": 10, "after": 25},
            {"column": "is_secret", "before": False, "after": True},
            {"column": "description", "before": "", "after": "Well done"},
        ],
    )

    html = page(importer, job)

    assert re.search(r"Before:</span> <del><bdi[^>]*>10</bdi></del>", html)
    assert re.search(r"After:</span> <ins><bdi[^>]*>25</bdi></ins>", html)
    assert "Before: No After: Yes" in text(html)
    assert "Before: empty After: Well done" in text(html)
    # The label of the field, not its name in a spreadsheet.
    assert "<dt>Points</dt>" in html
    assert url_of("edit", badge) in html


def test_a_long_text_is_folded(importer, editor, make_job, add_row):
    job = make_job(editor)
    changes = [{"column": "description", "before": "", "after": "word " * 100}]
    add_row(job, "updated", changes=changes)

    assert re.search(r"<ins><details><summary>", page(importer, job))


def test_a_refused_row_says_every_reason_beside_its_column(
    importer, editor, make_job, add_row
):
    job = make_job(editor)
    add_row(
        job,
        "refused",
        errors=[
            {"column": "category", "message": "No category called “Gol”."},
            {"column": "points", "message": "Enter a whole number."},
            {"column": "", "message": "This row is there twice."},
        ],
    )

    html = text(page(importer, job))

    assert "Category : No category called “Gol”." in html
    assert "Points : Enter a whole number." in html
    assert "This row is there twice." in html


def test_a_row_that_would_write_over_a_draft_says_so(
    importer, editor, make_job, add_row
):
    job = make_job(editor)
    add_row(job, "updated", has_draft=True)

    assert "Has an unpublished draft" in page(importer, job)


def test_nothing_of_a_file_is_markup(importer, editor, make_job, add_row):
    job = make_job(
        editor,
        file_name=f"{EVIL}.csv",
        images_name=f"{EVIL}.zip",
        error=EVIL,
        headings={"Badges": [EVIL]},
        mapping={"Badges": {EVIL: ""}},
    )
    add_row(
        job,
        "updated",
        object_id="123",
        name=EVIL,
        key=EVIL,
        locale=EVIL,
        note=EVIL,
        changes=[{"column": EVIL, "before": EVIL, "after": EVIL * 20}],
    )
    add_row(
        job,
        "created",
        object_id="124",
        changes=[{"column": EVIL, "before": None, "after": EVIL}],
    )
    add_row(job, "refused", errors=[{"column": EVIL, "message": EVIL}])

    for state in ImportState.values:
        job.state = state
        job.save()
        for name in ("detail", "match", "status", "undo"):
            html = importer.get(url(name, job), follow=True).content.decode()
            assert "<script>alert" not in html


def test_fifty_rows_are_on_a_page(importer, editor, make_job, add_row):
    job = make_job(editor)
    for _number in range(120):
        add_row(job)

    first = page(importer, job, outcome="created")
    last = page(importer, job, outcome="created", p="3")

    assert "Badge 49<" in first
    assert "Badge 50<" not in first
    assert "Badge 119<" in last
    assert "outcome=created&amp;p=2" in first


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "0", "x", "1e9", ""])
def test_a_page_that_is_not_there_is_the_first_or_the_last(
    importer, editor, make_job, add_row, number
):
    job = make_job(editor)
    for _row in range(60):
        add_row(job)

    assert "Badge" in page(importer, job, p=number)


@pytest.mark.parametrize("outcome", ["nothing", "'; --", "\0", EVIL])
def test_an_outcome_that_is_none_filters_nothing(
    importer, editor, make_job, add_row, outcome
):
    job = make_job(editor)
    add_row(job)

    html = page(importer, job, outcome=outcome)

    assert "Badge 0" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("state", [ImportState.PREVIEWED, ImportState.DONE])
def test_a_page_costs_the_same_for_any_number_of_rows(
    importer, editor, make_job, add_row, badge, django_assert_max_num_queries, state
):
    def queries():
        with django_assert_max_num_queries(100) as counted:
            page(importer, job)
        return len(counted)

    job = make_job(editor, state)
    add_row(job, "updated", object_id=str(badge.pk))
    add_row(job, "refused")
    queries()
    few = queries()
    for _number in range(40):
        add_row(job, "updated", object_id=str(badge.pk), image={"pk": 1})

    # One more counts the rows for the second page.
    assert queries() <= few


def test_a_definition_that_is_gone_has_no_link(
    importer, editor, make_job, add_row, badge
):
    job = make_job(editor, ImportState.DONE)
    add_row(job, "created", object_id=str(badge.pk), name="Gold")
    address = url_of("edit", badge)
    badge.delete()

    html = page(importer, job)

    assert "Gold" in html
    assert address not in html


def test_an_import_of_a_workbook_that_is_gone_can_still_be_read(
    importer, editor, make_job, add_row, badge
):
    job = make_job(editor, ImportState.DONE, workbook="shop.product")
    add_row(job, "created", object_id=str(badge.pk), name="Gold")

    assert "Gold" in page(importer, job)
    assert importer.get(url("match", job)).status_code == 302
    assert importer.get(url("undo", job)).status_code == 302


def test_an_upload_for_a_workbook_that_is_gone_leads_in_no_circle(
    importer, editor, make_job
):
    job = make_job(editor, ImportState.UPLOADED, workbook="shop.product")

    response = importer.get(url("match", job), follow=True)

    assert response.redirect_chain == [(url("detail", job), 302)]
    assert url("check", job) not in response.content.decode()
