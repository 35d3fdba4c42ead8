"""The page on which columns are matched to fields."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages

from wagtail_gamification.spreadsheets.errors import CatalogueError
from wagtail_gamification.spreadsheets.headings import missing_columns
from wagtail_gamification.spreadsheets.jobs import OPEN, set_mapping, start_preview
from wagtail_gamification.spreadsheets.workbooks import Workbook

from .base import JobScreen
from .forms import MatchForm


class MatchView(JobScreen, FormView):
    """Says which heading is which field, and has the file checked."""

    template_name = "wagtail_gamification/cms/imports/match.html"
    page_title = gettext_lazy("Match columns")
    form_class = MatchForm
    workbook: Workbook

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_open:
            return self.to_job()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_open:
            return self.to_job()
        return super().post(request, *args, **kwargs)

    @cached_property
    def is_open(self) -> bool:
        return self.job.state in OPEN and self.workbook is not None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "job": self.job, "workbook": self.workbook}

    def form_valid(self, form: MatchForm) -> HttpResponse:
        try:
            is_ours = set_mapping(self.job, form.mapping)
        except CatalogueError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        if not is_ours:
            messages.warning(
                self.request, _("This import has gone on in another window.")
            )
            return self.to_job()
        start_preview(self.job)
        return self.to_job()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        mapping = self.job.mapping
        if form.is_bound and hasattr(form, "cleaned_data"):
            mapping = form.mapping
        missing = missing_columns(self.workbook, mapping)
        context["sections"] = form.sections(missing)
        return context
