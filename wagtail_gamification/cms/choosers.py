"""The choosers of definitions, for our forms and for a site's models and blocks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm, LocaleFilterMixin
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
)

from wagtail_gamification.models import Category

from .columns import ThumbnailColumn
from .querysets import search_definitions, with_status, with_thumbnails


class SearchForm(BaseFilterForm):
    """Finds what the lists find: drafts too, and parts of words."""

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
            objects = search_definitions(objects, query)
        return objects


class CategoryFilterMixin(forms.Form):
    # Not “category”: the form behind the dialogue has a field of that id.
    in_category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=Category.objects.originals(),
        empty_label=_("All categories"),
        required=False,
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )

    def filter(self, objects: Any) -> Any:
        if category := self.cleaned_data.get("in_category"):
            objects = objects.filter(category=category)
        return super().filter(objects)


class OriginalChooseMixin:
    """Offers originals: a translation can't be earned, only read."""

    def get_object_list(self) -> Any:
        objects = self.model_class.objects.originals()
        if hasattr(self.model_class, "live"):
            objects = with_status(objects)
        if hasattr(self.model_class, "image"):
            objects = with_thumbnails(objects)
        return objects

    def filter_object_list(self, objects: Any) -> Any:
        excluded = self.request.GET.get("exclude", "")
        if excluded.isdecimal():
            objects = objects.exclude(pk=excluded)
        return super().filter_object_list(objects)

    def get_filter_form_class(self) -> type[BaseFilterForm]:
        bases: list[type] = [SearchForm]
        if hasattr(self.model_class, "category"):
            bases.insert(0, CategoryFilterMixin)
        if self.i18n_enabled:
            bases.insert(0, LocaleFilterMixin)
        return type("FilterForm", tuple(bases), {})

    @property
    def columns(self) -> list:
        columns = super().columns
        if hasattr(self.model_class, "image"):
            columns.insert(0, ThumbnailColumn(self.model.snippet_viewset.icon))
        return columns


class OriginalChooseView(OriginalChooseMixin, ChooseView):
    """The whole dialogue."""


class OriginalChooseResultsView(OriginalChooseMixin, ChooseResultsView):
    """The results alone, while somebody types."""


class OriginalChooserViewSet(SnippetChooserViewSet):
    choose_view_class = OriginalChooseView
    choose_results_view_class = OriginalChooseResultsView
    preserve_url_parameters = ["multiple", "exclude"]
