"""Which days the dashboard is about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.widgets import AdminDateInput

from wagtail_gamification.cms.reporting.ranges import check_range
from wagtail_gamification.days import today

USUAL_DAYS = 30
PRESETS = (7, 30, 90, 365)
# A year and a day: charts of more are too dense to read.
MOST_DAYS = 366


class DaysForm(forms.Form):
    """Two days, both included; without them the last 30."""

    first = forms.DateField(label=gettext_lazy("From"), widget=AdminDateInput)
    last = forms.DateField(label=gettext_lazy("To"), widget=AdminDateInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        check_range(first, last)
        if first and last and (last - first).days >= MOST_DAYS:
            raise ValidationError(
                _("Choose at most %(number)s days.") % {"number": MOST_DAYS}
            )
        return cleaned

    def days(self) -> tuple[date, date]:
        """Give the days that were chosen; the usual ones where they make no sense."""
        if self.is_bound and self.is_valid():
            return self.cleaned_data["first"], self.cleaned_data["last"]
        return last_days(USUAL_DAYS)


def last_days(number: int) -> tuple[date, date]:
    """Give the first and the last of so many days, today included."""
    last = today()
    return last - timedelta(days=number - 1), last


def preset_label(number: int) -> str:
    return ngettext("Last %(count)d day", "Last %(count)d days", number) % {
        "count": number
    }
