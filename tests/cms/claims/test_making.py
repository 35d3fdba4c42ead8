"""Making claim codes, printing them, switching them off."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import ModelLogEntry, Site

from tests.cms.claims.conftest import CODES
from wagtail_gamification.cms.claims.base import url_of
from wagtail_gamification.models import Award, BadgeDefinition, ClaimCode
from wagtail_gamification.testing import create_badge_definition

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"
AJAX = {"X-Requested-With": "XMLHttpRequest"}


def data(badge, /, **fields):
    return {
        "badge": badge.pk,
        "kind": "one_time",
        "number": 3,
        "max_claims": "",
        "expires_at": "",
        "label": "Spring fair",
    } | fields


def errors(response):
    return response.context["form"].errors


def reserve(badge):
    """Reserve a badge for a group that nobody is in."""
    group = Group.objects.create(name="Judges")
    badge.awarding_groups.through.objects.create(badgedefinition=badge, group=group)
    return group


def test_an_editor_makes_a_batch_and_is_led_to_it(editor, badge):
    response = editor.post(url_of("add"), data(badge), follow=True)

    codes = list(ClaimCode.objects.all())
    assert response.redirect_chain == [(url_of("batch", codes[0].batch), 302)]
    assert len(codes) == 3
    assert {(code.label, code.max_claims) for code in codes} == {("Spring fair", 1)}
    assert {code.created_by.username for code in codes} == {"edith"}
    page = response.content.decode()
    assert "3 codes are made." in page
    assert all(code.grouped in page for code in codes)


def test_a_shared_code_says_for_how_many_and_until_when(editor, badge):
    until = timezone.localtime() + timedelta(days=2)
    fields = {"kind": "shared", "number": 1, "max_claims": 30}
    fields["expires_at"] = until.strftime("%Y-%m-%d %H:%M")

    editor.post(url_of("add"), data(badge, **fields))

    code = ClaimCode.objects.get()
    assert (code.max_claims, code.is_shared) == (30, True)
    assert code.expires_at == until.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"number": 0}, "number"),
        ({"number": 501}, "number"),
        ({"number": 10**12}, "number"),
        ({"number": ""}, "number"),
        ({"kind": "shared"}, "max_claims"),
        ({"kind": "shared", "max_claims": 1}, "max_claims"),
        ({"kind": "shared", "max_claims": 10**12}, "max_claims"),
        ({"kind": "endless"}, "kind"),
        ({"expires_at": "2020-01-01 10:00"}, "expires_at"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"expires_at": "9999-12-31 23:59"}, "expires_at"),
        ({"label": "a" * 129}, "label"),
        ({"badge": 0}, "badge"),
        ({"badge": "x"}, "badge"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(editor, badge, fields, field):
    response = editor.post(url_of("add"), data(badge, **fields))

    assert list(errors(response)) == [field]
    assert not ClaimCode.objects.exists()


def test_the_size_of_a_batch_is_a_setting(editor, badge, settings):
    settings.WAGTAIL_GAMIFICATION_CLAIM_BATCH_SIZE = 2

    assert "number" in errors(editor.post(url_of("add"), data(badge)))
    assert 'max="2"' in editor.get(url_of("add")).content.decode()


def test_badges_that_the_editor_may_not_award_cannot_be_chosen(editor, badge):
    draft = create_badge_definition("Draft", live=False)
    reserved = create_badge_definition("Reserved")
    reserve(reserved)

    form = editor.get(f"{url_of('add')}?badge={badge.pk}").context["form"]

    assert list(form.fields["badge"].queryset) == [badge]
    assert form.initial["badge"] == badge
    for other in (draft, reserved):
        response = editor.post(url_of("add"), data(other))
        assert list(errors(response)) == ["badge"]
        page = editor.get(f"{url_of('add')}?badge={other.pk}")
        assert page.context["form"].initial["badge"] is None
    for nonsense in ("x", "9" * 40, "-1"):
        assert editor.get(f"{url_of('add')}?badge={nonsense}").status_code == 200
    assert not ClaimCode.objects.exists()


def test_the_monthly_limit_of_a_badge_is_said_beside_it(editor, badge):
    BadgeDefinition.objects.update(awards_per_giver=2)

    response = editor.post(url_of("add"), data(badge))

    assert "2 more times this month" in str(errors(response)["badge"])
    assert not ClaimCode.objects.exists()


@pytest.mark.parametrize("missing", ["add_claimcode", "award_badge", "access_admin"])
def test_who_lacks_one_permission_makes_nothing(login_with, badge, missing):
    client = login_with(*[name for name in CODES if name != missing])
    if missing == "access_admin":
        group = Group.objects.get(name="Editors of badges")
        group.permissions.remove(Permission.objects.get(codename=missing))

    response = client.post(url_of("add"), data(badge), headers=AJAX)

    assert not ClaimCode.objects.exists()
    if missing == "award_badge":
        assert list(errors(response)) == ["badge"]
    else:
        assert response.status_code in (302, 403)


def test_nothing_is_made_or_switched_without_a_token(editor, badge, code):
    editor.handler.enforce_csrf_checks = True
    for url in (
        url_of("add"),
        url_of("deactivate", code.pk),
        url_of("activate", code.pk),
        url_of("deactivate_batch", code.batch),
    ):
        assert editor.post(url, data(badge)).status_code == 403
    assert ClaimCode.objects.get().is_active


def test_a_code_is_switched_off_and_on(editor, code):
    back = f"{url_of('index')}?state=open"

    response = editor.post(url_of("deactivate", code.pk), {"next": back}, follow=True)
    assert response.redirect_chain == [(back, 302)]
    assert "1 code is deactivated." in response.content.decode()
    code.refresh_from_db()
    assert not code.is_active

    response = editor.post(url_of("deactivate", code.pk), follow=True)
    assert "Somebody has done so already." in response.content.decode()
    response = editor.post(
        url_of("activate", code.pk), {"next": "https://example.org/"}, follow=True
    )
    assert response.redirect_chain == [(url_of("batch", code.batch), 302)]
    code.refresh_from_db()
    assert code.is_active
    assert ModelLogEntry.objects.filter(action__contains="claim_codes").count() == 2


def test_a_batch_is_switched_off_and_no_other(editor, badge, code):
    batch = uuid4()
    for _ in range(2):
        ClaimCode.objects.create(badge_definition=badge, batch=batch)
    page = editor.get(url_of("batch", batch)).content.decode()
    assert "Deactivate all 2 codes" in page

    page = editor.post(url_of("deactivate_batch", batch), follow=True).content.decode()

    assert "2 codes are deactivated." in page
    assert "Deactivate all" not in page
    assert not ClaimCode.objects.filter(batch=batch, is_active=True).exists()
    code.refresh_from_db()
    assert code.is_active


def test_who_may_not_award_the_badge_switches_no_code_on(login_with, code):
    client = login_with("change_claimcode")
    ClaimCode.objects.update(is_active=False)

    page = client.post(url_of("activate", code.pk), follow=True).content.decode()

    assert "You don&#x27;t have the permission to do this." in page
    code.refresh_from_db()
    assert not code.is_active
    ClaimCode.objects.update(is_active=True)
    client.post(url_of("deactivate", code.pk))
    code.refresh_from_db()
    assert not code.is_active


def test_who_lacks_the_permission_switches_nothing(login_with, code):
    client = login_with("view_claimcode", "add_claimcode", "award_badge")

    for url in (
        url_of("deactivate", code.pk),
        url_of("deactivate_batch", code.batch),
        url_of("activate", code.pk),
    ):
        assert client.post(url, headers=AJAX).status_code == 403
        assert client.get(url, headers=AJAX).status_code in (403, 405)
    code.refresh_from_db()
    assert code.is_active
    page = client.get(url_of("batch", code.batch)).content.decode()
    assert "formaction" not in page


def test_codes_of_a_badge_reserved_for_others_are_nobody_elses(editor, badge, code):
    reserve(badge)

    for url in (url_of("batch", code.batch), url_of("sheet", code.batch)):
        assert editor.get(url).status_code == 404
    for url in (url_of("deactivate", code.pk), url_of("deactivate_batch", code.batch)):
        assert editor.post(url).status_code == 404
    assert code.grouped not in editor.get(url_of("index")).content.decode()
    code.refresh_from_db()
    assert code.is_active


def test_what_does_not_exist_is_not_found(editor):
    for url in (url_of("batch", uuid4()), url_of("sheet", uuid4())):
        assert editor.get(url).status_code == 404
    for url in (url_of("deactivate", 1), url_of("deactivate_batch", uuid4())):
        assert editor.post(url).status_code == 404


def test_the_sheet_has_a_qr_code_for_each_code_that_works(editor, badge, code):
    Site.objects.update(hostname="school.example", port=443)
    used = ClaimCode.objects.create(badge_definition=badge, batch=code.batch)
    ClaimCode.objects.filter(pk=used.pk).update(claim_count=1)

    response = editor.get(url_of("sheet", code.batch))

    page = response.content.decode()
    assert code.grouped in page
    assert used.grouped not in page
    assert page.count("<svg") == 1
    assert response.context["address"] == "https://school.example/badges/claim/"
    assert "Walker" in page
    assert not re.search(r"<script|style=|onclick", page)
    assert not Award.objects.exists()


def test_the_address_on_the_sheet_is_in_the_main_language(editor, code, settings):
    settings.LANGUAGE_CODE = "en"
    headers = {"Accept-Language": "fr"}

    response = editor.get(url_of("sheet", code.batch), headers=headers)

    assert response.context["address"].endswith("/badges/claim/")
    assert "/fr/" not in response.context["address"]


def test_a_site_that_has_no_page_for_it_prints_codes_alone(editor, code, settings):
    settings.ROOT_URLCONF = "tests.cms.claims.urls_without_claims"

    page = editor.get(url_of("sheet", code.batch)).content.decode()

    assert code.grouped in page
    assert "<svg" not in page
    assert "There are no QR codes" in page


def test_nothing_that_an_editor_writes_is_html_on_a_sheet(editor, badge, code):
    BadgeDefinition.objects.update(name=XSS)
    ClaimCode.objects.update(label=XSS)

    for url in (
        url_of("sheet", code.batch),
        url_of("batch", code.batch),
        url_of("index"),
        url_of("add"),
    ):
        assert XSS not in editor.get(url).content.decode()


def test_a_large_sheet_costs_as_many_queries_as_a_small_one(
    editor, badge, django_assert_num_queries
):
    batch = uuid4()
    codes = [ClaimCode(badge_definition=badge, batch=batch) for _ in range(50)]
    ClaimCode.objects.bulk_create(codes)
    editor.get(url_of("sheet", batch))

    # Session, user, profile and two of permissions; then the batch and its codes.
    with django_assert_num_queries(8):
        editor.get(url_of("sheet", batch))
