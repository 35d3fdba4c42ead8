"""Exporting and erasing players: nothing is forgotten, nobody else is touched."""

import json
from datetime import date
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models.signals import post_delete
from django.utils import timezone
from wagtail.models import ModelLogEntry

from wagtail_gamification import (
    ErasePlayerAction,
    ExportPlayerAction,
    InvalidPlayerSection,
    PlayerSection,
    register_player_section,
)
from wagtail_gamification.actions.player_sections import SECTIONS, ModelSection
from wagtail_gamification.actions.traces import forget_traces
from wagtail_gamification.events import Event
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    Claim,
    ClaimCode,
    DailyBadgeTotal,
    DailyTotal,
    EventReceipt,
    Failure,
    GamificationInterface,
    GivingJob,
    GivingRow,
    ImportJob,
    Nomination,
    PlayerPreferences,
    PointChange,
    RetroactiveAward,
    Score,
    ScoreSeries,
    Streak,
    Summary,
    TeamMembership,
    Unlockable,
    WebhookDelivery,
    WebhookEndpoint,
)
from wagtail_gamification.models.base import Definition
from wagtail_gamification.player_data import temporary_player_sections
from wagtail_gamification.player_files import write_player_data
from wagtail_gamification.testing import (
    create_badge_definition,
    create_player,
    create_point_rule,
    create_team,
    create_unlockable_definition,
    record_now,
)

pytestmark = pytest.mark.django_db

FORMULA = '=HYPERLINK("https://example.org")'
# Wagtail's own: who holds a definition locked.
NOT_ABOUT_PLAYERS = {"locked_by"}
NOT_PLAYERS = (Definition, ImportJob, GivingJob, ClaimCode, WebhookEndpoint)


def ours():
    return list(apps.get_app_config("wagtail_gamification").get_models())


def ways_to_a_player(model):
    """Give the lookups that lead from a model to a player or a user."""
    found = set()
    # What editors define is about no player, though a board may name a team.
    if issubclass(model, Definition):
        return found
    if model is GamificationInterface:
        return {"pk"}
    for field in model._meta.concrete_fields:
        if not field.is_relation or field.name in NOT_ABOUT_PLAYERS:
            continue
        target = field.related_model
        if target in (GamificationInterface, get_user_model()):
            found.add(field.name)
        elif target in ours() and not (field.null or issubclass(target, NOT_PLAYERS)):
            found |= {f"{field.name}__{way}" for way in ways_to_a_player(target)}
    return found


WAYS = {(model, way) for model in ours() for way in ways_to_a_player(model)}
# Through an award it is said already.
SAID = {
    (section.model, section.path)
    for section in SECTIONS
    if isinstance(section, ModelSection)
}


@pytest.fixture
def lesson_completed():
    from wagtail_gamification.events import temporary_events

    with temporary_events():
        yield Event("lesson_completed", "Completes a lesson")


def make_everything(event, name, **kwargs):
    """Create a player who has, and did, one of everything."""
    player = create_player(username=name)
    editor = create_player(username=f"{name}-editor").user
    definition = create_badge_definition(f"Badge of {name}", points=10)
    definition.award(player, by=editor, reason=FORMULA)
    PlayerPreferences.objects.create(interface=player, digest="weekly")
    create_unlockable_definition(f"Door of {name}", points_required=5)
    create_point_rule(event.code, name=f"Rule of {name}")
    record_now(event, player.user, key=f"own-{name}")
    definition.revoke(player, reason="A mistake")
    player.change_points(50, reason="Helped at the fair")
    Streak.objects.create(
        interface=player, event=event.code, current=1, longest=1, last_day=738000
    )
    endpoint = WebhookEndpoint.objects.create(name=f"Endpoint of {name}", url="x")
    WebhookDelivery.objects.create(
        endpoint=endpoint,
        interface=player,
        message_id="msg_1",
        type="badge.awarded",
        payload={"data": {"player": str(player.pk)}},
    )
    # What they did as an editor.
    other = create_player(username=f"{name}-other")
    definition.award(other, by=player.user, reason="About the other")
    definition.revoke(other, by=player.user)
    RetroactiveAward.objects.create(
        badge_definition=definition, started_by=player.user, awards=True
    )
    ImportJob.objects.create(workbook="x", user=player.user, file_name="mine.xlsx")
    job = GivingJob.objects.create(
        kind="award", title="Badge", started_by=player.user, undone_by=player.user
    )
    GivingRow.objects.create(job=job, interface=player)
    ClaimCode.objects.create(badge_definition=definition, created_by=player.user)
    code = ClaimCode.objects.create(badge_definition=definition, created_by=editor)
    award = Award.objects.get(badge__interface=player)
    Claim.objects.create(claim_code=code, interface=player, award=award)
    Nomination.objects.create(
        badge_definition=definition,
        nominee=player,
        nominator=editor,
        reason="Kind",
        award=award,
    )
    Nomination.objects.create(
        badge_definition=definition,
        nominee=other,
        nominator=player.user,
        decided_by=player.user,
        reason="About somebody",
    )
    Score.objects.create(series=series_of_points(), interface=player, score=10)
    TeamMembership.objects.create(team=create_team(f"Team of {name}"), member=player)
    TeamMembership.objects.create(team=player, member=other)
    return player


