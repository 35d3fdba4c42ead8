"""What the screens of giving by hand have in common."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.forms import Form, Media
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Locale

from wagtail_gamification.actions.giving import Decision, may_give
from wagtail_gamification.cms.players.base import MEDIA, PlayerMixin, url_of
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models import Badge, BadgeDefinition, GamificationInterface


class GivingView(PlayerMixin, WagtailAdminTemplateMixin, FormView):
    """A page on which something is given to a player, or taken.

    For those who may see players and do this to them. What is decided about this
    player stands on the page instead of the form, or beside the field that it is about.
    """

    http_method_names = ["get", "head", "options", "post"]
    action = ""
    """What is done, by the name that ``may_give`` has for it."""

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        # Before the player is looked for: who may not, doesn't learn who there is.
        if not may_give(request.user, self.action).allowed:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def give(self, form: Any) -> str:
        """Do it, and give what there is to say of it.

        :raises NotAllowed: where it may not be done now
        """
        raise NotImplementedError

    def field_of(self, code: str) -> str | None:
        """Give the field that a reason against it is about."""
        return None

    @property
    def refusal(self) -> str:
        """What stands in the way, whatever is filled in."""
        return ""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            done = self.give(form)
        except NotAllowed as error:
            return self.refuse(form, error.decision)
        messages.success(self.request, done)
        return redirect(self.next_url)

    def refuse(self, form: Form, decision: Decision) -> HttpResponse:
        if decision.code == "player_gone":
            messages.error(self.request, decision.message)
            return redirect(url_of("index"))
        field = self.field_of(decision.code)
        form.add_error(field if field in form.fields else None, decision.message)
        return self.form_invalid(form)

    @property
    def player_url(self) -> str:
        return url_of("player", self.player.pk)

    @property
    def next_url(self) -> str:
        """Where one came from, if it is on this site, else the player's page."""
        return get_valid_next_url_from_request(self.request) or self.player_url

    def get_parent_items(self) -> list[dict[str, Any]]:
        return [{"url": self.player_url, "label": self.people.name}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        media = context.get("media", Media()) + context["form"].media + MEDIA
        return context | {
            "media": media,
            "player": self.player,
            "people": self.people,
            "next_url": self.next_url,
            "refusal": self.refusal,
        }


class BadgeMixin:
    """A screen about one badge of the player."""

    badge_key: Any

    @cached_property
    def definition(self) -> BadgeDefinition:
        """The badge, with its texts in the editor's language."""
        badges = badges_for(self.player)  # type: ignore[attr-defined]
        found = badges.filter(pk=self.badge_key).first()
        if found is None:
            raise Http404
        return found

    @property
    def names(self) -> dict[str, Any]:
        """What sentences about it name."""
        return {
            "badge": self.definition.texts.name,
            "player": self.people.name,  # type: ignore[attr-defined]
        }


def badges_for(player: GamificationInterface) -> Any:
    """Give the badges that were published, and those that the player has of others.

    With their texts in the editor's language.
    """
    held = Badge._base_manager.filter(
        interface=player, badge_definition=OuterRef("pk"), last_award_number__gt=0
    )
    known = Q(live=True) | Q(first_published_at__isnull=False) | Q(Exists(held))
    return BadgeDefinition.objects.in_locale(Locale.get_active()).filter(known)
