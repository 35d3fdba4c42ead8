"""Switching claim codes off, and on again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from wagtail_gamification.actions.giving import may_give
from wagtail_gamification.actions.make_claim_codes import switch_claim_codes
from wagtail_gamification.models import ClaimCode

from .base import codes_of, policy, url_of


class SwitchView(PermissionCheckedMixin, View):
    """Switches one code, or all of a batch, and leads back to the list.

    Whoever switches a code on gives the badge away, and must be allowed to.
    """

    http_method_names = ["post"]
    permission_policy = policy
    permission_required = "change"
    switches_on = False

    def post(
        self, request: HttpRequest, pk: int | None = None, batch: UUID | None = None
    ) -> HttpResponse:
        wanted = {"pk": pk} if batch is None else {"batch": batch}
        codes = codes_of(request.user).filter(**wanted)
        first = get_object_or_404(codes.select_related("badge_definition")[:1])
        self._switch(codes, first)
        back = get_valid_next_url_from_request(request)
        return redirect(back or url_of("batch", first.batch))

    def _switch(self, codes: QuerySet[ClaimCode], first: ClaimCode) -> None:
        definition: Any = first.badge_definition
        user = self.request.user
        if self.switches_on:
            decision = may_give(user, "award", definition)
            if not decision.allowed:
                messages.error(self.request, decision.message)
                return
        number = switch_claim_codes(user, codes, definition, on=self.switches_on)
        if not number:
            messages.warning(self.request, _("Somebody has done so already."))
        elif self.switches_on:
            messages.success(self.request, _("The code works again."))
        else:
            done = ngettext(
                "%(count)d code is deactivated.",
                "%(count)d codes are deactivated.",
                number,
            )
            messages.success(self.request, done % {"count": number})
