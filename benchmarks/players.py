"""Workloads on one player: register, award, increment, balance."""

from __future__ import annotations

from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    BadgeDefinition,
    GamificationInterface,
    Notice,
    PointChange,
)

from . import data
from .runner import Workload


class Register(Workload):
    """A player comes where 50 badges and 10 unlockables exist."""

    name = "register"
    operations = 20

    def set_up(self) -> None:
        data.make_players(self.players)
        data.make_definitions()

    def run(self, number: int) -> None:
        GamificationInterface.objects.create()

    def floor(self, number: int) -> None:
        with connection.cursor() as cursor:
            insert = (
                "INSERT INTO wagtail_gamification_gamificationinterface "
                "(points, is_public) VALUES (0, %s)"
            )
            if connection.vendor == "mysql":
                cursor.execute(insert, [True])
                pk = cursor.lastrowid
            else:
                cursor.execute(f"{insert} RETURNING id", [True])
                pk = cursor.fetchone()[0]
            cursor.execute(
                "INSERT INTO wagtail_gamification_badge (interface_id, "
                "badge_definition_id, progress, acquired, revoked, times_awarded, "
                "last_award_number, rounds) SELECT %s, id, 0, %s, %s, 0, 0, 0 "
                "FROM wagtail_gamification_badgedefinition "
                "WHERE original_id IS NULL AND live = %s",
                [pk, False, False, True],
            )
            cursor.execute(
                "INSERT INTO wagtail_gamification_unlockable (interface_id, "
                "unlockable_definition_id, acquired) SELECT %s, id, %s "
                "FROM wagtail_gamification_unlockabledefinition "
                "WHERE original_id IS NULL AND live = %s",
                [pk, False, True],
            )


class _OnBadges(Workload):
    """Operations on badges that are loaded, a different player's each time."""

    operations = 50

    def set_up(self) -> None:
        data.make_players(max(self.players, self.operations))
        data.make_definitions()
        self.definition = BadgeDefinition.objects.get(name="Badge 1")

    def before_round(self) -> None:
        # Only what the operations touched: the other players' rows are many.
        badges = data.badges_of(self.definition, self.operations)
        players = [badge.interface_id for badge in badges]
        Notice.objects.filter(interface__in=players)._raw_delete(using="default")
        PointChange.objects.filter(interface__in=players)._raw_delete(using="default")
        Award.objects.filter(badge__in=badges)._raw_delete(using="default")
        Activity.objects.filter(interface__in=players)._raw_delete(using="default")
        GamificationInterface.objects.filter(pk__in=players).update(points=0)
        Badge._base_manager.filter(pk__in=[badge.pk for badge in badges]).update(
            acquired=False, times_awarded=0, last_award_number=0, progress=0
        )
        self.badges = data.badges_of(self.definition, self.operations)


class AwardBadge(_OnBadges):
    """One award with its points, its ledger row and the check of what it unlocks."""

    name = "award"

    def run(self, number: int) -> None:
        self.badges[number].award()

    def floor(self, number: int) -> None:
        badge = self.badges[number]
        _award_in_sql(badge)


class Increment(_OnBadges):
    """One step of progress that doesn't reach the target."""

    name = "increment"

    def run(self, number: int) -> None:
        self.badges[number].increment()

    def floor(self, number: int) -> None:
        badge = self.badges[number]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE wagtail_gamification_badge SET progress = progress + 1 "
                "WHERE interface_id = %s AND badge_definition_id = %s",
                [badge.interface_id, badge.badge_definition_id],
            )
            cursor.execute(
                "SELECT id, progress, acquired, revoked, times_awarded "
                "FROM wagtail_gamification_badge "
                "WHERE interface_id = %s AND badge_definition_id = %s",
                [badge.interface_id, badge.badge_definition_id],
            )
            cursor.fetchone()