def series_of_points():
    series, _created = ScoreSeries.objects.get_or_create(
        measure="points", window="all_time"
    )
    return series


@pytest.fixture
def player(lesson_completed):
    return make_everything(lesson_completed, "ada")


def exported(interface, **kwargs):
    stream = BytesIO()
    write_player_data(ExportPlayerAction(interface, **kwargs).execute(), "json", stream)
    return json.loads(stream.getvalue())


def workbook_of(interface):
    stream = BytesIO()
    write_player_data(ExportPlayerAction(interface).execute(), "xlsx", stream)
    stream.seek(0)
    return openpyxl.load_workbook(stream)


def rows_about(player, user_id):
    """Count the rows that lead to a player, by model and way."""
    counts = {}
    for model, way in WAYS:
        target = way.rpartition("__")[2]
        field = model if way == "pk" else None
        is_user = False
        if field is None:
            current = model
            for part in way.split("__"):
                current = current._meta.get_field(part).related_model
            is_user = current is get_user_model()
        value = user_id if is_user else player
        counts[(model.__name__, way, target)] = model._base_manager.filter(
            **{way: value}
        ).count()
    return counts


# They name nobody, and stay.
TOTALS = (Summary, DailyTotal, DailyBadgeTotal)


class TestNothingIsForgotten:
    @pytest.mark.parametrize(
        ("model", "way"),
        sorted(WAYS, key=str),
        ids=lambda value: value if isinstance(value, str) else value.__name__,
    )
    def test_every_model_that_leads_to_a_player_is_exported(self, model, way):
        if model is GamificationInterface or (model, way) in SAID:
            return
        # The interface's user is the player.
        base, _, last = way.rpartition("__")
        assert last == "user", f"{model.__name__}.{way} is in no section"
        assert (model, base) in SAID, f"{model.__name__}.{way} is in no section"

    def test_every_field_of_these_models_is_exported(self):
        for section in SECTIONS:
            if not isinstance(section, ModelSection) or section.only:
                continue
            names = {field.name for field in section.model._meta.concrete_fields}
            left = names - set(section.fields) - {section.path}
            assert left == set(), section.name

    def test_every_row_is_erased_or_forgets_the_user(self, player):
        user = player.user
        before = rows_about(player.pk, user.pk)
        assert [way for way, number in before.items() if not number] == []

        user.delete()

        after = rows_about(player.pk or before, user.pk or 0)
        assert [way for way, number in after.items() if number] == []

    def test_rows_of_everybody_else_stay(self, player, lesson_completed):
        other = make_everything(lesson_completed, "grace")
        number = player.pk
        before = rows_about(other.pk, other.user.pk)
        definitions = [
            (model, model._base_manager.count())
            for model in ours()
            if not ways_to_a_player(model)
            and model not in (EventReceipt, Failure, *TOTALS)
        ]

        ErasePlayerAction(player).execute()

        assert rows_about(other.pk, other.user.pk) == before
        assert not rows_about(number, None)[("GamificationInterface", "pk", "pk")]
        for model, count in definitions:
            assert model._base_manager.count() == count, model


