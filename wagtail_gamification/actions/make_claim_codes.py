"""Make claim codes, and switch them off and on."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import ngettext
from wagtail.log_actions import log

from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models.claims import ClaimCode
from wagtail_gamification.models.definitions import BadgeDefinition

from .giving import Decision, Giver, lock_giver

LOG_MAKE = "wagtail_gamification.make_claim_codes"
LOG_SWITCH_OFF = "wagtail_gamification.switch_off_claim_codes"
LOG_SWITCH_ON = "wagtail_gamification.switch_on_claim_codes"


def make_claim_codes(
    user: Any,
    definition: BadgeDefinition,
    *,
    number: int = 1,
    max_claims: int = 1,
    expires_at: datetime | None = None,
    label: str = "",
) -> list[ClaimCode]:
    """Make ``number`` codes, each for ``max_claims`` players, in the name of ``user``.

    Whoever makes codes gives the badge away: it takes the right to award it, and a
    badge's monthly limit holds for what the codes give too.

    :raises NotAllowed: where that is more than ``user`` may do now
    """
    with transaction.atomic():
        giver = Giver(user, "award", definition)
        if giver.limit:
            lock_giver(user)
        _refuse_too_much(giver, number * max_claims)
        batch = uuid.uuid4()
        codes = ClaimCode.objects.bulk_create(
            ClaimCode(
                badge_definition=giver.definition,
                batch=batch,
                label=label,
                max_claims=max_claims,
                expires_at=expires_at,
                created_by=user,
            )
            for _number in range(number)
        )
        data = {"number": number, "max_claims": max_claims, "batch": str(batch)}
        _log(LOG_MAKE, user, giver.definition, data | {"label": label})
    return codes


def switch_claim_codes(
    user: Any, codes: QuerySet[ClaimCode], definition: BadgeDefinition, *, on: bool
) -> int:
    """Switch codes of one badge off, or on again; give how many that changed."""
    with transaction.atomic():
        changed = codes.filter(badge_definition=definition, is_active=not on)
        number = changed.update(is_active=on)
        if number:
            action = LOG_SWITCH_ON if on else LOG_SWITCH_OFF
            _log(action, user, definition, {"number": number})
    return number


def _refuse_too_much(giver: Giver, claims: int) -> None:
    if not giver.decision.allowed:
        raise NotAllowed(giver.decision)
    left = giver.awards_left
    if left is None or claims <= left:
        return
    message = ngettext(
        "You may give this badge away %(count)d more time this month.",
        "You may give this badge away %(count)d more times this month.",
        left,
    )
    raise NotAllowed(Decision(False, "monthly_limit", message % {"count": left}))


def _log(action: str, user: Any, definition: Any, data: dict[str, Any]) -> None:
    """Write down the badge's name too: the entry is read when the badge is gone."""
    data = {"badge": definition.name, "badge_id": definition.pk} | data
    log(instance=definition, action=action, user=user, data=data)
