"""How a command is told which player is meant."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from wagtail_gamification.models import GamificationInterface


def add_player_argument(parser: ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("user", nargs="?", help="The name that the user logs in with.")
    which.add_argument(
        "--player",
        type=int,
        metavar="NUMBER",
        help="The number of the player, for one without a user of their own.",
    )


def find_player(options: dict[str, Any]) -> GamificationInterface:
    """Give the player that is meant.

    :raises CommandError: where there is none
    """
    players = GamificationInterface.objects.all()
    if options["player"] is not None:
        player = players.filter(pk=options["player"]).first()
        if player is None:
            raise CommandError(
                _("There is no player with the number %(number)s.")
                % {"number": options["player"]}
            )
        return player
    users = get_user_model()._default_manager
    try:
        user = users.get_by_natural_key(options["user"])
    except get_user_model().DoesNotExist:
        raise CommandError(
            _("There is no user “%(name)s”.") % {"name": options["user"]}
        ) from None
    player = players.owned_by(user).first()
    if player is None:
        raise CommandError(
            _("The user “%(name)s” isn't a player.") % {"name": options["user"]}
        )
    return player
