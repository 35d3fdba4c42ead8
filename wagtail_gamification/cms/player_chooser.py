"""The chooser of players, for blocks: as private as the list of players."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from wagtail_gamification.models import GamificationInterface
from wagtail_gamification.public_names import public_name

from .players.people import players_called

PERMISSION = "wagtail_gamification.view_gamificationinterface"


class SearchForm(BaseFilterForm):
    q = forms.CharField(
        label=_("Search term"),
        widget=forms.TextInput(attrs={"placeholder": _("Search")}),
        required=False,
    )

    def filter(self, objects: Any) -> Any:
        objects = super().filter(objects)
        if query := self.cleaned_data.get("q"):
            self.is_searching = True
            self.search_query = query
            objects = objects.filter(players_called(query))
        return objects


class PermissionMixin:
    """Shows players only to those who may see them."""

    filter_form_class = SearchForm
    ordering = "pk"

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_object_list(self) -> Any:
        return GamificationInterface.objects.select_related("user")


class PlayerChooseView(PermissionMixin, chooser.ChooseView):
    """The whole dialogue."""


class PlayerChooseResultsView(PermissionMixin, chooser.ChooseResultsView):
    """The results alone, while somebody types."""


class PlayerChosenView(PermissionMixin, chooser.ChosenView):
    """What was chosen."""

    def get_display_title(self, instance: GamificationInterface) -> str:
        return public_name(instance)


class PlayerChosenMultipleView(PermissionMixin, chooser.ChosenMultipleView):
    """What was chosen together."""


class PlayerChooser(BaseChooser):
    """Shows the name that everybody reads: the form is open to other editors too."""

    def get_display_title(self, instance: GamificationInterface) -> str:
        return public_name(instance)


class PlayerChooserViewSet(ChooserViewSet):
    model = GamificationInterface
    icon = "user"
    choose_one_text = _("Choose a player")
    choose_another_text = _("Choose another player")
    edit_item_text = _("Show this player")
    choose_view_class = PlayerChooseView
    choose_results_view_class = PlayerChooseResultsView
    chosen_view_class = PlayerChosenView
    chosen_multiple_view_class = PlayerChosenMultipleView
    base_widget_class = PlayerChooser
    register_widget = False


player_chooser = PlayerChooserViewSet("gamification_player_chooser")
