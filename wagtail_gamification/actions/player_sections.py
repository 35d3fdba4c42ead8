"""What is held about a player in our own tables, section by section.

A test holds this against the models: one that leads to a player and isn't here fails
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import (
    Activity,
    Award,
    Badge,
    Claim,
    ClaimCode,
    GamificationInterface,
    GivingJob,
    GivingRow,
    ImportJob,
    Nomination,
    Notice,
    PlayerPreferences,
    PointChange,
    RetroactiveAward,
    Score,
    Streak,
    TeamMembership,
    Unlockable,
    WebhookDelivery,
)

from .traces import failures_of, log_entries_about, receipts_of

ROWS_AT_ONCE = 2000
# Days are stored as numbers.
DAYS = frozenset(["day", "last_day", "rested_on"])
# What becomes of a user that a row names: other people are nobody's business.
SELF, OTHER = "self", "other"


@dataclass(frozen=True, kw_only=True)
class ModelSection:
    """The rows of one model that belong to a player, or that name the player's user.

    All of the model's fields are in it, so that one that is added isn't forgotten.
    """

    name: str
    model: type[models.Model]
    path: str
    """The lookup that leads to the player, or to the user."""

    is_about_user: bool = False
    """Whether ``path`` leads to the user: then the rows stay when a player is erased,
    and forget the user when the account is deleted."""

    shown: Mapping[str, str] = field(default_factory=dict)
    """The lookup that says what a foreign key stands for, by field."""

    only: tuple[str, ...] = ()
    """The fields, where not all are about this person."""

    left_out: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """What it is called for people."""
        return str(capfirst(self.model._meta.verbose_name_plural))

    @property
    def fields(self) -> tuple[str, ...]:
        if self.only:
            return self.only
        fields = self.model._meta.concrete_fields
        skipped = {self.path, *self.left_out}
        return tuple(each.name for each in fields if each.name not in skipped)

    def queryset(self, interface: GamificationInterface) -> QuerySet:
        owner: Any = interface.pk
        if self.is_about_user:
            owner = user_of(interface)
            if owner is None:
                return self.model._base_manager.none()
        return self.model._base_manager.filter(**{self.path: owner}).order_by("pk")

    def count(self, interface: GamificationInterface) -> int:
        return self.queryset(interface).count()

    def rows(self, interface: GamificationInterface) -> Iterator[tuple[Any, ...]]:
        lookups = [self.shown.get(name, name) for name in self.fields]
        readers = [_reader(self._field(name), interface) for name in self.fields]
        rows = self.queryset(interface).values_list(*lookups)
        for row in rows.iterator(ROWS_AT_ONCE):
            yield tuple(
                read(value) if read else value
                for read, value in zip(readers, row, strict=True)
            )

    def _field(self, name: str) -> Any:
        return None if name in self.shown else self.model._meta.get_field(name)


@dataclass(frozen=True, kw_only=True)
class TraceSection:
    """What names a player without a foreign key."""

    name: str
    label: Any
    fields: tuple[str, ...]
    read: Callable[[GamificationInterface], Iterable[tuple[Any, ...]]]
    counted: Callable[[GamificationInterface], int] | None = None

    def count(self, interface: GamificationInterface) -> int:
        if self.counted:
            return self.counted(interface)
        return sum(1 for _row in self.read(interface))

    def rows(self, interface: GamificationInterface) -> Iterable[tuple[Any, ...]]:
        return self.read(interface)


def users_of(interface: GamificationInterface) -> QuerySet:
    """Give the users whose interface it is: mostly one, of a team several or none."""
    users = get_user_model()._base_manager.all()
    name = app_settings.USER_INTERFACE_FIELD
    owner: Any = interface.pk if name else interface.user_id
    return users.filter(**{name or "pk": owner})


def user_of(interface: GamificationInterface) -> Any:
    """Give the primary key of the user that a player is, None for a team."""
    keys = list(users_of(interface).values_list("pk", flat=True)[:2])
    return keys[0] if len(keys) == 1 else None


def _reader(
    field: models.Field | None, interface: GamificationInterface
) -> Callable[[Any], Any] | None:
    if field is None:
        return None
    if field.name in DAYS:
        return lambda day: None if day is None else date.fromordinal(day)
    if field.is_relation and field.related_model is get_user_model():
        user = user_of(interface)
        return lambda key: None if key is None else SELF if key == user else OTHER
    return None


def _receipts(interface: GamificationInterface) -> Iterator[tuple[Any, ...]]:
    rows = receipts_of(interface.pk).values_list(
        "key", "day", "quantity", "received_at"
    )
    for key, day, quantity, received_at in rows.iterator(ROWS_AT_ONCE):
        yield key, date.fromordinal(day), quantity, received_at


def _failures(interface: GamificationInterface) -> Iterator[tuple[Any, ...]]:
    users = list(users_of(interface).values_list("pk", flat=True))
    for failure, rest in failures_of(interface.pk, users):
        # What is about others too is only said to be there.
        payload = failure.payload if rest is None else None
        yield failure.source, failure.name, failure.occurred_at, payload


def _log(interface: GamificationInterface) -> Iterator[tuple[Any, ...]]:
    rows = log_entries_about(interface.pk).values_list("timestamp", "action", "data")
    yield from rows.iterator(ROWS_AT_ONCE)


def _username() -> str:
    return f"user__{get_user_model().USERNAME_FIELD}"


class _PlayerSection(ModelSection):
    """The interface itself, with the name of its user."""

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.model._meta.concrete_fields)

    def rows(self, interface: GamificationInterface) -> Iterator[tuple[Any, ...]]:
        names = [_username() if name == "user" else name for name in self.fields]
        yield from self.queryset(interface).values_list(*names)


_BADGE = {"badge": "badge__badge_definition__slug"}

SECTIONS: tuple[ModelSection | TraceSection, ...] = (
    _PlayerSection(name="player", model=GamificationInterface, path="pk"),
    ModelSection(name="preferences", model=PlayerPreferences, path="interface"),
    ModelSection(
        name="badges",
        model=Badge,
        path="interface",
        shown={"badge_definition": "badge_definition__slug"},
    ),
    ModelSection(
        name="awards",
        model=Award,
        path="badge__interface",
        shown={**_BADGE, "job": "job__title"},
    ),
    ModelSection(
        name="bulk_awards",
        model=GivingRow,
        path="interface",
        shown={"job": "job__title", "badge_definition": "badge_definition__slug"},
    ),
    ModelSection(
        name="unlockables",
        model=Unlockable,
        path="interface",
        shown={"unlockable_definition": "unlockable_definition__slug"},
    ),
    ModelSection(
        name="point_changes",
        model=PointChange,
        path="interface",
        shown={
            "award": "award__uuid",
            "rule": "rule__slug",
            "unlockable": "unlockable__slug",
        },
    ),
    ModelSection(
        name="claims",
        model=Claim,
        path="interface",
        shown={"claim_code": "claim_code__code", "award": "award__uuid"},
    ),
    ModelSection(
        name="nominations",
        model=Nomination,
        path="nominee",
        shown={"badge_definition": "badge_definition__slug", "award": "award__uuid"},
    ),
    ModelSection(
        name="notices",
        model=Notice,
        path="interface",
        shown={
            "award": "award__uuid",
            "level": "level__slug",
            "unlockable_definition": "unlockable_definition__slug",
        },
    ),
    ModelSection(
        name="webhook_deliveries",
        model=WebhookDelivery,
        path="interface",
        shown={"endpoint": "endpoint__name"},
    ),
    ModelSection(name="activities", model=Activity, path="interface"),
    ModelSection(name="streaks", model=Streak, path="interface"),
    ModelSection(name="scores", model=Score, path="interface"),
    ModelSection(name="teams", model=TeamMembership, path="member"),
    ModelSection(name="team_members", model=TeamMembership, path="team"),
    TraceSection(
        name="deliveries",
        label=gettext_lazy("Deliveries that were counted"),
        fields=("key", "day", "quantity", "received_at"),
        read=_receipts,
        counted=lambda interface: receipts_of(interface.pk).count(),
    ),
    TraceSection(
        name="failures",
        label=gettext_lazy("Failures"),
        fields=("source", "name", "occurred_at", "payload"),
        read=_failures,
    ),
    TraceSection(
        name="log",
        label=gettext_lazy("Site history"),
        fields=("time", "action", "data"),
        read=_log,
        counted=lambda interface: log_entries_about(interface.pk).count(),
    ),
    # What they did as an editor.
    ModelSection(
        name="awards_given",
        model=Award,
        path="awarded_by",
        is_about_user=True,
        shown=_BADGE,
        only=("badge", "awarded_at"),
    ),
    ModelSection(
        name="awards_revoked",
        model=Award,
        path="revoked_by",
        is_about_user=True,
        shown=_BADGE,
        only=("badge", "revoked_at"),
    ),
    ModelSection(
        name="retroactive_awards",
        model=RetroactiveAward,
        path="started_by",
        is_about_user=True,
        shown={"badge_definition": "badge_definition__slug"},
        only=("badge_definition", "created_at", "state"),
    ),
    ModelSection(
        name="bulk_awards_started",
        model=GivingJob,
        path="started_by",
        is_about_user=True,
        only=("title", "created_at", "state"),
    ),
    ModelSection(
        name="bulk_awards_taken_back",
        model=GivingJob,
        path="undone_by",
        is_about_user=True,
        only=("title", "undone_at"),
    ),
    ModelSection(
        name="claim_codes_made",
        model=ClaimCode,
        path="created_by",
        is_about_user=True,
        shown={"badge_definition": "badge_definition__slug"},
        only=("badge_definition", "label", "created_at"),
    ),
    ModelSection(
        name="nominations_made",
        model=Nomination,
        path="nominator",
        is_about_user=True,
        shown={"badge_definition": "badge_definition__slug"},
        only=("badge_definition", "reason", "state", "created_at"),
    ),
    ModelSection(
        name="nominations_decided",
        model=Nomination,
        path="decided_by",
        is_about_user=True,
        shown={"badge_definition": "badge_definition__slug"},
        only=("badge_definition", "state", "decided_at"),
    ),
    ModelSection(
        name="imports",
        model=ImportJob,
        path="user",
        is_about_user=True,
        only=("file_name", "created_at", "state"),
    ),
)


def count_rows(interface: GamificationInterface) -> int:
    """Count what our tables hold about a player."""
    return sum(section.count(interface) for section in SECTIONS)
