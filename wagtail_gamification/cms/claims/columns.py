"""What the lists of codes and claims show in a row."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import BaseColumn, Column

from wagtail_gamification.models import ClaimCode

from .base import url_of


def batch_name(code: ClaimCode) -> str:
    """Give what a batch is called: its label, or when it was made."""
    if code.label:
        return code.label
    made = date_format(localtime(code.created_at), "SHORT_DATETIME_FORMAT")
    return _("Made on %(time)s") % {"time": made}


class ClaimsColumn(Column):
    """How many have claimed, of how many that can."""

    def get_value(self, instance: Any) -> str:
        return _("%(count)s of %(most)s") % {
            "count": number_format(instance.claim_count, force_grouping=True),
            "most": number_format(instance.max_claims, force_grouping=True),
        }


class StateColumn(BaseColumn):
    """The state, and the button that switches a code off or on."""

    cell_template_name = "wagtail_gamification/cms/claims/state_cell.html"

    def __init__(self, may_change: bool, **kwargs: Any) -> None:
        super().__init__("state", **kwargs)
        self.may_change = may_change

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        if self.may_change:
            action = "deactivate" if instance.is_active else "activate"
            context["switch_url"] = url_of(action, instance.pk)
        context["is_open"] = instance.state == ClaimCode.State.OPEN
        return context
