"""What raises in a site's own code is kept, stops nobody, and can be tried again."""

import logging

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Value

from wagtail_gamification import Event, signals
from wagtail_gamification.actions import failures
from wagtail_gamification.actions.failures import note_failure, try_again
from wagtail_gamification.actions.record_events import record_events
from wagtail_gamification.events import temporary_events
from wagtail_gamification.events.records import make_record
from wagtail_gamification.models import Activity, Award, BadgeDefinition, Failure
from wagtail_gamification.requirements import (
    RequirementKind,
    register_requirement_kind,
)
from wagtail_gamification.requirements.registry import temporary_kinds
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


class Moody(RequirementKind):
    code = "moody"
    label = "Is in the mood"
    fields = ("target",)

    def events(self, requirement):
        return ["lesson_completed"]

    def measure(self, requirement):
        if broken:
            raise ZeroDivisionError("Not today")
        return Value(1)


def test_a_requirement_that_raises_stops_no_other_and_is_measured_again(
    listening, monkeypatch, lesson_completed, badge_for, done
):
    player = create_player()
    with temporary_kinds():
        register_requirement_kind(Moody)
        moody = badge_for({"kind": "moody"}, name="Moody")
        other = badge_for({"kind": "event", "event": "lesson_completed"}, name="Other")
        done(lesson_completed.record, player.user)
        assert [award.badge.badge_definition for award in all_awards()] == [other]
        failure = Failure.objects.get(source="requirement")
        assert (failure.name, failure.error) == (
            "Moody (moody)",
            "ZeroDivisionError: Not today",
        )

        done(lesson_completed.record, player.user)
        done(lesson_completed.record, create_player().user)
        # The same player is to be measured once, the other too.
        rows = Failure.objects.filter(source="requirement").order_by("pk")
        assert [row.tries for row in rows] == [2, 1]
        rows[1].delete()

        assert done(try_again, failure) is False
        assert failure.tries == 3
        # What is tried again and fails is the same failure still.
        assert Failure.objects.filter(source="requirement").count() == 1
        monkeypatch.setattr(f"{__name__}.broken", False)
        assert done(try_again, failure) is True

    awarded = player.badges.filter(acquired=True)
    assert {badge.badge_definition for badge in awarded} == {moody, other}
    failure.resolved_at = None
    failure.payload["definition"] = 0
    failure.save()
    assert try_again(failure) is False
    assert failure.error == "The badge is gone."


def test_a_requirement_that_failed_for_several_is_measured_for_them(
    listening, monkeypatch, lesson_completed, badge_for, done
):
    players = [create_player() for _number in range(2)]
    records = [
        make_record(lesson_completed, player.user).as_payload() for player in players
    ]
    with temporary_kinds():
        register_requirement_kind(Moody)
        moody = badge_for({"kind": "moody"}, awards_retroactively=False)
        create_player()
        done(record_events, records)
        failure = Failure.objects.get(source="requirement")
        assert done(try_again, failure) is False
        assert Failure.objects.get(source="requirement").tries == 2
        monkeypatch.setattr(f"{__name__}.broken", False)
        assert done(try_again, failure) is True

    assert failure.payload["interfaces"] == [player.pk for player in players]
    holders = moody.badges.filter(acquired=True)
    assert {badge.interface for badge in holders} == set(players)
    assert not moody.retroactive_awards.exists()


def all_awards():
    return Award.objects.select_related("badge__badge_definition").order_by("pk")


def test_a_requirement_that_failed_for_many_is_measured_in_the_background(done):
    definition = create_badge_definition(tells_retroactively=True)
    payload = {"definition": definition.pk, "interface": None}
    failure = note_failure("requirement", "it", ValueError(), payload)

    assert done(try_again, failure) is True

    job = definition.retroactive_awards.get()
    assert (job.state, job.awards, job.tells_players) == ("finished", True, True)


def test_events_that_failed_are_recorded_again_once(lesson_completed, done):
    player = create_player()
    record = make_record(lesson_completed, player.user, key="mine").as_payload()
    failure = note_failure("events", "it", ValueError(), {"records": [record]})

    with temporary_events():
        failure.payload["records"][0]["event"] = "not_yet"
        failure.save()
        assert try_again(failure) is False
        assert "not_yet" in failure.error
        assert failure.tries == 2
        Event("not_yet", "Does it")
        assert done(try_again, failure) is True
        Failure.objects.update(resolved_at=None)
        assert done(try_again, failure) is True

    assert Activity.objects.get().count == 1
