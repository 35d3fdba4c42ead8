"""What can be done to a player: one verb a file.

Every change first locks the player's interface, so that no two changes of one player
wait for each other further on, and is then a conditional ``UPDATE`` whose row count
decides, inside one transaction with all that follows from it.
"""

from .advance_badge import AdvanceBadgeAction
from .award_badge import AwardBadgeAction
from .buy_unlockable import BuyOutcome, BuyUnlockableAction
from .change_points import ChangePointsAction
from .erase_player import ErasePlayerAction
from .export_player import ExportPlayerAction
from .reset_interface import ResetInterfaceAction
from .revoke_badge import RevokeBadgeAction

__all__ = [
    "AdvanceBadgeAction",
    "AwardBadgeAction",
    "BuyOutcome",
    "BuyUnlockableAction",
    "ChangePointsAction",
    "ErasePlayerAction",
    "ExportPlayerAction",
    "ResetInterfaceAction",
    "RevokeBadgeAction",
]
