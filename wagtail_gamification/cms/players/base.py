"""What all screens of players have in common: who may see them, and whose they are."""

from __future__ import annotations

from typing import Any

from django.forms import Media
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_gamification.cms.imports.base import MEDIA as LISTS
from wagtail_gamification.models import GamificationInterface

from .people import People, people_of

NAMESPACE = "wagtail_gamification_players"
MEDIA = LISTS + Media(css={"all": ["wagtail_gamification/css/players.css"]})

policy = ModelPermissionPolicy(GamificationInterface)


def may_see_players(user: Any) -> bool:
    """Whether ``user`` may see the players in the CMS."""
    return policy.user_has_permission(user, "view")


def url_of(name: str, *args: Any) -> str:
    """Give the address of one of the screens."""
    return reverse(f"{NAMESPACE}:{name}", args=args)


class PlayersMixin(PermissionCheckedMixin):
    """Lets nobody in who may not see players."""

    permission_policy = policy
    permission_required = "view"
    any_permission_required = None
    header_icon = "user"


class PlayerMixin(PlayersMixin):
    """A screen about one player."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def player(self) -> GamificationInterface:
        players = GamificationInterface.objects.select_related("preferences")
        return get_object_or_404(players, pk=self.kwargs["pk"])

    @cached_property
    def people(self) -> People:
        return people_of([self.player])[self.player.pk]

    def get_page_subtitle(self) -> str:
        return self.people.name

    def get_parent_items(self) -> list[dict[str, Any]]:
        """Give what leads from the list to this page."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,  # type: ignore[attr-defined]
            {"url": url_of("index"), "label": _("Players")},
            *self.get_parent_items(),
            {
                "url": "",
                "label": self.get_page_title(),  # type: ignore[attr-defined]
                "sublabel": self.get_page_subtitle(),
            },
        ]
