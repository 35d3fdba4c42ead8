"""What web hooks say of each thing that happens: public ids, and nobody's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from wagtail_gamification.models.achievements import Award
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.ledger import PointChange
from wagtail_gamification.models.levels import Level
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.unlockables import Unlockable
from wagtail_gamification.models.webhooks import WebhookEvent

from .deliveries import Fact, deliver


def deliver_award(award: Award, definition: BadgeDefinition, interface: int) -> None:
    """Deliver ``badge.awarded`` for one award."""
    deliver(
        WebhookEvent.BADGE_AWARDED,
        lambda: [(interface, _award_data(award, definition))],
    )


def deliver_awards(
    awards: QuerySet[Award], definitions: Mapping[int, BadgeDefinition]
) -> None:
    """Deliver ``badge.awarded`` for each of these."""

    def facts() -> Iterable[Fact]:
        for award in awards.select_related("badge").order_by("pk"):
            definition = definitions[award.badge_definition_id]
            yield award.badge.interface_id, _award_data(award, definition)

    deliver(WebhookEvent.BADGE_AWARDED, facts)


def deliver_revocations(awards: QuerySet[Award]) -> None:
    """Deliver ``badge.revoked`` for each of these."""
    deliver(WebhookEvent.BADGE_REVOKED, lambda: _ended(awards, "revoked_at"))


def deliver_expiries(awards: QuerySet[Award]) -> None:
    """Deliver ``badge.expired`` for each of these."""
    deliver(WebhookEvent.BADGE_EXPIRED, lambda: _ended(awards, "expires_at"))


def deliver_balances(
    levels: Mapping[int, Level], unlocked: Sequence[Unlockable]
) -> None:
    """Deliver ``level.reached`` and ``unlockable.unlocked``."""
    if levels:
        deliver(
            WebhookEvent.LEVEL_REACHED,
            lambda: [
                (
                    interface,
                    {"level": level.slug, "points_required": level.points_required},
                )
                for interface, level in levels.items()
            ],
        )
    if unlocked:
        deliver(
            WebhookEvent.UNLOCKABLE_UNLOCKED,
            lambda: [
                (item.interface_id, {"unlockable": item.unlockable_definition.slug})
                for item in unlocked
            ],
        )


def deliver_changes(
    changes: Iterable[PointChange], interfaces: Mapping[int, GamificationInterface]
) -> None:
    """Deliver ``points.changed`` for each of these, with the balance after all."""
    deliver(
        WebhookEvent.POINTS_CHANGED,
        lambda: [
            (
                change.interface_id,
                {
                    "amount": change.amount,
                    "balance": interfaces[change.interface_id].points,
                    "time": change.time.isoformat(),
                },
            )
            for change in changes
        ],
    )


def _award_data(award: Award, definition: BadgeDefinition) -> dict[str, object]:
    return {
        "badge": definition.slug,
        "award": str(award.uuid),
        "number": award.number,
        "points": award.points,
        "awarded_at": award.awarded_at.isoformat(),
        "expires_at": _text(award.expires_at),
    }


def _ended(awards: QuerySet[Award], field: str) -> Iterable[Fact]:
    rows = awards.order_by("pk").values_list(
        "badge__interface_id", "badge_definition__slug", "uuid", field
    )
    for interface, slug, uuid, time in rows:
        yield interface, {"badge": slug, "award": str(uuid), field: _text(time)}


def _text(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
