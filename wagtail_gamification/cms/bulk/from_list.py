"""“Award from a list”: names that are pasted or uploaded, checked before anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
)
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn
from wagtail.admin.views.generic.models import BaseListingView

from wagtail_gamification.actions.giving import PERMISSIONS
from wagtail_gamification.cms.imports.limits import (
    LimitingUploadHandler,
    is_hopeless,
    limits,
    too_large,
)
from wagtail_gamification.cms.players.people import people_of
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import (
    GamificationInterface,
    GivingJob,
    GivingRow,
)
from wagtail_gamification.models.giving_jobs import SEE_PLAYERS

from .base import BulkScreen, GiverMixin, JobScreen, url_of
from .checking import FIXABLE, check_list, discard_list, start_list
from .forms import ListForm
from .lists import outcome_of, player_of
from .reading import too_many_lines

AWARD = (PERMISSIONS["award"],)
CHOICE = "choice-"


@method_decorator(csrf_exempt, name="dispatch")
class ListView(BulkScreen, FormView):
    """Takes the list in.

    To check the token the form has to be read; so what is too large is refused
    before, and the check comes after.
    """

    template_name = "wagtail_gamification/cms/bulk/list.html"
    page_title = gettext_lazy("Award from a list")
    form_class = ListForm
    permissions_required = AWARD

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_hopeless(request):
            return self.refuse_unread(too_large("file"))
        self.limiter = LimitingUploadHandler(request)
        request.upload_handlers.insert(0, self.limiter)
        try:
            request.POST  # noqa: B018 (reads it)
        except (RequestDataTooBig, TooManyFieldsSent):
            return self.refuse_unread(too_many_lines())
        return self.take(request)

    @method_decorator(csrf_protect)
    def take(self, request: HttpRequest) -> HttpResponse:
        """Take the form in, once it is known to be ours."""
        return super().post(request)

    def refuse_unread(self, why: str) -> HttpResponse:
        """Show the form again, without anything of what was sent."""
        form = ListForm(user=self.request.user)
        form.unread_error = why
        response = self.render_to_response(self.get_context_data(form=form), status=413)
        # What is left of the request can't be told from the next one.
        response["Connection"] = "close"
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = {**super().get_form_kwargs(), "user": self.request.user}
        if self.request.method == "POST":
            kwargs["exceeded"] = self.limiter.exceeded
        return kwargs

    def form_valid(self, form: ListForm) -> HttpResponse:
        data = form.cleaned_data
        job = check_list(
            form.lines,
            user=self.request.user,
            badge=data["badge"],
            reason=data["reason"],
            note=data["note"],
            tells_players=data["tells"],
        )
        return redirect(url_of("check", job.uuid))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            line_limit=app_settings.BULK_MAX_LINES,
            file_limit=filesizeformat(limits()["file"]),
            **kwargs,
        )


class PersonColumn(BaseColumn):
    """Who is meant, or a choice of those who may be."""

    cell_template_name = "wagtail_gamification/cms/bulk/person_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {
            "person": player_of(instance),
            "choices": instance.choices,
            "name": f"{CHOICE}{instance.pk}",
        }


class OwnDraftMixin(GiverMixin):
    """A list is checked and started by whose list it is."""

    permissions_required = AWARD

    @property
    def jobs(self) -> QuerySet[GivingJob]:
        return super().jobs.filter(
            started_by=self.request.user.pk, kind=GivingJob.Kind.LIST
        )


class CheckView(OwnDraftMixin, JobScreen, BaseListingView):
    """Shows what each line means and what is wrong with it, and starts the job."""

    template_name = "wagtail_gamification/cms/bulk/check.html"
    page_title = gettext_lazy("Check the list")
    model = GivingRow
    paginate_by = None
    table_classname = "listing gamification-rows"
    http_method_names = ["get", "head", "options", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.job.state != GivingJob.State.DRAFT:
            return redirect(url_of("job", self.job.uuid))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sees = request.user.has_perm(SEE_PLAYERS)
        if not start_list(self.job, _choices(request.POST) if sees else {}):
            messages.warning(request, _("This list has been started already."))
        return redirect(url_of("job", self.job.uuid))

    def get_base_queryset(self) -> QuerySet:
        # What has to be decided about comes first.
        order = Case(
            When(outcome__in=FIXABLE, then=Value(0)),
            When(outcome="", then=Value(2)),
            default=Value(1),
        )
        rows = self.job.rows.select_related("interface__user", "badge_definition")
        return rows.order_by(order, "line")

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def get_queryset(self) -> list[GivingRow]:
        rows = list(super().get_queryset())
        _add_choices(rows, self.request.user)
        return rows

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            Column("line", label=_("Line")),
            PersonColumn("person", label=_("Person")),
            Column("badge_definition", label=_("Badge")),
            DateColumn("given_at", label=_("Date")),
            Column("outcome", label=_("What is wrong"), accessor=_problem_of),
        ]

    def get_table_kwargs(self) -> dict[str, Any]:
        return {**super().get_table_kwargs(), "caption": _("Lines of the list")}

    def get_index_url(self) -> str:
        return url_of("check", self.job.uuid)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            good=self.job.players,
            bad=sum(self.job.refused.values()),
            has_choices=any(row.choices for row in self.object_list),
            **kwargs,
        )


class DiscardView(OwnDraftMixin, View):
    """Forgets a list that wasn't started."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        drafts = GivingJob.objects.filter(
            pk=self.job.pk, state=GivingJob.State.DRAFT, started_by=request.user.pk
        )
        if not discard_list(drafts):
            raise PermissionDenied
        return redirect(url_of("list"))


def _problem_of(row: GivingRow) -> str:
    if not row.outcome:
        return ""
    problem = outcome_of(row)
    if row.detail and row.interface_id:
        return _("%(problem)s: %(detail)s") % {
            "problem": problem,
            "detail": row.detail,
        }
    return problem


def _choices(data: Any) -> dict[int, int]:
    """Give which player was chosen for which row; nonsense is left out."""
    return {
        int(name.removeprefix(CHOICE)): int(value)
        for name, value in data.items()
        if name.startswith(CHOICE)
        and name.removeprefix(CHOICE).isdecimal()
        and value.isdecimal()
        and max(len(name.removeprefix(CHOICE)), len(value)) < 19
    }


def _add_choices(rows: Iterable[GivingRow], user: Any) -> None:
    """Give the rows the players that may be meant, by name: two queries for all."""
    sees = user.has_perm(SEE_PLAYERS)
    keys = {key for row in rows for key in row.suggestions or [] if sees}
    players = GamificationInterface.objects.filter(pk__in=keys) if keys else []
    people = people_of(players)
    for row in rows:
        row.choices = [  # type: ignore[attr-defined]
            (key, _label(people[key])) for key in row.suggestions or [] if key in people
        ]


def _label(person: Any) -> str:
    return f"{person.name} · {person.detail}" if person.detail else person.name