class TestExport:
    def test_everything_is_there(self, player):
        data = exported(player)

        sections = data["sections"]
        assert data["player"] == player.pk
        assert [name for name, rows in sections.items() if not rows] == ["failures"]
        # This export itself.
        [entry] = sections["log"]
        assert entry["action"] == "wagtail_gamification.export_player"
        assert sections["player"][0]["user"] == "ada"
        [award] = [row for row in sections["awards"] if row["badge"] == "badge-of-ada"]
        assert award["reason"] == FORMULA
        assert award["revoke_reason"] == "A mistake"
        assert date.fromisoformat(sections["activities"][0]["day"])
        assert "Helped at the fair" in [
            row["reason"] for row in sections["point_changes"]
        ]
        assert any("own-ada" in row["key"] for row in sections["deliveries"])

    def test_nobody_else_is_named(self, player):
        text = json.dumps(exported(player))

        assert "ada-editor" not in text
        assert "ada-other" not in text
        assert "About the other" not in text
        awards = exported(player)["sections"]["awards"]
        assert {row["awarded_by"] for row in awards} == {"other"}

    def test_what_others_wrote_in_the_log_is_there(self, player, admin_user):
        from wagtail.log_actions import log

        log(
            instance=player,
            action="wagtail.edit",
            user=admin_user,
            data={"note": "Was rude", "points": 5},
        )

        entry, _export = exported(player)["sections"]["log"]

        assert entry["data"] == {"note": "Was rude", "points": 5}
        assert "admin" not in json.dumps(entry)

    def test_failures_that_name_the_player_are_there(self, player):
        payload = {"definition": 1, "interface": player.pk}
        Failure.objects.create(source="requirement", name="kind", payload=payload)
        both = {"definition": 1, "interfaces": [player.pk, player.pk + 1]}
        Failure.objects.create(source="requirement", name="many", payload=both)
        Failure.objects.create(
            source="requirement", name="x", payload={"definition": player.pk}
        )

        rows = exported(player)["sections"]["failures"]

        assert [(row["name"], row["payload"]) for row in rows] == [
            ("kind", payload),
            ("many", None),
        ]

    def test_a_formula_stays_text(self, player):
        workbook = workbook_of(player)

        sheet = workbook["awards"]
        headings = [cell.value for cell in sheet[1]]
        cell = sheet.cell(2, headings.index("reason") + 1)
        assert (cell.value, cell.data_type) == (FORMULA, "s")
        assert cell.quotePrefix
        assert workbook.sheetnames == [section.name for section in SECTIONS]

    def test_what_does_not_fit_a_sheet_goes_on_in_another(self, player, monkeypatch):
        monkeypatch.setattr("wagtail_gamification.player_files.SHEET_ROWS", 2)
        for number in range(3):
            player.change_points(number + 1)
        count = player.point_changes.count()

        workbook = workbook_of(player)

        titles = [name for name in workbook.sheetnames if "point_changes" in name]
        assert titles[:2] == ["point_changes", "point_changes 2"]
        assert sum(workbook[name].max_row - 1 for name in titles) == count

    def test_it_costs_as_many_queries_however_much_there_is(
        self, player, assert_max_statements
    ):
        with assert_max_statements(45):
            exported(player)
        for number in range(50):
            player.change_points(number + 1)
        with assert_max_statements(45):
            exported(player)

    def test_it_is_logged_without_a_name(self, player, admin_user):
        exported(player, by=admin_user)

        entry = ModelLogEntry.objects.get(action="wagtail_gamification.export_player")
        assert (entry.user, entry.object_id) == (admin_user, str(player.pk))
        assert "ada" not in entry.label + json.dumps(entry.data)

    def test_an_unknown_format_is_refused(self, player):
        data = ExportPlayerAction(player).execute()

        with pytest.raises(ValueError, match="json, xlsx"):
            write_player_data(data, "pdf", BytesIO())


