"""Awarding a badge to somebody, from the badge."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from wagtail_gamification.cms.earners import award as award_screen
from wagtail_gamification.models import Award, BadgeDefinition, GamificationInterface
from wagtail_gamification.testing import create_badge_definition

from .conftest import AWARD, OTHERS, REVOKE, SEE, XSS, reserve, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(login_with):
    """A browser of an editor who may award badges and see players."""
    return login_with(AWARD, SEE)


def errors_of(response):
    return response.context["form"].errors


def choices_of(response):
    return dict(response.context["form"].fields["chosen"].choices)


def give(client, badge, person, /, **data):
    data = {"person": person, "reason": "", "note": "", **data}
    return client.post(url_of("award", badge), data)


# Who may


def test_who_lacks_just_the_permission_gets_nowhere(login_with, badge, grace):
    client = login_with(SEE, REVOKE, *OTHERS)

    for response in (client.get(url_of("award", badge)), give(client, badge, "grace")):
        assert response.url == reverse("wagtailadmin_home")
    # Nor is told which badges there are.
    assert client.get(url_of("award", 999999)).status_code == 302
    assert not Award.objects.exists()


def test_who_has_just_the_permission_may(login_with, badge, grace):
    client = login_with(AWARD)

    assert client.get(url_of("award", badge)).status_code == 200
    response = give(client, badge, "grace")

    assert response.url == url_of("award", badge)
    assert Award.objects.get().badge.interface == grace


def test_visitors_are_asked_to_log_in(client, badge):
    assert "/login/" in client.get(url_of("award", badge)).url


def test_another_groups_badge_is_not_theirs_to_give(editor, badge, grace):
    reserve(badge)

    for response in (editor.get(url_of("award", badge)), give(editor, badge, "grace")):
        assert response.url == reverse("wagtailadmin_home")
    assert not Award.objects.exists()


def test_a_badge_that_does_not_exist_is_not_found(editor):
    for pk in (999999, 10**30):
        assert editor.get(url_of("award", pk)).status_code == 404
        assert give(editor, pk, "grace").status_code == 404


def test_a_draft_is_given_to_nobody(editor, grace):
    draft = create_badge_definition("Draft", live=False)

    page = editor.get(url_of("award", draft)).content.decode()
    response = give(editor, draft, "grace")

    assert "This badge isn&#x27;t published." in page
    assert 'name="person"' not in page
    assert "This badge isn&#x27;t published." in response.content.decode()
    assert not Award.objects.exists()


def test_the_form_of_a_translation_gives_the_original(editor, badge, grace, french):
    translation = badge.copy_for_translation(french)
    translation.save()

    give(editor, translation, "grace")

    assert Award.objects.get().badge.badge_definition == badge


def test_looking_changes_nothing(editor, badge, grace):
    for method in (editor.get, editor.head):
        method(url_of("award", badge), {"person": "grace"})

    assert not Award.objects.exists()
    assert editor.put(url_of("award", badge)).status_code == 405


def test_a_form_from_elsewhere_is_refused(badge, grace, editor):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = editor.cookies

    assert give(strict, badge, "grace").status_code == 403
    assert not Award.objects.exists()


# What is given


def test_a_badge_is_given_with_a_reason_and_a_note(editor, badge, grace):
    response = give(
        editor, badge, "grace", reason="For the open day", note="Asked by the board"
    )

    award = Award.objects.get()
    assert award.badge.interface == grace
    assert award.badge.badge_definition == badge
    assert award.awarded_by.username == "edith"
    assert (award.reason, award.note) == ("For the open day", "Asked by the board")
    assert response.url == url_of("earners", badge)
    page = editor.get(response.url).content.decode()
    assert "“First steps” is awarded to Grace Hopper." in page
    assert ModelLogEntry.objects.filter(action="wagtail_gamification.award").exists()


@pytest.mark.parametrize(
    "person", ["grace", " GRACE ", "grace@example.com", "grace  hopper"]
)
def test_a_person_is_found_by_what_they_are_called(editor, badge, grace, person):
    give(editor, badge, person)

    assert Award.objects.get().badge.interface == grace


def test_who_is_no_player_yet_becomes_one(editor, badge, django_user_model):
    user = django_user_model.objects.create_user("new")
    GamificationInterface.objects.filter(user=user).delete()

    give(editor, badge, "new")

    assert Award.objects.get().badge.interface.user == user


def test_who_can_not_have_it_does_not_become_a_player(editor, badge, django_user_model):
    django_user_model.objects.create_user("gone", is_active=False)
    GamificationInterface.objects.all().delete()

    response = give(editor, badge, "gone")

    assert "isn't counted" in errors_of(response)["person"][0]
    assert not GamificationInterface.objects.exists()


# Who is meant


def test_nobody_of_that_name_is_said_beside_the_field(editor, badge, grace):
    response = give(editor, badge, "xyzzy")

    assert errors_of(response) == {"person": ["Nobody is called that."]}
    assert "chosen" not in response.context["form"].fields
    assert not Award.objects.exists()


def test_a_name_that_is_nearly_right_is_a_choice(editor, badge, grace, alan):
    response = give(editor, badge, "grace hoper")

    assert errors_of(response) == {
        "person": ["Nobody is called exactly that. Choose who is meant."]
    }
    assert choices_of(response) == {grace.user_id: "Grace Hopper · grace"}
    assert not Award.objects.exists()
    give(editor, badge, "grace hoper", chosen=grace.user_id)
    assert Award.objects.get().badge.interface == grace


def test_a_name_that_several_have_is_a_choice(editor, badge, grace, player_of):
    other = player_of("hopper2", first_name="Grace", last_name="Hopper")

    response = give(editor, badge, "Grace Hopper")

    assert "Several people are called that." in errors_of(response)["person"][0]
    assert set(choices_of(response)) == {grace.user_id, other.user_id}
    give(editor, badge, "Grace Hopper", chosen=other.user_id)
    assert Award.objects.get().badge.interface == other


@pytest.mark.parametrize("chosen", ["", "0", "-1", "x", "9" * 40, "' OR 1=1"])
def test_only_who_was_offered_can_be_chosen(editor, badge, grace, alan, chosen):
    response = give(editor, badge, "grace hoper", chosen=chosen)
    assert "person" in errors_of(response)
    response = give(editor, badge, "grace hoper", chosen=alan.user_id)
    assert "person" in errors_of(response)

    assert not Award.objects.exists()


def test_who_was_chosen_before_does_not_count_once_the_name_is_right(
    editor, badge, grace, alan
):
    give(editor, badge, "alan", chosen=grace.user_id)

    assert Award.objects.get().badge.interface == alan


def test_who_may_not_see_players_is_not_told_who_there_is(
    login_with, badge, grace, player_of
):
    client = login_with(AWARD)
    player_of("hopper2", first_name="Grace", last_name="Hopper")

    nearly = give(client, badge, "grace hoper")
    several = give(client, badge, "Grace Hopper", chosen=grace.user_id)

    assert errors_of(nearly) == {"person": ["Nobody is called that."]}
    assert "Write the username" in errors_of(several)["person"][0]
    for response in (nearly, several):
        assert "hopper2" not in response.content.decode()
    assert not Award.objects.exists()


@pytest.mark.parametrize("person", ["", "  ", "x" * 256, "a\0b"])
def test_what_is_no_name_is_refused_beside_the_field(editor, badge, person):
    assert list(errors_of(give(editor, badge, person))) == ["person"]


def test_script_is_text(editor, badge, player_of):
    player_of("mallory", first_name=XSS)

    response = give(editor, badge, "malory", reason=XSS)

    assert XSS not in response.content.decode()
    give(editor, badge, "mallory", reason=XSS)
    page = editor.get(url_of("earners", badge)).content.decode()
    assert XSS not in page
    assert "&lt;script&gt;" in page


# What stands in the way


def test_who_has_it_already_is_said_beside_the_field(editor, badge, grace):
    badge.award(grace)

    response = give(editor, badge, "grace")

    assert errors_of(response) == {
        "person": ["This player has this badge already, as often as it can be had."]
    }
    assert Award.objects.count() == 1


def test_a_form_that_is_sent_twice_awards_once(editor, grace):
    often = create_badge_definition("Helper", max_awards=5)
    page = editor.get(url_of("award", often))
    known = page.context["form"]["known"].value()

    give(editor, often, "grace", known=known)
    again = give(editor, often, "grace", known=known)

    assert Award.objects.count() == 1
    assert "person" in errors_of(again)
    # Whoever has read that, may mean it.
    give(editor, often, "grace", known=again.context["form"]["known"].value())
    assert Award.objects.count() == 2


def test_nobody_awards_themselves(editor, badge):
    response = give(editor, badge, "edith")

    assert errors_of(response) == {"person": ["You can't give this to yourself."]}
    assert not Award.objects.exists()


def test_a_monthly_limit_is_told_before_and_after(editor, badge, grace, alan):
    BadgeDefinition.objects.update(awards_per_giver=1)
    give(editor, badge, "grace")

    page = editor.get(url_of("award", badge)).content.decode()
    response = give(editor, badge, "alan")

    assert "1 time a month" in page
    assert 'name="person"' not in page
    assert "1 time a month" in response.content.decode()
    assert Award.objects.count() == 1


def test_a_user_who_is_deleted_meanwhile_is_told(
    editor, badge, grace, django_user_model, monkeypatch
):
    found = {"grace": [grace.user]}
    monkeypatch.setattr(award_screen, "find_people", lambda names: found)
    django_user_model.objects.filter(username="grace").delete()
    assert grace.user.pk is not None

    response = give(editor, badge, "grace")

    assert errors_of(response) == {"person": ["This player has been deleted."]}
    assert not Award.objects.exists()


def test_a_long_reason_is_refused_beside_the_field(editor, badge, grace):
    assert list(errors_of(give(editor, badge, "grace", reason="x" * 2001))) == [
        "reason"
    ]


# What leads there


def screens_of(badge):
    viewset = BadgeDefinition.snippet_viewset
    return [
        reverse(viewset.get_url_name("list")),
        reverse(viewset.get_url_name("edit"), args=[badge.pk]),
        reverse(viewset.get_url_name("inspect"), args=[badge.pk]),
    ]


@pytest.mark.parametrize(
    ("permissions", "links"),
    [
        ([], set()),
        ([SEE], {"earners"}),
        ([AWARD], {"award"}),
        ([SEE, AWARD, REVOKE], {"earners", "award"}),
    ],
)
def test_the_screens_of_a_badge_lead_there_who_may_go(
    login_with, badge, permissions, links
):
    client = login_with("change_badgedefinition", *permissions)

    for screen in screens_of(badge):
        page = client.get(screen).content.decode()
        found = {name for name in ("earners", "award") if url_of(name, badge) in page}
        assert found == links, screen


def test_nobody_is_led_to_give_what_is_another_groups(login_with, badge):
    reserve(badge)
    client = login_with("change_badgedefinition", AWARD)

    for screen in screens_of(badge):
        assert url_of("award", badge) not in client.get(screen).content.decode()


def test_a_translation_leads_to_its_original(login_with, badge, french):
    translation = badge.copy_for_translation(french)
    translation.save()
    client = login_with("change_badgedefinition", SEE, AWARD)

    _list, edit, inspect = screens_of(translation)

    for screen in (edit, inspect, f"{_list}?locale=fr"):
        page = client.get(screen).content.decode()
        assert url_of("earners", badge) in page
        assert url_of("award", badge) in page
        assert url_of("award", translation) not in page


def test_how_many_earned_it_leads_to_who_they_are(login_with, badge, grace):
    badge.award(grace)
    client = login_with("view_badgedefinition", SEE)
    _list, _edit, inspect = screens_of(badge)

    for screen in (_list, inspect):
        page = client.get(screen).content.decode()
        link = rf'<a[^>]*href="{re.escape(url_of("earners", badge))}"[^>]*>1</a>'
        assert re.search(link, page), screen
