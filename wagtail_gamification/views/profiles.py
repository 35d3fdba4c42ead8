"""What a player shows to everybody, and where the player decides it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from wagtail_gamification.actions.change_preferences import is_shared
from wagtail_gamification.conf import app_settings
from wagtail_gamification.exceptions import PlayerIsShared
from wagtail_gamification.models import GamificationInterface
from wagtail_gamification.models.preferences import ProfileSection
from wagtail_gamification.profiles import players_with_profile, profile_url
from wagtail_gamification.public_names import public_name

from .private import PrivateMixin
from .public import PublicMixin
from .settings_form import PlayerSettingsForm

# What says most in least room comes first.
ORDER = (
    ProfileSection.LEVEL.value,
    ProfileSection.POINTS.value,
    ProfileSection.BADGES.value,
    ProfileSection.UNLOCKABLES.value,
)


class ProfileView(PublicMixin, TemplateView):
    """A player's own page, the same for everybody who looks.

    There is none, whoever asks and whatever the reason, until the player wants one.
    """

    http_method_names = ["get", "head", "options"]
    template_name = "wagtail_gamification/profiles/profile.html"

    def get_context_data(self, public_id: uuid.UUID, **kwargs: Any) -> dict[str, Any]:
        players = players_with_profile()
        player = get_object_or_404(players, preferences__public_id=public_id)
        chosen = player.preferences.profile_sections
        user = self.request.user
        own = GamificationInterface.objects.filter(pk=player.pk)
        return super().get_context_data(
            player=player,
            name=public_name(player),
            sections=[name for name in ORDER if name in chosen],
            # Whoever looks sees what anybody would.
            anybody=AnonymousUser(),
            is_own=user.is_authenticated and own.owned_by(user).exists(),
            **kwargs,
        )


class PlayerSettingsView(PrivateMixin, FormView):
    """Where members decide what is shown of them, and what is sent to them.

    A site that wants more subclasses it with a ``form_class`` of its own. Nobody
    changes a player whom several users share: none of them can decide for the others.
    """

    http_method_names = ["get", "head", "options", "post"]
    form_class = PlayerSettingsForm
    template_name = "wagtail_gamification/profiles/settings.html"

    @cached_property
    def player(self) -> GamificationInterface:
        return GamificationInterface.objects.for_user(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "player": self.player}

    def form_valid(self, form: PlayerSettingsForm) -> HttpResponse:
        try:
            form.save()
        except PlayerIsShared as error:
            form.add_error(None, str(error))
            context = self.get_context_data(form=form)
            return self.render_to_response(context, status=403)
        return redirect(f"{self.request.path}?saved")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            player=self.player,
            is_shared=is_shared(self.player),
            is_saved="saved" in self.request.GET,
            profile_url=profile_url(self.player),
            shares_awards=app_settings.SHARE_AWARDS,
            **kwargs,
        )
