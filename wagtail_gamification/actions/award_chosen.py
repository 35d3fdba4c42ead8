"""Award one badge, or give points, to the players of some rows of a giving job."""

from __future__ import annotations

from django.db.models import (
    BigIntegerField,
    DateTimeField,
    F,
    OuterRef,
    Subquery,
    Value,
)
from django.utils import timezone

from wagtail_gamification.days import day_of
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.giving_jobs import GivingJob
from wagtail_gamification.models.leaderboards import Measure
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.sql import insert_from_select

from .award_at_once import (
    are_looked_at,
    award_at_once,
    that_reach_something,
    with_consequences,
)
from .award_many import LEDGER_FIELDS, DueBadge, Terms, award_many
from .balances import announce_changes, follow_balances
from .chosen_players import ChosenPlayers
from .follow import follow
from .players import lock_players
from .scoring import add_to_all


def award_chosen(
    chosen: ChosenPlayers, definition: BadgeDefinition, *, number: int
) -> int:
    """Award the badge to those ``number`` players who get it; give how many did."""
    job = chosen.job
    terms = Terms(
        reason=_reasons(chosen) if job.kind == GivingJob.Kind.LIST else job.reason,
        note=job.note,
        by=job.started_by_id,
        job=job.pk,
        at=chosen.given_at,
        is_by_hand=True,
    )
    chosen.prepare_badges(number)
    due, awarded = chosen.badges, 0
    if job.tells_players or are_looked_at():
        singly = set(chosen.players.values_list("pk", flat=True))
    else:
        singly = with_consequences(definition.points, chosen.players)
        at_once = due.exclude(interface__in=sorted(singly)) if singly else due
        awarded = award_at_once(
            at_once, chosen.badges_between, chosen.players_between, definition, terms
        )
    if singly:
        awarded += _award_singly(chosen, definition, singly, terms)
    return awarded


def give_points_to_chosen(chosen: ChosenPlayers, *, number: int) -> int:
    """Book the job's points for those ``number`` players who get them."""
    job, players = chosen.job, chosen.players
    if job.tells_players or job.amount < 0 or are_looked_at(["points_reached"]):
        singly = set(players.values_list("pk", flat=True))
    else:
        singly = that_reach_something(job.amount, players)
    now = timezone.now()
    day = day_of(now).toordinal()
    players.update(points=F("points") + job.amount)
    insert_from_select(
        PointChange,
        LEDGER_FIELDS,
        players.order_by().values_list(
            "pk",
            Value(job.amount),
            Value(now, output_field=DateTimeField()),
            Value(job.reason),
            Value(None, output_field=BigIntegerField()),
            Value(""),
            Value(""),
            Value(job.key),
            Value(0),
        ),
    )
    add_to_all(players, job.amount, day, Measure.POINTS, player="pk")
    if singly:
        locked = lock_players(singly)
        interfaces = {key: player.interface for key, player in locked.items()}
        amounts = dict.fromkeys(locked, job.amount)
        facts = follow_balances(amounts, interfaces, tells=job.tells_players)
        if job.tells_players:
            booked = PointChange.objects.filter(key=job.key)
            announce_changes(booked, amounts, interfaces)
        follow(facts, locked, tells=job.tells_players)
    return number


def _award_singly(
    chosen: ChosenPlayers, definition: BadgeDefinition, keys: set[int], terms: Terms
) -> int:
    """Award it to those for whom more follows."""
    tells = chosen.job.tells_players
    players = lock_players(keys)
    rows = chosen.badges.filter(interface__in=sorted(keys)).order_by("interface")
    awarded = award_many(
        [
            DueBadge(badge, interface, definition)
            for badge, interface in rows.values_list("pk", "interface")
        ],
        {key: player.interface for key, player in players.items()},
        terms=terms,
        tells=tells,
    )
    follow(awarded.facts, players, tells=tells)
    return len(awarded.badges)


def _reasons(chosen: ChosenPlayers) -> Subquery:
    own = chosen.rows.filter(interface=OuterRef("interface"))
    return Subquery(own.values("reason")[:1])
