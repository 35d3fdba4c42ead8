"""What the screens of claim codes have in common: who may see and do what."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.forms import Media
from django.urls import reverse
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_gamification.actions.giving import definitions_open_to
from wagtail_gamification.models import BadgeDefinition, ClaimCode

NAMESPACE = "wagtail_gamification_claims"
MEDIA = Media(css={"all": ["wagtail_gamification/css/claims.css"]})
# Whoever may do something with codes may see them.
ANY_PERMISSION = {"add", "change", "view"}
policy = ModelPermissionPolicy(ClaimCode)


def claim_code_permissions() -> QuerySet:
    """Give the permissions that a group can have on claim codes."""
    return Permission.objects.filter(
        content_type__app_label="wagtail_gamification",
        codename__in=["add_claimcode", "change_claimcode", "view_claimcode"],
    )


def badges_of(user: Any) -> QuerySet[BadgeDefinition]:
    """Give the badges whose codes ``user`` may see.

    Whoever sees a code can give the badge away, so groups that a badge is reserved for
    count here too.
    """
    return definitions_open_to(user)


def codes_of(user: Any) -> QuerySet[ClaimCode]:
    """Give the codes that ``user`` may see, as far as badges decide."""
    return ClaimCode.objects.filter(badge_definition__in=badges_of(user))


def url_of(name: str, *args: Any) -> str:
    """Give the address of one of the screens."""
    return reverse(f"{NAMESPACE}:{name}", args=args)