class Balance(_OnBadges):
    """Book a point and read the balance."""

    name = "balance"

    def run(self, number: int) -> None:
        player = self.badges[number].interface
        player.change_points(1)
        assert GamificationInterface.objects.get(pk=player.pk).points >= 1

    def floor(self, number: int) -> None:
        pk = self.badges[number].interface_id
        with transaction.atomic(), connection.cursor() as cursor:
            _book(cursor, pk, 1, None)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT points FROM wagtail_gamification_gamificationinterface "
                "WHERE id = %s",
                [pk],
            )
            assert cursor.fetchone()[0] >= 1


def _award_in_sql(badge: Badge) -> None:
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wagtail_gamification_badge SET acquired = %s, acquired_at = %s, "
            "times_awarded = times_awarded + 1, "
            "last_award_number = last_award_number + 1 "
            "WHERE interface_id = %s AND badge_definition_id = %s "
            "AND acquired = %s",
            [True, now, badge.interface_id, badge.badge_definition_id, False],
        )
        cursor.execute(
            "SELECT id, last_award_number FROM wagtail_gamification_badge "
            "WHERE interface_id = %s AND badge_definition_id = %s",
            [badge.interface_id, badge.badge_definition_id],
        )
        badge_id, award_number = cursor.fetchone()
        insert = (
            "INSERT INTO wagtail_gamification_award "
            "(badge_id, badge_definition_id, number, uuid, awarded_at, reason, "
            "note, points, revoke_reason, revoke_note) "
            "VALUES (%s, %s, %s, %s, %s, '', '', 10, '', '')"
        )
        uuid = uuid4() if connection.features.has_native_uuid_field else uuid4().hex
        values = [badge_id, badge.badge_definition_id, award_number, uuid, now]
        if connection.vendor == "mysql":
            cursor.execute(insert, values)
            award_id = cursor.lastrowid
        else:
            cursor.execute(f"{insert} RETURNING id", values)
            award_id = cursor.fetchone()[0]
        _book(cursor, badge.interface_id, 10, award_id)
        cursor.execute(
            "INSERT INTO wagtail_gamification_activity "
            "(interface_id, event, day, object_key, count) "
            "VALUES (%s, 'badge_earned', %s, %s, 1)",
            [
                badge.interface_id,
                now.date().toordinal(),
                f"wagtail_gamification.badgedefinition:{badge.badge_definition_id}",
            ],
        )


def _book(cursor, interface_id: int, amount: int, award_id: int | None) -> None:  # type: ignore[no-untyped-def]
    cursor.execute(
        "UPDATE wagtail_gamification_gamificationinterface "
        "SET points = points + %s WHERE id = %s",
        [amount, interface_id],
    )
    cursor.execute(
        "INSERT INTO wagtail_gamification_pointchange "
        "(interface_id, amount, time, reason, award_id, event, object_key, "
        f"{connection.ops.quote_name('key')}, quantity) "
        "VALUES (%s, %s, %s, '', %s, '', '', '', 0)",
        [interface_id, amount, timezone.now(), award_id],
    )
    cursor.execute(
        "SELECT 'balance', id, points FROM wagtail_gamification_gamificationinterface "
        "WHERE id = %s UNION ALL "
        "SELECT 'unlockable', d.id, d.points_required "
        "FROM wagtail_gamification_unlockabledefinition d "
        "WHERE d.live = %s AND d.original_id IS NULL AND d.points_required <= ("
        "SELECT points FROM wagtail_gamification_gamificationinterface WHERE id = %s) "
        "AND NOT EXISTS (SELECT 1 FROM wagtail_gamification_unlockable u "
        "WHERE u.unlockable_definition_id = d.id AND u.interface_id = %s "
        "AND u.acquired = %s) UNION ALL "
        "SELECT 'level', l.id, l.points_required FROM wagtail_gamification_level l "
        "WHERE l.live = %s AND l.original_id IS NULL AND l.points_required <= ("
        "SELECT points FROM wagtail_gamification_gamificationinterface WHERE id = %s) "
        "AND l.points_required > (SELECT points "
        "FROM wagtail_gamification_gamificationinterface WHERE id = %s) - %s",
        [
            *[interface_id, True, interface_id, interface_id, True],
            *[True, interface_id, interface_id, amount],
        ],
    )
    cursor.fetchall()
