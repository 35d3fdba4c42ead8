"""What raises in a site's own code is kept, stops nobody, and can be tried again."""

import logging

import pytest
from django.db import IntegrityError, transaction

from wagtail_gamification import signals
from wagtail_gamification.actions import failures
from wagtail_gamification.actions.failures import note_failure, try_again
from wagtail_gamification.models import BadgeDefinition, Failure
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db

heard = []
broken = True


def refuse(sender, signal, **facts):
    if broken:
        raise ValueError("<b>No\0 mail</b>")
    heard.append(("refuse", sender, facts))


async def refuse_later(sender, signal, **facts):
    if broken:
        raise RuntimeError
    heard.append(("refuse_later", sender, facts))


class Listener:
    def break_the_database(self, sender, signal, **facts):
        if broken:
            with transaction.atomic():
                BadgeDefinition.objects.create(pk=facts["badge"].badge_definition_id)
        heard.append(("break_the_database", sender, facts))


def listen(sender, signal, **facts):
    heard.append(("listen", sender, facts))


listener = Listener()
RECEIVERS = (refuse, listener.break_the_database, refuse_later, listen)


@pytest.fixture
def listening(monkeypatch):
    monkeypatch.setattr(f"{__name__}.broken", True)
    heard.clear()
    for receiver in RECEIVERS:
        signals.badge_awarded.connect(receiver)
    yield
    for receiver in RECEIVERS:
        signals.badge_awarded.disconnect(receiver)


@pytest.fixture
def awarded(listening, django_capture_on_commit_callbacks):
    player = create_player()
    definition = create_badge_definition()
    with django_capture_on_commit_callbacks(execute=True):
        definition.award(player)
    return definition


def test_receivers_that_raise_are_named_logged_and_listed_and_stop_nobody(
    awarded, caplog
):
    assert [name for name, _sender, _facts in heard] == ["listen"]
    rows = {row.name: row for row in Failure.objects.all()}
    assert set(rows) == {
        f"{__name__}.refuse",
        f"{__name__}.Listener.break_the_database",
        f"{__name__}.refuse_later",
    }
    row = rows[f"{__name__}.refuse"]
    assert (row.source, row.error) == ("receiver", "ValueError: <b>No mail</b>")
    assert "raise ValueError" in row.traceback
    assert rows[f"{__name__}.refuse_later"].error == "RuntimeError"
    records = caplog.get_records("setup")
    logged = [r for r in records if r.name == "wagtail_gamification"]
    assert {record.getMessage().split(" failed")[0] for record in logged} == set(rows)
    # What else there was to be done is done.
    assert awarded.badges.get().acquired


def test_a_receiver_is_sent_the_same_facts_again_and_no_other_is(awarded, monkeypatch):
    _name, sender, facts = heard.pop()
    failure = Failure.objects.get(name__endswith=".refuse")

    assert try_again(failure) is False
    assert (failure.tries, failure.resolved_at) == (2, None)
    monkeypatch.setattr(f"{__name__}.broken", False)
    for row in Failure.objects.all():
        assert try_again(row) is True
        assert row.resolved_at is not None

    assert sorted(name for name, _sender, _facts in heard) == [
        "break_the_database",
        "refuse",
        "refuse_later",
    ]
    for _name, its_sender, its_facts in heard:
        assert (its_sender, its_facts) == (sender, facts)
    # Somebody who clicks a second time does nothing.
    assert try_again(failure) is True
    assert len(heard) == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"receiver": "gone.away"},
            "“gone.away” doesn't listen to this signal any more",
        ),
        (
            {"facts": {"badge": {"model": "wagtail_gamification.badge", "pk": 0}}},
            "is gone (player's badge 0).",
        ),
        ({"facts": {"x": {"model": "no.model", "pk": 1}}}, "LookupError"),
        ({"signal": "no_signal"}, "AttributeError"),
    ],
)
def test_what_can_not_be_tried_again_says_why(awarded, change, message):
    failure = Failure.objects.get(name__endswith=".refuse")
    failure.payload |= change
    failure.save()

    assert try_again(failure) is False

    assert message in failure.error
    assert failure.tries == 2


def test_noting_a_failure_raises_never_and_shortens_what_is_long(caplog):
    row = note_failure("events", "n" * 300, ValueError("e" * 5000), {})
    assert (len(row.name), len(row.error)) == (191, failures.ERROR_LENGTH)

    class Unspeakable(Exception):
        def __str__(self):
            raise RuntimeError

    assert note_failure("events", "it", Unspeakable(), {}).error == "Unspeakable"

    caplog.clear()
    assert note_failure("events", "it", ValueError("No"), {"not": object()}) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Failure.objects.create(pk=row.pk)
    # In a transaction that is lost already.
    with transaction.atomic():
        transaction.set_rollback(True)
        assert note_failure("events", "lost", ValueError("No"), {}) is None
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR] == [
        "it failed: ValueError: No",
        "The failure of it couldn't be noted.",
        "lost failed: ValueError: No",
        "The failure of lost couldn't be noted.",
    ]


def test_facts_are_kept_as_json(listening, django_capture_on_commit_callbacks):
    player = create_player()
    with django_capture_on_commit_callbacks(execute=True):
        signals.send_on_commit(
            signals.badge_awarded,
            BadgeDefinition,
            badge=None,
            interface=player,
            by=player.user,
            reason="Because",
            odd=object,
        )

    payload = Failure.objects.get(name__endswith=".refuse").payload

    assert payload["sender"] == "wagtail_gamification.badgedefinition"
    assert payload["facts"] == {
        "badge": None,
        "interface": {
            "model": "wagtail_gamification.gamificationinterface",
            "pk": player.pk,
        },
        "by": {"model": player.user._meta.label_lower, "pk": player.user.pk},
        "reason": "Because",
        "odd": "<class 'object'>",
    }
