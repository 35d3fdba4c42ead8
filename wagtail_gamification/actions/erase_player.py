"""Delete everything that is held about a player."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import ngettext
from wagtail.log_actions import log

from wagtail_gamification.conf import app_settings
from wagtail_gamification.exceptions import PlayerIsShared
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.player_data import registered_player_sections

from .player_sections import SECTIONS, ModelSection, users_of
from .players import lock_interface
from .traces import forget_failures, title_of_erased

LOG_ERASE_PLAYER = "wagtail_gamification.erase_player"
# A row for the player may be written while the others go.
TRIES = 3


@dataclass(frozen=True)
class Erased:
    """What was erased, or would be."""

    rows: Mapping[str, int]
    """How many there are in each section that has some."""

    @property
    def total(self) -> int:
        return sum(self.rows.values())


class ErasePlayerAction:
    """Delete a player with all rows; totals by day stay, which name nobody.

    The user's account stays: who goes on using the site begins as a new player. ``by``
    is the user who decided it. Deleting the user does the same, and the account goes.

    :raises PlayerIsShared: where several users have this player
    """

    def __init__(self, interface: GamificationInterface, *, by: Any = None) -> None:
        self.interface = interface
        self.by = by

    def preview(self) -> Erased:
        """Count what :meth:`execute` would delete."""
        self._refuse_shared()
        found = {
            section.name: section.count(self.interface)
            for section in SECTIONS
            if not (isinstance(section, ModelSection) and section.is_about_user)
            # Its entries stay, without what they say of the player.
            and section.name != "log"
        }
        return Erased({name: number for name, number in found.items() if number})

    def execute(self) -> Erased:
        for _number in range(TRIES - 1):
            try:
                return self._execute()
            except (IntegrityError, OperationalError):
                # It is rolled back whole, and can be done again.
                if transaction.get_connection().in_atomic_block:
                    raise
        return self._execute()

    def _execute(self) -> Erased:
        player = self.interface.pk
        with transaction.atomic():
            lock_interface(self.interface)
            erased = self.preview()
            for section in registered_player_sections():
                if section.erase:
                    section.erase(self.interface)
            self._unlink_users()
            # What has no foreign key goes as for a user who is deleted.
            GamificationInterface.objects.filter(pk=player).delete()
            log(
                instance=self.interface,
                action=LOG_ERASE_PLAYER,
                user=self.by,
                title=title_of_erased(player),
                data={"rows": erased.total},
                deleted=True,
            )
        return erased

    def _refuse_shared(self) -> None:
        others = users_of(self.interface).count() - 1
        if others > 0:
            raise PlayerIsShared(
                ngettext(
                    "%(count)d other user shares this player. Give the one who is to "
                    "be forgotten a player of their own first.",
                    "%(count)d other users share this player. Give the one who is to "
                    "be forgotten a player of their own first.",
                    others,
                )
                % {"count": others}
            )

    def _unlink_users(self) -> None:
        """Take the player from a user whose own key leads there.

        Otherwise deleting it could delete the account.
        """
        if name := app_settings.USER_INTERFACE_FIELD:
            users = users_of(self.interface)
            forget_failures(None, list(users.values_list("pk", flat=True)))
            users.update(**{name: None})
