"""What can be required of players: one class a kind, each one ORM expression."""

from .base import RequirementKind
from .index import drop_index, rule_index
from .registry import (
    check_requirement,
    kind_choices,
    kind_of,
    register_requirement_kind,
    registered_kinds,
    sentence_of,
    temporary_kinds,
)
from .rules import BadgeRules

__all__ = [
    "BadgeRules",
    "RequirementKind",
    "check_requirement",
    "drop_index",
    "kind_choices",
    "kind_of",
    "register_requirement_kind",
    "registered_kinds",
    "rule_index",
    "sentence_of",
    "temporary_kinds",
]
