"""What all screens of an import have in common: who may see them, and which job."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_gamification.models import ImportJob
from wagtail_gamification.spreadsheets.errors import CatalogueError
from wagtail_gamification.spreadsheets.workbooks import Workbook, get_workbook

from .permissions import may_import

NAMESPACE = "wagtail_gamification_imports"
MEDIA = Media(css={"all": ["wagtail_gamification/css/imports.css"]})


def url_of(name: str, *args: Any) -> str:
    """Give the address of one of the screens."""
    return reverse(f"{NAMESPACE}:{name}", args=args)


class ImporterMixin:
    """Lets nobody in who may not import; in a job's screens, only whose job it is."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not may_import(request.user):
            raise PermissionDenied
        if "uuid" in kwargs:
            # Read before anything else, so that another's is nobody's.
            self.job  # noqa: B018
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    @cached_property
    def job(self) -> ImportJob:
        jobs = ImportJob.objects.of(self.request.user)
        uuid: UUID = self.kwargs["uuid"]
        return get_object_or_404(jobs, pk=uuid)

    @cached_property
    def workbook(self) -> Workbook | None:
        """What the job's file holds; None where a site has taken that away."""
        try:
            return get_workbook(self.job.workbook)
        except CatalogueError:
            return None

    def to_job(self) -> HttpResponse:
        """Send the editor to where the job is now."""
        return redirect(url_of("detail", self.job.pk))


class ImportScreen(ImporterMixin, WagtailAdminTemplateMixin):
    """The furniture of a page: breadcrumbs, title, icon."""

    header_icon = "upload"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [
            *self.breadcrumbs_items,
            {"url": url_of("index"), "label": _("Import history")},
        ]
        if parent := self.get_parent_item():
            items.append(parent)
        return [
            *items,
            {
                "url": "",
                "label": self.get_page_title(),
                "sublabel": self.get_page_subtitle(),
            },
        ]

    def get_parent_item(self) -> dict[str, Any] | None:
        """Give the page between the history and this one."""
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["media"] = context.get("media", Media()) + MEDIA
        return context


class JobScreen(ImportScreen):
    """A page about one job."""

    def get_page_subtitle(self) -> str:
        return self.job.file_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["job"] = self.job
        return context


class JobPage(JobScreen, TemplateView):
    """A page about one job that is no list."""


class JobAction(ImporterMixin, View):
    """Something that is asked of a job: a POST that leads back to it."""

    http_method_names = ["post"]
