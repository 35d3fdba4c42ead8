"""Who is let in where, and what nothing but a form that was sent can do."""

from unittest import mock

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.models import ModelLogEntry

from wagtail_gamification.models import Award, GamificationInterface, PointChange
from wagtail_gamification.testing import create_badge_definition

from .conftest import AJAX, ALL, PERMISSIONS, SEE, hidden, messages_of, text_of, url_of

pytestmark = pytest.mark.django_db

# What is filled in on each screen.
FIELDS = {
    "award": {"reason": "Why"},
    "revoke": {"reason": "Why"},
    "adjust": {"amount": "5", "reason": "Why"},
    "reset": {"name": "grace"},
}
MODULE = "wagtail_gamification.cms.giving"
DOES = {
    "award": f"{MODULE}.award.award_by_hand",
    "revoke": f"{MODULE}.views.revoke_by_hand",
    "adjust": f"{MODULE}.views.adjust_points_by_hand",
    "reset": f"{MODULE}.views.reset_by_hand",
}


@pytest.fixture
def heron(grace):
    badge = create_badge_definition("Heron", points=10, max_awards=5)
    badge.award(grace)
    return badge


def address(name, player, badge, /, **query):
    return url_of(name, player, *([badge] if name == "revoke" else []), **query)


def fields_of(name, badge):
    return FIELDS[name] | ({"badge": badge.pk} if name == "award" else {})


def has_changed():
    return ModelLogEntry.objects.exists() or PointChange.objects.count() != 1


@pytest.mark.parametrize("lacking", ALL)
@pytest.mark.parametrize("name", PERMISSIONS)
def test_who_lacks_one_permission_is_let_in_where_it_is_not_asked(
    login_with, grace, heron, name, lacking
):
    client = login_with(*(each for each in ALL if each != lacking))
    allowed = lacking not in (SEE, PERMISSIONS[name])
    url = address(name, grace, heron)

    assert client.get(url, headers=AJAX).status_code == (200 if allowed else 403)
    response = client.post(url, fields_of(name, heron), headers=AJAX)

    assert response.status_code == (302 if allowed else 403)
    assert has_changed() is allowed


@pytest.mark.parametrize("name", PERMISSIONS)
def test_who_may_not_is_sent_home_as_everywhere_in_the_cms(
    login_with, grace, heron, name
):
    client = login_with(SEE)

    for response in (
        client.get(address(name, grace, heron)),
        client.post(address(name, grace, heron), fields_of(name, heron)),
    ):
        assert response.url == reverse("wagtailadmin_home")
        assert "do not have permission" in messages_of(response)[0]


@pytest.mark.parametrize("name", PERMISSIONS)
def test_who_may_not_does_not_learn_who_there_is(login_with, grace, heron, name):
    client = login_with(SEE)

    for pk in (grace.pk, 0, grace.pk + 999):
        assert client.get(address(name, pk, heron), headers=AJAX).status_code == 403


@pytest.mark.parametrize("name", PERMISSIONS)
def test_visitors_are_asked_to_log_in(client, grace, heron, name):
    url = address(name, grace, heron)

    for response in (client.get(url), client.post(url, fields_of(name, heron))):
        assert "/login/" in response.url
    assert not has_changed()


@pytest.mark.parametrize("name", PERMISSIONS)
def test_nothing_happens_without_a_token(editor, grace, heron, name):
    editor.handler.enforce_csrf_checks = True

    response = editor.post(address(name, grace, heron), fields_of(name, heron))

    assert response.status_code == 403
    assert not has_changed()


@pytest.mark.parametrize("name", PERMISSIONS)
def test_looking_changes_nothing(editor, grace, heron, name):
    query = urlencode(fields_of(name, heron))
    url = f"{address(name, grace, heron)}?{query}"

    for method in (editor.get, editor.head, editor.options):
        assert method(url).status_code == 200
    for method in (editor.put, editor.patch, editor.delete):
        assert method(url).status_code == 405

    assert not has_changed()


@pytest.mark.parametrize("name", PERMISSIONS)
@pytest.mark.parametrize("pk", [0, 999_999, 10**30])
def test_a_number_that_is_nobodys_is_not_found(editor, heron, name, pk):
    url = address(name, pk, heron)

    assert editor.get(url).status_code == 404
    assert editor.post(url, fields_of(name, heron)).status_code == 404


