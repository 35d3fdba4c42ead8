"""The one address of a job: the page that fits how far it is."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from wagtail_gamification.models import ImportState
from wagtail_gamification.spreadsheets import jobs
from wagtail_gamification.spreadsheets.progress import ProgressNote
from wagtail_gamification.spreadsheets.undo import undo_steps

from .base import ImporterMixin, JobAction, JobPage, JobScreen, url_of
from .preview import WRITTEN, PreviewPage
from .rows import RowsPage

State = ImportState
BUSY = (*jobs.WORKING, State.QUEUED)
DOING = {
    State.PREVIEWING: gettext_lazy("Checking the file"),
    State.QUEUED: gettext_lazy("Waiting for its turn"),
    State.RUNNING: gettext_lazy("Importing"),
    State.UNDOING: gettext_lazy("Undoing the import"),
}


class DetailView(ImporterMixin, View):
    """Shows a job as it is now."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        jobs.notice_silence(self.job)
        self.job.refresh_from_db()
        if self.job.state == State.UPLOADED and self.workbook is not None:
            return redirect(url_of("match", self.job.pk))
        page = PAGES[State(self.job.state)]
        return page.as_view()(request, *args, **kwargs)


class ProgressMixin:
    """What is said about a job that somebody is working on."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        job = self.job  # type: ignore[attr-defined]
        progress = ProgressNote(job).read() if job.state in jobs.WORKING else None
        doing = str(DOING.get(State(job.state), ""))
        label = progress.label if progress and progress.label else doing
        # Not each percent is read out, but each stage and each tenth of it.
        said = str(job.state)
        if progress:
            said = f"{said} {progress.stage} {progress.percent // 10}"
        return context | {
            "job": job,
            "progress": progress,
            "label": label,
            "said": said,
            "is_news": said != self.request.GET.get("said"),  # type: ignore[attr-defined]
            "is_busy": job.state in BUSY,
            "is_stuck": job.state == State.QUEUED and jobs.is_silent(job),
            "detail_url": url_of("detail", job.pk),
        }


class ProgressPage(ProgressMixin, JobPage):
    """Watches a job; whoever leaves finds it again."""

    template_name = "wagtail_gamification/cms/imports/progress.html"

    def get_page_title(self) -> str:
        # What waits now is at work while the same page is watched.
        is_queued = self.job.state == State.QUEUED
        return str(DOING[State.RUNNING if is_queued else State(self.job.state)])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        error = _("The site doesn't answer. This page goes on asking.")
        return super().get_context_data(
            swap_messages=json.dumps({"error": error}), **kwargs
        )


class StatusView(ProgressMixin, JobScreen, TemplateView):
    """The part of the page that is asked for again every two seconds."""

    template_name = "wagtail_gamification/cms/imports/status.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if jobs.notice_silence(self.job):
            self.job.refresh_from_db()
        response = super().get(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class StoppedPage(RowsPage):
    """Why an import stands still, and how it goes on."""

    template_name = "wagtail_gamification/cms/imports/stopped.html"

    def get_page_title(self) -> str:
        return {
            State.FAILED: _("Import failed"),
            State.INTERRUPTED: _("Import interrupted"),
        }.get(State(self.job.state), _("Import not checked yet"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_interrupted = self.job.state == State.INTERRUPTED
        has_file = bool(self.job.file) and self.workbook is not None
        return super().get_context_data(
            can_start=has_file and is_interrupted,
            can_check=has_file and not is_interrupted,
            **kwargs,
        )


class ResultPage(RowsPage):
    """What an import did."""

    template_name = "wagtail_gamification/cms/imports/result.html"

    def get_page_title(self) -> str:
        if self.job.state == State.UNDONE:
            return _("Import undone")
        return _("Import done")

    @cached_property
    def written(self) -> Any:
        return self.job.rows.filter(action__in=WRITTEN)

    def prepare_rows(self, rows: list[Any]) -> None:
        super().prepare_rows(rows)
        for row in rows:
            is_left = row.action in WRITTEN and not row.undone
            row.obstacle = self.obstacles.get(row.pk, "") if is_left else ""

    @cached_property
    def obstacles(self) -> dict[Any, str]:
        """Why definitions are left after the rest was taken back."""
        if self.job.state != State.UNDONE or self.workbook is None:
            return {}
        return {step.row.pk: step.obstacle for step in undo_steps(self.job)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            is_undone=self.job.state == State.UNDONE,
            undone_count=self.written.filter(undone=True).count(),
            left_count=self.written.filter(undone=False).count(),
            log_url=self.get_log_url(),
            **kwargs,
        )

    def get_log_url(self) -> str:
        """Give the audit log of the day; Wagtail's can't be asked for one import."""
        query: dict[str, Any] = {"user": self.job.user_id}
        if self.job.finished_at:
            day = self.job.finished_at.date().isoformat()
            query |= {"timestamp_from": day, "timestamp_to": day}
        return f"{reverse('wagtailadmin_reports:site_history')}?{urlencode(query)}"


class CheckView(JobAction):
    """Has the file checked, for the first time or once more."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not jobs.start_preview(self.job):
            messages.warning(request, _("This import can't be checked any more."))
        return self.to_job()


class AgainView(JobAction):
    """Has an import done whose worker went away."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not jobs.start_again(self.job):
            messages.warning(request, _("This import has gone on already."))
        return self.to_job()


PAGES: dict[State, Any] = {
    **dict.fromkeys(BUSY, ProgressPage),
    State.PREVIEWED: PreviewPage,
    **dict.fromkeys((State.DONE, State.UNDONE), ResultPage),
    **dict.fromkeys(
        # Uploaded ones are only seen where their workbook is gone.
        (State.UPLOADED, State.MAPPED, State.FAILED, State.INTERRUPTED),
        StoppedPage,
    ),
}
