"""What is asked of those who give by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.cms.privacy.forms import EraseForm
from wagtail_gamification.models import BadgeDefinition
from wagtail_gamification.models.amounts import MOST_POINTS

from .reasons import ReasonForm

# No key of a row is any higher.
HIGHEST_KEY = 2**63 - 1


class RenewForm(ReasonForm):
    """Why a badge is awarded, and which award its giver knows to be the latest."""

    known = forms.IntegerField(
        min_value=0,
        max_value=HIGHEST_KEY,
        required=False,
        widget=forms.HiddenInput,
    )


class AwardForm(RenewForm):
    """Which badge, of those that this player can get."""

    badge = forms.ModelChoiceField(
        label=_("Badge"),
        queryset=BadgeDefinition.objects.none(),
        error_messages={"invalid_choice": _("There is no such badge any more.")},
    )
    field_order = ["badge"]

    def __init__(self, *args: Any, badges: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["badge"]
        # What was chosen may not be awarded any more. The decision says why.
        field.queryset = badges
        field.choices = [("", "---------"), *map(_choice_of, choices)]

    def clean_badge(self) -> BadgeDefinition:
        badge = self.cleaned_data["badge"]
        field: Any = self.fields["badge"]
        if badge.pk not in [value for value, _label in field.choices]:
            field.choices = [*field.choices, (badge.pk, badge.texts.name)]
        return badge


def _choice_of(definition: Any) -> tuple[int, str]:
    name = definition.texts.name
    ended_at = definition.player_expires_at
    if ended_at and ended_at <= timezone.now():
        name = gettext("%(badge)s (ended %(date)s: renews it)") % {
            "badge": name,
            "date": date_format(ended_at, "SHORT_DATE_FORMAT"),
        }
    return definition.pk, name


class RevokeForm(ReasonForm):
    """Why, and what the page said would be taken back."""

    told = forms.CharField(required=False, widget=forms.HiddenInput)


class AdjustForm(ReasonForm):
    """How many points."""

    amount = forms.IntegerField(
        label=_("Points"), min_value=-MOST_POINTS, max_value=MOST_POINTS
    )
    field_order = ["amount"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["amount"].help_text = gettext(
            "A whole number from %(least)s to %(most)s. Below zero, points are taken."
        ) % {"least": _shown(-MOST_POINTS), "most": _shown(MOST_POINTS)}

    def clean_amount(self) -> int:
        amount = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(gettext("Enter a number other than zero."))
        return amount


def _shown(number: int) -> str:
    return number_format(number, force_grouping=True)


class ResetForm(ReasonForm, EraseForm):
    """Why, and whose name has to be typed."""

    wrong_name = _("That isn't the name. Nothing was reset.")
    field_order = ["reason", "note", "name"]
