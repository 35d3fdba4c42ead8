"""Where members claim a badge with a code."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from wagtail_gamification.actions.claim_code import ClaimCodeAction, ClaimOutcome
from wagtail_gamification.models import Award, GamificationInterface
from wagtail_gamification.models.codes import MOST_INPUT, grouped_code, normalise_code
from wagtail_gamification.models.managers import owner

from .attempts import attempts_to_claim
from .private import PrivateMixin

TOO_MANY = _("You have tried too often. Please wait a few minutes and try again.")
MESSAGES = {
    ClaimOutcome.REFUSED: _(
        "This code can't be used. Look whether it is typed as it was given to you, and "
        "ask whoever gave it to you if it is."
    ),
    ClaimOutcome.HAS_IT_ALREADY: _(
        "You have this badge already. The code isn't used up: somebody else can still "
        "claim the badge with it."
    ),
    ClaimOutcome.CLAIMED_BEFORE: _("You have used this code already."),
    ClaimOutcome.OWN_CODE: _(
        "You have made this code yourself, and nobody may give this badge to "
        "themselves. The code isn't used up."
    ),
    ClaimOutcome.NOT_COUNTED: _(
        "Your account doesn't collect badges on this site. The code isn't used up."
    ),
}


class CodeField(forms.CharField):
    """A text in which a byte that no text has is a wrong letter like any other."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\0", "?")


class ClaimForm(forms.Form):
    """The code, as it is printed or read out."""

    code = CodeField(
        label=_("Code"),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "maxlength": MOST_INPUT,
            }
        ),
        help_text=_("Capital letters, spaces and hyphens don't matter."),
    )


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class ClaimView(PrivateMixin, FormView):
    """A form for a code. Only sending it claims; an address with a code fills it in."""

    http_method_names = ["get", "head", "options", "post"]
    form_class = ClaimForm
    template_name = "wagtail_gamification/claims/claim.html"

    def get_initial(self) -> dict[str, Any]:
        given = self.request.GET.get("code", "")
        return {"code": grouped_code(normalise_code(given))}

    def form_valid(self, form: ClaimForm) -> HttpResponse:
        attempts = attempts_to_claim(self.request)
        if not attempts.add():
            response = self._refuse(form, TOO_MANY, status=429)
            response.headers["Retry-After"] = str(attempts.retry_after)
            return response
        user = self.request.user
        interface = GamificationInterface.objects.for_user(user)
        result = ClaimCodeAction(form.cleaned_data["code"], interface, user).execute()
        if result.award is None:
            return self._refuse(form, MESSAGES[result.outcome])
        attempts.take_back()
        return redirect("wagtail_gamification:claimed", uuid=result.award.uuid)

    def _refuse(
        self, form: ClaimForm, message: Any, *, status: int = 200
    ) -> HttpResponse:
        form.add_error("code", message)
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=status)


class ClaimedView(PrivateMixin, TemplateView):
    """Shows the badge that was claimed, to the player who has claimed it."""

    http_method_names = ["get", "head", "options"]
    template_name = "wagtail_gamification/claims/claimed.html"

    def get_context_data(self, uuid: uuid.UUID, **kwargs: Any) -> dict[str, Any]:
        awards = Award.objects.filter(owner(self.request.user, "badge__interface"))
        award = get_object_or_404(
            awards.select_related("badge__badge_definition"),
            uuid=uuid,
            claim__isnull=False,
        )
        definition = award.badge.badge_definition
        return super().get_context_data(
            award=award, definition=definition, slug=definition.slug, **kwargs
        )
