"""How far retroactive awards are: a page for each, a report of all."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import django_filters
from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import Panel
from wagtail.admin.ui.tables import BaseColumn, DateColumn, TitleColumn, UserColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import BadgeDefinition, RetroactiveAward
from wagtail_gamification.tasks import award_retroactively

from .imports.base import MEDIA
from .reports import NAMESPACE, GamificationReport
from .spreadsheets import ANY_PERMISSION

State = RetroactiveAward.State
BUSY = (State.WAITING, State.RUNNING)
LOG_ACTION = "wagtail_gamification.go_on"
# Whoever may open the list of badges.
policy = ModelPermissionPolicy(BadgeDefinition)


def sentence_of(award: RetroactiveAward) -> str:
    """Say how far an award is, or what came of it."""
    if award.state == State.WAITING:
        return _("Waiting for its turn…")
    if award.state == State.RUNNING:
        return _("%(done)s of %(total)s players") % {
            "done": _number(award.players_done),
            "total": _number(award.players),
        }
    if not award.awards:
        if award.state == State.FINISHED:
            return _("Progress is measured. Nothing was awarded, as you chose.")
        return _("Progress isn't measured yet for everyone.")
    return ngettext(
        "Awarded to %(count)s player.", "Awarded to %(count)s players.", award.awarded
    ) % {"count": _number(award.awarded)}


def may_go_on(award: RetroactiveAward) -> bool:
    """Whether nobody seems to be at an award that isn't finished.

    Should somebody be at it after all, no harm is done: only one gets on.
    """
    if award.state == State.FINISHED or award.is_replaced:
        return False
    if award.state in BUSY:
        silence = timezone.now() - award.updated_at
        return silence.total_seconds() > app_settings.IMPORT_SILENT_SECONDS
    return True


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)


class StateColumn(BaseColumn):
    """The state as a tag, how far it is, and what went wrong."""

    cell_template_name = "wagtail_gamification/cms/retroactive/state_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {
            "sentence": sentence_of(instance),
            "classname": _classname(instance),
        }


def _classname(award: RetroactiveAward) -> str:
    return {
        State.FINISHED: "w-status--primary",
        State.FAILED: "gamification-status--refused",
    }.get(State(award.state), "")


class RetroactiveFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"),
        choices=State.choices,
        widget=CheckboxSelectMultiple,
    )

    class Meta:
        model = RetroactiveAward
        fields: list[str] = []


class RetroactiveReport(GamificationReport):
    """All retroactive awards, the newest first."""

    model = RetroactiveAward
    permission_policy = policy
    any_permission_required = set(ANY_PERMISSION)
    page_title = gettext_lazy("Retroactive awards")
    header_icon = "history"
    index_url_name = f"{NAMESPACE}:retroactive"
    index_results_url_name = f"{NAMESPACE}:retroactive_results"
    filterset_class = RetroactiveFilterSet
    default_ordering = "-created_at"
    list_export = [
        "badge_definition",
        "get_state_display",
        "players",
        "players_done",
        "awarded",
        "started_by",
        "created_at",
        "finished_at",
        "error",
    ]
    export_headings = {"get_state_display": gettext_lazy("State")}

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn(
                "badge_definition",
                label=_("Badge"),
                accessor="badge_definition",
                get_url=detail_url,
                sort_key="badge_definition__name",
            ),
            StateColumn("state", label=_("State"), sort_key="state"),
            UserColumn("started_by", label=_("Started by")),
            DateColumn("created_at", label=_("Started"), sort_key="created_at"),
            DateColumn("finished_at", label=_("Finished"), sort_key="finished_at"),
        ]

    @cached_property
    def no_results_message(self) -> Any:
        if self.is_filtering:
            return super().no_results_message
        return _("Nothing has been awarded retroactively yet.")

    def get_base_queryset(self) -> QuerySet:
        queryset = super().get_base_queryset()
        return queryset.select_related(
            "badge_definition", "started_by__wagtail_userprofile"
        )

    def get_filename(self) -> str:
        return "retroactive-awards"


def detail_url(award: RetroactiveAward) -> str:
    """Give the page that watches a retroactive award."""
    return reverse(f"{NAMESPACE}:retroactive_detail", args=[award.uuid])


class AwardScreen(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page about one retroactive award."""

    permission_policy = policy
    any_permission_required = set(ANY_PERMISSION)
    header_icon = "history"
    page_title = gettext_lazy("Retroactive award")

    @cached_property
    def award(self) -> RetroactiveAward:
        awards = RetroactiveAward.objects.select_related("badge_definition")
        return get_object_or_404(awards, uuid=self.kwargs["uuid"])

    def get_page_subtitle(self) -> str:
        return str(self.award.badge_definition)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {
                "url": reverse(RetroactiveReport.index_url_name),
                "label": RetroactiveReport.page_title,
            },
            {
                "url": "",
                "label": self.get_page_title(),
                "sublabel": self.get_page_subtitle(),
            },
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        award = self.award
        context["media"] = context.get("media", Media()) + MEDIA
        # Not each per cent is read out, but each state and each tenth.
        said = f"{award.state} {award.percent // 10}"
        return context | {
            "award": award,
            "sentence": sentence_of(award),
            "classname": _classname(award),
            "is_busy": award.state in BUSY,
            "is_waiting": award.state == State.WAITING,
            "may_go_on": may_go_on(award)
            and policy.user_has_permission(self.request.user, "publish"),
            "said": said,
            "is_news": said != self.request.GET.get("said"),
            "detail_url": detail_url(award),
        }


