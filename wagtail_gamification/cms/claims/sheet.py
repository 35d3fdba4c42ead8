"""The sheet of codes to print and cut up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import TemplateView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.models import Site

from wagtail_gamification.models import ClaimCode

from .base import ANY_PERMISSION, codes_of, policy, url_of
from .columns import batch_name


@dataclass(frozen=True)
class Slip:
    """One code on the sheet."""

    code: ClaimCode

    picture: SafeString
    """The QR code as SVG, empty on a site whose members can't claim by an address."""


class SheetView(PermissionCheckedMixin, TemplateView):
    """The codes of a batch that still work, each with its QR code.

    A page of its own, without the CMS around it: it is meant for paper.
    """

    http_method_names = ["get", "head", "options"]
    permission_policy = policy
    any_permission_required = ANY_PERMISSION
    template_name = "wagtail_gamification/cms/claims/sheet.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch = codes_of(self.request.user).filter(batch=self.kwargs["batch"])
        first = get_object_or_404(batch.select_related("badge_definition")[:1])
        codes = batch.claimable().order_by("pk")
        address = claim_address(self.request)
        return super().get_context_data(
            badge=first.badge_definition,
            batch_name=batch_name(first),
            address=address,
            slips=list(_slips(codes, address)),
            back_url=url_of("batch", first.batch),
            **kwargs,
        )


def claim_address(request: HttpRequest) -> str:
    """Give where members claim, as the site's visitors know it; empty if nowhere.

    In the site's main language: the paper doesn't know who will read it.
    """
    with translation.override(settings.LANGUAGE_CODE):
        try:
            path = reverse("wagtail_gamification:claim")
        except NoReverseMatch:
            return ""
    site = Site.find_for_request(request)
    return f"{site.root_url}{path}" if site else request.build_absolute_uri(path)


def _slips(codes: Iterable[ClaimCode], address: str) -> Iterable[Slip]:
    for code in codes:
        yield Slip(code, _picture(address, code) if address else SafeString())


def _picture(address: str, code: ClaimCode) -> SafeString:
    """Draw the address that fills in the form. Opening it claims nothing."""
    query = urlencode({"code": code.grouped})
    picture = segno.make_qr(f"{address}?{query}", error="m")
    # What segno writes holds no text of ours, only the squares.
    return mark_safe(picture.svg_inline(border=4, omitsize=True))  # noqa: S308
