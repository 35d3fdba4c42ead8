"""What Wagtail's log and site history say of nominations.

An entry holds the names that it tells, so it reads the same when the player and the
badge are gone.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from wagtail_gamification.actions.decide_nomination import LOG_APPROVE, LOG_DECLINE


class _NominationFormatter(LogFormatter):
    def format_message(self, log_entry: Any) -> str:
        names = {name: log_entry.data.get(name, "") for name in ("player", "badge")}
        return self.sentence() % names

    def format_comment(self, log_entry: Any) -> str:
        return log_entry.data.get("message", "")

    def sentence(self) -> str:
        raise NotImplementedError


class ApproveFormatter(_NominationFormatter):
    label = gettext_lazy("Approve a nomination")

    def sentence(self) -> str:
        return _("Approved the nomination of %(player)s for “%(badge)s”.")


class DeclineFormatter(_NominationFormatter):
    label = gettext_lazy("Decline a nomination")

    def sentence(self) -> str:
        return _("Declined the nomination of %(player)s for “%(badge)s”.")


def register(actions: Any) -> None:
    """Register what is logged with Wagtail."""
    actions.register_action(LOG_APPROVE)(ApproveFormatter)
    actions.register_action(LOG_DECLINE)(DeclineFormatter)
