"""The page of an award: its player's alone until the player shares it."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.functional import cached_property
from django.utils.translation import get_language, to_locale
from django.views.generic import ListView, TemplateView, View

from wagtail_gamification import catalogue
from wagtail_gamification.actions.change_preferences import is_shared
from wagtail_gamification.actions.share_award import ShareAwardAction
from wagtail_gamification.catalogue.entries import BadgeEntry
from wagtail_gamification.conf import app_settings
from wagtail_gamification.exceptions import PlayerIsShared
from wagtail_gamification.profiles import profile_url
from wagtail_gamification.public_names import public_name
from wagtail_gamification.sharing import awards_for
from wagtail_gamification.sharing.cards import card_of, site_name
from wagtail_gamification.sharing.drawing import HEIGHT, WIDTH, picture

from .private import PrivateMixin
from .public import PublicMixin


class AwardMixin(PublicMixin):
    """Pages about one award that the visitor may see."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def award(self) -> Any:
        awards = awards_for(self.request.user)
        return get_object_or_404(awards, uuid=self.kwargs["uuid"])


class AwardView(AwardMixin, TemplateView):
    """Shows an award; its player shares it there, and stops sharing it."""

    http_method_names = ["get", "head", "options", "post"]
    template_name = "wagtail_gamification/sharing/award.html"

    def post(self, request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
        # To others it is there to be read, if at all.
        if not self.award.is_own:
            raise Http404
        try:
            ShareAwardAction(self.award, request.POST.get("share") == "yes").execute()
        except PlayerIsShared:
            return self.render_to_response(self.get_context_data(), status=403)
        return redirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        award = self.award
        player = award.badge.interface
        image = reverse("wagtail_gamification:award_image", args=[award.uuid])
        return super().get_context_data(
            award=award,
            badge=entries()[award.badge_definition_id],
            player=player,
            name=public_name(player),
            profile_url=profile_url(player),
            is_own=award.is_own,
            is_open=award.is_open,
            can_open=award.can_open,
            is_shared_player=award.is_own and is_shared(player),
            site_name=site_name(self.request),
            page_url=self.request.build_absolute_uri(self.request.path),
            image_url=self.request.build_absolute_uri(image),
            locale=to_locale(get_language() or settings.LANGUAGE_CODE),
            image_width=WIDTH,
            image_height=HEIGHT,
            **kwargs,
        )


class AwardImageView(AwardMixin, View):
    """The picture of an award, drawn when it is asked for, and kept for a while."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
        card, image = card_of(self.award, request)
        etag = f'"{card.fingerprint}"'
        response = get_conditional_response(request, etag=etag)
        if response is None:
            response = HttpResponse(picture(card, image), content_type="image/png")
        response.headers["ETag"] = etag
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


class AwardsView(PrivateMixin, ListView):
    """Leads members to the pages of all their awards."""

    http_method_names = ["get", "head", "options"]
    template_name = "wagtail_gamification/sharing/awards.html"
    paginate_by = 20
    context_object_name = "awards"

    def get_queryset(self) -> Any:
        if not app_settings.SHARE_AWARDS:
            raise Http404
        own = awards_for(self.request.user).filter(is_own=True)
        return own.order_by("-awarded_at", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        badges = entries()
        context["rows"] = [
            (award, badges[award.badge_definition_id]) for award in context["awards"]
        ]
        return context


def entries() -> dict[int, BadgeEntry]:
    """Give what visitors read of each badge, by its key."""
    badges = catalogue.badges(catalogue.active_language(), "large").badges
    return {entry.definition_id: entry for entry in badges}
