"""Who would earn a badge now, for the draft as it stands in the form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import quote, unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import GamificationInterface

NAMES = 10


class QualifyingSidePanel(BaseSidePanel):
    """A button that counts, with what stands in the form, saved or not."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle who qualifies")
        icon_name = "group"
        has_counter = False

    name = "gamification-qualifying"
    title = _("Who qualifies")
    template_name = "wagtail_gamification/cms/requirements/side_panel.html"
    # Between the status and the checks.
    order = 200

    def __init__(self, object: Any, request: HttpRequest, *, url: str) -> None:
        super().__init__(object, request)
        self.url = url


class QualifyingView(PermissionCheckedMixin, View):
    """Counts the players who would earn a badge as the submitted form has it.

    Nothing is saved. Who may not edit the badge (or make one) gets an error, and who
    may see neither players nor users gets numbers without names.
    """

    http_method_names = ["post"]
    model: Any = None
    form_class: Any = None

    def post(self, request: HttpRequest, pk: Any = None) -> HttpResponse:
        permission = "add" if pk is None else "change"
        if not self.user_has_permission(permission):
            raise PermissionDenied
        definition = self._definition(pk)
        form = self.form_class(
            self._data(request),
            request.FILES,
            instance=definition,
            for_user=request.user,
        )
        # What stands in the other fields needn't be right yet.
        form.is_valid()
        context: dict[str, Any] = {}
        requirements = form.formsets.get("requirements")
        if requirements and not requirements.is_valid():
            context["is_invalid"] = True
        elif asked := requirements and requirements.asked:
            context |= self._count(form.instance, asked)
        template = "wagtail_gamification/cms/requirements/qualifying.html"
        return TemplateResponse(request, template, context)

    def _definition(self, pk: Any) -> Any:
        if pk is None:
            return self.model()
        definition = get_object_or_404(self.model, pk=unquote(str(pk)))
        return definition.get_latest_revision_as_object()

    def _data(self, request: HttpRequest) -> Any:
        """Take all rows for new ones: which of them are stored doesn't matter."""
        data = request.POST.copy()
        for name in [name for name in data if name.endswith("-id")]:
            data[name] = ""
        data["requirements-INITIAL_FORMS"] = "0"
        return data

    def _count(self, definition: Any, requirements: list[Any]) -> dict[str, Any]:
        from wagtail_gamification.actions.qualifying import find_qualifying

        found = find_qualifying(
            definition,
            requirements,
            seconds=app_settings.PREVIEW_SECONDS,
            names=NAMES,
        )
        may_see = _may_see_players(self.request.user)
        players = _with_links(found.players, self.request.user) if may_see else []
        return {
            "found": found,
            "players": players,
            "others": found.count - len(players),
        }


def _may_see_players(user: Any) -> bool:
    policies = map(ModelPermissionPolicy, (GamificationInterface, get_user_model()))
    actions = ["view", "change"]
    return any(policy.user_has_any_permission(user, actions) for policy in policies)


def _with_links(
    players: Iterable[GamificationInterface], viewer: Any
) -> list[tuple[str, str]]:
    """Give the players' names, each with the address where they can be edited."""
    may_edit = ModelPermissionPolicy(get_user_model()).user_has_permission(
        viewer, "change"
    )
    return [
        (str(player), _edit_url(player.user_id) if may_edit and player.user_id else "")
        for player in players
    ]


def _edit_url(user_id: Any) -> str:
    try:
        return reverse("wagtailusers_users:edit", args=[quote(user_id)])
    except NoReverseMatch:
        # A site without wagtail.users.
        return ""
