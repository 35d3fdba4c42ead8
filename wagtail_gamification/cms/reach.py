"""Requirements that nobody can meet, in words for the editor who wrote them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_gamification.events import registered_events
from wagtail_gamification.events.builtin import is_switched_on
from wagtail_gamification.models.requirements import Counting
from wagtail_gamification.requirements import BadgeRules, kind_of, sentence_of

if TYPE_CHECKING:
    from wagtail_gamification.models import Requirement

logger = logging.getLogger(__name__)


def sentence(requirement: Requirement) -> str:
    """Give a requirement in words, whatever the kind of a site makes of it."""
    try:
        return sentence_of(requirement)
    except Exception:
        logger.exception("The kind “%s” has no words for it.", requirement.kind)
        return _("A requirement that can't be described (%(kind)s)") % {
            "kind": requirement.kind
        }


def complaints(requirements: Sequence[Requirement]) -> list[str]:
    """Say which requirements can't be met as things stand.

    One that is out of reach doesn't matter while it has an alternative, unless what it
    names isn't there any more.
    """
    found: list[str] = []
    for group in BadgeRules(tuple(requirements)).groups:
        members = [requirements[position] for position in group]
        reasons = [_event_is_gone(each) or _is_too_much(each) for each in members]
        never_met = all(reasons)
        for requirement, reason in zip(members, reasons, strict=True):
            if reason and (never_met or _event_is_gone(requirement)):
                found.append(
                    _("%(sentence)s: %(reason)s")
                    % {"sentence": sentence(requirement), "reason": reason}
                )
    return found


def _event_is_gone(requirement: Requirement) -> str:
    if requirement.kind != "event" or not requirement.event:
        return ""
    if requirement.event not in {event.code for event in registered_events()}:
        return _("this event is not known any more.")
    if not is_switched_on(requirement.event):
        return _("this event is switched off on this site.")
    return ""


def _is_too_much(requirement: Requirement) -> str:
    try:
        kind = kind_of(requirement)
        most, target = kind.ceiling(requirement), kind.target(requirement)
    except Exception:
        logger.exception("The kind “%s” can't say what is possible.", requirement.kind)
        return ""
    if most is None or most >= target:
        return ""
    if requirement.kind == "level" or requirement.badge_id:
        return _("it isn't published.")
    if requirement.category_id or requirement.counting == Counting.OBJECTS:
        return (
            ngettext("only %(count)s exists.", "only %(count)s exist.", most)
            % {"count": most}
            if most
            else _("there are none.")
        )
    return _("more than %(count)s isn't possible.") % {"count": most}