class ProgressPage(AwardScreen):
    """Watches a retroactive award, and shows what came of it."""

    template_name = "wagtail_gamification/cms/retroactive/progress.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        error = _("The site doesn't answer. This page goes on asking.")
        return super().get_context_data(
            swap_messages=json.dumps({"error": error}),
            edit_url=self.get_edit_url(),
            **kwargs,
        )

    def get_edit_url(self) -> str:
        """Give the badge's editor to those who may use it."""
        if not policy.user_has_permission(self.request.user, "change"):
            return ""
        viewset = BadgeDefinition.snippet_viewset
        pk = quote(self.award.badge_definition_id)
        return reverse(viewset.get_url_name("edit"), args=[pk])


class StatusView(AwardScreen):
    """The part of the page that is asked for again every two seconds."""

    template_name = "wagtail_gamification/cms/retroactive/status.html"


class GoOnView(PermissionCheckedMixin, View):
    """Has an award gone on with whose worker went away or failed."""

    http_method_names = ["post"]
    permission_policy = policy
    permission_required = "publish"

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        award = get_object_or_404(RetroactiveAward, uuid=uuid)
        if may_go_on(award):
            # So that it is asked for once, and watched from now on.
            rows = RetroactiveAward.objects.filter(pk=award.pk, state=award.state)
            if rows.update(state=State.WAITING, updated_at=timezone.now()):
                award_retroactively.enqueue(str(award.uuid))
                log(instance=award, action=LOG_ACTION, user=request.user)
        elif award.is_replaced:
            messages.warning(request, _("A later publication has taken its place."))
        else:
            messages.warning(request, _("This award has gone on already."))
        return redirect(detail_url(award))


class RetroactivePanel(Panel):
    """Says in the badge's editor how far its latest retroactive award is."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_gamification/cms/retroactive/panel.html"

        @cached_property
        def award(self) -> RetroactiveAward | None:
            if not self.instance or not self.instance.pk:
                return None
            return self.instance.retroactive_awards.first()

        def is_shown(self) -> bool:
            return self.award is not None

        @property
        def media(self) -> Media:
            return super().media + MEDIA

        def get_context_data(self, parent_context: Any = None) -> Any:
            context = super().get_context_data(parent_context)
            return context | {
                "award": self.award,
                "sentence": sentence_of(self.award),
                "classname": _classname(self.award),
                "detail_url": detail_url(self.award),
            }
