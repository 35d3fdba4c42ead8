"""What can be done to a player: one verb a file.

Every change is a conditional ``UPDATE`` whose row count decides who won, inside
one transaction with all that follows from it. Rows are always locked in the same
order (badge, then interface, then unlockables), so that no two changes of one
player wait for each other.
"""

from .advance_badge import AdvanceBadgeAction
from .award_badge import AwardBadgeAction
from .change_points import ChangePointsAction
from .reset_interface import ResetInterfaceAction
from .revoke_badge import RevokeBadgeAction

__all__ = [
    "AdvanceBadgeAction",
    "AwardBadgeAction",
    "ChangePointsAction",
    "ResetInterfaceAction",
    "RevokeBadgeAction",
]
