"""A board to look at before it is published."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wagtail_gamification.catalogue.reading import expand
from wagtail_gamification.models import leaderboards as models

from .items import Leaderboard, LeaderboardEntry, ViewerState

_SCORES = (120, 95, 95, 60, 45)


def sample_leaderboard(definition: models.Leaderboard) -> Leaderboard:
    """Give a board of players that don't exist, with the texts of a draft.

    It asks the database for nothing but linked pages.
    """
    source = definition.source
    [description] = expand([definition.description])
    scores = _SCORES[: source.size]
    ranks = [1 + sum(other > score for other in scores) for score in scores]
    entries = tuple(
        LeaderboardEntry(
            rank=rank,
            name=_("Player %(number)s") % {"number": number},
            score=score,
            interface_id=0,
            is_viewer=number == 3,
        )
        for number, (rank, score) in enumerate(zip(ranks, scores, strict=True), 1)
    )
    own = next((entry for entry in entries if entry.is_viewer), None)
    return Leaderboard(
        definition_id=definition.state_id or 0,
        slug=definition.slug,
        name=definition.name,
        description=SafeString(description),
        language=definition.locale.language_code,
        measure=source.measure,
        window=source.window,
        starts_on=source.starts_on,
        ends_on=source.ends_on,
        entries=entries,
        own=own,
        viewer_state=ViewerState.LISTED if own else ViewerState.NO_SCORE,
    )
