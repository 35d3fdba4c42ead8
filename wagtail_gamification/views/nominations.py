"""Where members nominate one another for a badge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from wagtail_gamification.actions.nominate import (
    NominateAction,
    nominable_badges,
    not_allowed,
    refuse_beyond_limit,
)
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models import BadgeDefinition, GamificationInterface

from .attempts import attempts_to_nominate
from .private import PrivateMixin

MOST_WORDS = 2000
# What would say that somebody has an account here.
ABOUT_THE_PERSON = {"player_left_out", "nominated_already"}


class ReasonForm(forms.Form):
    """Why a player should have the badge."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The person whom you nominate may read it."),
    )


class NominateForm(ReasonForm):
    """The same, with whom it is about."""

    person = forms.CharField(
        label=_("Username or e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        help_text=_("Exactly as the person uses it on this site."),
    )
    field_order = ["person", "reason"]


class BadgeMixin(PrivateMixin):
    """Pages about a badge that members may nominate for."""

    kwargs: dict[str, Any]

    @cached_property
    def definition(self) -> BadgeDefinition:
        return get_object_or_404(nominable_badges(), slug=self.kwargs["slug"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The address's own is among them.
        kwargs |= {"definition": self.definition, "slug": self.definition.slug}
        return super().get_context_data(**kwargs)  # type: ignore[misc]


class NominateView(BadgeMixin, FormView):
    """Nominates whomever the member names.

    The answer is the same whether or not there is such a person, so that nobody finds
    out here who has an account. Pages that show a member lead to the other form.
    """

    http_method_names = ["get", "head", "options", "post"]
    form_class: type[ReasonForm] = NominateForm
    template_name = "wagtail_gamification/nominations/nominate.html"
    hides_person = True

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        definition = self.definition
        try:
            # Before anybody is looked for: the answer, and the time it takes, would
            # tell whether there is such a person.
            if not attempts_to_nominate(self.request).add():
                raise not_allowed("daily_limit")
            refuse_beyond_limit(self.request.user)
            nominee = self.nominee(form)
            if nominee is not None:
                NominateAction(
                    self.request.user,
                    definition,
                    nominee,
                    reason=form.cleaned_data["reason"],
                ).execute()
        except NotAllowed as error:
            code = error.decision.code
            if not (self.hides_person and code in ABOUT_THE_PERSON):
                form.add_error(None, error.decision.message)
                context = self.get_context_data(form=form)
                status = 429 if code == "daily_limit" else 200
                return self.render_to_response(context, status=status)
        return redirect("wagtail_gamification:nominated", slug=definition.slug)

    def nominee(self, form: ReasonForm) -> GamificationInterface | None:
        """Give whom the member means, None where there is nobody, or more than one."""
        user = _user_called(form.cleaned_data["person"])
        return user and GamificationInterface.objects.for_user(user)


class NominatePlayerView(NominateView):
    """Nominates the player whose page led here, where the member may see that."""

    form_class = ReasonForm
    hides_person = False

    @cached_property
    def player(self) -> GamificationInterface:
        players = GamificationInterface.objects.visible_to(self.request.user)
        return get_object_or_404(players, pk=self.kwargs["player"])

    def nominee(self, form: ReasonForm) -> GamificationInterface:
        return self.player

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(player=self.player, **kwargs)


class NominatedView(BadgeMixin, TemplateView):
    """Says that the nomination has arrived."""

    http_method_names = ["get", "head", "options"]
    template_name = "wagtail_gamification/nominations/nominated.html"


def _user_called(text: str) -> Any:
    """Give the one user with this username, or with this e-mail address."""
    model = get_user_model()
    users = model._default_manager.filter(**{model.USERNAME_FIELD: text})
    field = getattr(model, "EMAIL_FIELD", "")
    if not users and field and any(f.name == field for f in model._meta.fields):
        users = model._default_manager.filter(**{f"{field}__iexact": text})
    found = list(users[:2])
    return found[0] if len(found) == 1 else None
