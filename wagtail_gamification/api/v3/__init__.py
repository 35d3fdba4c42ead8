"""Routers for Wagtail's API v3, which the site adds before it mounts the API."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wagtail_gamification.compat import HAS_API_V3

if not HAS_API_V3:
    raise ImportError(
        "wagtail_gamification.api.v3 needs Wagtail 8.0 or newer, which has an API v3. "
        "Before that there is wagtail_gamification.api.v2."
    )

from wagtail.api.v3.registry import ContentTypeRegistration, registry

from wagtail_gamification.api.listing import AUDIENCES

from .definitions import KINDS, definitions_router
from .leaderboards import leaderboards_router
from .me import me_router
from .pages import leave_closed_pages_out

if TYPE_CHECKING:
    from ninja import NinjaAPI

__all__ = ["leave_closed_pages_out", "register_routers"]


def register_routers(api: NinjaAPI, *, audiences: tuple[str, ...] = AUDIENCES) -> None:
    """Add all of them under their usual names: before ``api.urls`` is read.

    The definitions' types are then in ``/schema/`` too. ``audiences`` say of whom the
    leaderboards are that everybody may read: ``everybody``, ``group``, ``team``.
    Wagtail's own pages are then without those that are closed.
    """
    leave_closed_pages_out()
    for name, kind in KINDS.items():
        make = leaderboards_router if name == "leaderboards" else definitions_router
        kind = replace(kind, audiences=audiences)
        api.add_router(f"/{name}/", make(name, kind))
        registry.register(
            ContentTypeRegistration(
                name=kind.model._meta.label,
                label=str(kind.model._meta.verbose_name_raw),
                read_schema=kind.schema,
            )
        )
    api.add_router("/me/", me_router())
