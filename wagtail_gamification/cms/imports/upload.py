"""The first page of an import: which spreadsheet, which images."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import FormView

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import ImportJob, ImportState
from wagtail_gamification.spreadsheets.errors import (
    CatalogueError,
    ImagesRefused,
    SheetNeeded,
)
from wagtail_gamification.spreadsheets.headings import match_headings, missing_columns
from wagtail_gamification.spreadsheets.jobs import (
    create_job,
    set_mapping,
    start_preview,
)
from wagtail_gamification.spreadsheets.workbooks import Workbook, get_workbook

from .base import ImportScreen, url_of
from .forms import UploadForm
from .limits import LimitingUploadHandler, is_hopeless, limits, too_large


@method_decorator(csrf_exempt, name="dispatch")
class UploadView(ImportScreen, FormView):
    """Takes a spreadsheet in.

    To check the token the form has to be read; so what is too large is refused
    before, and the check comes after.
    """

    template_name = "wagtail_gamification/cms/imports/upload.html"
    page_title = gettext_lazy("Import")
    form_class = UploadForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_hopeless(request):
            return self.refuse_unread()
        self.limiter = LimitingUploadHandler(request)
        request.upload_handlers.insert(0, self.limiter)
        return self.take(request)

    @method_decorator(csrf_protect)
    def take(self, request: HttpRequest) -> HttpResponse:
        """Take the form in, once it is known to be ours."""
        return super().post(request)

    def refuse_unread(self) -> HttpResponse:
        """Show the form again, with the limit beside the field."""
        form = self.form_class(workbook=self.workbook, initial=self.get_initial())
        form.unread_error = too_large("file")
        context = self.get_context_data(form=form)
        response = self.render_to_response(context, status=413)
        # What is left of the request can't be told from the next one.
        response["Connection"] = "close"
        return response

    @cached_property
    def workbook(self) -> Workbook:
        try:
            return get_workbook(self.request.GET.get("workbook", "catalogue"))
        except CatalogueError as error:
            raise Http404(str(error)) from None

    def get_initial(self) -> dict[str, Any]:
        return {"sheet": self.request.GET.get("sheet", "")}

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs["workbook"] = self.workbook
        if self.request.method == "POST":
            kwargs["exceeded"] = self.limiter.exceeded
        return kwargs

    def form_valid(self, form: UploadForm) -> HttpResponse:
        try:
            job = create_job(
                self.workbook,
                form.cleaned_data["file"],
                user=self.request.user,
                images=form.cleaned_data["images"],
                sheet=form.cleaned_data.get("sheet", ""),
            )
        except SheetNeeded as error:
            form.add_error("sheet" if "sheet" in form.fields else "file", str(error))
            return self.form_invalid(form)
        except ImagesRefused as error:
            form.add_error("images", str(error))
            return self.form_invalid(form)
        except CatalogueError as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        if needs_matching(job, self.workbook):
            return redirect(url_of("match", job.pk))
        set_mapping(job, job.mapping)
        start_preview(job)
        return redirect(url_of("detail", job.pk))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": url_of("index"), "label": _("Import history")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        limit = limits()
        context.update(
            workbook=self.workbook,
            template_url=url_of("template", self.workbook.name),
            file_limit=filesizeformat(limit["file"]),
            images_limit=filesizeformat(limit["images"]),
            row_limit=app_settings.IMPORT_MAX_ROWS,
            column_limit=app_settings.IMPORT_MAX_COLUMNS,
        )
        return context


def needs_matching(job: ImportJob, workbook: Workbook) -> bool:
    """Say whether somebody has to look at the columns of a file.

    Not where all are recognised, nor where the same person has matched the same
    headings before.
    """
    if any(lack.needed for lack in missing_columns(workbook, job.mapping).values()):
        return True
    if all(all(found.values()) for found in job.mapping.values()):
        return False
    if job.mapping != match_headings(workbook, job.headings):
        return False
    earlier = ImportJob.objects.of(job.user).filter(
        workbook=job.workbook, headings_key=job.headings_key
    )
    return not earlier.exclude(state=ImportState.UPLOADED).exists()
