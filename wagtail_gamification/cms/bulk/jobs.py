"""How far a bulk award is, what came of it, and taking it back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.log_actions import log

from wagtail_gamification.actions.giving import PERMISSIONS
from wagtail_gamification.actions.giving_jobs import (
    LOG_GO_ON,
    enqueue_on_commit,
    may_undo,
    start_undo,
    undo_decision,
)
from wagtail_gamification.conf import app_settings
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models import GivingJob

from .base import REASONS, GiverMixin, JobScreen, url_of

State = GivingJob.State
BUSY = (State.WAITING, State.RUNNING)


@dataclass(frozen=True)
class Count:
    """How many players something came of, and where they are listed."""

    label: Any
    number: int
    url: str = ""


def sentence_of(job: GivingJob) -> str:
    """Say how far a job is, or what came of it."""
    if job.state == State.DRAFT:
        return _("Checked, and not started yet.")
    if job.state == State.WAITING:
        return _("Waiting for its turn…")
    if job.state != State.FINISHED:
        return _("%(done)s of %(total)s players") % {
            "done": _number(job.players_done),
            "total": _number(job.players),
        }
    if job.is_undone:
        return ngettext(
            "Taken back from %(count)s player.",
            "Taken back from %(count)s players.",
            job.undone,
        ) % {"count": _number(job.undone)}
    return ngettext(
        "Given to %(count)s player.", "Given to %(count)s players.", job.given
    ) % {"count": _number(job.given)}


def may_go_on(job: GivingJob) -> bool:
    """Whether nobody seems to be at a job that isn't finished.

    Should somebody be at it after all, no harm is done: only one gets on.
    """
    if job.state in BUSY:
        silence = timezone.now() - job.updated_at
        return silence.total_seconds() > app_settings.IMPORT_SILENT_SECONDS
    return job.state == State.FAILED


def classname_of(job: GivingJob) -> str:
    """Give how the tag of the state looks."""
    return {
        State.FINISHED: "w-status--primary",
        State.FAILED: "gamification-status--refused",
    }.get(State(job.state), "")


def counts_of(job: GivingJob) -> list[Count]:
    """Give how many got it, had it, and couldn't get it for which reason."""
    numbers = {"": job.given, "has_it_already": 0, **job.refused}
    return [
        Count(
            REASONS.get(code, code),
            number,
            f"{url_of('players', job.uuid)}?{urlencode({'outcome': code or 'given'})}",
        )
        for code, number in numbers.items()
        if code != "has_it_already" or job.kind != GivingJob.Kind.POINTS
    ]


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)


class JobPage(JobScreen, TemplateView):
    """Watches a job, and shows what came of it."""

    template_name = "wagtail_gamification/cms/bulk/job.html"
    page_title = gettext_lazy("Bulk award")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.job.state == State.DRAFT:
            return redirect(url_of("check", self.job.uuid))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = self.job
        # Not each per cent is read out, but each state and each tenth.
        said = f"{job.state} {job.percent // 10}"
        error = _("The site doesn't answer. This page goes on asking.")
        return super().get_context_data(
            sentence=sentence_of(job),
            classname=classname_of(job),
            is_busy=job.state in BUSY,
            is_waiting=job.state == State.WAITING,
            may_go_on=may_go_on(job) and _may_continue(job, self.request.user),
            may_undo=may_undo(job) and undo_decision(job, self.request.user).allowed,
            counts=counts_of(job),
            left=job.given - job.undone if job.is_undone else 0,
            said=said,
            is_news=said != self.request.GET.get("said"),
            detail_url=url_of("job", job.uuid),
            swap_messages=json.dumps({"error": error}),
            **kwargs,
        )


class StatusView(JobPage):
    """The part of the page that is asked for again every two seconds."""

    template_name = "wagtail_gamification/cms/bulk/status.html"


class GoOnView(GiverMixin, View):
    """Has a job gone on with whose worker went away or failed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        job = self.job
        if not _may_continue(job, request.user):
            raise PermissionDenied
        # So that it is asked for once, and watched from now on.
        rows = GivingJob.objects.filter(pk=job.pk, state=job.state)
        if may_go_on(job) and rows.update(
            state=State.WAITING, updated_at=timezone.now()
        ):
            data = {"title": job.title, "players": job.players}
            log(instance=job, action=LOG_GO_ON, user=request.user, data=data)
            enqueue_on_commit(job)
        else:
            messages.warning(request, _("This has gone on already."))
        return redirect(url_of("job", job.uuid))


class UndoView(JobScreen, TemplateView):
    """Says what taking a job back will do, and does it when it is asked to."""

    template_name = "wagtail_gamification/cms/bulk/undo.html"
    page_title = gettext_lazy("Take it back")
    header_icon = "rotate"
    permissions_required = (PERMISSIONS["revoke"], PERMISSIONS["adjust_points"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not undo_decision(self.job, request.user).allowed:
            raise PermissionDenied
        if not may_undo(self.job):
            return redirect(url_of("job", self.job.uuid))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if not start_undo(self.job, by=request.user):
                messages.warning(request, _("This can't be taken back any more."))
        except NotAllowed as error:
            raise PermissionDenied from error
        return redirect(url_of("job", self.job.uuid))

    def get_parent_item(self) -> dict[str, Any]:
        return {"url": url_of("job", self.job.uuid), "label": self.job.title}


def _may_continue(job: GivingJob, user: Any) -> bool:
    """Whether ``user`` may have a job gone on with: what is done is the starter's."""
    wanted = PERMISSIONS["adjust_points"] if job.amount else PERMISSIONS["award"]
    if job.is_undone:
        return bool(undo_decision(job, user).allowed)
    return bool(user.has_perm(wanted))
