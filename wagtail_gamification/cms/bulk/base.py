"""What the screens of bulk awards have in common: who may see them, and which job."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_gamification.actions.giving import PERMISSIONS
from wagtail_gamification.cms.imports.base import MEDIA
from wagtail_gamification.models import GivingJob

NAMESPACE = "wagtail_gamification_bulk"
GIVING = (PERMISSIONS["award"], PERMISSIONS["adjust_points"])

# What stands in the way, in a few words; giving.MESSAGES has the sentences.
REASONS: dict[str, Any] = {
    "": _("Got it"),
    "has_it_already": _("Has it already"),
    "oneself": _("That is yourself"),
    "player_left_out": _("Inactive, or in a group that isn't counted"),
    "player_gone": _("Deleted meanwhile"),
    "monthly_limit": _("More than one person may award in a month"),
    "no_permission": _("No permission to give it"),
    "not_in_group": _("Only certain groups may award it"),
    "not_live": _("The badge isn't published"),
    "badge_gone": _("The badge was deleted"),
    "unknown_person": _("Nobody of that name is known"),
    "ambiguous_person": _("Several people have that name"),
    "no_badge": _("No badge is named"),
    "unknown_badge": _("There is no such badge"),
    "ambiguous_badge": _("Several badges have that name: write the slug"),
    "long_reason": _("The reason is too long"),
    "wrong_date": _("That isn't a date"),
    "future_date": _("That day is still to come"),
    "has_ended": _("Awarded on that day, it would have ended already"),
    "limited_date": _(
        "One person may award it so many times a month, so not for an earlier month"
    ),
    "twice": _("The same person is there twice for this badge"),
}


def url_of(name: str, *args: Any) -> str:
    """Give the address of one of the screens."""
    return reverse(f"{NAMESPACE}:{name}", args=args)


def may_give_anything(user: Any) -> bool:
    """Say whether somebody may award badges or adjust points at all."""
    return any(user.has_perm(permission) for permission in GIVING)


class GiverMixin:
    """Lets nobody in who may give nothing; another's job is seen with a permission."""

    request: HttpRequest
    kwargs: dict[str, Any]
    permissions_required: tuple[str, ...] = GIVING
    """One of these is needed."""

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not any(map(request.user.has_perm, self.permissions_required)):
            raise PermissionDenied
        if "uuid" in kwargs:
            # Read before anything else, so that another's is nobody's.
            self.job  # noqa: B018
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    @cached_property
    def job(self) -> GivingJob:
        return get_object_or_404(self.jobs, uuid=self.kwargs["uuid"])

    @property
    def jobs(self) -> QuerySet[GivingJob]:
        jobs = GivingJob.objects.visible_to(self.request.user)
        return jobs.select_related("badge_definition", "started_by", "undone_by")


class BulkScreen(GiverMixin, WagtailAdminTemplateMixin):
    """The furniture of a page: breadcrumbs, title, icon."""

    header_icon = "gamification-badge"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [
            *self.breadcrumbs_items,
            {"url": url_of("index"), "label": _("Bulk awards")},
        ]
        if parent := self.get_parent_item():
            items.append(parent)
        own = {"label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*items, {"url": "", **own}]

    def get_parent_item(self) -> dict[str, Any] | None:
        """Give the page between the list and this one."""
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["media"] = context.get("media", Media()) + MEDIA
        return context


class JobScreen(BulkScreen):
    """A page about one job."""

    def get_page_subtitle(self) -> str:
        return self.job.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(job=self.job, **kwargs)
