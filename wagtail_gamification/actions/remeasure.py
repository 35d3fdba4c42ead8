"""Notice what has come about by waiting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from django.db import transaction

from wagtail_gamification.models import Failure, GamificationInterface, RetroactiveAward
from wagtail_gamification.requirements.index import RuledBadge, rule_index

from .failures import note_failure
from .follow import follow_players
from .player_range import PlayerRange
from .retroactive import end_of_range
from .stepping import try_step


def remeasure(
    definitions: Sequence[int], watch: Callable[[int, int], None] | None = None
) -> int:
    """Measure all players for these badges; give how many earned one of them.

    It is no retroactive award: what waiting made due is awarded like anything else.
    Where the editor chose that nobody is awarded who had qualified before, that holds
    here too. A badge that raises is noted as a failure and left out from there on.
    ``watch`` is called with the players done and all players.
    """
    badges = [rule_index().by_definition[pk] for pk in definitions]
    total = GamificationInterface.objects.count()
    earned = done = reached = number = 0
    while badges and (last := end_of_range(reached)) is not None:
        for badge in list(badges):
            try:
                number, awarded = try_step(partial(_do_range, badge, reached, last))
            except Exception as error:
                _note(badge, error)
                badges.remove(badge)
            else:
                earned += awarded
        done, reached = done + number, last
        if watch:
            watch(done, total)
    return earned


def _do_range(badge: RuledBadge, after: int, last: int) -> tuple[int, int]:
    """Give how many players there are, and how many of them earned the badge."""
    definition = badge.definition
    with transaction.atomic():
        latest = definition.retroactive_awards.first()
        is_for_all = latest.awards if latest else definition.awards_retroactively
        players = PlayerRange(badge, after, last)
        players.lock()
        kept_back = set() if is_for_all else players.kept_back()
        number = players.measure()
        keys = players.due().values_list("interface", flat=True)
        due = [key for key in keys if key not in kept_back]
        if (
            latest
            and not is_for_all
            and latest.state != RetroactiveAward.State.FINISHED
        ):
            # Of those behind it nobody knows yet who had qualified before.
            due = [key for key in due if key <= latest.reached]
        earned = follow_players(due, definitions=[definition.pk]) if due else 0
    return number, earned


def _note(badge: RuledBadge, error: Exception) -> None:
    note_failure(
        Failure.Source.REQUIREMENT,
        str(badge.definition),
        error,
        {"definition": badge.definition.pk, "remeasure": True},
    )
