"""What is stored: definitions that editors own, and the state of players."""

from .achievements import Award, Badge
from .activity import Activity, EventReceipt, Streak
from .claims import Claim, ClaimCode
from .definitions import BadgeDefinition, Category, UnlockableDefinition
from .failures import Failure
from .giving_jobs import GivingJob, GivingRow
from .imports import ImportJob, ImportRow, ImportState
from .leaderboards import (
    Audience,
    Leaderboard,
    Measure,
    RankMarker,
    Score,
    ScoreSeries,
    TeamMembership,
    Window,
)
from .ledger import PointChange
from .levels import Level
from .nominations import Nomination
from .notices import Notice
from .players import GamificationInterface
from .preferences import Digest, PlayerPreferences, ProfileSection
from .progression import LevelProgress, Progression
from .requirements import Counting, Requirement
from .retroactive import RetroactiveAward
from .rules import Campaign, PointRule
from .totals import (
    BadgeStanding,
    DailyBadgeTotal,
    DailyTotal,
    LevelStanding,
    Summary,
)
from .unlockables import Unlockable
from .webhooks import WebhookDelivery, WebhookEndpoint, WebhookEvent

__all__ = [
    "Activity",
    "Audience",
    "Award",
    "Badge",
    "BadgeDefinition",
    "BadgeStanding",
    "Campaign",
    "Category",
    "Claim",
    "ClaimCode",
    "Counting",
    "DailyBadgeTotal",
    "DailyTotal",
    "Digest",
    "EventReceipt",
    "Failure",
    "GamificationInterface",
    "GivingJob",
    "GivingRow",
    "ImportJob",
    "ImportRow",
    "ImportState",
    "Leaderboard",
    "Level",
    "LevelProgress",
    "LevelStanding",
    "Measure",
    "Nomination",
    "Notice",
    "PlayerPreferences",
    "PointChange",
    "PointRule",
    "ProfileSection",
    "Progression",
    "RankMarker",
    "Requirement",
    "RetroactiveAward",
    "Score",
    "ScoreSeries",
    "Streak",
    "Summary",
    "TeamMembership",
    "Unlockable",
    "UnlockableDefinition",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
    "Window",
]
