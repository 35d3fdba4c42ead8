"""Which badges and point rules an event touches, kept ready.

Each process keeps what it read under the shared version; publishing a badge or a rule
changes the version (see :mod:`wagtail_gamification.caching`), and the next event reads
it again. While nothing changes, looking it up costs no query.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch
from django.utils import timezone

from wagtail_gamification.caching import KeptReading, SharedVersion
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.requirements import Counting, Requirement
from wagtail_gamification.models.rules import Campaign, PointRule

from .rules import BadgeRules

_version = SharedVersion("rules")


@dataclass(frozen=True)
class RuledBadge:
    """A published badge that is earned by its requirements."""

    definition: BadgeDefinition
    rules: BadgeRules


@dataclass(frozen=True)
class RuleIndex:
    """What follows from which event."""

    badges: dict[str, tuple[RuledBadge, ...]]
    point_rules: dict[str, tuple[PointRule, ...]]
    campaigns: tuple[Campaign, ...]
    streak_events: dict[str, bool]
    """The events that are counted in days in a row; whether with rest days."""

    by_definition: dict[int, RuledBadge] = field(default_factory=dict)

    def badges_of(self, events: Iterable[str]) -> list[RuledBadge]:
        """Give the badges that one of these events can move, each once."""
        found = {
            badge.definition.pk: badge
            for code in sorted(events)
            for badge in self.badges.get(code, ())
        }
        return list(found.values())

    def multiplier(self, event: str) -> Decimal:
        """Give the highest multiplier of the campaigns that run for an event."""
        now = timezone.now()
        return max(
            (
                campaign.multiplier
                for campaign in self.campaigns
                if campaign.event in ("", event)
                # Scheduled ends are carried out a little late.
                and (campaign.expire_at is None or campaign.expire_at > now)
            ),
            default=Decimal(1),
        )


def rule_index() -> RuleIndex:
    """Give the index as it is now; within a transaction, with its own changes."""
    return _kept.get()


def forget_index() -> None:
    """Read it anew in this process: it names what is gone."""
    _kept.forget()


def drop_index() -> None:
    """Read it anew once the running transaction is committed, everywhere."""
    _version.drop()


def _read_index() -> RuleIndex:
    requirements = Requirement.objects.select_related("badge", "category", "level")
    definitions = (
        BadgeDefinition.objects.live()
        .originals()
        .filter(requirements__isnull=False)
        .distinct()
        .prefetch_related(Prefetch("requirements", requirements, to_attr="asked"))
    )
    badges: dict[str, list[RuledBadge]] = {}
    by_definition: dict[int, RuledBadge] = {}
    streaks: dict[str, bool] = {}
    for definition in definitions:
        badge = RuledBadge(definition, BadgeRules(tuple(definition.asked)))
        if not _can_be_asked(badge):
            continue
        by_definition[definition.pk] = badge
        for code in badge.rules.events:
            badges.setdefault(code, []).append(badge)
        for asked in definition.asked:
            if asked.kind == "event" and asked.counting == Counting.DAYS_IN_A_ROW:
                rests = asked.allows_rest_days or streaks.get(asked.event, False)
                streaks[asked.event] = rests
    rules: dict[str, list[PointRule]] = {}
    for rule in PointRule.objects.filter(live=True).order_by("pk"):
        rules.setdefault(rule.event, []).append(rule)
    return RuleIndex(
        badges={code: tuple(found) for code, found in badges.items()},
        point_rules={code: tuple(found) for code, found in rules.items()},
        campaigns=tuple(Campaign.objects.filter(live=True)),
        streak_events=streaks,
        by_definition=by_definition,
    )


def _can_be_asked(badge: RuledBadge) -> bool:
    """Let the kinds say what they have to say for all players; note one that raises."""
    from wagtail_gamification.actions.failures import note_failure
    from wagtail_gamification.models import Failure

    rules = badge.rules
    try:
        ask_kinds(rules)
    except Exception as error:
        kinds = ", ".join(sorted({asked.kind for asked in rules.requirements}))
        name = f"{badge.definition} ({kinds})"
        payload = {"definition": badge.definition.pk, "remeasure": True}
        note_failure(Failure.Source.REQUIREMENT, name, error, payload)
        return False
    return True


def ask_kinds(rules: BadgeRules) -> None:
    """Have the kinds say what they have to say for all players; they may raise."""
    # Kept once they are there.
    _said = (rules.events, rules.targets, rules.are_used_up)


_kept = KeptReading(_version, _read_index)
