"""What Wagtail's log and site history say of what was given by hand.

An entry holds the names that it tells, so it reads the same when the player, the badge
and the award are gone.
"""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogFormatter

from wagtail_gamification.actions.give import (
    LOG_ADJUST_POINTS,
    LOG_AWARD,
    LOG_RESET,
    LOG_REVOKE,
)


class _GivingFormatter(LogFormatter):
    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        texts = {
            "player": data.get("player") or log_entry.label,
            "badge": data.get("badge", ""),
        }
        message = self.sentence(data) % texts
        if reason := data.get("reason"):
            message = _("%(message)s Reason: %(reason)s") % {
                "message": message,
                "reason": reason,
            }
        if note := data.get("note"):
            message = _("%(message)s Internal note: %(note)s") % {
                "message": message,
                "note": note,
            }
        return message

    def sentence(self, data: dict[str, Any]) -> str:
        raise NotImplementedError


class AwardFormatter(_GivingFormatter):
    label = gettext_lazy("Award a badge")

    def sentence(self, data: dict[str, Any]) -> str:
        if data.get("renews"):
            return _("Renewed “%(badge)s” of %(player)s.")
        return _("Awarded “%(badge)s” to %(player)s.")


class RevokeFormatter(_GivingFormatter):
    label = gettext_lazy("Take a badge back")

    def sentence(self, data: dict[str, Any]) -> str:
        return _("Took “%(badge)s” back from %(player)s.")


class AdjustPointsFormatter(_GivingFormatter):
    label = gettext_lazy("Adjust points")

    def sentence(self, data: dict[str, Any]) -> str:
        points = int(data.get("points", 0))
        if points < 0:
            sentence = ngettext(
                "Took %(points)s point from %(player)s.",
                "Took %(points)s points from %(player)s.",
                -points,
            )
        else:
            sentence = ngettext(
                "Gave %(points)s point to %(player)s.",
                "Gave %(points)s points to %(player)s.",
                points,
            )
        shown = number_format(abs(points), force_grouping=True)
        return sentence.replace("%(points)s", shown)


class ResetFormatter(_GivingFormatter):
    label = gettext_lazy("Reset a player")

    def sentence(self, data: dict[str, Any]) -> str:
        return _("Reset %(player)s.")


def register(actions: Any) -> None:
    """Register what is logged with Wagtail."""
    for action, formatter in (
        (LOG_AWARD, AwardFormatter),
        (LOG_REVOKE, RevokeFormatter),
        (LOG_ADJUST_POINTS, AdjustPointsFormatter),
        (LOG_RESET, ResetFormatter),
    ):
        actions.register_action(action)(formatter)
