"""Commands for badges with requirements, and for what events leave behind."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Value
from django.utils import timezone

from wagtail_gamification.actions import retroactive
from wagtail_gamification.actions.failures import try_again
from wagtail_gamification.actions.receipts import receipt_key, take_receipts
from wagtail_gamification.events import Event, temporary_events
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    EventReceipt,
    Failure,
    Requirement,
    RetroactiveAward,
)
from wagtail_gamification.requirements import (
    RequirementKind,
    register_requirement_kind,
)
from wagtail_gamification.requirements.registry import temporary_kinds
from wagtail_gamification.signals import badge_awarded
from wagtail_gamification.testing import (
    catch_signals,
    create_badge_definition,
    create_player,
)

pytestmark = pytest.mark.django_db


class Terminal(StringIO):
    def isatty(self):
        return True


def run(*args, out=None):
    out = out or StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


@pytest.fixture
def scholar():
    """A badge for ten lessons, and three players of whom two have had them."""
    definition = create_badge_definition("Scholar", points=5)
    Requirement.objects.create(badge_definition=definition, event="lesson", target=10)
    for name, lessons in (("ada", 10), ("ben", 3), ("cleo", 12)):
        player = create_player(username=name)
        Activity.objects.create(interface=player, event="lesson", day=9, count=lessons)
    return definition


class TestAwardRetroactively:
    command = "gamification_award_retroactively"

    def test_awards_to_those_who_qualify(self, scholar):
        with catch_signals(badge_awarded) as caught:
            said = run(self.command, "scholar")

        assert said == "2 players have got “Scholar”.\n"
        assert Award.objects.count() == 2
        assert not caught
        assert run(self.command, "scholar") == "0 players have got “Scholar”.\n"

    def test_a_dry_run_says_who_and_changes_nothing(self, scholar):
        said = run(self.command, "scholar", "--dry-run")

        assert said.splitlines() == [
            "2 players would get “Scholar”, for 10 points.",
            "  ada",
            "  cleo",
        ]
        assert not RetroactiveAward.objects.exists()
        assert not Badge.objects.exclude(progress=0, acquired=False).exists()

    def test_players_are_told_where_that_is_asked_for(
        self, scholar, django_capture_on_commit_callbacks
    ):
        with catch_signals(badge_awarded) as caught:
            with django_capture_on_commit_callbacks(execute=True):
                run(self.command, "scholar", "--tell")

        assert len(caught) == 2

    def test_a_terminal_shows_how_far_it_is(self, scholar, monkeypatch):
        monkeypatch.setattr(retroactive, "PLAYERS_AT_ONCE", 2)

        said = run(self.command, "scholar", out=Terminal())

        assert "]  67%" in said
        assert "] 100%\n2 players" in said

    def test_what_was_interrupted_goes_on(self, scholar, monkeypatch):
        monkeypatch.setattr(retroactive, "PLAYERS_AT_ONCE", 1)
        job = retroactive.make_retroactive_award(scholar, awards=True, tells=False)

        def power_cut(job):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            retroactive.run_retroactive_award(str(job.uuid), power_cut)

        assert run(self.command, "scholar") == "2 players have got “Scholar”.\n"
        assert RetroactiveAward.objects.get().players_done == 3

    def test_what_was_to_do_something_else_is_begun_anew(self, scholar):
        job = retroactive.make_retroactive_award(scholar, awards=False, tells=False)
        RetroactiveAward.objects.update(state="failed")

        assert run(self.command, "scholar") == "2 players have got “Scholar”.\n"

        job.refresh_from_db()
        assert (job.state, job.players_done) == ("finished", 0)

    @pytest.mark.parametrize(
        ("slug", "message"),
        [
            ("scholars", "There is no badge “scholars”. There are: scholar"),
            ("draft", "“Draft” is not published."),
            ("by-hand", "“By hand” has no requirements"),
        ],
    )
    def test_what_cannot_be_awarded_is_said(self, scholar, slug, message):
        create_badge_definition("Draft", live=False)
        create_badge_definition("By hand")

        with pytest.raises(CommandError, match=message):
            run(self.command, slug)


class TestRemeasure:
    command = "gamification_remeasure"

    def test_notices_what_waiting_has_made_due(
        self, scholar, django_capture_on_commit_callbacks
    ):
        member = create_badge_definition("Member")
        Requirement.objects.create(
            badge_definition=member, kind="membership", target=365
        )
        player = create_player(date_joined=timezone.now() - timedelta(days=365))

        with catch_signals(badge_awarded) as caught:
            with django_capture_on_commit_callbacks(execute=True):
                said = run(self.command)

        assert said == "1 player has earned something.\n"
        assert [fact["interface"] for fact in caught.facts] == [player]
        assert Award.objects.get().badge.badge_definition == member
        assert run(self.command) == "0 players have earned something.\n"

    def test_measures_the_badges_that_are_named(self, scholar):
        assert run(self.command, "scholar") == "2 players have earned something.\n"
        with pytest.raises(CommandError, match="There is no badge “school”"):
            run(self.command, "school")
        create_badge_definition("By hand")
        with pytest.raises(CommandError, match="has no requirements"):
            run(self.command, "by-hand")

    def test_goes_on_with_awards_that_were_interrupted(self, scholar):
        job = retroactive.make_retroactive_award(scholar, awards=True, tells=False)
        jobs = RetroactiveAward.objects.filter(pk=job.pk)

        run(self.command)
        assert jobs.get().state == "waiting"
        jobs.update(state="running", updated_at=timezone.now() - timedelta(hours=1))
        run(self.command)

        assert (jobs.get().state, jobs.get().awarded) == ("finished", 2)

    def test_gives_what_the_editor_kept_back_only_to_whom_time_made_due(self):
        member = create_badge_definition(
            "Member", awards_retroactively=False, expires_after=30
        )
        Requirement.objects.create(
            badge_definition=member, kind="membership", target=365
        )
        now = timezone.now()
        _before, expired, soon, unmeasured = (
            create_player(date_joined=now - timedelta(days=days))
            for days in (400, 400, 364, 400)
        )
        job = retroactive.make_retroactive_award(member, awards=False, tells=False)
        retroactive.run_retroactive_award(str(job.uuid))
        assert run(self.command) == "0 players have earned something.\n"
        member.award(expired)
        member.badges.filter(interface=expired).update(
            expires_at=now - timedelta(days=1)
        )
        soon.user.date_joined = now - timedelta(days=366)
        soon.user.save()
        # As if the measuring had failed before the last of them.
        member.badges.filter(interface=unmeasured).update(progress=0)
        RetroactiveAward.objects.update(state="failed", reached=soon.pk)

        assert run(self.command) == "2 players have earned something.\n"

        awards = Award.objects.order_by("pk")[1:]
        assert {award.badge.interface for award in awards} == {expired, soon}

    def test_a_kind_that_raises_ends_only_its_own_badge(
        self, django_capture_on_commit_callbacks, monkeypatch
    ):
        class Broken(RequirementKind):
            code = "broken"
            label = "Is broken"
            fields = ("target",)
            changes_with_time = True

            def events(self, requirement):
                return []

            def measure(self, requirement):
                raise ZeroDivisionError("Not today")

        player = create_player(date_joined=timezone.now() - timedelta(days=365))
        with temporary_kinds():
            register_requirement_kind(Broken)
            broken, member = map(create_badge_definition, ("Broken", "Member"))
            for badge, kind in ((broken, "broken"), (member, "membership")):
                Requirement.objects.create(badge_definition=badge, kind=kind, target=1)
            job = retroactive.make_retroactive_award(broken, awards=True, tells=False)
            RetroactiveAward.objects.update(
                state="running", updated_at=timezone.now() - timedelta(hours=1)
            )

            assert run(self.command) == "1 player has earned something.\n"

            job.refresh_from_db()
            assert (job.state, job.error) == ("failed", "Not today")
            failure = Failure.objects.get(payload__remeasure=True)
            assert failure.error == "ZeroDivisionError: Not today"
            monkeypatch.setattr(Broken, "measure", lambda self, asked: Value(1))
            with django_capture_on_commit_callbacks(execute=True):
                assert try_again(failure) is True

        badges = player.badges.filter(acquired=True)
        assert {badge.badge_definition for badge in badges} == {broken, member}


class TestPurgeReceipts:
    def test_forgets_what_is_old_and_not_what_counts_once(self):
        with temporary_events():
            Event("voted", "Votes", once_per="day")
            once = [
                receipt_key("level_reached", "once", 1, "wagtail_gamification.level:3"),
                receipt_key("joined", "once", 1, "Ä" * 200),
            ]
            old = [
                receipt_key("lesson", "key-1"),
                receipt_key("lesson", "Key-1"),
                receipt_key("voted", "once", 1, 738000),
            ]
            take_receipts(dict.fromkeys([*once, *old], 738000))
            EventReceipt.objects.update(received_at=timezone.now() - timedelta(days=91))
            take_receipts({receipt_key("lesson", "key-2"): 738091})

            said = run("gamification_purge_receipts")

        assert said == "3 receipts are deleted.\n"
        assert set(EventReceipt.objects.values_list("key", flat=True)) == {
            *once,
            "lesson:key-2",
        }

    def test_days_can_be_given(self):
        take_receipts({"lesson:1": 738000})
        EventReceipt.objects.update(received_at=timezone.now() - timedelta(days=3))

        assert run("gamification_purge_receipts", "--days", "4").startswith("0 ")
        assert run("gamification_purge_receipts", "--days=2").startswith("1 receipt is")
