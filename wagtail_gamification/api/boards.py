"""What the API says of a leaderboard's players: the same for both versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from wagtail.api.v2.utils import get_full_url

from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.leaderboards import get_leaderboard
from wagtail_gamification.models import Leaderboard
from wagtail_gamification.models.leaderboards import MOST_PLACES

from .entries import PublicEntries
from .listing import BadRequest


def most_places() -> int:
    """Give how many places one answer has at most."""
    site_limit = getattr(settings, "WAGTAILAPI_LIMIT_MAX", 20)
    return min(site_limit or MOST_PLACES, MOST_PLACES)


def places(
    definition: Leaderboard, entries: PublicEntries, *, page: int, limit: int | None
) -> dict[str, Any]:
    """Give one page of a board, as everybody sees it: nobody's own place is told.

    :raises BadRequest: where more is asked for than one answer has
    :raises Http404: where another board of the same slug is meant by its readers
    """
    most = most_places()
    if limit is not None and limit > most:
        raise BadRequest(f"limit cannot be higher than {most}")
    try:
        board = get_leaderboard(
            definition.slug,
            page=page,
            limit=min(20, most) if limit is None else limit,
            locale=entries.locale,
        )
    except UnknownDefinition as error:
        raise Http404("not found") from error
    if board.definition_id != definition.pk:
        raise Http404("not found")
    return {
        "count": board.total or 0,
        "page": page,
        "pages": board.pages or 1,
        "is_ready": board.is_ready,
        "starts_on": board.starts_on,
        "ends_on": board.ends_on,
        "items": [
            {
                "rank": entry.rank,
                "name": entry.name,
                "score": entry.score,
                "profile_id": entry.profile_id,
                "profile_url": (
                    get_full_url(entries.request, entry.profile_url)
                    if entry.profile_url
                    else None
                ),
            }
            for entry in board.entries
        ],
    }
