"""Award a badge to somebody, from the badge: whom, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_gamification.actions.give import award_by_hand
from wagtail_gamification.actions.giving import Decision, Giver, may_give
from wagtail_gamification.cms.bulk.people import (
    MOST_SUGGESTIONS,
    find_people,
    label_of,
    suggest_people,
)
from wagtail_gamification.cms.giving.forms import RenewForm
from wagtail_gamification.cms.players.base import MEDIA, may_see_players
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models import (
    Award,
    BadgeDefinition,
    GamificationInterface,
)

from .base import BadgeMixin, url_of

# What is wrong with the person; anything else is wrong with the badge or the giver.
ABOUT_THE_PERSON = {
    "oneself",
    "player_left_out",
    "player_gone",
    "has_it_already",
    "awarded_meanwhile",
}
# Who has no right to, isn't shown the form.
NOT_FOR_THIS_USER = {"no_permission", "not_in_group"}


class AwardForm(RenewForm):
    """Who gets it: a name that is typed, and one of those whom it may mean."""

    person = forms.CharField(
        label=gettext_lazy("Player"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("A username, an e-mail address or a full name."),
    )
    field_order = ["person"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if name := data.get("person"):
            try:
                data["chosen"] = self._find(name)
            except ValidationError as error:
                self.add_error("person", error)
        return data

    def _find(self, name: str) -> Any:
        found = find_people([name])[name]
        if len(found) == 1:
            return found[0]
        # Whoever may not see players isn't told who there is.
        candidates = (found or suggest_people([name])[name])[:MOST_SUGGESTIONS]
        if candidates and may_see_players(self.user):
            self._offer(candidates)
            by_key = {str(user.pk): user for user in candidates}
            if chosen := by_key.get(self.data.get("chosen", "")):
                return chosen
            message = (
                _("Several people are called that. Choose who is meant.")
                if found
                else _("Nobody is called exactly that. Choose who is meant.")
            )
        elif found:
            message = _(
                "Several people are called that. Write the username or the e-mail "
                "address."
            )
        else:
            message = _("Nobody is called that.")
        raise ValidationError(message)

    def _offer(self, people: list[Any]) -> None:
        self.fields["chosen"] = forms.ChoiceField(
            label=_("Who is meant"),
            choices=[(user.pk, label_of(user)) for user in people],
            widget=forms.RadioSelect,
            required=False,
        )
        self.order_fields(["person", "chosen"])

    def save(self, definition: BadgeDefinition) -> None:
        """Award it.

        :raises NotAllowed: where that is more than the editor may do now
        """
        chosen = self.cleaned_data["chosen"]
        with transaction.atomic():
            user = get_user_model()._base_manager.filter(pk=chosen.pk).first()
            if user is None:
                giver = Giver(self.user, "award", definition)
                raise NotAllowed(giver.decision_of("player_gone"))
            # Who isn't a player yet becomes one, unless it can't be awarded.
            award_by_hand(
                self.user,
                definition,
                GamificationInterface.objects.for_user(user),
                **self.why,
                known=self.cleaned_data["known"],
            )


class AwardView(BadgeMixin, WagtailAdminTemplateMixin, FormView):
    """Awards the badge, and leads back to who has it."""

    http_method_names = ["get", "head", "options", "post"]
    form_class = AwardForm
    template_name = "wagtail_gamification/cms/earners/award.html"
    page_title = gettext_lazy("Award to a player")
    header_icon = "gamification-badge"

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        # Before the badge is looked for: who may not, doesn't learn which there are.
        if not may_give(request.user, "award").allowed:
            raise PermissionDenied
        if self.decision.code in NOT_FOR_THIS_USER:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def decision(self) -> Decision:
        return may_give(self.request.user, "award", self.definition)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {"known": latest_award()}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            form.save(self.definition)
        except NotAllowed as error:
            decision = error.decision
            if decision.code == "awarded_meanwhile":
                # Seen now: whoever goes on means one more.
                form.data = form.data.copy()
                form.data["known"] = latest_award()
            about = "person" if decision.code in ABOUT_THE_PERSON else None
            form.add_error(about, decision.message)
            return self.form_invalid(form)
        chosen = form.cleaned_data["chosen"]
        messages.success(
            self.request,
            _("“%(badge)s” is awarded to %(player)s.")
            % {
                "badge": self.definition.name,
                "player": get_user_display_name(chosen),
            },
        )
        return redirect(self.earners_url or self.request.path)

    @property
    def earners_url(self) -> str:
        """Give the list of who has it to those who may see it."""
        if not may_see_players(self.request.user):
            return ""
        return url_of("earners", self.definition.pk)

    def _parents(self) -> list[dict[str, Any]]:
        parents = super()._parents()
        if self.earners_url:
            label = _("Players who earned it")
            parents.append({"url": self.earners_url, "label": label})
        return parents

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "badge": self.definition,
            "refusal": "" if self.decision.allowed else self.decision.message,
            "media": context["form"].media + MEDIA,
            "action_url": self.request.path,
            "submit_button_label": _("Award"),
            "submit_button_active_label": _("Awarding…"),
        }


def latest_award() -> int:
    """Give the key of the latest award of all: whom it will be about isn't known."""
    awards = Award.objects.order_by("-pk").values_list("pk", flat=True)
    return awards.first() or 0
