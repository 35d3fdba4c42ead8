"""Wagtail's own endpoints of pages, without those that are closed to everybody."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.api.v3.routers import pages

from wagtail_gamification.gated_pages import open_to


def leave_closed_pages_out() -> None:
    """Let lists, details and ``find`` be without pages that have a gate.

    Who has no token is nobody, and who has one gets the pages that they may edit.
    Wagtail's router has no place to say so: each of its views asks one function which
    pages there are, and that one is put in its place here, once.
    """
    everything = pages.get_pages_queryset
    if hasattr(everything, "__wrapped__"):
        return

    @wraps(everything)
    def get_open_pages(request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet:
        found = everything(request, *args, **kwargs)
        return found if request.user.is_authenticated else open_to(found, None)

    pages.get_pages_queryset = get_open_pages
