"""Who is meant by a name, a username or an e-mail address that somebody typed."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat, Lower
from wagtail.admin.utils import get_user_display_name

from wagtail_gamification.cms.players.people import search_fields, user_field
from wagtail_gamification.conf import app_settings

# Lines that suggestions are looked for, and people who are looked at for them.
MOST_LINES = 50
MOST_CANDIDATES = 2000
MOST_SUGGESTIONS = 5
# What PostgreSQL and SQLite take in one statement, whatever else is in it.
NAMES_AT_ONCE = 2000


def normal(text: str) -> str:
    """Give a name without what people write differently: case, spaces."""
    return " ".join(text.split()).lower()


def find_people(names: Collection[str]) -> dict[str, list[Any]]:
    """Give the users that each of these names may mean, by the name as given.

    What is somebody's username means that user; then come e-mail addresses, then full
    names. Some queries, however many names.
    """
    wanted = {normal(name) for name in names}
    # Not every database knows how to lower what isn't ASCII.
    spelt = sorted(wanted | {name.lower() for name in names} | set(names))
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    keys = _keys()
    for start in range(0, len(spelt), NAMES_AT_ONCE):
        batch = spelt[start : start + NAMES_AT_ONCE]
        condition = Q(pk__in=[])
        for key in keys:
            condition |= Q(**{f"lower_{key}__in": batch})
        for user in _users(keys).filter(condition).order_by("pk").distinct():
            for key, text in _texts(user, keys):
                if text in wanted and user not in found[text][key]:
                    found[text][key].append(user)
    return {name: _best(found.get(normal(name), {}), keys) for name in names}


def suggest_people(names: Iterable[str]) -> dict[str, list[Any]]:
    """Give users whose names look like these, for the first of them."""
    names = list(names)[:MOST_LINES]
    keys = _keys()
    condition = Q(pk__in=[])
    for name in names:
        for word in name.split()[:3]:
            for field in search_fields():
                condition |= Q(**{f"{field}__istartswith": word[:3]})
    by_text: dict[str, list[Any]] = defaultdict(list)
    for user in _users(keys).filter(condition).order_by("pk")[:MOST_CANDIDATES]:
        for _key, text in _texts(user, keys):
            by_text[text].append(user)
    suggestions = {}
    for name in names:
        close = difflib.get_close_matches(normal(name), list(by_text), n=5, cutoff=0.6)
        users = [user for text in close for user in by_text[text]]
        suggestions[name] = list(dict.fromkeys(users))[:MOST_SUGGESTIONS]
    return suggestions


def label_of(user: Any) -> str:
    """Tell a user from others of the same name."""
    parts = [get_user_display_name(user), user.get_username()]
    return " · ".join(dict.fromkeys(part for part in parts if part))


def interfaces_of(users: Iterable[Any]) -> dict[Any, int]:
    """Give the key of the player that each user is, by the user's key."""
    keys = [user.pk for user in users]
    rows = get_user_model()._base_manager.filter(pk__in=keys)
    path = app_settings.USER_INTERFACE_FIELD or "gamification_interface"
    pairs = rows.exclude(**{path: None}).values_list("pk", path)
    return dict(pairs)


def _keys() -> list[str]:
    """Give what people are found by, the surest first."""
    fields = search_fields()
    keys = [name for name in fields if name not in ("first_name", "last_name")]
    if user_field("first_name") and user_field("last_name"):
        keys.append("full_name")
    return keys


def _users(keys: Iterable[str]) -> QuerySet:
    users = get_user_model()._default_manager.all()
    for key in keys:
        text: Any = key
        if key == "full_name":
            text = Concat("first_name", Value(" "), "last_name")
        users = users.annotate(**{f"lower_{key}": Lower(text)})
    return users


def _texts(user: Any, keys: Iterable[str]) -> Iterable[tuple[str, str]]:
    for key in keys:
        value = (
            f"{user.first_name} {user.last_name}"
            if key == "full_name"
            else getattr(user, key)
        )
        if text := normal(str(value or "")):
            yield key, text


def _best(found: dict[str, list[Any]], keys: Iterable[str]) -> list[Any]:
    for key in keys:
        if found.get(key):
            return found[key]
    return []
