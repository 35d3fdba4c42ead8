"""Take a badge back, adjust points, and reset a player."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_gamification.actions import ResetInterfaceAction, RevokeBadgeAction
from wagtail_gamification.actions.give import (
    adjust_points_by_hand,
    reset_by_hand,
    revoke_by_hand,
)
from wagtail_gamification.actions.giving import Decision, may_give
from wagtail_gamification.actions.losses import Loss

from .base import BadgeMixin, GivingView
from .forms import AdjustForm, ResetForm, RevokeForm


class RevokeView(BadgeMixin, GivingView):
    """Says what goes, and takes a badge back."""

    action = "revoke"
    page_title = gettext_lazy("Take a badge back")
    template_name = "wagtail_gamification/cms/giving/revoke.html"
    form_class = RevokeForm

    @property
    def badge_key(self) -> int:  # type: ignore[override]
        return self.kwargs["badge"]

    @property
    def refusal(self) -> str:  # type: ignore[override]
        decision = may_give(self.request.user, "revoke", self.definition, self.player)
        return "" if decision.allowed else decision.message

    @cached_property
    def loss(self) -> Loss:
        return RevokeBadgeAction(self.definition, self.player).preview()

    def get_initial(self) -> dict[str, Any]:
        return {"told": self.loss.digest}

    def give(self, form: Any) -> str:
        revoke_by_hand(
            self.request.user,
            self.definition,
            self.player,
            **form.why,
            told=form.cleaned_data["told"] or None,
        )
        return _("“%(badge)s” is taken back from %(player)s.") % self.names

    def refuse(self, form: Any, decision: Decision) -> HttpResponse:
        if decision.code == "changed_meanwhile":
            form.data = form.data.copy()
            form.data[form.add_prefix("told")] = self.loss.digest
        return super().refuse(form, decision)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | self.names | {"loss": self.loss}


class AdjustView(GivingView):
    """Give points, or take some."""

    action = "adjust_points"
    page_title = gettext_lazy("Adjust points")
    template_name = "wagtail_gamification/cms/giving/adjust.html"
    form_class = AdjustForm

    @property
    def refusal(self) -> str:  # type: ignore[override]
        decision = may_give(self.request.user, self.action, None, self.player)
        return "" if decision.allowed else decision.message

    def give(self, form: Any) -> str:
        amount = form.cleaned_data["amount"]
        adjust_points_by_hand(self.request.user, self.player, amount, **form.why)
        names = {
            "player": self.people.name,
            "number": number_format(abs(amount), force_grouping=True),
        }
        if amount < 0:
            text = ngettext(
                "%(number)s point is taken from %(player)s.",
                "%(number)s points are taken from %(player)s.",
                -amount,
            )
        else:
            text = ngettext(
                "%(number)s point is given to %(player)s.",
                "%(number)s points are given to %(player)s.",
                amount,
            )
        return text % names


class ResetView(GivingView):
    """Says what goes, and resets the player once the name was typed."""

    action = "reset"
    page_title = gettext_lazy("Reset a player")
    template_name = "wagtail_gamification/cms/giving/reset.html"
    form_class = ResetForm

    @cached_property
    def loss(self) -> Loss:
        return ResetInterfaceAction(self.player).preview()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "expected": str(self.player)}

    def give(self, form: Any) -> str:
        reset_by_hand(self.request.user, self.player, **form.why)
        return _("%(player)s is reset.") % {"player": self.people.name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"loss": self.loss}
