"""What the API says of what a player was told: the same for both versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wagtail_gamification.models import Notice
from wagtail_gamification.notices import read_notices

from .entries import PublicEntries
from .listing import BadRequest

# As many as can be marked as read at once, without saying “all”.
MOST_READ = 100
LARGEST_KEY = 2**63 - 1


def of(user: Any, *, unread: bool = False) -> Any:
    """Give the notices of a user, the newest first."""
    found = Notice.objects.of(user).current().order_by("-pk")
    return found.unread() if unread else found


def told(page: Any, entries: PublicEntries) -> list[dict[str, Any]]:
    """Give what the notices of one page say, as data."""
    keys = list(page.values_list("pk", flat=True))
    found = Notice.objects.filter(pk__in=keys).order_by("-pk")
    return [
        {
            "id": item.key,
            "kind": item.kind,
            "text": item.text,
            "name": item.name,
            "slug": item.slug,
            "locale": item.language,
            "image": entries.image(item.image),
            "created_at": item.created_at,
            "is_read": item.is_read,
        }
        for item in read_notices(found, size=entries.size, language=entries.language)
    ]


def mark_read(user: Any, *, keys: Iterable[int], everything: bool = False) -> None:
    """Say that a user has read these notices. Those of others stay as they are."""
    found = Notice.objects.of(user)
    if not everything:
        found = found.filter(pk__in=keys)
    found.mark_read()


def checked_keys(keys: Any) -> Sequence[int]:
    """Give keys that somebody sent.

    :raises BadRequest: where they are none
    """
    if not isinstance(keys, list) or len(keys) > MOST_READ:
        raise BadRequest(f"ids must be a list of at most {MOST_READ} numbers")
    for key in keys:
        is_number = isinstance(key, int) and not isinstance(key, bool)
        if not (is_number and 0 <= key <= LARGEST_KEY):
            raise BadRequest("ids must be numbers")
    return keys
