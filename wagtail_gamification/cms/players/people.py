"""Who the players are, on whatever user model the site has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import (
    CharField,
    Count,
    F,
    Field,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    Window,
)
from django.db.models.functions import Concat, RowNumber
from django.db.models.lookups import IsNull
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.utils import get_user_display_name

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import GamificationInterface

# How many keys are passed to the database, at most.
MOST_FOUND = 7_500

# How many of a team are named.
MOST_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class People:
    """The one user that a player is, or those who share one, or nobody."""

    name: str
    users: tuple[Any, ...] = ()
    """Users, of a large team the first few."""

    number: int = 0

    @property
    def user(self) -> Any:
        """The user, where the player is one user."""
        return self.users[0] if self.number == 1 else None

    @property
    def username(self) -> str:
        return _value_of(self.user, get_user_model().USERNAME_FIELD)

    @property
    def email(self) -> str:
        return _value_of(self.user, email_field())

    @property
    def detail(self) -> str:
        """What tells apart who has the same name."""
        for value in (self.email, self.username):
            if value and value != self.name:
                return value
        return ""


def email_field() -> str:
    """Give the name of the field that the site's users have an address in."""
    return getattr(get_user_model(), "EMAIL_FIELD", "") or "email"


def search_fields() -> list[str]:
    """Give the user model's fields that people are looked for in."""
    wanted = [get_user_model().USERNAME_FIELD, email_field()]
    wanted += ["first_name", "last_name"]
    return [
        name
        for name in dict.fromkeys(wanted)
        if isinstance(user_field(name), (CharField, TextField))
    ]


def user_field(name: str) -> Field | None:
    """Give a field of the user model, or None where it hasn't one of that name."""
    try:
        return get_user_model()._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def users_called(query: str) -> QuerySet:
    """Give the users who have all words of ``query``, in any order.

    In the name, username or e-mail address. No index helps with that, so all users are
    looked through: what people are looked for in is put together, to be compared once.
    """
    users = get_user_model()._base_manager.order_by()
    fields: list[Any] = []
    for name in search_fields():
        # No word goes on in the next field.
        fields += [F(name), Value(" ")]
    users = users.annotate(
        gamification_text=Concat(*fields, Value(" "), output_field=TextField())
    )
    for word in query.split():
        users = users.filter(gamification_text__icontains=word)
    return users


def players_called(query: str) -> Q:
    """Give the condition on interfaces whose people have all words of ``query``.

    A number finds the player of that number, too, which is all there is to call one
    without a user.
    """
    own = Q()
    if query.isdecimal() and len(query) < 19:
        own = Q(pk=int(query))
    lookup, column = _path_of_users()
    users = users_called(query)
    if column != "pk":
        users = users.exclude(**{column: None})
    found = list(users.values_list(column, flat=True)[: MOST_FOUND + 1])
    if len(found) <= MOST_FOUND:
        return own | Q(**{f"{lookup}__in": found})
    # These are soon found one player after the other, in the order of the list. As a
    # condition with IN, the database would take them for few and look for all.
    of_this = users.filter(**{column: OuterRef(lookup)}).values(column)[:1]
    return own | Q(IsNull(Subquery(of_this), False))


def players_in(groups: Iterable[Any]) -> Q:
    """Give the condition on interfaces that one of the people of is in a group."""
    lookup, column = _path_of_users()
    if column == "pk":
        # Only the rows that link users and groups: the users needn't be read.
        own = get_user_model()._meta.get_field("groups")
        members = own.remote_field.through._base_manager.order_by()
        keys = members.filter(**{f"{own.m2m_reverse_field_name()}__in": groups})
        return Q(**{f"{lookup}__in": keys.values(own.m2m_field_name())})
    users = get_user_model()._base_manager.order_by()
    keys = users.filter(groups__in=groups).exclude(**{column: None})
    return Q(**{f"{lookup}__in": keys.values(column)})


def _path_of_users() -> tuple[str, str]:
    """Give what of an interface equals which column of the user."""
    field = app_settings.USER_INTERFACE_FIELD
    return ("pk", field) if field else ("user", "pk")


def people_of(players: Iterable[GamificationInterface]) -> dict[int, People]:
    """Give who these players are, by the primary key of the interface.

    One query for all of them, whoever shares one with however many others.
    """
    players = list(players)
    users: dict[int, list[Any]] = {player.pk: [] for player in players}
    numbers: dict[int, int] = {}
    for user, key, number in _users_of(players):
        users[key].append(user)
        numbers[key] = number
    return {
        player.pk: _people(player, tuple(users[player.pk]), numbers.get(player.pk, 0))
        for player in players
    }


def _users_of(players: list[GamificationInterface]) -> Iterable[tuple[Any, int, int]]:
    """Give users, each with the key of the interface and how many share that."""
    rows = get_user_model()._base_manager.all()
    field = app_settings.USER_INTERFACE_FIELD
    if not field:
        key_of = {player.user_id: player.pk for player in players if player.user_id}
        return [(user, key_of[user.pk], 1) for user in rows.filter(pk__in=key_of)]
    keys = [player.pk for player in players]
    rows = rows.filter(**{f"{field}__in": keys}).annotate(
        gamification_place=Window(RowNumber(), partition_by=field, order_by="pk"),
        gamification_number=Window(Count("pk"), partition_by=field),
    )
    attname = get_user_model()._meta.get_field(field).attname
    return [
        (user, getattr(user, attname), user.gamification_number)
        for user in rows.filter(gamification_place__lte=MOST_NAMED).order_by("pk")
    ]


def _people(
    player: GamificationInterface, users: tuple[Any, ...], number: int
) -> People:
    names = [get_user_display_name(user) or str(user) for user in users]
    if not names:
        name = _("Player %(number)s") % {"number": player.pk}
    elif others := number - len(names):
        name = ngettext(
            "%(names)s and %(number)s other", "%(names)s and %(number)s others", others
        ) % {"names": ", ".join(names), "number": others}
    else:
        name = ", ".join(names)
    return People(name=name, users=users, number=number)


def _value_of(user: Any, name: str) -> str:
    value = getattr(user, name, None) if user is not None else None
    return "" if value is None else str(value)
