"""Write what a player has chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from wagtail_gamification.exceptions import PlayerIsShared
from wagtail_gamification.models.achievements import Badge
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.preferences import PlayerPreferences

from .player_sections import users_of
from .players import lock_interface

OF_INTERFACE = ("is_public", "on_boards")
OF_PREFERENCES = ("has_profile", "profile_sections", "digest")


class ChangePreferencesAction:
    """Change what one player has chosen, and nothing else.

    :param choices: new values, by the names of the fields of the interface and of the
        preferences; those that aren't named stay, whoever changes them meanwhile
    :param hide: the keys of the badge definitions that nobody else is to see
    :param show: those that others may see again
    :raises PlayerIsShared: where several users have this player
    """

    def __init__(
        self,
        interface: GamificationInterface,
        choices: Mapping[str, Any],
        *,
        hide: Collection[int] = (),
        show: Collection[int] = (),
    ) -> None:
        self.interface = interface
        self.choices = choices
        self.hide = hide
        self.show = show

    def execute(self) -> None:
        with transaction.atomic():
            # As all that changes what a player has: badges are awarded meanwhile.
            lock_interface(self.interface)
            refuse_shared(self.interface)
            if own := self._chosen(OF_INTERFACE):
                players = GamificationInterface.objects.filter(pk=self.interface.pk)
                players.update(**own)
            if chosen := self._chosen(OF_PREFERENCES):
                rows = PlayerPreferences.objects
                rows.get_or_create(interface=self.interface)
                rows.filter(interface=self.interface).update(**chosen)
            self._set_hidden(self.hide, True)
            self._set_hidden(self.show, False)

    def _chosen(self, fields: tuple[str, ...]) -> dict[str, Any]:
        return {name: self.choices[name] for name in fields if name in self.choices}

    def _set_hidden(self, definitions: Collection[int], is_hidden: bool) -> None:
        if definitions:
            Badge._base_manager.filter(
                interface=self.interface,
                badge_definition__in=definitions,
                is_hidden=not is_hidden,
            ).update(is_hidden=is_hidden)


def is_shared(interface: GamificationInterface) -> bool:
    """Whether several users have this player."""
    return users_of(interface)[1:2].exists()


def refuse_shared(interface: GamificationInterface) -> None:
    """Let nobody decide for others what is shown of them.

    :raises PlayerIsShared: where several users have this player
    """
    if is_shared(interface):
        raise PlayerIsShared(
            gettext(
                "You share this player with others, and nobody can decide for all of "
                "you what is shown. Please ask the editors of the site."
            )
        )
