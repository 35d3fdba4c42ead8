"""What follows: badges that events and facts make due, and what follows from those.

It ends by construction: a badge is awarded as often as it can be had, and a level or
an unlockable counts, and is paid for, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from wagtail_gamification.models.achievements import Badge
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import insert_rows
from wagtail_gamification.requirements.index import RuledBadge, rule_index
from wagtail_gamification.signals import badge_progressed, send_on_commit

from .award_many import DueBadge, Terms, award_many
from .facts import Fact, record_facts
from .measuring import Standing, measure_standings
from .pay_rules import Payable, pay_rules
from .players import Player, lock_players
from .prepare_rows import BADGE_FIELDS
from .scoring import scores_gathered


def follow_players(
    interfaces: Iterable[int],
    *,
    definitions: Iterable[int] | None = None,
    reason: str = "",
    tells: bool = True,
    awards: bool = True,
) -> int:
    """Measure these players anew and award what is due; give how many got something.

    ``interfaces`` are primary keys; ``definitions``, those of badges, narrow it. What
    follows from their awards is done and not counted. With ``awards`` False only the
    progress is written.
    """
    index = rule_index()
    wanted = index.by_definition if definitions is None else set(definitions)
    badges = [badge for pk, badge in index.by_definition.items() if pk in wanted]
    with transaction.atomic(), scores_gathered():
        players = lock_players(interfaces)
        facts = _award_due(badges, players, reason=reason, tells=tells, awards=awards)
        earned = {fact.interface for fact in facts if fact.event == "badge_earned"}
        follow(facts, players, reason=reason, tells=tells)
    return len(earned)


def follow(
    facts: Sequence[Fact],
    players: Mapping[int, Player],
    *,
    reason: str = "",
    tells: bool = True,
) -> None:
    """Count and pay for facts, award what they make due, and so on."""
    while facts:
        counted = record_facts(facts, players)
        payables = [
            Payable(fact.event, fact.interface, day, fact.object_key, 1, fact.delivery)
            for fact, day in counted
        ]
        further = pay_rules(payables, players, tells=tells)
        touched = {fact.event for fact in facts}
        moved = {fact.interface: players[fact.interface] for fact in facts}
        earned = _award_due(
            rule_index().badges_of(touched), moved, reason=reason, tells=tells
        )
        facts = [*further, *earned]


def follow_events(
    events: Iterable[str], players: Mapping[int, Player], *, tells: bool = True
) -> list[Fact]:
    """Award what these events make due among these players; give what followed."""
    return _award_due(rule_index().badges_of(events), players, tells=tells)


def _award_due(
    badges: Sequence[RuledBadge],
    players: Mapping[int, Player],
    *,
    reason: str = "",
    tells: bool = True,
    awards: bool = True,
) -> list[Fact]:
    keys = [key for key, player in players.items() if player.is_counted]
    if not badges or not keys:
        return []
    standings = _with_rows(measure_standings(badges, keys))
    interfaces = {key: player.interface for key, player in players.items()}
    before = {id(standing): standing.progress for standing in standings}
    facts: list[Fact] = []
    while awards and (due := _due(standings)):
        awarded = award_many(
            [
                DueBadge(each.pk or 0, each.interface, each.badge.definition)
                for each in due
            ],
            interfaces,
            terms=Terms(reason=reason),
            tells=tells,
        )
        facts += awarded.facts
        won = {item.badge for item in awarded.badges}
        for standing in due:
            standing.rounds += 1
            standing.times_awarded += 1
            standing.expires_at = None
            # Who lost it to a limit isn't asked again.
            standing.revoked |= standing.pk not in won
    _write_progress(standings, before, interfaces, tells)
    return facts


def _due(standings: Iterable[Standing]) -> list[Standing]:
    now = timezone.now()
    return [standing for standing in standings if standing.is_due(now)]


def _with_rows(standings: list[Standing]) -> list[Standing]:
    """Give the standings that say something, each with its row, made where missing."""
    now = timezone.now()
    missing = [
        standing
        for standing in standings
        if standing.pk is None and (standing.measured_progress or standing.is_due(now))
    ]
    if missing:
        pairs = [(each.interface, each.badge.definition.pk) for each in missing]
        insert_rows(
            Badge, BADGE_FIELDS, [(*pair, 0, False, False, 0, 0, 0) for pair in pairs]
        )
        rows = Badge._base_manager.filter(
            interface__in={pair[0] for pair in pairs},
            badge_definition__in={pair[1] for pair in pairs},
        )
        found = {
            tuple(pair): pk
            for pk, *pair in rows.values_list("pk", "interface", "badge_definition")
        }
        for standing, pair in zip(missing, pairs, strict=True):
            # None where the badge has just been deleted.
            standing.pk = found.get(pair)
    return [standing for standing in standings if standing.pk is not None]


def _write_progress(
    standings: Iterable[Standing],
    before: Mapping[int, int],
    interfaces: Mapping[int, GamificationInterface],
    tells: bool,
) -> None:
    """Write the progress that differs, in one statement for thousands."""
    by_progress: dict[int, list[Standing]] = {}
    for standing in standings:
        if standing.measured_progress != standing.progress:
            by_progress.setdefault(standing.measured_progress, []).append(standing)
    if not by_progress:
        return
    keys = {
        progress: [standing.pk for standing in moved]
        for progress, moved in by_progress.items()
    }
    rows = Badge._base_manager.filter(
        pk__in=[pk for each in keys.values() for pk in each]
    )
    if len(keys) == 1:
        rows.update(progress=next(iter(keys)))
    else:
        rows.update(
            progress=Case(
                *(When(pk__in=pks, then=Value(number)) for number, pks in keys.items())
            )
        )
    if tells and badge_progressed.has_listeners(Badge):
        _announce(by_progress, before, interfaces)


def _announce(
    by_progress: Mapping[int, Sequence[Standing]],
    before: Mapping[int, int],
    interfaces: Mapping[int, GamificationInterface],
) -> None:
    moved = [
        (standing, progress - before[id(standing)])
        for progress, standings in by_progress.items()
        for standing in standings
        if progress > before[id(standing)]
    ]
    badges = Badge._base_manager.in_bulk([standing.pk for standing, _by in moved])
    for standing, by in moved:
        badge = badges[standing.pk]
        badge.badge_definition = standing.badge.definition
        badge.interface = interfaces[standing.interface]
        send_on_commit(
            badge_progressed, Badge, badge=badge, interface=badge.interface, by=by
        )
