"""What Django and Wagtail say happens is recorded, and each can be switched off."""

from datetime import datetime, timedelta, timezone

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils.functional import SimpleLazyObject
from wagtail.contrib.forms.models import FormSubmission
from wagtail.models import Comment, Page

from wagtail_gamification import middleware
from wagtail_gamification.models import Activity, Failure
from wagtail_gamification.testing import create_player

pytestmark = pytest.mark.django_db

CODES = [
    "signed_up",
    "logged_in",
    "visited",
    "form_submitted",
    "page_published",
    "comment_added",
]


@pytest.fixture
def do(django_capture_on_commit_callbacks):
    def do(function, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*args, **kwargs)

    return do


def counted():
    rows = Activity.objects.filter(count__gt=0).order_by("event")
    return {row.event: row.object_key for row in rows}


def visit(user, view=lambda request: HttpResponse(), *, has_cookie=True):
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.user = user
    if has_cookie:
        request.COOKIES["sessionid"] = "x"
    return middleware.GamificationMiddleware(view)(request)


def make_page():
    return Page.objects.get(depth=2)


def happen(code, user):
    page = make_page()
    if code == "logged_in":
        user_logged_in.send(get_user_model(), user=user, request=None)
    elif code == "visited":
        visit(user)
    elif code == "form_submitted":

        def view(request):
            FormSubmission.objects.create(page=page, form_data={})
            return HttpResponse()

        visit(user, view)
    elif code == "page_published":
        page.save_revision(user=user).publish()
    elif code == "comment_added":
        Comment.objects.create(page=page, user=user, text="Ah", contentpath="title")


@pytest.mark.parametrize("code", CODES)
def test_what_happens_is_recorded_once_unless_it_is_switched_off(do, code):
    on = override_settings(WAGTAIL_GAMIFICATION_EVENTS=[code])
    off = override_settings(
        WAGTAIL_GAMIFICATION_EVENTS=[each for each in CODES if each != code]
    )
    with off:
        user = do(create_player).user
        do(happen, code, user)
    assert code not in counted()
    Activity.objects.all().delete()
    with on:
        user = do(create_player).user
        do(happen, code, user)

    about_a_page = code in ("form_submitted", "page_published", "comment_added")
    key = f"wagtailcore.page:{make_page().pk}" if about_a_page else ""
    assert counted() == {code: key}
    assert Activity.objects.get().count == 1


def test_a_comment_that_is_deleted_is_taken_back(do):
    user = create_player().user
    do(happen, "comment_added", user)

    do(Comment.objects.get().delete)

    assert "comment_added" not in counted()


@pytest.mark.parametrize("gone", ["user", "page"])
def test_a_comment_that_goes_with_its_user_or_page_stops_nothing(do, gone):
    user, page = create_player().user, Page(title="Page", slug="page")
    make_page().add_child(instance=page)
    Comment.objects.create(page=page, user=user, text="Ah", contentpath="title")

    do({"user": user, "page": page}[gone].delete)

    assert "comment_added" not in counted()
    assert not Failure.objects.exists()


@pytest.mark.parametrize("has_cookie", [True, False])
def test_anonymous_visitors_cost_no_query(do, has_cookie, django_assert_num_queries):
    with django_assert_num_queries(0):
        do(visit, AnonymousUser(), has_cookie=has_cookie)


def test_a_member_is_written_down_once_a_day(do, django_assert_num_queries):
    user = create_player().user
    do(visit, user)
    with django_assert_num_queries(0):
        do(visit, user)
    middleware.shared_cache().clear()
    # Another server that doesn't share the cache.
    do(visit, user)

    assert Activity.objects.get().count == 1


def test_the_day_of_a_visit_ends_at_the_members_own_midnight(do, monkeypatch):
    from wagtail.users.models import UserProfile

    user = create_player().user
    profile = UserProfile.get_for_user(user)
    profile.current_time_zone = "Pacific/Auckland"
    profile.save()
    midnight = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
    for minutes in (-1, 1, 2):
        at = midnight + timedelta(minutes=minutes)
        monkeypatch.setattr("django.utils.timezone.now", lambda at=at: at)
        monkeypatch.setattr("time.time", lambda at=at: at.timestamp())
        do(visit, user)

    days = Activity.objects.filter(event="visited").order_by("day")
    assert [row.date.day for row in days] == [1, 2]


def test_looking_at_a_member_does_not_make_the_page_depend_on_the_cookie(do):
    user = create_player().user
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.COOKIES["sessionid"] = "x"

    def load(request):
        request.session.get("_auth_user_id")
        return user

    request.user = SimpleLazyObject(lambda: load(request))

    do(middleware.GamificationMiddleware(lambda request: HttpResponse()), request)

    assert request.session.accessed is False
    assert counted() == {"visited": ""}
