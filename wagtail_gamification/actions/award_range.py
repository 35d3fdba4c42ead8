"""Award one badge to those of a measured range to whom it is due."""

from __future__ import annotations

from .award_at_once import are_looked_at, award_at_once, with_consequences
from .award_many import Terms
from .follow import follow_players
from .player_range import PlayerRange


def award_range(players: PlayerRange, reason: str, *, tells: bool) -> int:
    """Award the badge to those of a measured range to whom it is due; give how many.

    Unless it ``tells``, no signal is sent.
    """
    definition, due = players.definition, players.due()
    awarded = 0
    if not (tells or definition.can_be_earned_again or are_looked_at()):
        getting_it = players.players.filter(pk__in=due.order_by().values("interface"))
        singly = with_consequences(definition.points, getting_it)
        at_once = due.exclude(interface__in=sorted(singly)) if singly else due
        awarded = award_at_once(
            at_once,
            players.rows,
            players.players,
            definition,
            Terms(reason=reason),
        )
    else:
        singly = set(due.values_list("interface", flat=True))
    if singly:
        keys = [definition.pk]
        awarded += follow_players(singly, definitions=keys, reason=reason, tells=tells)
    return awarded