@pytest.mark.parametrize("gone", ["player", "user"])
@pytest.mark.parametrize("name", PERMISSIONS)
def test_a_player_or_user_who_was_deleted_meanwhile_is_not_found(
    editor, grace, heron, name, gone
):
    url = address(name, grace, heron)
    data = hidden(editor.get(url)) | fields_of(name, heron)
    if gone == "user":
        grace.user.delete()
    else:
        GamificationInterface.objects.filter(pk=grace.pk).delete()

    assert editor.post(url, data).status_code == 404
    assert not Award.objects.exists()


@pytest.mark.parametrize("name", PERMISSIONS)
def test_a_player_who_is_deleted_at_that_moment_is_said_to_be_gone(
    editor, grace, heron, name
):
    url = address(name, grace, heron)
    data = hidden(editor.get(url)) | fields_of(name, heron)
    module, function = DOES[name].rsplit(".", 1)
    does = getattr(__import__(module, fromlist=[function]), function)

    def delete_first(*args, **kwargs):
        GamificationInterface.objects.filter(pk=grace.pk).delete()
        return does(*args, **kwargs)

    with mock.patch(DOES[name], delete_first):
        response = editor.post(url, data)

    assert response.url == url_of_list()
    assert messages_of(response) == ["This player has been deleted."]
    assert not ModelLogEntry.objects.filter(deleted=False).exists()


def url_of_list():
    return reverse("wagtail_gamification_players:index")


@pytest.mark.parametrize("name", PERMISSIONS)
def test_one_returns_to_where_one_came_from(editor, grace, heron, name):
    url = address(name, grace, heron, next="/admin/reports/?p=2")
    page = editor.get(url)
    assert 'href="/admin/reports/?p=2"' in text_of(page)

    response = editor.post(url, hidden(page) | fields_of(name, heron))

    assert response.url == "/admin/reports/?p=2"


@pytest.mark.parametrize("name", PERMISSIONS)
@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
    ],
)
def test_one_is_led_nowhere_else(editor, grace, heron, name, evil):
    url = address(name, grace, heron, next=evil)
    page = editor.get(url)
    assert f'href="{evil}"' not in text_of(page)

    response = editor.post(url, hidden(page) | fields_of(name, heron) | {"next": evil})

    assert response.url == url_of("player", grace)


class TestButtons:
    @pytest.mark.parametrize("codename", PERMISSIONS.values())
    def test_the_players_page_leads_those_there_who_may(
        self, login_with, grace, heron, codename
    ):
        heron.expires_after = 30
        heron.save()
        heron.award(grace)
        client = login_with(SEE, codename)

        page = text_of(client.get(url_of("player", grace)))

        for name, permission in PERMISSIONS.items():
            assert (f'href="{address(name, grace, heron)}"' in page) is (
                permission == codename
            ), name
        assert ("Renew “Heron”" in page) is (codename == "award_badge")

    def test_only_what_is_had_can_be_taken_back_and_what_ends_renewed(
        self, editor, grace, heron
    ):
        create_badge_definition("Not had", expires_after=3)
        taken = create_badge_definition("Taken back", expires_after=3)
        taken.award(grace)
        taken.revoke(grace)
        create_badge_definition("Ends", expires_after=3).award(grace)

        assert buttons_of(editor, grace) == {
            "Heron": ["Take back"],
            "Not had": [],
            "Taken back": [],
            "Ends": ["Renew", "Take back"],
        }

    def test_a_badge_of_other_groups_has_none(self, editor, grace, heron):
        heron.awarding_groups.add(Group.objects.create(name="Mentors"))
        heron.save()

        assert buttons_of(editor, grace) == {"Heron": []}

    def test_their_number_costs_nothing(
        self,
        editor,
        grace,
        django_capture_on_commit_callbacks,
        assert_max_statements,
    ):
        for number in (2, 20):
            with django_capture_on_commit_callbacks(execute=True):
                for each in range(number):
                    name = f"Badge {number} {each}"
                    create_badge_definition(name, expires_after=9).award(grace)
            editor.get(url_of("player", grace))

            # Two more than for those who may only look.
            with assert_max_statements(19):
                editor.get(url_of("player", grace))

    def test_groups_can_be_given_the_permissions(self, cms):
        page = text_of(cms.get(reverse("wagtailusers_groups:add")))

        for permission in Permission.objects.filter(
            codename__in=PERMISSIONS.values(),
            content_type__app_label="wagtail_gamification",
        ):
            assert f'value="{permission.pk}"' in page


def buttons_of(client, player):
    rows = client.get(url_of("player", player)).context["badges"]
    return {
        row.badge.name: [str(button.label) for button in row.buttons] for row in rows
    }
