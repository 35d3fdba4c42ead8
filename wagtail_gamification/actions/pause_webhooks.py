"""Switch off an endpoint that only fails, and tell the editors."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from wagtail_gamification.compat import mailer
from wagtail_gamification.models.webhooks import WebhookEndpoint

logger = logging.getLogger("wagtail_gamification")

LOG_PAUSE = "wagtail_gamification.pause_webhook"
PERMISSION = "wagtail_gamification.change_webhookendpoint"


def pause(endpoint: WebhookEndpoint, now: datetime) -> None:
    """Send nothing to it until an editor switches it on again."""
    rows = WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=True)
    # Of several who find out, one tells of it.
    if not rows.update(is_active=False, paused_at=now):
        return
    from .deliveries import drop_endpoints

    drop_endpoints()
    log(instance=endpoint, action=LOG_PAUSE)
    _tell_editors(endpoint)


def _tell_editors(endpoint: WebhookEndpoint) -> None:
    users = _editors()
    field = getattr(users.model, "EMAIL_FIELD", "")
    if not field:
        return
    addresses = users.exclude(**{field: ""}).values_list(field, flat=True)
    with translation.override(settings.LANGUAGE_CODE):
        texts = {"name": endpoint.name, "url": endpoint.url}
        subject = _("The web hook “%(name)s” is paused") % texts
        body = (
            _(
                "Messages to %(url)s have failed, so nothing is sent there any more. "
                "In the CMS, “Web hook deliveries” says what went wrong. Once it is "
                "mended, switch the web hook on again: what is waiting is sent then."
            )
            % texts
        )
    messages = [
        EmailMessage(" ".join(subject.split()), body, to=[address])
        for address in addresses
        if address
    ]
    if messages:
        try:
            mailer().send_messages(messages)
        except Exception:
            # The list says that it is paused, too.
            logger.exception("Editors couldn't be told that a web hook is paused.")


def _editors() -> Any:
    users: Any = get_user_model()._default_manager
    if hasattr(users, "with_perm"):
        backend = "django.contrib.auth.backends.ModelBackend"
        return users.with_perm(PERMISSION, backend=backend)
    return users.none()
