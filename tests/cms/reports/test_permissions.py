"""Who may see which report."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from .conftest import AJAX, address

pytestmark = pytest.mark.django_db

NEEDED = {
    "awards": {"view_award"},
    "ledger": {"view_pointchange"},
    "rarity": {
        f"{action}_badgedefinition" for action in ("add", "change", "delete", "view")
    },
    "unused": {
        f"{action}_badgedefinition" for action in ("add", "change", "delete", "view")
    },
}
OTHERS = {
    "view_award",
    "change_award",
    "view_pointchange",
    "change_pointchange",
    "view_dailytotal",
    "view_gamificationinterface",
    "view_failure",
    "add_badgedefinition",
    "change_badgedefinition",
    "delete_badgedefinition",
    "view_badgedefinition",
}


@pytest.mark.parametrize("name", NEEDED)
def test_who_lacks_just_the_permission_sees_nothing(login_with, name):
    client = login_with(*(OTHERS - NEEDED[name]))

    for url in (address(name), address(f"{name}_results")):
        for query in ({}, {"export": "csv"}, {"export": "xlsx"}):
            assert client.get(url, query, headers=AJAX).status_code == 403
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert address(name) not in home


@pytest.mark.parametrize(
    ("name", "permission"),
    [(name, each) for name, needed in NEEDED.items() for each in sorted(needed)],
)
def test_who_has_just_the_permission_sees_it(login_with, name, permission):
    client = login_with(permission)

    assert client.get(address(name)).status_code == 200
    assert client.get(address(f"{name}_results")).status_code == 200
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert address(name) in home


@pytest.mark.parametrize("name", NEEDED)
def test_visitors_are_asked_to_log_in(client, name):
    assert client.get(address(name)).status_code == 302
    assert client.get(address(name), headers=AJAX).status_code == 403


@pytest.mark.parametrize("name", NEEDED)
def test_a_report_is_only_read(cms, name):
    assert cms.post(address(name)).status_code == 405


def test_a_group_can_be_given_the_permissions(cms):
    page = cms.get(reverse("wagtailusers_groups:add")).content.decode()

    for codename in ("view_award", "view_pointchange", "view_dailytotal"):
        key = Permission.objects.get(codename=codename).pk
        assert re.search(rf'name="permissions"[^>]*value="{key}"', page), codename
