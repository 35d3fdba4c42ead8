"""Who gets in: those who may import, to their own imports, and by the right method."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests.cms.test_permissions import was_refused
from wagtail_gamification.models import ImportState

from .conftest import url

pytestmark = pytest.mark.django_db

# The methods that each address answers to; None stands for the job.
PAGES = [
    ("index", False, ["get"]),
    ("index_results", False, ["get"]),
    ("add", False, ["get", "post"]),
    ("match", True, ["get", "post"]),
    ("check", True, ["post"]),
    ("detail", True, ["get"]),
    ("status", True, ["get"]),
    ("run", True, ["post"]),
    ("again", True, ["post"]),
    ("undo", True, ["get", "post"]),
    ("refused", True, ["get"]),
    ("thumbnail", True, ["get"]),
]
CALLS = [(name, own, method) for name, own, methods in PAGES for method in methods]


def address(name, job):
    if name == "thumbnail":
        return url(name, job, 0)
    return url(name, job)


@pytest.fixture
def call(make_job, add_row):
    """Ask for one of the addresses, with a job of somebody where it needs one."""

    def call(client, name, has_job, method, user, state=ImportState.PREVIEWED):
        job = None
        if has_job:
            job = make_job(user, state)
            add_row(job)
        response = getattr(client, method)(address(name, job))
        if job:
            job.refresh_from_db()
        return response, job

    return call


@pytest.mark.parametrize(("name", "has_job", "method"), CALLS)
def test_who_is_not_logged_in_is_asked_to(call, client, admin, name, has_job, method):
    response, job = call(client, name, has_job, method, admin)

    assert response.status_code == 302
    assert response.url.startswith(reverse("wagtailadmin_login"))
    assert job is None or job.state == ImportState.PREVIEWED


@pytest.mark.parametrize(("name", "has_job", "method"), CALLS)
def test_an_editor_without_the_permission_is_turned_away(
    call, login_with, django_user_model, name, has_job, method
):
    client = login_with("add_badgedefinition", "change_badgedefinition")
    user = django_user_model.objects.get(username="edith")

    response, job = call(client, name, has_job, method, user)

    assert was_refused(response)
    assert job is None or job.state == ImportState.PREVIEWED


@pytest.mark.parametrize(
    ("name", "method"), [(name, method) for name, own, method in CALLS if own]
)
def test_another_editors_import_is_not_found(call, importer, colleague, name, method):
    response, job = call(importer, name, True, method, colleague)

    assert response.status_code == 404
    assert job.state == ImportState.PREVIEWED


@pytest.mark.parametrize(
    ("name", "method"), [(name, method) for name, own, method in CALLS if own]
)
def test_not_even_a_superuser_opens_the_import_of_another(
    call, cms, colleague, name, method
):
    response, _job = call(cms, name, True, method, colleague)

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("name", "method"), [(name, method) for name, own, method in CALLS if own]
)
def test_an_import_that_never_was_is_not_found(importer, name, method):
    args = [uuid.uuid4(), *([0] if name == "thumbnail" else [])]
    path = reverse(f"wagtail_gamification_imports:{name}", args=args)

    assert getattr(importer, method)(path).status_code == 404


@pytest.mark.parametrize("name", ["run", "check", "again"])
def test_nothing_is_begun_by_following_a_link(importer, editor, make_job, name):
    job = make_job(editor)

    assert importer.get(url(name, job)).status_code == 405
    job.refresh_from_db()
    assert job.state == ImportState.PREVIEWED


@pytest.mark.parametrize("name", ["detail", "status", "refused", "index"])
def test_a_page_that_only_shows_takes_no_post(importer, editor, make_job, name):
    job = None if name == "index" else make_job(editor)

    assert importer.post(url(name, job)).status_code == 405


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("add", None),
        ("match", ImportState.MAPPED),
        ("check", ImportState.MAPPED),
        ("run", ImportState.PREVIEWED),
        ("again", ImportState.INTERRUPTED),
        ("undo", ImportState.DONE),
    ],
)
def test_every_change_needs_the_token_of_the_form(
    importer, editor, make_job, name, state
):
    job = make_job(editor, state) if state else None
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)

    assert browser.post(url(name, job)).status_code == 403
    if job:
        job.refresh_from_db()
        assert job.state == state


@pytest.mark.parametrize(
    "codenames",
    [["import_definitions", "view_badgedefinition"], ["view_badgedefinition"]],
)
def test_the_menu_leads_there_whom_it_may_lead_there(login_with, codenames):
    client = login_with(*codenames)

    html = client.get(reverse("wagtailadmin_home")).content.decode()

    assert (url("index") in html) is ("import_definitions" in codenames)


def test_the_permission_can_be_given_to_a_group(cms):
    html = cms.get(reverse("wagtailusers_groups:add")).content.decode()

    assert "Can import definitions" in html
