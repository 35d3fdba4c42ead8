"""What is asked before a player is exported or erased."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_gamification.actions.player_sections import count_rows
from wagtail_gamification.models import GamificationInterface

# A workbook takes a while, and the editor waits for it.
MOST_XLSX_ROWS = 100_000


class ExportForm(forms.Form):
    """As what."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[
            ("xlsx", gettext_lazy("Excel workbook (.xlsx)")),
            ("json", gettext_lazy("JSON, for programs")),
        ],
        initial="xlsx",
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, interface: GamificationInterface, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.interface = interface

    def clean_format(self) -> str:
        chosen = self.cleaned_data["format"]
        if chosen == "xlsx" and count_rows(self.interface) > MOST_XLSX_ROWS:
            raise ValidationError(
                _(
                    "There are more than %(count)s rows. Choose JSON, or ask your "
                    "developers for the workbook."
                ),
                params={"count": f"{MOST_XLSX_ROWS:n}"},
                code="too_many",
            )
        return chosen


class EraseForm(forms.Form):
    """Whose name has to be typed, so that nobody is erased by one click."""

    wrong_name = gettext_lazy("That isn't the name. Nothing was erased.")
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected.strip()
        self.fields["name"].help_text = _("Type “%(name)s” to confirm.") % {
            "name": self.expected
        }

    def clean_name(self) -> str:
        typed = self.cleaned_data["name"].strip()
        if typed != self.expected:
            raise ValidationError(self.wrong_name, code="wrong_name")
        return typed
