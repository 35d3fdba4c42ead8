"""Award badges that are due, to one player or to thousands at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from wagtail_gamification.days import day_of
from wagtail_gamification.events.objects import object_key_of
from wagtail_gamification.models.achievements import Award, Badge
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import RandomUUID, insert_from_select
from wagtail_gamification.signals import badge_awarded, send_on_commit

from .balances import add_to_balances, announce_changes, follow_balances
from .facts import Fact
from .messages import deliver_awards
from .notices import tell_of_awards
from .scoring import add_awards, add_points

AWARD_FIELDS = (
    "badge",
    "badge_definition",
    "number",
    "uuid",
    "awarded_at",
    "awarded_by",
    "job",
    "reason",
    "note",
    "points",
    "expires_at",
    "revoke_reason",
    "revoke_note",
)
LEDGER_FIELDS = (
    "interface",
    "amount",
    "time",
    "reason",
    "award",
    "event",
    "object_key",
    "key",
    "quantity",
)


@dataclass(frozen=True)
class DueBadge:
    """A row of ``Badge`` whose player has met what the badge asks for."""

    badge: int
    interface: int
    definition: BadgeDefinition


@dataclass(frozen=True)
class Terms:
    """How awards are given, apart from what and to whom."""

    reason: Any = ""
    """A text, or an expression on rows of ``Badge`` that gives one for each."""

    note: str = ""
    by: int | None = None
    """The user who awards; None where the requirements were met."""

    job: int | None = None
    """The giving job that it is part of."""

    at: datetime | None = None
    """When it was earned, None for now."""

    is_by_hand: bool = False
    """Whether somebody decided it: no requirement is used up, and one that was revoked
    comes back."""

    def time(self, now: datetime) -> datetime:
        return self.at or now


@dataclass
class Awarded:
    """What an award of many came to."""

    badges: list[DueBadge] = field(default_factory=list)
    """Those that were awarded."""

    facts: list[Fact] = field(default_factory=list)
    """What followed from it."""


def award_many(
    due: Sequence[DueBadge],
    interfaces: Mapping[int, GamificationInterface],
    *,
    terms: Terms,
    tells: bool = True,
) -> Awarded:
    """Award each of these once, pay the points and unlock what they reach.

    The caller has locked the players and knows that they qualify; whether the badge
    can be had once more, the row itself says in the update that claims it. A handful
    of statements, however many. With ``tells`` False no signal is sent.

    ``interfaces`` are the players by primary key; their points follow.
    """
    if not due:
        return Awarded()
    # Never twice the same moment for one row: it tells this award from the one before.
    now = timezone.now() + timedelta(microseconds=1)
    keys = [item.badge for item in due]
    definitions = {item.definition.pk: item.definition for item in due}
    rows = Badge._base_manager.filter(pk__in=keys)
    claimed = claim(rows, definitions, now, terms)
    awarded = list(due)
    if claimed < len(due):
        won = set(rows.filter(acquired_at=now).values_list("pk", flat=True))
        awarded = [item for item in due if item.badge in won]
    if not awarded:
        return Awarded()
    held = rows.filter(acquired_at=now)
    write_awards(held, definitions, terms, now)
    written = awards_of([item.badge for item in awarded], terms, now)
    add_awards((item.interface, terms.time(now)) for item in awarded)
    facts = [
        Fact("badge_earned", item.interface, object_key_of(item.definition), "award")
        for item in awarded
    ]
    facts += _pay(awarded, interfaces, written, terms.time(now), tells)
    if tells:
        _announce(awarded, definitions, interfaces, written)
        tell_of_awards(written)
        deliver_awards(written, definitions)
    settle(held, terms)
    return Awarded(awarded, facts)


def can_be_had_once_more(
    definitions: Mapping[int, BadgeDefinition],
    now: datetime,
    *,
    is_by_hand: bool = False,
) -> Q:
    """Give the condition, on rows of ``Badge``, that an award isn't one too many.

    One that was revoked comes back by hand alone.
    """
    by_limit: dict[int, list[int]] = {}
    for pk, definition in definitions.items():
        by_limit.setdefault(definition.award_limit, []).append(pk)
    within = Q(pk__in=[])
    for limit, keys in by_limit.items():
        within |= Q(badge_definition__in=keys, times_awarded__lt=limit)
    within |= Q(expires_at__lte=now)
    return within if is_by_hand else Q(revoked=False) & within


def claim(
    rows: QuerySet[Badge],
    definitions: Mapping[int, BadgeDefinition],
    now: datetime,
    terms: Terms,
) -> int:
    """Take the next award of each row that can have one; give how many.

    Until :func:`settle`, ``acquired_at=now`` finds those that were taken.
    """
    has_expired = Q(expires_at__lte=now)
    is_due = can_be_had_once_more(definitions, now, is_by_hand=terms.is_by_hand)
    changes: dict[str, Any] = (
        {"revoked": False} if terms.is_by_hand else {"rounds": F("rounds") + 1}
    )
    # MariaDB sets columns in this order, each seeing the ones before: the counter
    # comes before the columns it looks at.
    return rows.filter(is_due).update(
        times_awarded=Case(
            When(has_expired, then=Value(1)), default=F("times_awarded") + 1
        ),
        last_award_number=F("last_award_number") + 1,
        acquired=True,
        acquired_at=now,
        expires_at=_expiry(
            definitions, terms.time(now), keeps_later=terms.at is not None
        ),
        **changes,
    )


def settle(held: QuerySet[Badge], terms: Terms) -> None:
    """Say since when the badges are held, where that isn't now."""
    if terms.at is not None:
        # One that came before, and was earned later, is what it is held since.
        counting = Award.objects.filter(badge=OuterRef("pk"), revoked_at=None)
        latest = counting.order_by("-awarded_at").values("awarded_at")[:1]
        held.update(acquired_at=Subquery(latest))


