"""What is given to many, why, and whether they are told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.actions.giving import definitions_for
from wagtail_gamification.cms.giving.reasons import ReasonForm
from wagtail_gamification.cms.imports.forms import SPREADSHEETS, ZoneInput
from wagtail_gamification.cms.imports.limits import too_large
from wagtail_gamification.models import BadgeDefinition
from wagtail_gamification.models.amounts import MOST_POINTS
from wagtail_gamification.spreadsheets.errors import CatalogueError

from .reading import Line, read_pasted, read_spreadsheet

# However many players get it, the sum of a day stays within its column.
MOST_FOR_EACH = MOST_POINTS // 1000


class GivingForm(ReasonForm):
    """What both have in common."""

    tells = forms.BooleanField(
        label=_("Tell the players"),
        required=False,
        help_text=_(
            "The site then does for each of them what it does for any award, such as "
            "sending a message."
        ),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = gettext("The players may see it.")
        self.user = user


class AwardForm(GivingForm):
    """Which badge."""

    badge = forms.ModelChoiceField(
        label=_("Badge"), queryset=BadgeDefinition.objects.none()
    )
    field_order = ["badge"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        badges: Any = self.fields["badge"]
        badges.queryset = definitions_for(self.user, "award").order_by("name")


class PointsForm(GivingForm):
    """How many points."""

    amount = forms.IntegerField(
        label=_("Points"),
        min_value=-MOST_FOR_EACH,
        max_value=MOST_FOR_EACH,
        help_text=_("For each of them; below zero to take points."),
    )
    field_order = ["amount"]

    def clean_amount(self) -> int:
        amount = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Enter a number other than zero."))
        return amount


class ListForm(AwardForm):
    """Whom: names that are pasted, or a spreadsheet.

    :param exceeded: the fields whose files were too large to be kept
    :ivar unread_error: why nothing of what was sent was read
    """

    unread_error = ""
    people = forms.CharField(
        label=_("People"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    file = forms.FileField(
        label=_("Or a spreadsheet"), required=False, widget=ZoneInput(SPREADSHEETS)
    )
    field_order = ["badge", "people", "file"]

    def __init__(self, *args: Any, exceeded: set[str] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.exceeded = exceeded or set()
        badges: Any = self.fields["badge"]
        badges.required = False
        badges.help_text = gettext("Where a spreadsheet doesn't name another one.")
        self.lines: list[Line] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, people = data.get("file"), data.get("people", "")
        if "file" in self.exceeded:
            self.add_error("file", too_large("file"))
        elif file and people.strip():
            self.add_error("file", gettext("Give either a list or a spreadsheet."))
        elif not file and not data.get("badge") and "badge" not in self.errors:
            self.add_error("badge", gettext("Choose the badge for these people."))
        elif "people" not in self.errors and "file" not in self.errors:
            self._read(file, people)
        return data

    def _read(self, file: Any, people: str) -> None:
        try:
            if file:
                self.lines = read_spreadsheet(file.read(), file.name)
            else:
                self.lines = read_pasted(people)
        except CatalogueError as error:
            self.add_error("file" if file else "people", str(error))
