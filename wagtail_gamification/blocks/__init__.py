"""The blocks that editors put into a StreamField to show what players have.

Each shows the same as the template tag of its name, through the same template.
"""

from .base import GamificationBlock, TagBlock
from .boards import LeaderboardBlock
from .choosers import DefinitionChooserBlock, PlayerChooserBlock
from .gated import GatedBlock
from .personal import (
    BadgeBlock,
    BadgeShelfBlock,
    PersonalBlock,
    ProgressBlock,
    StandingBlock,
    UnlockablesBlock,
)
from .site import ClaimFormBlock, RecentAwardsBlock

__all__ = [
    "BadgeBlock",
    "BadgeShelfBlock",
    "ClaimFormBlock",
    "DefinitionChooserBlock",
    "GamificationBlock",
    "GatedBlock",
    "LeaderboardBlock",
    "PersonalBlock",
    "PlayerChooserBlock",
    "ProgressBlock",
    "RecentAwardsBlock",
    "StandingBlock",
    "TagBlock",
    "UnlockablesBlock",
]
