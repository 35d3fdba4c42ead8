"""The page of one nomination, on which it is approved or declined."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import AdminAutoHeightTextInput

from wagtail_gamification.actions.decide_nomination import (
    DecideNominationAction,
    may_decide,
)
from wagtail_gamification.cms.players.base import may_see_players
from wagtail_gamification.cms.players.base import url_of as player_url
from wagtail_gamification.cms.reporting.people import name_of
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models import Badge, Nomination

from .queue import NominationReport, nominations_of, policy, url_of


class DecideForm(forms.Form):
    """What the editor says with the decision."""

    message = forms.CharField(
        label=gettext_lazy("Message"),
        required=False,
        max_length=2000,
        widget=AdminAutoHeightTextInput,
        help_text=gettext_lazy("Kept with the nomination. Other editors see it."),
    )
    decision = forms.ChoiceField(
        choices=[("approve", "approve"), ("decline", "decline")],
        widget=forms.HiddenInput,
    )


class NominationView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Shows who was nominated and why, and takes the decision."""

    http_method_names = ["get", "head", "options", "post"]
    permission_policy = policy
    permission_required = "decide"
    form_class = DecideForm
    template_name = "wagtail_gamification/cms/nominations/nomination.html"
    page_title = gettext_lazy("Nomination")
    header_icon = "user"

    @cached_property
    def nomination(self) -> Nomination:
        nominations = nominations_of(self.request.user).select_related(
            "nominee__user", "badge_definition", "nominator", "decided_by"
        )
        return get_object_or_404(nominations, pk=self.kwargs["pk"])

    def form_valid(self, form: DecideForm) -> HttpResponse:
        approves = form.cleaned_data["decision"] == "approve"
        try:
            DecideNominationAction(
                self.request.user,
                self.nomination,
                approves=approves,
                message=form.cleaned_data["message"],
            ).execute()
        except NotAllowed as error:
            messages.error(self.request, error.decision.message)
            return redirect(url_of("nomination", self.nomination.pk))
        text = (
            _("“%(badge)s” is awarded to %(player)s.")
            if approves
            else _("The nomination of %(player)s for “%(badge)s” is declined.")
        )
        names = {
            "badge": self.nomination.badge_definition.name,
            "player": self.nominee,
        }
        messages.success(self.request, text % names)
        return redirect(url_of("index"))

    @property
    def nominee(self) -> str:
        return name_of(self.nomination.nominee)

    def get_page_subtitle(self) -> str:
        return self.nominee

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": url_of("index"), "label": NominationReport.page_title},
            {
                "url": "",
                "label": self.get_page_title(),
                "sublabel": self.get_page_subtitle(),
            },
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        nomination = self.nomination
        user = self.request.user
        has_it = Badge.objects.acquired().filter(
            interface=nomination.nominee, badge_definition=nomination.badge_definition
        )
        context = super().get_context_data(**kwargs)
        sees = may_see_players(user)
        return context | {
            "nomination": nomination,
            "nominee": self.nominee,
            "decision": may_decide(user, nomination),
            "is_waiting": nomination.state == Nomination.State.WAITING,
            "has_it_already": has_it.exists(),
            "player_url": player_url("player", nomination.nominee_id) if sees else "",
            "media": context["form"].media,
        }
