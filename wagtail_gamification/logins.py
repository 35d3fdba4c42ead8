"""Where visitors sign in."""

from __future__ import annotations

from django.conf import settings
from django.urls import NoReverseMatch, reverse


def login_address() -> str:
    """Give where visitors sign in, as Wagtail's private pages find it."""
    address = getattr(settings, "WAGTAIL_FRONTEND_LOGIN_URL", None)
    if address:
        return str(address)
    try:
        return reverse("wagtailcore_login")
    except NoReverseMatch:
        return ""
