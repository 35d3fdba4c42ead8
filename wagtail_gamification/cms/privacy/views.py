"""Export a player's data, and erase a player."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_gamification.actions import ErasePlayerAction, ExportPlayerAction
from wagtail_gamification.actions.erase_player import Erased
from wagtail_gamification.actions.player_sections import SECTIONS
from wagtail_gamification.cms.players.base import MEDIA, url_of
from wagtail_gamification.exceptions import PlayerIsShared
from wagtail_gamification.models import GamificationInterface
from wagtail_gamification.player_files import (
    CONTENT_TYPES,
    file_name,
    write_player_data,
)

from . import permissions
from .forms import EraseForm, ExportForm


class PrivacyView(WagtailAdminTemplateMixin, FormView):
    """A page about one player, for those who may do what it does."""

    permission = ""
    header_icon = "user"

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        # Before the player is looked for: who may not, doesn't learn who there is.
        if not permissions.may(request.user, self.permission):
            raise PermissionDenied
        self.player  # noqa: B018
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def player(self) -> GamificationInterface:
        players = GamificationInterface.objects.select_related("user")
        return get_object_or_404(players, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.player)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": url_of("index"), "label": _("Players")},
            {"url": self.player_url, "label": str(self.player)},
            {
                "url": "",
                "label": self.get_page_title(),
                "sublabel": self.get_page_subtitle(),
            },
        ]

    @property
    def player_url(self) -> str:
        return url_of("player", self.player.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["media"] = context.get("media", Media()) + MEDIA
        return context | {"player_url": self.player_url}


class ExportView(PrivacyView):
    """Gives a file. What is written into the log makes it a POST."""

    permission = permissions.EXPORT
    page_title = gettext_lazy("Export a player's data")
    template_name = "wagtail_gamification/cms/privacy/export.html"
    form_class = ExportForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "interface": self.player}

    def form_valid(self, form: ExportForm) -> HttpResponse:
        format = form.cleaned_data["format"]
        data = ExportPlayerAction(self.player, by=self.request.user).execute()
        # Whole before any of it is sent: an error is an error, and no broken file.
        stream = TemporaryFile()  # noqa: SIM115
        try:
            write_player_data(data, format, stream)
        except BaseException:
            stream.close()
            raise
        stream.seek(0)
        response = FileResponse(
            stream,
            as_attachment=True,
            filename=file_name(self.player.pk, format),
            content_type=CONTENT_TYPES[format],
        )
        patch_cache_control(response, private=True, no_store=True)
        return response


class EraseView(PrivacyView):
    """Says what will go, and deletes it once the name was typed."""

    permission = permissions.ERASE
    page_title = gettext_lazy("Erase a player")
    template_name = "wagtail_gamification/cms/privacy/erase.html"
    form_class = EraseForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "expected": str(self.player)}

    def form_valid(self, form: EraseForm) -> HttpResponse:
        number = self.player.pk
        try:
            ErasePlayerAction(self.player, by=self.request.user).execute()
        except PlayerIsShared as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("Everything about player %(number)s is erased.") % {"number": number},
        )
        return redirect(url_of("index"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        found, refusal = self._preview()
        return context | {
            "sections": [
                (section.label, found.rows[section.name])
                for section in SECTIONS
                if found and section.name in found.rows
            ],
            "refusal": refusal,
            "may_export": permissions.may(self.request.user, permissions.EXPORT),
            "export_url": url_of("export", self.player.pk),
        }

    def _preview(self) -> tuple[Erased | None, str]:
        try:
            return ErasePlayerAction(self.player).preview(), ""
        except PlayerIsShared as error:
            return None, str(error)
