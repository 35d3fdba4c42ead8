"""Routers for Wagtail's API v3, which the site adds before it mounts the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail_gamification.compat import HAS_API_V3

if not HAS_API_V3:
    raise ImportError(
        "wagtail_gamification.api.v3 needs Wagtail 8.0 or newer, which has an API v3. "
        "Before that there is wagtail_gamification.api.v2."
    )

from wagtail.api.v3.registry import ContentTypeRegistration, registry

from .definitions import KINDS, definitions_router
from .me import me_router

if TYPE_CHECKING:
    from ninja import NinjaAPI

__all__ = ["register_routers"]


def register_routers(api: NinjaAPI) -> None:
    """Add all of them under their usual names: before ``api.urls`` is read.

    The definitions' types are then in ``/schema/`` too.
    """
    for name, kind in KINDS.items():
        api.add_router(f"/{name}/", definitions_router(name, kind))
        registry.register(
            ContentTypeRegistration(
                name=kind.model._meta.label,
                label=str(kind.model._meta.verbose_name_raw),
                read_schema=kind.schema,
            )
        )
    api.add_router("/me/", me_router())
