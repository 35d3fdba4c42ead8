"""The queue of nominations, and the page on which one is decided."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from wagtail_gamification.cms.nominations.queue import url_of
from wagtail_gamification.models import Award, BadgeDefinition, Nomination
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"
AJAX = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def badge():
    return create_badge_definition("Kind neighbour", allows_nominations=True)


@pytest.fixture
def judge(login_with):
    """A browser of an editor who has just the right needed."""
    return login_with("decide_nomination")


def create_nomination(badge, **fields):
    fields.setdefault("nominee", create_player())
    fields.setdefault("nominator", create_player().user)
    fields.setdefault("reason", "Fed my cat.")
    return Nomination.objects.create(badge_definition=badge, **fields)


@pytest.fixture
def nomination(badge):
    return create_nomination(badge, nominee=create_player(username="nina"))


def listed(response):
    return list(response.context["object_list"])


def test_what_waits_is_first_and_what_waits_longest_before_it(judge, badge):
    done = create_nomination(badge, state="declined", is_open=None)
    late = create_nomination(badge)
    early = create_nomination(
        badge, created_at=timezone.now() - timezone.timedelta(days=3)
    )

    assert listed(judge.get(url_of("index"))) == [early, late, done]


def test_the_list_is_filtered_searched_and_exported_without_formulas(judge, badge):
    other = create_badge_definition("Helper", allows_nominations=True)
    first = create_nomination(badge, nominee=create_player(username="=nina"))
    second = create_nomination(
        other, state="approved", is_open=None, reason="=1+1", message="@SUM(1)"
    )
    url = url_of("index")
    today = timezone.localdate().isoformat()

    for query, expected in [
        ({"state": ["waiting"]}, [first]),
        ({"state": ["approved", "declined"]}, [second]),
        ({"badge_definition": other.pk}, [second]),
        ({"q": "nina"}, [first]),
        ({"created_at_from": today}, [first, second]),
        ({"created_at_to": "2020-01-01"}, []),
    ]:
        assert listed(judge.get(url, query)) == expected, query
    response = judge.get(url, {"export": "csv"})
    rows = b"".join(response.streaming_content).decode()
    assert "'=nina,Kind neighbour," in rows
    assert "'=1+1" in rows
    assert "'@SUM(1)" in rows


def test_an_editor_approves(judge, nomination):
    page = judge.get(url_of("nomination", nomination.pk)).content.decode()
    assert "Fed my cat." in page

    response = judge.post(
        url_of("nomination", nomination.pk),
        {"decision": "approve", "message": "Well done"},
        follow=True,
    )

    assert response.redirect_chain == [(url_of("index"), 302)]
    assert "“Kind neighbour” is awarded to nina." in response.content.decode()
    assert Award.objects.get().awarded_by.username == "edith"
    history = judge.get(reverse("wagtailadmin_reports:site_history"))
    assert history.status_code == 200 or history.status_code == 302
    page = judge.get(url_of("nomination", nomination.pk)).content.decode()
    assert "Well done" in page
    assert "Approve and award" not in page


def test_an_editor_declines(judge, nomination):
    page = judge.post(
        url_of("nomination", nomination.pk), {"decision": "decline"}, follow=True
    ).content.decode()

    assert "The nomination of nina for “Kind neighbour” is declined." in page
    assert not Award.objects.exists()


def test_a_decision_that_is_none_changes_nothing(judge, nomination):
    for data in (
        {},
        {"decision": "perhaps"},
        {"decision": "approve", "message": "a" * 2001},
    ):
        judge.post(url_of("nomination", nomination.pk), data)

    nomination.refresh_from_db()
    assert nomination.state == "waiting"
    assert not Award.objects.exists()


def test_the_second_of_two_is_told_so(judge, nomination):
    Nomination.objects.update(state="declined", is_open=None)

    page = judge.post(
        url_of("nomination", nomination.pk), {"decision": "approve"}, follow=True
    ).content.decode()

    assert "Somebody has decided this nomination already." in page
    assert not Award.objects.exists()


def test_opening_a_page_decides_nothing_and_a_token_is_asked_for(judge, nomination):
    url = url_of("nomination", nomination.pk)
    judge.get(url, {"decision": "approve"})
    judge.handler.enforce_csrf_checks = True

    assert judge.post(url, {"decision": "approve"}).status_code == 403
    nomination.refresh_from_db()
    assert nomination.state == "waiting"


@pytest.mark.parametrize("permission", ["award_badge", "change_badgedefinition"])
def test_who_may_not_decide_sees_nothing(login_with, nomination, permission):
    client = login_with(permission)

    for url in (
        url_of("index"),
        url_of("index_results"),
        url_of("nomination", nomination.pk),
    ):
        assert client.get(url, headers=AJAX).status_code == 403
        assert client.get(url, {"export": "csv"}, headers=AJAX).status_code == 403
    response = client.post(
        url_of("nomination", nomination.pk), {"decision": "approve"}, headers=AJAX
    )
    assert response.status_code == 403
    assert not Award.objects.exists()
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert url_of("index") not in home


def test_one_of_a_badge_reserved_for_others_is_not_found(judge, badge, nomination):
    group = Group.objects.create(name="Jury")
    badge.awarding_groups.through.objects.create(badgedefinition=badge, group=group)

    assert listed(judge.get(url_of("index"))) == []
    url = url_of("nomination", nomination.pk)
    assert judge.get(url).status_code == 404
    assert judge.post(url, {"decision": "approve"}).status_code == 404
    assert judge.get(url_of("nomination", 0)).status_code == 404


def test_what_one_has_proposed_is_shown_and_not_decided(
    judge, badge, django_user_model
):
    edith = django_user_model.objects.get(username="edith")
    own = create_nomination(badge, nominator=edith)
    url = url_of("nomination", own.pk)

    page = judge.get(url).content.decode()
    assert "You have made this nomination." in page
    assert "Approve and award" not in page
    page = judge.post(url, {"decision": "approve"}, follow=True).content.decode()
    assert "You have made this nomination." in page
    assert not Award.objects.exists()


def test_no_html_gets_through(judge, badge):
    BadgeDefinition.objects.update(name=XSS)
    nomination = create_nomination(
        badge, reason=XSS, message=XSS, nominee=create_player(username=XSS)
    )

    for url in (url_of("index"), url_of("nomination", nomination.pk)):
        page = judge.get(url).content.decode()
        assert XSS not in page
        assert "&lt;script&gt;" in page


def test_a_long_list_costs_as_many_queries_as_a_short_one(judge, badge):
    def cost(number):
        for _ in range(number):
            create_nomination(badge)
        with CaptureQueriesContext(connection) as queries:
            judge.get(url_of("index"))
        return len(queries)

    cost(1)
    assert cost(1) == cost(10)


def test_a_limit_that_is_used_up_is_said_to_who_approves(judge, badge, nomination):
    BadgeDefinition.objects.update(awards_per_giver=1)
    editor = judge.get(url_of("index")).wsgi_request.user
    badge.award(create_player(), by=editor)

    address = url_of("nomination", nomination.pk)
    page = judge.post(address, {"decision": "approve"}, follow=True).content.decode()

    assert "1 time a month" in page
    nomination.refresh_from_db()
    assert nomination.state == Nomination.State.WAITING


def test_a_group_can_be_given_the_permission(cms):
    page = cms.get(reverse("wagtailusers_groups:add")).content.decode()

    assert "Can decide nominations" in page


@pytest.mark.parametrize("query", ["from=0001-01-01", "to=9999-12-31"])
def test_days_that_no_calendar_has_are_refused(judge, nomination, query):
    page = judge.get(f"{url_of('index')}?created_at_{query}").content.decode()

    assert "between the years 1900 and 9000" in page
