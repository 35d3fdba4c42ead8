"""What Wagtail's log and site history say of what was given by hand."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from wagtail_gamification.actions.erase_player import ErasePlayerAction
from wagtail_gamification.models import Award, Badge, BadgeDefinition, PointChange
from wagtail_gamification.testing import create_badge_definition, create_player

from .conftest import EVIL, submit, text_of, url_of

pytestmark = pytest.mark.django_db

HISTORY = "wagtailadmin_reports:site_history"


@pytest.fixture
def guest():
    return create_badge_definition("Guest", points=10, expires_after=9)


def history(client):
    return text_of(client.get(reverse(HISTORY)))


def do_all(client, player, badge, reason="Because", note="Internal", name="grace"):
    """Award, renew, take back, give points, take points, reset."""
    why = {"reason": reason, "note": note}
    submit(client, url_of("award", player), badge=badge.pk, **why)
    submit(client, url_of("award", player, badge=badge.pk, renew=1), **why)
    submit(client, url_of("revoke", player, badge), **why)
    submit(client, url_of("adjust", player), amount=1234, **why)
    submit(client, url_of("adjust", player), amount=-1, **why)
    submit(client, url_of("reset", player), name=name, **why)


SENTENCES = [
    "Awarded “Guest” to grace. Reason: Because",
    "Renewed “Guest” of grace. Reason: Because",
    "Took “Guest” back from grace. Reason: Because",
    "Gave 1,234 points to grace. Reason: Because Internal note: Internal",
    "Took 1 point from grace. Reason: Because Internal note: Internal",
    "Reset grace. Reason: Because Internal note: Internal",
]
ACTIONS = ["award", "award", "revoke", "adjust_points", "adjust_points", "reset"]


def test_each_way_is_logged_in_the_name_of_the_editor(editor, edith, grace, guest):
    do_all(editor, grace, guest)

    entries = ModelLogEntry.objects.order_by("pk")
    assert [entry.message for entry in entries] == SENTENCES
    assert [entry.action for entry in entries] == [
        f"wagtail_gamification.{action}" for action in ACTIONS
    ]
    assert {entry.user for entry in entries} == {edith}
    assert {entry.object_id for entry in entries} == {str(grace.pk)}


def test_what_is_refused_is_not_logged(editor, edith, grace, guest):
    own = edith.gamification_interface
    submit(editor, url_of("award", own), badge=guest.pk)
    submit(editor, url_of("adjust", own), amount=5, reason="Me")
    submit(editor, url_of("revoke", grace, guest))
    submit(editor, url_of("reset", grace), name="wrong")

    assert not ModelLogEntry.objects.exists()


def test_the_site_history_reads_the_same_when_badge_and_records_are_gone(
    cms, grace, guest
):
    do_all(cms, grace, guest)
    # What takes points back refers to what gave them.
    PointChange.objects.exclude(reverses=None)._raw_delete("default")
    PointChange.objects.all()._raw_delete("default")
    Award.objects.all().delete()
    Badge.objects.all().delete()
    BadgeDefinition.objects.all().delete()

    page = history(cms)

    for sentence in SENTENCES:
        assert sentence in page


def test_a_player_who_is_erased_is_a_number_in_it(cms, grace, guest):
    do_all(cms, grace, guest)
    number = grace.pk
    ErasePlayerAction(grace).execute()

    page = history(cms)

    assert "grace" not in page
    assert "Because" not in page
    assert "Internal" not in page
    for sentence in (
        f"Awarded “Guest” to Player {number}.",
        f"Renewed “Guest” of Player {number}.",
        f"Took “Guest” back from Player {number}.",
        f"Gave 1,234 points to Player {number}.",
        f"Reset Player {number}.",
    ):
        assert sentence in page


def test_a_user_who_is_deleted_is_a_number_in_it(cms, grace, guest):
    do_all(cms, grace, guest)
    number = grace.pk
    grace.user.delete()

    page = history(cms)

    assert f"Awarded “Guest” to Player {number}." in page
    assert "Because" not in page


def test_an_entry_that_says_nothing_can_be_read(cms, grace):
    for action in set(ACTIONS):
        ModelLogEntry.objects.log_action(grace, f"wagtail_gamification.{action}")

    page = history(cms)

    assert "Reset grace." in page
    assert "Gave 0 points to grace." in page


def test_without_a_reason_there_is_none_in_it(editor, grace, guest):
    submit(editor, url_of("award", grace), badge=guest.pk)

    assert ModelLogEntry.objects.get().message == "Awarded “Guest” to grace."


def test_scripts_in_names_and_reasons_are_text_everywhere(cms):
    player = create_player(username=EVIL, first_name=EVIL)
    badge = create_badge_definition(f"{EVIL} 100%", points=5, expires_after=9)
    do_all(cms, player, badge, reason=EVIL, note=EVIL, name=EVIL)
    submit(cms, url_of("award", player), badge=badge.pk, reason=EVIL)
    assert ModelLogEntry.objects.count() == 7

    for url in (
        reverse(HISTORY),
        url_of("player", player),
        url_of("awards", player),
        url_of("ledger", player),
        url_of("shelf", player),
        reverse("wagtail_gamification_players:index"),
    ):
        page = text_of(cms.get(url, follow=True))
        assert EVIL not in page, url
        assert "&lt;script&gt;alert" in page, url


def test_the_history_can_be_filtered_by_each_action(cms, grace, guest):
    do_all(cms, grace, guest)

    page = history(cms)

    for action in set(ACTIONS):
        assert f'value="wagtail_gamification.{action}"' in page


def test_notes_are_for_editors_and_not_on_the_shelf(cms, grace, guest):
    why = {"reason": "Because", "note": "For colleagues"}
    submit(cms, url_of("award", grace), badge=guest.pk, **why)
    submit(cms, url_of("revoke", grace, guest), reason="Why", note="For us alone")

    for name in ("player", "awards"):
        page = text_of(cms.get(url_of(name, grace)))
        assert "For colleagues" in page
        assert "For us alone" in page
    shelf = text_of(cms.get(url_of("shelf", grace)))
    assert "For colleagues" not in shelf
    assert "For us alone" not in shelf
