"""Pages of awards that their players share, and the pictures that go with them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import Award
from wagtail_gamification.models.managers import owner, played_by_somebody
from wagtail_gamification.models.sql import whether


def may_be_open() -> Q:
    """Give the condition that an award's page can be open, if its player wants that.

    What was taken back, what has ended and what is hidden is nobody else's business.
    """
    return (
        Q(revoked_at=None, badge__is_hidden=False, badge__interface__is_public=True)
        & (Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
        & played_by_somebody("badge__interface")
    )


def awards_for(viewer: Any) -> QuerySet:
    """Give the awards whose page ``viewer`` may open, who may be anonymous.

    Each says whether it is ``is_own``, and whether it is ``is_open`` to everybody.
    """
    awards = Award.objects.order_by().select_related(
        "badge__interface__user", "badge__interface__preferences"
    )
    if not app_settings.SHARE_AWARDS:
        return awards.none()
    can_open = may_be_open()
    is_open = Q(is_shared=True) & can_open
    is_own = Q(pk__in=[])
    if getattr(viewer, "is_authenticated", False):
        is_own = owner(viewer, "badge__interface")
    return awards.filter(is_own | is_open).annotate(
        is_own=whether(is_own),
        is_open=whether(is_open),
        can_open=whether(can_open),
    )