class TestErase:
    def test_a_preview_counts_and_changes_nothing(self, player):
        found = ErasePlayerAction(player).preview()

        assert found.rows["awards"] == 1
        assert found.total == sum(found.rows.values()) > 8
        assert GamificationInterface.objects.filter(pk=player.pk).exists()

    def test_the_account_stays_and_begins_anew(self, player, lesson_completed):
        user, number = player.user, player.pk

        ErasePlayerAction(player).execute()

        user = get_user_model().objects.get(pk=user.pk)
        record_now(lesson_completed, user, key="own-ada")
        fresh = GamificationInterface.objects.for_user(user)
        assert fresh.pk != number
        # The delivery counts again: nothing is known of it.
        assert fresh.activities.get(event="lesson_completed").count == 1

    def test_deliveries_are_forgotten_also_those_with_a_hash(self):
        player = create_player()
        from wagtail_gamification.events.builtin import level_reached

        assert level_reached.once_per == "object"
        from wagtail_gamification.actions.receipts import once_key, take_receipts

        day = 738000
        keys = [once_key(level_reached, player.pk, day, key) for key in ("a", "Ä")]
        assert [key[0] for key in keys] == ["l", "#"]
        take_receipts(dict.fromkeys(keys, day))
        take_receipts({f"level_reached:once:{player.pk}1:a": day})
        Activity.objects.create(
            interface=player, event="level_reached", day=day, object_key="Ä", count=1
        )

        forget_traces(player.pk, [])

        left = EventReceipt.objects.values_list("key", flat=True)
        assert list(left) == [f"level_reached:once:{player.pk}1:a"]

    def test_failures_forget_the_player(self, player):
        user, number = player.user, player.pk
        label = "wagtail_gamification.gamificationinterface"

        def make(source, **payload):
            return Failure.objects.create(
                source=source,
                name="it",
                error="ValueError: ada",
                traceback="ada",
                payload=payload,
            )

        record = {"event": "x", "at": "2026-01-01T00:00:00+00:00", "key": "k"}
        gone = [
            make("requirement", definition=1, interface=number),
            make("requirement", definition=1, interfaces=[number]),
            make("receiver", facts={"interface": {"model": label, "pk": number}}),
            make("events", records=[record | {"user": str(user.pk)}]),
        ]
        shared = make(
            "events",
            records=[record | {"user": str(user.pk)}, record | {"user": "other"}],
        )
        many = make("requirement", definition=1, interfaces=[number, number + 1])
        others = make("requirement", definition=number, interface=number + 1)

        ErasePlayerAction(player).execute()

        assert not Failure.objects.filter(pk__in=[each.pk for each in gone]).exists()
        for failure in (shared, many):
            failure.refresh_from_db()
            assert (failure.error, failure.traceback) == ("ValueError", "")
        assert shared.payload == {"records": [record | {"user": "other"}]}
        assert many.payload["interfaces"] == [number + 1]
        others.refresh_from_db()
        assert others.error == "ValueError: ada"

    def test_the_log_keeps_what_was_done_and_no_name(self, player, admin_user):
        from wagtail.log_actions import log

        data = {"player": "ada", "reason": "Rude", "points": 5, "badge": "Heron"}
        log(instance=player, action="wagtail.edit", user=admin_user, data=data)
        number = player.pk

        ErasePlayerAction(player, by=admin_user).execute()

        title = f"Player {number}"
        entries = ModelLogEntry.objects.order_by("pk")
        assert [(entry.action, entry.label, entry.deleted) for entry in entries] == [
            ("wagtail.edit", title, True),
            ("wagtail_gamification.erase_player", title, True),
        ]
        assert entries[0].data == {"player": title, "points": 5, "badge": "Heron"}
        assert entries[1].user == admin_user
        assert list(entries[1].data) == ["rows"]

    def test_a_player_who_is_gone_is_erased_once(self, player):
        again = GamificationInterface.objects.get(pk=player.pk)
        ErasePlayerAction(player).execute()

        assert ErasePlayerAction(again).execute().total == 0


