"""When a badge is due, from what its requirements measure.

The same rule twice: in Python for a few players whose numbers were read, in SQL for
all players at once. A test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    Expression,
    F,
    IntegerField,
    Q,
    Value,
    When,
)
from django.db.models.functions import Greatest

if TYPE_CHECKING:
    from wagtail_gamification.models import Requirement


@dataclass(frozen=True)
class BadgeRules:
    """What one badge asks for. All groups must be met; any member meets its group.

    ``rounds`` are the times that what counted was used up by an award; 0 for a badge
    that is earned once.
    """

    requirements: tuple[Requirement, ...]

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The positions of the requirements that belong together."""
        groups: dict[Any, list[int]] = {}
        for position, requirement in enumerate(self.requirements):
            group = requirement.group
            name = ("alone", position) if group is None else ("group", group)
            groups.setdefault(name, []).append(position)
        return tuple(map(tuple, groups.values()))

    @cached_property
    def targets(self) -> tuple[int, ...]:
        return tuple(_kind(each).target(each) for each in self.requirements)

    @cached_property
    def are_used_up(self) -> tuple[bool, ...]:
        return tuple(_kind(each).is_used_up(each) for each in self.requirements)

    @property
    def target(self) -> int:
        """Steps that it takes: one requirement's own, or one for each group."""
        return self.targets[0] if len(self.targets) == 1 else len(self.groups)

    @cached_property
    def events(self) -> frozenset[str]:
        """The events that can change anything."""
        return frozenset(
            code for each in self.requirements for code in _kind(each).events(each)
        )

    @cached_property
    def change_with_time(self) -> bool:
        """Whether waiting alone can change anything."""
        return any(_kind(each).changes_with_time for each in self.requirements)

    def measures(
        self, prefix: str = "measured", among: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Give an annotation of interfaces for each requirement, in their order.

        ``among`` says who is asked for, as lookups of what has an ``interface``
        (``{"interface__in": keys}``): what can't look at one player at a time then
        looks at these only.
        """
        measures = [_kind(each).measure(each) for each in self.requirements]
        return {
            f"{prefix}_{position}": each.among(**among)
            if among and hasattr(each, "among")
            else each
            for position, each in enumerate(measures)
        }

    # ------------------------------------------------------------------ in Python

    def steps(self, measured: Sequence[int], rounds: int = 0) -> list[int]:
        """Give what each requirement has of its target since the last award."""
        return [
            max(0, value - rounds * target) if is_used_up else value
            for value, target, is_used_up in zip(
                measured, self.targets, self.are_used_up, strict=True
            )
        ]

    def progress(self, measured: Sequence[int], rounds: int = 0) -> int:
        """Give the steps done: the one requirement's count, or the groups met."""
        steps = self.steps(measured, rounds)
        if len(steps) == 1:
            return max(0, steps[0])
        return sum(self._is_group_met(group, steps) for group in self.groups)

    def is_met(self, measured: Sequence[int], rounds: int = 0) -> bool:
        """Whether the next award is due."""
        if not self.groups or (rounds and not any(self.are_used_up)):
            return False
        steps = self.steps(measured, rounds)
        return all(self._is_group_met(group, steps) for group in self.groups)

    def _is_group_met(self, group: tuple[int, ...], steps: Sequence[int]) -> bool:
        return any(steps[position] >= self.targets[position] for position in group)

    # --------------------------------------------------------------------- in SQL

    def when_met(self, rounds: Any = 0, prefix: str = "measured") -> Q:
        """Give the condition that the next award is due, over :meth:`measures`."""
        if not self.groups:
            return Q(pk__in=[])
        met = Q()
        for group in self.groups:
            met &= self._group_met(group, rounds, prefix)
        if not any(self.are_used_up):
            met &= Q(_equals(rounds, 0))
        return met

    def progress_expression(
        self, rounds: Any = 0, prefix: str = "measured"
    ) -> Expression:
        """Give :meth:`progress` as an expression over :meth:`measures`."""
        if len(self.requirements) == 1:
            steps: Any = F(f"{prefix}_0")
            if self.are_used_up[0]:
                steps = steps - rounds * Value(self.targets[0])
            return Greatest(Value(0), steps, output_field=IntegerField())
        total: Any = Value(0)
        for group in self.groups:
            total = total + Case(
                When(self._group_met(group, rounds, prefix), then=Value(1)),
                default=Value(0),
            )
        return total

    def _group_met(self, group: tuple[int, ...], rounds: Any, prefix: str) -> Q:
        met = Q()
        for position in group:
            needed: Any = self.targets[position]
            if self.are_used_up[position] and rounds != 0:
                needed = Value(needed) * (rounds + Value(1))
            met |= Q(**{f"{prefix}_{position}__gte": needed})
        return met


def _equals(left: Any, right: int) -> Any:
    from django.db.models.lookups import Exact

    return Exact(left if hasattr(left, "resolve_expression") else Value(left), right)


def _kind(requirement: Requirement) -> Any:
    from .registry import kind_of

    return kind_of(requirement)
