"""From a user to the player, in Wagtail's own screens of users."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote, unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.widgets.button import Button

from wagtail_gamification.compat import permission_policy_of
from wagtail_gamification.models import GamificationInterface

from .base import PlayersMixin, may_see_players, url_of


class PlayerOfUserView(PlayersMixin, View):
    """Leads to the player that a user is.

    The lists of users needn't know who that is: it is looked up for the one that is
    asked for.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, user: str) -> HttpResponse:
        users = get_user_model()._base_manager
        try:
            found = users.filter(pk=unquote(user)).first()
        except (ValueError, ValidationError):
            found = None
        if found is None:
            raise Http404
        player = GamificationInterface.objects.owned_by(found).first()
        if player is None:
            name = get_user_display_name(found) or str(found)
            messages.warning(
                request, _("%(name)s isn't a player yet.") % {"name": name}
            )
            return redirect(url_of("index"))
        return redirect(url_of("player", player.pk))


def user_listing_buttons(user: Any, request_user: Any) -> list[Button]:
    """Give what stands beside a user in Wagtail's list."""
    if not may_see_players(request_user):
        return []
    return [
        Button(
            _("Badges and points"),
            url=player_url_of(user),
            icon_name="gamification-trophy",
            priority=60,
        )
    ]


def player_url_of(user: Any) -> str:
    """Give the address that leads to the player that a user is."""
    return url_of("of_user", quote(user.pk))


def edit_url_of(user: Any, editor: Any) -> str | None:
    """Give where a user is edited, where there is such a screen for ``editor``."""
    if user is None:
        return None
    if not permission_policy_of(type(user)).user_has_permission(editor, "change"):
        return None
    try:
        return reverse("wagtailusers_users:edit", args=[quote(user.pk)])
    except NoReverseMatch:
        return None
