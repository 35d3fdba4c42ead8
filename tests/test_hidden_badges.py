"""What a player hides is on nobody's shelf but the player's own."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import transaction
from django.template import engines

from tests.shelf_data import make_badge, make_user
from wagtail_gamification.models import Badge, GamificationInterface
from wagtail_gamification.shelf import ShelfReader, get_badge, get_shelf
from wagtail_gamification.testing import create_badge_definition

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def interface(user):
    return GamificationInterface.objects.for_user(user)


@pytest.fixture
def hidden(user):
    """A badge that the player has, and hides."""
    make_badge("Reader").award(user)
    definition = make_badge("Secret admirer")
    definition.award(user)
    Badge.objects.filter(badge_definition=definition).update(is_hidden=True)
    return definition


def editor():
    user = make_user("edith")
    name = "view_gamificationinterface"
    user.user_permissions.add(Permission.objects.get(codename=name))
    return user


@pytest.mark.parametrize("who", [AnonymousUser, lambda: make_user("bea"), editor])
def test_others_find_no_trace_of_it(user, hidden, who):
    viewer = who()

    shelf = get_shelf(user, viewer=viewer)

    assert [badge.name for badge in shelf] == ["Reader"]
    assert (shelf.earned, shelf.total) == (1, 1)
    assert get_badge(user, hidden.slug, viewer=viewer) is None


@pytest.mark.parametrize("as_interface", [False, True])
def test_the_player_sees_it_and_that_it_is_hidden(
    user, interface, hidden, as_interface
):
    shelf = get_shelf(interface if as_interface else user, viewer=user)

    assert shelf.earned == 2
    assert [b.name for b in shelf if b.is_hidden] == ["Secret admirer"]
    template = engines["django"].from_string(
        "{% load gamification_tags %}{% badge_shelf user=user viewer=user %}"
    )
    assert template.render({"user": user}).count("Only you see it") == 1


def test_editors_in_the_cms_see_it(interface, hidden):
    reader = ShelfReader(interface, knows_secrets=True)

    assert reader.shelf().earned == 2


def test_hiding_is_undone_by_showing(user, hidden):
    Badge.objects.update(is_hidden=False)

    assert get_shelf(user, viewer=AnonymousUser()).earned == 2


def test_a_hidden_badge_in_progress_is_nowhere_either(user, interface):
    make_badge("Walker", progression_target=9)
    interface.increment("walker", by=3)
    Badge.objects.update(is_hidden=True)

    assert len(get_shelf(user, viewer=AnonymousUser())) == 0


def test_a_badge_that_leads_to_it_does_not_name_it(user, hidden):
    first = make_badge("Friend", next_badge=hidden)
    first.award(user)

    badge = get_badge(user, "friend", viewer=AnonymousUser())

    assert badge.next_badge is None
    assert get_badge(user, "friend").next_badge.name == "Secret admirer"


def test_steps_do_not_tell_that_it_was_earned(user, hidden):
    create_badge_definition(
        "Collector",
        requirements=[
            {"kind": "badge", "badge": hidden},
            {"kind": "points", "target": 900},
        ],
    )

    def steps(viewer):
        badge = get_badge(user, "collector", steps=True, viewer=viewer)
        return [(step.sentence, step.is_met) for step in badge.steps]

    asked = "Earns the badge “Secret admirer”"
    assert steps(user)[0] == (asked, True)
    assert steps(AnonymousUser())[0] == (asked, False)


def test_a_shelf_with_hidden_badges_takes_no_more_queries(
    user, assert_max_statements, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        make_badge("Reader").award(user)
        Badge.objects.update(is_hidden=True)
    get_shelf(user)

    with assert_max_statements(1):
        get_shelf(user, viewer=AnonymousUser())


def test_saving_a_badge_elsewhere_does_not_show_it_again(user):
    make_badge("Reader").award(user)
    read_before = Badge.objects.get()
    Badge.objects.update(is_hidden=True)

    read_before.progress = 4
    read_before.save()

    assert Badge.objects.get().is_hidden
