"""How reports name players, and find them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.admin.utils import get_user_display_name

from wagtail_gamification.cms.players.people import users_called
from wagtail_gamification.conf import app_settings

# More than these are nobody that was looked for.
MOST_FOUND = 1000


def name_of(interface: Any) -> str:
    """Give the name of a player, as the CMS names users."""
    if interface.user_id:
        return get_user_display_name(interface.user)
    return str(interface)


def narrow_to_players(queryset: QuerySet, path: str, query: str) -> QuerySet | None:
    """Keep the rows of the players whose names or addresses have these words.

    ``path`` leads from a row to the key of its player. Gives None where so many
    players are found that the words say nothing.
    """
    link = app_settings.USER_INTERFACE_FIELD or "gamification_interface"
    found = (
        users_called(query)
        .filter(**{f"{link}__isnull": False})
        .values_list(link, flat=True)[: MOST_FOUND + 1]
    )
    # A list: MariaDB takes no limit within IN, and the ledger's index begins with it.
    players = list(found)
    if len(players) > MOST_FOUND:
        return None
    return queryset.filter(**{f"{path}__in": players})
