"""The lists of claim codes, and of who has claimed with them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from wagtail_gamification.actions.claim_code import ClaimCodeAction
from wagtail_gamification.cms.claims.base import url_of
from wagtail_gamification.models import BadgeDefinition, Claim, ClaimCode
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"
AJAX = {"X-Requested-With": "XMLHttpRequest"}


def claim(code, **fields):
    player = create_player(**fields)
    assert ClaimCodeAction(code.code, player, player.user).execute().award
    return player


def listed(response):
    return list(response.context["object_list"])


def exported(client, url, **query):
    response = client.get(url, {"export": "csv", **query})
    return b"".join(response.streaming_content).decode()


@pytest.fixture
def codes(badge):
    """One of each state, by name."""
    other = create_badge_definition("Swimmer")

    def make(definition=badge, count=0, **fields):
        code = ClaimCode.objects.create(badge_definition=definition, **fields)
        ClaimCode.objects.filter(pk=code.pk).update(claim_count=count)
        code.refresh_from_db()
        return code

    return {
        "open": make(label="Fair"),
        "shared": make(max_claims=30, count=3, definition=other),
        "used_up": make(count=1),
        "expired": make(expires_at=timezone.now() - timedelta(days=1)),
        "inactive": make(is_active=False, count=1),
    }


def test_codes_are_filtered_and_searched(editor, codes, badge):
    url = url_of("index")

    def names(query):
        found = listed(editor.get(url, query))
        return {name for name, code in codes.items() if code in found}

    for query, expected in [
        ({}, set(codes)),
        ({"state": ["open"]}, {"open", "shared"}),
        ({"state": ["used_up"]}, {"used_up"}),
        ({"state": ["expired", "inactive"]}, {"expired", "inactive"}),
        ({"kind": "shared"}, {"shared"}),
        ({"kind": "one_time"}, set(codes) - {"shared"}),
        ({"badge_definition": badge.pk}, set(codes) - {"shared"}),
        ({"q": "fai"}, {"open"}),
        ({"q": codes["expired"].grouped.lower()}, {"expired"}),
        ({"q": "nothing"}, set()),
    ]:
        assert names(query) == expected, query
    for state, code in codes.items():
        expected = "open" if state == "shared" else state
        assert code.state == expected


def test_a_code_leads_to_its_batch_and_to_who_has_claimed(editor, codes):
    page = editor.get(url_of("index")).content.decode()

    for code in codes.values():
        assert url_of("batch", code.batch) in page
    assert f"{url_of('claims')}?q={codes['shared'].grouped}" in page
    assert f"{url_of('claims')}?q={codes['open'].grouped}" not in page
    assert "3 of 30" in page


def test_the_list_of_one_batch_holds_no_other(editor, codes):
    batch = codes["open"].batch

    assert listed(editor.get(url_of("batch", batch))) == [codes["open"]]
    assert listed(editor.get(url_of("batch_results", batch))) == [codes["open"]]


def test_who_claimed_is_listed_filtered_and_searched(editor, code, badge):
    shared = ClaimCode.objects.create(
        badge_definition=create_badge_definition("Swimmer"), max_claims=9
    )
    alice = claim(shared, username="alice", email="alice@example.org")
    bob = claim(code, username="bob")
    Claim.objects.filter(interface=bob).update(
        claimed_at=timezone.now() - timedelta(days=9)
    )
    url = url_of("claims")
    today = timezone.localdate().isoformat()

    for query, expected in [
        ({}, [alice, bob]),
        ({"q": "alice@"}, [alice]),
        ({"q": "BOB"}, [bob]),
        ({"q": "fair"}, [bob]),
        ({"q": shared.code[:6].lower()}, [alice]),
        ({"badge_definition": badge.pk}, [bob]),
        ({"claimed_at_from": today}, [alice]),
        ({"claimed_at_to": today}, [alice, bob]),
    ]:
        found = [each.interface for each in listed(editor.get(url, query))]
        assert found == expected, query


def test_what_was_taken_back_is_said_so(editor, code, badge):
    player = claim(code)
    badge.revoke(player)

    assert Claim.objects.get().taken_back_at is not None
    assert "Taken back" in editor.get(url_of("claims")).content.decode()
    Claim.objects.update(award=None)
    assert editor.get(url_of("claims")).status_code == 200
    assert exported(editor, url_of("claims"))


def test_exports_hold_the_lists_and_no_formula(editor, badge, code):
    ClaimCode.objects.update(label="=1+1")
    BadgeDefinition.objects.update(name="@SUM(1)")
    claim(code, username="=cmd|' /C calc'!A0")

    rows = exported(editor, url_of("index"))
    assert f"{code.grouped},'@SUM(1),'=1+1,1,1," in rows
    assert "Used up" in rows
    rows = exported(editor, url_of("claims"))
    assert "'=cmd" in rows
    assert "'=1+1" in rows
    for url in (url_of("index"), url_of("claims")):
        response = editor.get(url, {"export": "xlsx"})
        assert b"".join(response.streaming_content)[:2] == b"PK"


def test_no_html_gets_through(editor, code):
    BadgeDefinition.objects.update(name=XSS)
    ClaimCode.objects.update(label=XSS)
    claim(code, username=XSS)

    for url in (url_of("index"), url_of("claims")):
        page = editor.get(url).content.decode()
        assert XSS not in page
        assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("permission", "sees"),
    [
        ("award_badge", False),
        ("change_badgedefinition", False),
        ("view_claimcode", True),
        ("add_claimcode", True),
        ("change_claimcode", True),
    ],
)
def test_permissions_are_asked_on_the_server(login_with, code, permission, sees):
    client = login_with(permission)

    for url in (
        url_of("index"),
        url_of("index_results"),
        url_of("claims"),
        url_of("claims_results"),
        url_of("batch", code.batch),
        url_of("batch_results", code.batch),
        url_of("sheet", code.batch),
    ):
        status = client.get(url, headers=AJAX).status_code
        assert status == (200 if sees else 403), url
        exporting = client.get(url, {"export": "csv"}, headers=AJAX)
        assert exporting.status_code == (200 if sees else 403), url
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert (url_of("index") in home) is sees


def test_who_may_not_enter_the_cms_sees_nothing(client, code):
    client.force_login(create_player().user)

    for url in (url_of("index"), url_of("claims"), url_of("sheet", code.batch)):
        response = client.get(url)
        assert response.status_code == 302
        assert "login" in response.headers["Location"]


def test_claims_of_a_reserved_badge_are_not_listed(editor, badge, code):
    claim(code)
    group = Group.objects.create(name="Judges")
    badge.awarding_groups.through.objects.create(badgedefinition=badge, group=group)

    assert listed(editor.get(url_of("index"))) == []
    assert listed(editor.get(url_of("claims"))) == []


def test_a_badge_leads_to_its_codes(cms, login_with, badge):
    url = f"{url_of('index')}?badge_definition={badge.pk}"
    edit = reverse(
        BadgeDefinition.snippet_viewset.get_url_name("edit"), args=[badge.pk]
    )

    assert url in cms.get(edit).content.decode()
    other = login_with("change_badgedefinition")
    assert url not in other.get(edit).content.decode()


def test_the_list_of_one_badge_makes_codes_for_it(editor, badge, code):
    page = editor.get(url_of("index"), {"badge_definition": badge.pk})

    assert f"{url_of('add')}?badge={badge.pk}" in page.content.decode()


def test_empty_lists_say_so(editor):
    for url, text in (
        (url_of("index"), "No claim codes have been made yet."),
        (url_of("claims"), "Nobody has claimed a badge with a code yet."),
    ):
        assert text in editor.get(url).content.decode()


@pytest.mark.parametrize("name", ["index", "claims"])
def test_long_lists_cost_as_many_queries_as_short_ones(editor, badge, name):
    def cost(number):
        for _ in range(number):
            claim(ClaimCode.objects.create(badge_definition=badge))
        with CaptureQueriesContext(connection) as queries:
            editor.get(url_of(name))
        return len(queries)

    cost(1)
    assert cost(1) == cost(10)


def test_a_group_can_be_given_the_permissions(cms):
    page = cms.get(reverse("wagtailusers_groups:add")).content.decode()

    assert 'value="' in page
    assert "claim code" in page.lower()


@pytest.mark.parametrize("query", ["from=0001-01-01", "to=9999-12-31"])
def test_days_that_no_calendar_has_are_refused(editor, code, query):
    claim(code)

    page = editor.get(f"{url_of('claims')}?claimed_at_{query}").content.decode()

    assert "between the years 1900 and 9000" in page
