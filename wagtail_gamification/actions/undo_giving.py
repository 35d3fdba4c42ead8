"""Take back what some rows of a giving job gave, as far as it still counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_gamification.models.achievements import Award, Badge
from wagtail_gamification.models.definitions import (
    BadgeDefinition,
    UnlockableDefinition,
)
from wagtail_gamification.models.giving_jobs import GivingJob
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.sql import insert_from_select
from wagtail_gamification.signals import badge_revoked, send_on_commit

from .award_at_once import LOOKED_AT, are_looked_at
from .award_many import LEDGER_FIELDS
from .balances import announce_changes, follow_balances
from .chosen_players import ChosenPlayers
from .count_scores import take_back_awards, take_back_changes
from .follow import follow, follow_events
from .messages import deliver_revocations
from .players import lock_players


def revoke_chosen(chosen: ChosenPlayers, definition: BadgeDefinition) -> int:
    """Revoke exactly the job's awards that nobody has revoked; give how many.

    A player keeps what other awards of the same badge gave. Points come back as rows
    that reverse those that paid.
    """
    job, now = chosen.job, timezone.now()
    reason = _("The bulk award was taken back.")
    ours = Award.objects.filter(job=job.pk, revoked_at=None)
    ours = ours.filter(badge__in=chosen.badges.order_by().values("pk"))
    take_back_awards(ours)
    number = ours.update(
        revoked_at=now, revoked_by=job.undone_by_id, revoke_reason=reason
    )
    if not number:
        return 0
    gone = Award.objects.filter(badge=OuterRef("pk"), job=job.pk, revoked_at=now)
    badges = chosen.badges.filter(Exists(gone.order_by()))
    _give_up(badges, job)
    if job.tells_players:
        revoked = Award.objects.filter(job=job.pk, revoked_at=now)
        deliver_revocations(revoked.filter(badge__in=badges.order_by().values("pk")))
    if job.tells_players and badge_revoked.has_listeners(Badge):
        for badge in badges.select_related("badge_definition", "interface"):
            send_on_commit(
                badge_revoked,
                Badge,
                badge=badge,
                interface=badge.interface,
                by=job.undone_by,
                reason=reason,
            )
    _Taking(
        chosen,
        Q(award__job=job.pk, award__revoked_at=now),
        _("Revoked: %(badge)s") % {"badge": definition.name},
        now,
    ).execute(badges.order_by().values_list("interface", flat=True), LOOKED_AT)
    return number


def take_points_from_chosen(chosen: ChosenPlayers) -> int:
    """Reverse the points that the job gave; give from how many players."""
    taking = _Taking(
        chosen,
        Q(key=chosen.job.key),
        _("Points that were given were taken back."),
        timezone.now(),
    )
    interfaces = taking.paid.order_by().values_list("interface", flat=True)
    number = interfaces.count()
    if number:
        taking.execute(interfaces, {"points_reached"})
    return number


class _Taking:
    """Taking back the rows of the ledger that meet a condition."""

    def __init__(
        self, chosen: ChosenPlayers, which: Q, reason: str, now: datetime
    ) -> None:
        self.chosen = chosen
        self.which = which & Q(reversed_by=None, reverses=None)
        self.reason = reason
        self.now = now
        self.tells = chosen.job.tells_players
        players = chosen.players.order_by().values("pk")
        self.paid = PointChange.objects.filter(self.which, interface__in=players)

    def execute(self, interfaces: Iterable[int], events: Iterable[str]) -> None:
        """Take them back from these players, and do what follows from ``events``."""
        locks_again = UnlockableDefinition.objects.filter(relock=True, original=None)
        if not (self.tells or are_looked_at(events) or locks_again.exists()):
            self._reverse()
            return
        players = lock_players(interfaces)
        by_player = self.paid.order_by().values_list("interface")
        amounts = {key: -paid for key, paid in by_player.annotate(paid=Sum("amount"))}
        self._reverse()
        locked = {key: player.interface for key, player in players.items()}
        follow_balances(amounts, locked, tells=self.tells)
        if self.tells:
            booked = PointChange.objects.filter(time=self.now, reverses__isnull=False)
            announce_changes(booked, amounts, locked)
        facts = follow_events(events, players, tells=self.tells)
        follow(facts, players, tells=self.tells)

    def _reverse(self) -> None:
        take_back_changes(self.paid)
        own = PointChange.objects.filter(self.which, interface=OuterRef("pk"))
        sums = own.order_by().values("interface").annotate(paid=Sum("amount"))
        # Before the ledger's rows, after which nothing is left to take back.
        self.chosen.players.update(
            points=F("points") - Coalesce(Subquery(sums.values("paid")), Value(0))
        )
        insert_from_select(
            PointChange,
            (*LEDGER_FIELDS, "reverses"),
            self.paid.order_by().values_list(
                "interface_id",
                F("amount") * -1,
                Value(self.now, output_field=DateTimeField()),
                Value(self.reason),
                "award_id",
                Value(""),
                Value(""),
                Value(""),
                Value(0),
                "pk",
            ),
        )


def _give_up(badges: QuerySet[Badge], job: GivingJob) -> None:
    """Make the rows say what the awards say that are left."""
    awards = Award.objects.filter(badge=OuterRef("pk"))
    left = awards.filter(revoked_at=None).order_by("-number")
    number = Subquery(
        Award.objects.filter(badge=OuterRef("badge"), job=job.pk).values("number")[:1]
    )
    later = left.filter(number__gt=number)
    before = awards.filter(~Q(job=job.pk) | Q(job=None), revoked_at__isnull=False)
    # One that came after it counts still, whatever number it took.
    fewest = Case(When(Exists(later), then=Value(1)), default=Value(0))
    # MariaDB has no number below zero here, not even on the way.
    less = Greatest(Greatest(F("times_awarded"), Value(1)) - 1, fewest)
    badges.update(
        times_awarded=Case(When(Exists(left), then=less), default=Value(0)),
        acquired=Exists(left),
        acquired_at=Subquery(left.values("awarded_at")[:1]),
        expires_at=Subquery(left.values("expires_at")[:1]),
        # As it was before: who meets the requirements may get it anew.
        revoked=Case(
            When(Exists(left), then=Value(False)),
            default=Exists(before),
        ),
    )