class TestDeletingUsers:
    def test_rows_go_without_being_read(self, player, django_assert_max_num_queries):
        users = get_user_model().objects
        for number in range(30):
            player.change_points(number + 1)
        with django_assert_max_num_queries(76) as queries:
            users.filter(pk=player.user_id).delete()
        read = [
            query["sql"]
            for query in queries
            if query["sql"].startswith("SELECT")
            and 'pointchange"."id"' in query["sql"].lower().replace("`", '"')
        ]
        assert read == []
        assert not PointChange.objects.filter(interface=player.pk).exists()

    def test_the_ledger_is_deleted_with_what_reverses_what(self):
        player = create_player()
        first = player.change_points(5)
        second = PointChange.objects.create(interface=player, amount=-5, reverses=first)
        PointChange.objects.create(interface=player, amount=5, reverses=second)

        player.user.delete()

        assert not PointChange.objects.exists()

    def test_many_users_are_deleted_at_once(self, player, lesson_completed):
        grace = make_everything(lesson_completed, "grace")
        users = get_user_model().objects.filter(pk__in=[player.user_id, grace.user_id])

        users.delete()

        left = Award.objects.filter(badge__interface__in=[player.pk, grace.pk])
        assert not left.exists()
        assert not Unlockable.objects.filter(interface=player.pk).exists()

    def test_who_listens_for_deleted_rows_hears_of_each(self, player):
        heard = []

        def listen(sender, instance, **kwargs):
            heard.append(instance)

        post_delete.connect(listen, sender=Badge)
        try:
            number = player.badges.count()
            player.user.delete()
        finally:
            post_delete.disconnect(listen, sender=Badge)

        assert len(heard) == number > 0

    def test_a_model_of_the_sites_that_refers_to_rows_is_asked_by_django(
        self, player, monkeypatch
    ):
        from wagtail_gamification.models import protection

        asked = []

        def relations(opts):
            asked.append(opts.model)
            field = SimpleNamespace(
                remote_field=SimpleNamespace(on_delete=models.PROTECT)
            )
            elsewhere = SimpleNamespace(_meta=SimpleNamespace(app_label="blog"))
            return [SimpleNamespace(related_model=elsewhere, field=field)]

        monkeypatch.setattr(protection, "get_candidate_relations_to_delete", relations)

        player.user.delete()

        assert {Badge, PointChange} <= set(asked)
        assert not Badge.objects.filter(interface=player.pk).exists()

    def test_wagtails_view_deletes_them(self, client, admin_user, player):
        from django.urls import reverse

        client.force_login(admin_user)
        number = player.pk

        response = client.post(
            reverse("wagtailusers_users:delete", args=[player.user_id])
        )

        assert response.status_code == 302
        assert not GamificationInterface.objects.filter(pk=number).exists()

    def test_wagtails_bulk_action_deletes_them(self, client, admin_user, player):
        from django.urls import reverse

        client.force_login(admin_user)
        url = reverse("wagtail_bulk_action", args=["auth", "user", "delete"])

        client.post(f"{url}?id={player.user_id}")

        assert not GamificationInterface.objects.filter(user=player.user_id).exists()


class TestSectionsOfASite:
    @pytest.fixture(autouse=True)
    def _apart(self):
        with temporary_player_sections():
            yield

    def test_one_is_exported_and_erased_with_the_others(self, player):
        notes = {player.pk: ["=1+1", timezone.now()]}
        register_player_section(
            PlayerSection(
                name="notes",
                fields=("text", "at"),
                rows=lambda interface: [notes[interface.pk]],
                erase=lambda interface: notes.pop(interface.pk),
            )
        )

        assert exported(player)["sections"]["notes"][0]["text"] == "=1+1"
        assert workbook_of(player)["notes"]["A2"].data_type == "s"
        ErasePlayerAction(player).execute()
        assert notes == {}

    def test_one_that_raises_erases_nothing(self, player):
        def raise_error(interface):
            raise RuntimeError("No")

        register_player_section(
            PlayerSection(
                name="notes", fields=("a",), rows=lambda one: [], erase=raise_error
            )
        )

        with pytest.raises(RuntimeError):
            ErasePlayerAction(player).execute()

        assert player.point_changes.exists()

    @pytest.mark.parametrize("name", ["badges", "", "Notes", "no/tes", "x" * 32])
    def test_a_name_that_is_taken_or_none_is_refused(self, name):
        with pytest.raises(InvalidPlayerSection):
            register_player_section(
                PlayerSection(name=name, fields=("a",), rows=lambda one: [])
            )

    def test_one_without_fields_or_twice_is_refused(self):
        section = PlayerSection(name="notes", fields=("a",), rows=lambda one: [])
        register_player_section(section)

        for wrong in (
            section,
            PlayerSection(name="other", fields=(), rows=lambda one: []),
        ):
            with pytest.raises(InvalidPlayerSection):
                register_player_section(wrong)
