"""What the screens of web hooks have in common: who may see and do what."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_gamification.models import WebhookEndpoint

NAMESPACE = "wagtail_gamification_webhooks"
ENDPOINTS = "wagtail_gamification_endpoints"
# Whoever may do something with web hooks may see what was sent.
ANY_PERMISSION = {"add", "change", "delete", "view"}
policy = ModelPermissionPolicy(WebhookEndpoint)


def url_of(name: str, *args: Any) -> str:
    """Give the address of one of the screens."""
    return reverse(f"{NAMESPACE}:{name}", args=args)
