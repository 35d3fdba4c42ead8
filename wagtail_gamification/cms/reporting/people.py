"""How reports name players, and find them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from wagtail.admin.utils import get_user_display_name

from wagtail_gamification.cms.players.people import search_fields
from wagtail_gamification.conf import app_settings

# More than these are nobody that was looked for.
MOST_FOUND = 1000


def name_of(interface: Any) -> str:
    """Give the name of a player, as the CMS names users."""
    if interface.user_id:
        return get_user_display_name(interface.user)
    return str(interface)


def _has_all_words(query: str) -> Q:
    matches = Q()
    for word in query.split():
        has_word = Q()
        for name in search_fields():
            has_word |= Q(**{f"{name}__icontains": word})
        matches &= has_word
    return matches


def narrow_to_players(queryset: QuerySet, path: str, query: str) -> QuerySet | None:
    """Keep the rows of the players whose names or addresses have these words.

    ``path`` leads from a row to the key of its player. Gives None where so many
    players are found that the words say nothing.
    """
    users = get_user_model()
    matches = _has_all_words(query)
    link = app_settings.USER_INTERFACE_FIELD or "gamification_interface"
    found = (
        users._default_manager.filter(matches, **{f"{link}__isnull": False})
        .order_by()
        .values_list(link, flat=True)[: MOST_FOUND + 1]
    )
    # A list: MariaDB takes no limit within IN, and the ledger's index begins with it.
    players = list(found)
    if len(players) > MOST_FOUND:
        return None
    return queryset.filter(**{f"{path}__in": players})
