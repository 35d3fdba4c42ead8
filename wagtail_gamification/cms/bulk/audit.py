"""What Wagtail's log and site history say of what was given to many."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogFormatter

from wagtail_gamification.actions.giving_jobs import (
    LOG_BULK_AWARD,
    LOG_BULK_POINTS,
    LOG_BULK_UNDO,
    LOG_GO_ON,
)


class _BulkFormatter(LogFormatter):
    """An entry holds what it tells, and reads the same when the job is gone."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        message = self.sentence(data["players"]) % {
            "title": data["title"],
            "count": number_format(data["players"], force_grouping=True),
        }
        if reason := data.get("reason"):
            message = _("%(message)s Reason: %(reason)s") % {
                "message": message,
                "reason": reason,
            }
        return message

    def sentence(self, players: int) -> str:
        raise NotImplementedError


class BulkAwardFormatter(_BulkFormatter):
    label = gettext_lazy("Award to many")

    def sentence(self, players: int) -> str:
        return ngettext(
            "Started to award “%(title)s” to %(count)s player.",
            "Started to award “%(title)s” to %(count)s players.",
            players,
        )


class BulkPointsFormatter(_BulkFormatter):
    label = gettext_lazy("Give points to many")

    def sentence(self, players: int) -> str:
        return ngettext(
            "Started to give %(count)s player this: %(title)s.",
            "Started to give %(count)s players this: %(title)s.",
            players,
        )


class BulkUndoFormatter(_BulkFormatter):
    label = gettext_lazy("Take back what many got")

    def sentence(self, players: int) -> str:
        return ngettext(
            "Started to take “%(title)s” back from %(count)s player.",
            "Started to take “%(title)s” back from %(count)s players.",
            players,
        )


def register(actions: Any) -> None:
    """Register what is logged with Wagtail."""
    for action, formatter in (
        (LOG_BULK_AWARD, BulkAwardFormatter),
        (LOG_BULK_POINTS, BulkPointsFormatter),
        (LOG_BULK_UNDO, BulkUndoFormatter),
    ):
        actions.register_action(action)(formatter)
    actions.register_action(LOG_GO_ON, _("Go on where it stopped"), _("Tried again"))