def _expiry(
    definitions: Mapping[int, BadgeDefinition],
    now: datetime,
    *,
    keeps_later: bool = False,
) -> Case:
    """Give when awards of ``now`` end, on rows of ``Badge``.

    With ``keeps_later``, a row that ends later than that keeps its end.
    """
    ends = {
        pk: end
        for pk, definition in definitions.items()
        if (end := definition.expiry_from(now)) is not None
    }
    later = [
        When(badge_definition=pk, expires_at__gt=end, then=F("expires_at"))
        for pk, end in ends.items()
        if keeps_later
    ]
    return Case(
        *later,
        *(
            When(badge_definition=pk, then=Value(end, output_field=DateTimeField()))
            for pk, end in ends.items()
        ),
        default=None,
        output_field=DateTimeField(),
    )


def write_awards(
    rows: QuerySet[Badge],
    definitions: Mapping[int, BadgeDefinition],
    terms: Terms,
    now: datetime,
) -> None:
    """Record the awards that were claimed."""
    points = Case(
        *(
            When(badge_definition=pk, then=Value(definition.points))
            for pk, definition in definitions.items()
        ),
        default=Value(0),
    )
    insert_from_select(
        Award,
        AWARD_FIELDS,
        rows.order_by().values_list(
            "pk",
            "badge_definition_id",
            "last_award_number",
            RandomUUID(),
            Value(terms.time(now), output_field=DateTimeField()),
            Value(terms.by, output_field=BigIntegerField()),
            Value(terms.job, output_field=BigIntegerField()),
            Value(terms.reason) if isinstance(terms.reason, str) else terms.reason,
            Value(terms.note),
            points,
            _expiry(definitions, terms.time(now)),
            Value(""),
            Value(""),
        ),
    )


def _pay(
    awarded: Sequence[DueBadge],
    interfaces: Mapping[int, GamificationInterface],
    awards: QuerySet[Award],
    time: datetime,
    tells: bool,
) -> list[Fact]:
    amounts: Counter[int] = Counter()
    for item in awarded:
        if item.definition.points:
            amounts[item.interface] += item.definition.points
    if not amounts:
        return []
    add_to_balances(amounts)
    write_ledger(awards, time)
    day = day_of(time).toordinal()
    add_points((key, amount, day) for key, amount in amounts.items())
    facts = follow_balances(amounts, interfaces, tells=tells)
    if tells:
        booked = PointChange.objects.filter(award__in=awards)
        announce_changes(booked, amounts, interfaces)
    return facts


def write_ledger(awards: QuerySet[Award], now: datetime) -> None:
    """Book what these awards pay."""
    insert_from_select(
        PointChange,
        LEDGER_FIELDS,
        awards.filter(points__gt=0).values_list(
            "badge__interface_id",
            "points",
            Value(now, output_field=DateTimeField()),
            "badge_definition__name",
            "pk",
            Value(""),
            Value(""),
            Value(""),
            Value(0),
        ),
    )


def awards_of(
    badges: Sequence[int] | QuerySet, terms: Terms, now: datetime
) -> QuerySet[Award]:
    """Give the awards that were just written for these badges, given by key.

    Keys are faster than a query for them, where they are known: PostgreSQL expects one
    row of what was written in this transaction, and goes through the badges for each.
    """
    # A job gives each player a badge once.
    awards = Award.objects.filter(awarded_at=terms.time(now), job=terms.job)
    return awards.filter(badge__in=badges).order_by()


def _announce(
    awarded: Sequence[DueBadge],
    definitions: Mapping[int, BadgeDefinition],
    interfaces: Mapping[int, GamificationInterface],
    awards: QuerySet[Award],
) -> None:
    if not badge_awarded.has_listeners(Award):
        return
    badges = Badge._base_manager.in_bulk([item.badge for item in awarded])
    for award in awards.order_by("pk"):
        badge = award.badge = badges[award.badge_id]
        badge.acquired_at = award.awarded_at
        badge.badge_definition = definitions[badge.badge_definition_id]
        badge.interface = interfaces[badge.interface_id]
        send_on_commit(
            badge_awarded, Award, award=award, badge=badge, interface=badge.interface
        )
