"""What is stored: definitions that editors own, and the state of players."""

from .achievements import Award, Badge, Unlockable
from .definitions import BadgeDefinition, Category, UnlockableDefinition
from .imports import ImportJob, ImportRow, ImportState
from .ledger import PointChange
from .levels import Level
from .players import GamificationInterface
from .progression import LevelProgress, Progression

__all__ = [
    "Award",
    "Badge",
    "BadgeDefinition",
    "Category",
    "GamificationInterface",
    "ImportJob",
    "ImportRow",
    "ImportState",
    "Level",
    "LevelProgress",
    "PointChange",
    "Progression",
    "Unlockable",
    "UnlockableDefinition",
]
