"""Who visits the site, and who is sending the form that is being stored."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime, time, timedelta
from datetime import timezone as datetime_timezone
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .caching import shared_cache
from .events import builtin

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


class GamificationMiddleware:
    """Record that members visit the site, once a day, and tell forms who sent them.

    Put it behind Django's ``AuthenticationMiddleware``. Visitors without a session
    cost nothing, and members one look into the cache; on the first visit of a day in
    their own time zone one event is recorded. Pages can be cached as before: it
    doesn't make them depend on the cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            response = self.get_response(request)
        finally:
            _request.reset(token)
        if builtin.is_switched_on(builtin.visited.code):
            user = _member(request)
            if user is not None:
                record_visit(user)
        return response


def current_user() -> Any:
    """Give the user whose request is being answered, None outside of requests."""
    request = _request.get()
    return None if request is None else getattr(request, "user", None)


def record_visit(user: Any) -> None:
    """Record today's visit of ``user``, unless it was."""
    from .actions.players import time_zone_of

    cache, key = shared_cache(), f"wagtail_gamification:visit:{user.pk}"
    if cache.get(key):
        return
    now = timezone.now().astimezone(time_zone_of(user))
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    # In UTC: a day on which the clocks change has another length.
    utc = datetime_timezone.utc
    left = tomorrow.astimezone(utc) - now.astimezone(utc)
    seconds = max(1, int(left.total_seconds()))
    # Of several requests at once, one records it. Where the cache forgets, the key of
    # the event still refuses a second visit.
    if cache.add(key, True, seconds):
        builtin.visited.record(user, key=f"day-{now.date().toordinal()}")


def _member(request: HttpRequest) -> Any:
    session = getattr(request, "session", None)
    if session is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        # Who has just logged in has the cookie from the next request on.
        return None
    was_accessed = session.accessed
    user = getattr(request, "user", None)
    is_member = user is not None and user.is_authenticated
    # Only looked at: the page is the same for everybody, if it was before.
    session.accessed = was_accessed
    return user if is_member else None
