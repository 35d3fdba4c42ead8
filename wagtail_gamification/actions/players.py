"""Whose events these are: the players, locked, and what is counted of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connections, router
from django.db.models import (
    CharField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.utils import timezone

from wagtail_gamification.conf import app_settings
from wagtail_gamification.events.records import EventRecord
from wagtail_gamification.models.players import GamificationInterface


@dataclass(frozen=True)
class Player:
    """A player who may change now: the row of the interface is locked."""

    interface: GamificationInterface

    zone: tzinfo
    """In which the player's days begin."""

    is_counted: bool
    """False for who is inactive or in a group that the site leaves out."""

    def day_of(self, moment: datetime) -> int:
        """Give the number of the day that it was for the player."""
        return moment.astimezone(self.zone).date().toordinal()


def lock_interface(interface: GamificationInterface) -> None:
    """Keep everybody else from changing this player until the end of the transaction.

    The first thing that every change of a player does: what is locked afterwards, in
    whatever order, nobody else waits for.
    """
    rows = locked_rows(GamificationInterface.objects.filter(pk=interface.pk))
    if rows is not None:
        list(rows.values_list("pk"))


def lock_player(interface: GamificationInterface) -> Player:
    """Lock a player's row and give the player, with the object that is at hand."""
    player = lock_players([interface.pk])[interface.pk]
    return replace(player, interface=interface)


def lock_players(interfaces: Iterable[int]) -> dict[int, Player]:
    """Lock these interfaces; give them as players, by primary key."""
    rows = GamificationInterface.objects.filter(pk__in=list(interfaces))
    return {player.interface.pk: player for player in _players(rows)}


def lock_players_of(records: Sequence[EventRecord]) -> dict[EventRecord, Player]:
    """Lock the players that records name, and give each record its player.

    A user without an interface gets one. Users that are gone are left out.
    """
    users = {record.user for record in records if record.user is not None}
    keys = {record.interface for record in records if record.interface is not None}
    interface_of = _interfaces_of(users) if app_settings.USER_INTERFACE_FIELD else None
    wanted = Q(pk__in=[*keys, *(interface_of or {}).values()])
    if interface_of is None:
        wanted |= Q(user__in=users)
    players = _players(GamificationInterface.objects.filter(wanted))
    by_key = {player.interface.pk: player for player in players}
    if interface_of is None:
        interface_of = {
            str(player.interface.user_id): key for key, player in by_key.items()
        }
    if missing := users - set(interface_of):
        interface_of |= _made_for(missing)
        by_key |= lock_players(set(interface_of.values()) - set(by_key))
    found = {}
    for record in records:
        key = record.interface or interface_of.get(record.user or "")
        if key in by_key:
            found[record] = by_key[key]
    return found


def _players(rows: QuerySet[GamificationInterface]) -> list[Player]:
    rows = rows.annotate(
        counted=~Exists(users_left_out().filter(pk=OuterRef("user"))),
        zone=_zone_of(OuterRef("user")),
    )
    locked = locked_rows(rows.order_by("pk"))
    return [
        Player(interface, time_zone_named(interface.zone), interface.counted)
        for interface in (rows if locked is None else locked)
    ]


def locked_rows(rows: QuerySet) -> QuerySet | None:
    """Give the rows to be read for update, None where the database has no such lock.

    There (on SQLite) the first write locks everything.
    """
    features = connections[router.db_for_write(GamificationInterface)].features
    if not features.has_select_for_update:
        return None
    # Without the key: rows that refer to the player may be inserted meanwhile.
    return rows.select_for_update(no_key=features.has_select_for_no_key_update)


def left_out(prefix: str = "user") -> Q:
    """Give the condition that a player isn't counted, on rows with a user."""
    return Q(**{f"{prefix}__in": users_left_out()})


def users_left_out() -> QuerySet:
    return get_user_model()._base_manager.filter(is_left_out())


def is_left_out(user: str = "") -> Q:
    """Give the condition that a user isn't counted; ``user`` leads there from rows."""
    prefix = f"{user}__" if user else ""
    users = get_user_model()._base_manager.all()
    names = {field.name for field in users.model._meta.get_fields()}
    condition = Q(**{f"{prefix}pk__in": []})
    if "is_active" in names:
        condition |= Q(**{f"{prefix}is_active": False})
    groups = list(app_settings.EXCLUDED_GROUPS)
    if groups and "groups" in names:
        members = users.filter(groups__name__in=groups)
        condition |= Q(**{f"{prefix}pk__in": members.values("pk")})
    return condition


def _zone_of(user: Any) -> Any:
    if not apps.is_installed("wagtail.users"):
        return Value("", output_field=CharField())
    profiles = apps.get_model("wagtailusers", "UserProfile")._base_manager
    return Subquery(profiles.filter(user=user).values("current_time_zone")[:1])


def time_zone_named(name: str | None) -> tzinfo:
    """Give the zone of that name, the site's where there is none."""
    if name:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            # One that was renamed, or written by something else.
            pass
    return timezone.get_default_timezone()


def time_zone_of(user: Any) -> tzinfo:
    """Give the zone in which a user's days begin: the profile's, else the site's."""
    users = get_user_model()._base_manager.filter(pk=user.pk)
    names = users.annotate(zone=_zone_of(OuterRef("pk"))).values_list("zone", flat=True)
    return time_zone_named(names.first())


def _interfaces_of(users: Iterable[str]) -> dict[str, int]:
    """Follow the user model's own foreign key, where a site has one."""
    name = app_settings.USER_INTERFACE_FIELD
    rows = get_user_model()._base_manager.filter(pk__in=list(users))
    rows = rows.exclude(**{name: None})
    return {str(user): key for user, key in rows.values_list("pk", name)}


def _made_for(users: Iterable[str]) -> dict[str, int]:
    """Make the interfaces that are missing: those of new users get them elsewhere."""
    # In one order, so that two who make the same ones never wait for each other.
    rows = get_user_model()._base_manager.filter(pk__in=list(users)).order_by("pk")
    made = {user: GamificationInterface.objects.for_user(user) for user in rows}
    return {str(user.pk): interface.pk for user, interface in made.items()}
