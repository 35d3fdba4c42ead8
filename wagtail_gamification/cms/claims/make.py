"""The form that makes claim codes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import AdminDateTimeInput

from wagtail_gamification.actions.giving import definitions_for
from wagtail_gamification.actions.make_claim_codes import make_claim_codes
from wagtail_gamification.cms.reporting.ranges import check_range
from wagtail_gamification.conf import app_settings
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models import BadgeDefinition, ClaimCode

from .base import MEDIA, policy, url_of
from .codes import ClaimCodeReport

MOST_CLAIMS = 1_000_000


class ClaimCodesForm(forms.Form):
    """How many codes, for which badge, for how many players each, until when."""

    class Kind(models.TextChoices):
        ONE_TIME = "one_time", gettext_lazy("One-time: each code works for one player")
        SHARED = "shared", gettext_lazy("Shared: a code works for several players")

    badge = forms.ModelChoiceField(
        label=gettext_lazy("Badge"),
        queryset=BadgeDefinition.objects.none(),
        help_text=gettext_lazy("The published badges that you may award."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=Kind.choices,
        initial=Kind.ONE_TIME,
        widget=forms.RadioSelect,
    )
    number = forms.IntegerField(
        label=gettext_lazy("How many codes"), min_value=1, initial=1
    )
    max_claims = forms.IntegerField(
        label=gettext_lazy("Players for each shared code"),
        required=False,
        min_value=2,
        max_value=MOST_CLAIMS,
        help_text=gettext_lazy("Leave empty for one-time codes."),
    )
    expires_at = forms.DateTimeField(
        label=gettext_lazy("Expires at"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=gettext_lazy("Leave empty for codes that don't expire."),
    )
    label = forms.CharField(
        label=gettext_lazy("Label"),
        required=False,
        max_length=128,
        help_text=ClaimCode._meta.get_field("label").help_text,
    )

    def __init__(self, *args: Any, for_user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = for_user
        badge: Any = self.fields["badge"]
        badge.queryset = definitions_for(for_user, "award").order_by("name", "pk")
        number: Any = self.fields["number"]
        # What a form says of a number, it says in the browser too.
        most = number.max_value = app_settings.CLAIM_BATCH_SIZE
        number.widget.attrs["max"] = most
        number.help_text = _("At most %(count)s.") % {"count": most}

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        most = app_settings.CLAIM_BATCH_SIZE
        if number > most:
            raise ValidationError(
                ngettext(
                    "At most %(count)d code can be made at once.",
                    "At most %(count)d codes can be made at once.",
                    most,
                ),
                params={"count": most},
            )
        return number

    def clean_expires_at(self) -> Any:
        expires_at = self.cleaned_data["expires_at"]
        if expires_at is not None:
            if expires_at <= timezone.now():
                raise ValidationError(_("This is in the past. Choose a later time."))
            check_range(None, expires_at.date())
        return expires_at

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") == self.Kind.ONE_TIME:
            data["max_claims"] = 1
        elif data.get("kind") and data.get("max_claims", 0) is None:
            self.add_error("max_claims", _("Say how many players a code works for."))
        return data

    def save(self) -> list[ClaimCode]:
        """Make the codes.

        :raises NotAllowed: where that is more than the editor may do now
        """
        data = dict(self.cleaned_data)
        data.pop("kind")
        return make_claim_codes(self.user, data.pop("badge"), **data)


class MakeCodesView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Makes codes, and leads to them."""

    http_method_names = ["get", "head", "options", "post"]
    permission_policy = policy
    permission_required = "add"
    form_class = ClaimCodesForm
    template_name = "wagtail_gamification/cms/claims/make.html"
    page_title = gettext_lazy("Make claim codes")
    header_icon = "key"

    @cached_property
    def badge(self) -> BadgeDefinition | None:
        """The badge that the address names."""
        pk = self.request.GET.get("badge", "")
        if not pk.isdecimal() or len(pk) > 18:
            return None
        return definitions_for(self.request.user, "award").filter(pk=pk).first()

    def get_initial(self) -> dict[str, Any]:
        return {"badge": self.badge}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"for_user": self.request.user}

    def form_valid(self, form: ClaimCodesForm) -> HttpResponse:
        try:
            codes = form.save()
        except NotAllowed as error:
            form.add_error("badge", error.decision.message)
            return self.form_invalid(form)
        number = len(codes)
        messages.success(
            self.request,
            ngettext("%(count)d code is made.", "%(count)d codes are made.", number)
            % {"count": number},
        )
        return redirect(url_of("batch", codes[0].batch))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": url_of("index"), "label": ClaimCodeReport.page_title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {
            "media": form.media + MEDIA,
            "action_url": self.request.get_full_path(),
            "submit_button_label": _("Make codes"),
            "submit_button_active_label": _("Making…"),
        }
