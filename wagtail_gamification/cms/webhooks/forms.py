"""The form of an endpoint."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.models import WebhookEndpoint, WebhookEvent
from wagtail_gamification.models.webhooks import URL_LENGTH
from wagtail_gamification.webhooks.addresses import AddressRefused, check_url


class EndpointForm(forms.ModelForm):
    """Where messages go, and which."""

    # Django 5.2 wants to be told what 6.0 takes for granted.
    url = forms.URLField(
        label=_("Address"),
        max_length=URL_LENGTH,
        assume_scheme="https",
        help_text=_("Where messages are sent. It must begin with https://."),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=WebhookEvent.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Points change often: each change is a message."),
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["name", "url", "events", "is_active"]

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        try:
            check_url(url)
        except AddressRefused as error:
            raise forms.ValidationError(str(error)) from None
        return url
