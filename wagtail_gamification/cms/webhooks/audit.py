"""What Wagtail's log and site history say of web hooks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_gamification.actions.pause_webhooks import LOG_PAUSE

LOG_ROTATE = "wagtail_gamification.rotate_webhook_secret"
LOG_SEND_AGAIN = "wagtail_gamification.send_webhook_again"


def register(actions: Any) -> None:
    """Register what is logged with Wagtail."""
    actions.register_action(LOG_PAUSE, _("Pause a web hook"), _("Paused a web hook"))
    actions.register_action(LOG_ROTATE, _("Make a new secret"), _("Made a new secret"))
    actions.register_action(
        LOG_SEND_AGAIN, _("Send a message again"), _("Sent a message again")
    )
