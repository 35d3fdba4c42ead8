"""Where members pay for an unlockable with their points."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from wagtail_gamification.actions.buy_unlockable import BuyOutcome, BuyUnlockableAction
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import GamificationInterface, UnlockableDefinition
from wagtail_gamification.shelf import ShelfReader, ShelfUnlockable

from .private import PrivateMixin

MESSAGES = {
    BuyOutcome.HAS_IT_ALREADY: _("You have this already. No points are spent."),
    BuyOutcome.TOO_FEW_POINTS: _("You don't have enough points. No points are spent."),
    BuyOutcome.NOT_YET: _(
        "You haven't earned enough points yet to buy this. No points are spent."
    ),
    BuyOutcome.NOT_FOR_SALE: _("This isn't for sale any more. No points are spent."),
    BuyOutcome.PRICE_CHANGED: _(
        "The price has changed meanwhile. No points are spent: look at the new price "
        "first."
    ),
    BuyOutcome.NOT_COUNTED: _(
        "Your account doesn't collect anything on this site. No points are spent."
    ),
}


class UnlockForm(forms.Form):
    """The price that the member has read, and where they came from."""

    price = forms.IntegerField(widget=forms.HiddenInput)
    next = forms.CharField(widget=forms.HiddenInput, required=False)


class UnlockableMixin(PrivateMixin):
    """Pages about one unlockable as it stands with the member."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @property
    def reader(self) -> ShelfReader:
        """What is true now: after buying, it is another one."""
        return ShelfReader(self.request.user)

    def find(self, reader: ShelfReader) -> ShelfUnlockable:
        """Give the unlockable.

        :raises Http404: where there is none, or none that the member may know
        """
        try:
            found = reader.unlockable(self.kwargs["slug"], size="large")
        except UnknownDefinition as error:
            raise Http404 from error
        if found is None:
            raise Http404
        return found

    @cached_property
    def back_url(self) -> str:
        """Where the member came from, as far as it is on this site."""
        given = self.request.POST.get("next") or self.request.GET.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            given,
            allowed_hosts={self.request.get_host()},
            require_https=self.request.is_secure(),
        )
        return given if is_ours else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["back_url"] = self.back_url
        return super().get_context_data(**kwargs)  # type: ignore[misc]


class UnlockView(UnlockableMixin, FormView):
    """Says what it costs and what is left. Only sending the form buys it."""

    http_method_names = ["get", "head", "options", "post"]
    form_class = UnlockForm
    template_name = "wagtail_gamification/gates/unlock.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reader = self.reader
        unlockable = self.find(reader)
        if unlockable.price is None and not unlockable.is_unlocked:
            raise Http404
        form = kwargs.get("form")
        if form is None or form.is_bound:
            # With the price of now: it is for the member to decide on that one.
            new = self.form_class(
                initial={"price": unlockable.price, "next": self.back_url}
            )
            kwargs["form"] = new
            kwargs["errors"] = form.non_field_errors() if form else []
        return super().get_context_data(
            unlockable=unlockable,
            slug=unlockable.slug,
            points=reader.points,
            left=reader.points - (unlockable.price or 0),
            **{key: value for key, value in kwargs.items() if key != "slug"},
        )

    def form_invalid(self, form: UnlockForm) -> HttpResponse:
        # Nobody who has sent our form gets here.
        form.add_error(None, MESSAGES[BuyOutcome.PRICE_CHANGED])
        return super().form_invalid(form)

    def form_valid(self, form: UnlockForm) -> HttpResponse:
        definition = self._definition()
        interface = GamificationInterface.objects.for_user(self.request.user)
        price = form.cleaned_data["price"]
        outcome = BuyUnlockableAction(definition, interface, price=price).execute()
        if outcome is not BuyOutcome.BOUGHT:
            form.add_error(None, MESSAGES[outcome])
            return self.render_to_response(self.get_context_data(form=form))
        address = reverse("wagtail_gamification:unlocked", args=[definition.slug])
        if self.back_url:
            address = f"{address}?{urlencode({'next': self.back_url})}"
        return redirect(address)

    def _definition(self) -> UnlockableDefinition:
        found = self.find(self.reader)
        return UnlockableDefinition.objects.get(pk=found.definition_id)


class UnlockedView(UnlockableMixin, TemplateView):
    """Shows the member what was bought."""

    http_method_names = ["get", "head", "options"]
    template_name = "wagtail_gamification/gates/unlocked.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reader = self.reader
        unlockable = self.find(reader)
        if not unlockable.is_unlocked:
            raise Http404
        kwargs |= {"unlockable": unlockable, "points": reader.points}
        return super().get_context_data(**kwargs)
