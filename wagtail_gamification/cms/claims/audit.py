"""What Wagtail's log and site history say of claim codes.

An entry holds the names that it tells, so it reads the same when the badge is gone.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogFormatter

from wagtail_gamification.actions.make_claim_codes import (
    LOG_MAKE,
    LOG_SWITCH_OFF,
    LOG_SWITCH_ON,
)


class _CodesFormatter(LogFormatter):
    def format_message(self, log_entry: Any) -> str:
        number = int(log_entry.data.get("number", 0))
        texts = {"number": number, "badge": log_entry.data.get("badge", "")}
        return self.sentence(number) % texts

    def sentence(self, number: int) -> str:
        raise NotImplementedError


class MakeFormatter(_CodesFormatter):
    label = gettext_lazy("Make claim codes")

    def sentence(self, number: int) -> str:
        return ngettext(
            "Made %(number)s claim code for “%(badge)s”.",
            "Made %(number)s claim codes for “%(badge)s”.",
            number,
        )


class SwitchOffFormatter(_CodesFormatter):
    label = gettext_lazy("Deactivate claim codes")

    def sentence(self, number: int) -> str:
        return ngettext(
            "Deactivated %(number)s claim code for “%(badge)s”.",
            "Deactivated %(number)s claim codes for “%(badge)s”.",
            number,
        )


class SwitchOnFormatter(_CodesFormatter):
    label = gettext_lazy("Activate claim codes")

    def sentence(self, number: int) -> str:
        return ngettext(
            "Activated %(number)s claim code for “%(badge)s”.",
            "Activated %(number)s claim codes for “%(badge)s”.",
            number,
        )


def register(actions: Any) -> None:
    """Register what is logged with Wagtail."""
    for action, formatter in (
        (LOG_MAKE, MakeFormatter),
        (LOG_SWITCH_OFF, SwitchOffFormatter),
        (LOG_SWITCH_ON, SwitchOnFormatter),
    ):
        actions.register_action(action)(formatter)
