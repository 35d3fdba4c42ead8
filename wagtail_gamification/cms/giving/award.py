"""Award a badge to one player, or renew one that ends."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Locale

from wagtail_gamification.actions import AwardBadgeAction
from wagtail_gamification.actions.give import award_by_hand
from wagtail_gamification.actions.giving import Decision, definitions_for, may_give
from wagtail_gamification.cms.players.base import url_of
from wagtail_gamification.models import (
    Award,
    BadgeDefinition,
    GamificationInterface,
)

from .base import BadgeMixin, GivingView, badges_for
from .forms import AwardForm, RenewForm


def award_url(
    player: int, definition: int | None = None, *, renews: bool = False
) -> str:
    """Give where a badge is awarded to a player, or renewed."""
    url = url_of("award", player)
    query = {"badge": definition} if definition else {}
    if renews:
        query["renew"] = 1
    return f"{url}?{urlencode(query)}" if query else url


def badges_to_award(user: Any, player: GamificationInterface) -> QuerySet:
    """Give the badges that ``user`` may award and ``player`` can still get.

    Each with what the player has of it, and its texts in the editor's language.
    """
    definitions: Any = definitions_for(user, "award")
    if GamificationInterface.objects.owned_by(user).filter(pk=player.pk).exists():
        definitions = definitions.filter(may_award_oneself=True)
    definitions = definitions.in_locale(Locale.get_active()).for_interface(player)
    return definitions.filter(
        Q(player_times_awarded=None)
        | Q(player_times_awarded__lt=Coalesce("max_awards", 1))
        | Q(player_expires_at__lte=timezone.now())
    )


class AwardView(BadgeMixin, GivingView):
    """Choose a badge; with ``?renew=1``, the one in the address begins anew."""

    action = "award"
    template_name = "wagtail_gamification/cms/giving/award.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.is_about_badge and not self.renews and self._can_only_be_renewed():
            url = award_url(self.player.pk, self.definition.pk, renews=True)
            if next_url := get_valid_next_url_from_request(request):
                url += "&" + urlencode({"next": next_url})
            return redirect(url)
        return super().get(request, *args, **kwargs)

    @property
    def badge_key(self) -> int | None:  # type: ignore[override]
        """The badge in the address."""
        key = self.request.GET.get("badge", "")
        if not key:
            return None
        if not (key.isascii() and key.isdecimal() and len(key) < 19):
            raise Http404
        return int(key)

    @property
    def is_about_badge(self) -> bool:
        return self.badge_key is not None

    @property
    def renews(self) -> bool:
        return "renew" in self.request.GET

    def get_page_title(self) -> str:
        return _("Renew a badge") if self.renews else _("Award a badge")

    def get_form_class(self) -> type[RenewForm]:
        return RenewForm if self.renews else AwardForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self.renews:
            return kwargs
        return kwargs | {"badges": badges_for(self.player), "choices": self.choices}

    def get_initial(self) -> dict[str, Any]:
        initial = {"known": self.latest_award}
        if self.is_about_badge and not self.renews:
            initial["badge"] = self.definition.pk
        return initial

    @cached_property
    def choices(self) -> list[BadgeDefinition]:
        found = badges_to_award(self.request.user, self.player)
        return sorted(found, key=lambda badge: badge.texts.name.casefold())

    @cached_property
    def refusal(self) -> str:  # type: ignore[override]
        if self.renews:
            decision = self._decide("renew")
            return "" if decision.allowed else decision.message
        decision = may_give(self.request.user, "award", None, self.player)
        if decision.code == "player_left_out":
            return decision.message
        if self.choices or self.request.method == "POST":
            return ""
        return _("There is no badge that you can award to this player now.")

    def give(self, form: Any) -> str:
        definition = self.definition if self.renews else form.cleaned_data["badge"]
        award_by_hand(
            self.request.user,
            definition,
            self.player,
            **form.why,
            renews=self.renews,
            known=form.cleaned_data["known"],
        )
        names = {"badge": definition.texts.name, "player": self.people.name}
        if self.renews:
            return _("“%(badge)s” of %(player)s is renewed.") % names
        return _("“%(badge)s” is awarded to %(player)s.") % names

    def refuse(self, form: Any, decision: Decision) -> HttpResponse:
        if decision.code == "awarded_meanwhile":
            # Seen now: whoever goes on means one more.
            form.data = form.data.copy()
            form.data[form.add_prefix("known")] = self.latest_award
        return super().refuse(form, decision)

    def field_of(self, code: str) -> str | None:
        return None if code in ("no_permission", "player_left_out") else "badge"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | {"renews": self.renews}
        if self.renews:
            return context | self.names | self._term()
        if self.is_about_badge and self.request.method != "POST":
            decision = self._decide("award")
            context["warning"] = "" if decision.allowed else decision.message
        return context

    @property
    def latest_award(self) -> int:
        """The key of the player's latest award, 0 without one."""
        awards = Award.objects.filter(badge__interface=self.player).order_by("-pk")
        return awards.values_list("pk", flat=True).first() or 0

    def _can_only_be_renewed(self) -> bool:
        return (
            self._decide("award").code == "has_it_already"
            and self._decide("renew").allowed
        )

    def _decide(self, action: str) -> Decision:
        return may_give(self.request.user, action, self.definition, self.player)

    def _term(self) -> dict[str, Any]:
        """Say when the badge ends or has ended, and when it would."""
        awards = Award.objects.filter(
            badge__interface=self.player, badge_definition=self.definition
        )
        award = awards.order_by("number").last()
        renewing = AwardBadgeAction(self.definition, self.player, renews=award)
        return {
            "award": award,
            "new_end": renewing.expiry(timezone.now()),
            "points": self.definition.points,
        }
