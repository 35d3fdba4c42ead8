"""Why something is given or taken: what whoever gives by hand is asked everywhere."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminAutoHeightTextInput

LONGEST_TEXT = 2000


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=AdminAutoHeightTextInput,
        help_text=_("The player may see it."),
    )
    note = forms.CharField(
        label=_("Internal note"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=AdminAutoHeightTextInput,
        help_text=_("Players never see it."),
    )

    @property
    def why(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("reason", "note")}
