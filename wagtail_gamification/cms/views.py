"""The screens of one definition, where they differ from those of any snippet."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Locale
from wagtail.rich_text import RichText
from wagtail.snippets.views import snippets

from wagtail_gamification import catalogue
from wagtail_gamification.models import Category

from .forms import rule_text, rule_value
from .protection import Protection, protections

NAME_LENGTH = 128


class DefinitionCreateView(snippets.CreateView):
    """Puts a new definition behind those that somebody has put in order."""

    def get_initial_form_instance(self) -> Any:
        instance = super().get_initial_form_instance() or self.model()
        last = self.model._default_manager.aggregate(last=Max("sort_order"))["last"]
        # As long as nobody has dragged anything, all are 0 and the names decide.
        instance.sort_order = last + 1 if last else 0
        return instance

    def get_preview_url(self) -> str | None:
        url = super().get_preview_url()
        return url and self._set_locale_query_param(url)


class DefinitionPreviewOnCreateView(snippets.PreviewOnCreateView):
    """Previews what isn't saved yet in the language that it is written in."""

    def get_object(self) -> Any:
        definition = super().get_object()
        code = self.request.GET.get("locale")
        definition.locale = (
            get_object_or_404(Locale, language_code=code)
            if code
            else definition.get_default_locale()
        )
        return definition


class DefinitionCopyView(snippets.CopyView, DefinitionCreateView):
    """Fills the form of a new definition from one that is there.

    The copy stands on its own: it has no slug yet, no awards, no schedule and no
    original, and begins as a draft.
    """

    def get_locale(self) -> Locale | None:
        return self.get_object().locale if self.i18n_enabled else None

    def get_initial_form_instance(self) -> Any:
        source = self.get_object()
        if isinstance(source, DraftStateMixin):
            source = source.get_latest_revision_as_object()
        copy = DefinitionCreateView.get_initial_form_instance(self)
        form_class = self.get_form_class()
        for name in form_class.text_fields:
            setattr(copy, name, getattr(source, name))
        for name in form_class.rule_fields:
            if name not in form_class.uncopied_fields:
                setattr(copy, name, rule_value(source.source, name))
        name = _("Copy of %(name)s") % {"name": source.name}
        copy.name = name[:NAME_LENGTH]
        copy.locale = source.locale
        copy.slug = copy.available_slug(copy.name, copy.locale_id)
        return copy


class DefinitionDeleteView(snippets.DeleteView):
    """Refuses what players have achieved, and says what to do instead."""

    @cached_property
    def protection(self) -> Protection:
        [protection] = protections([self.object], self.request.user)
        return protection

    def form_valid(self, form: Any) -> HttpResponse:
        if self.protection.is_in_force:
            return self._refuse()
        try:
            return super().form_valid(form)
        except ProtectedError:
            # Somebody earned it while this was decided.
            del self.protection
            return self._refuse()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["protection"] = self.protection
        context["translations"] = self.object.localizations.select_related("locale")
        if isinstance(self.object, Category):
            context["badge_count"] = self.object.badge_definitions.originals().count()
        return context

    def _refuse(self) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=409)


class DefinitionInspectView(snippets.InspectView):
    """Shows what counts: the rules of a translation are its original's."""

    def get_description_display_value(self) -> Any:
        if isinstance(self.object, Category):
            return self.object.description
        return RichText(self.object.description)

    def get_players_display_value(self) -> Any:
        index_view = self.model.snippet_viewset.index_view_class()
        index_view.model = self.model
        index_view.is_export = False
        rows = self.model._default_manager.filter(pk=self.object.pk)
        return index_view.annotate_queryset(rows).get().players

    def get_field_label(self, field_name: str, field: Any) -> str:
        if field_name == "players":
            return self.model.snippet_viewset.index_view_class.players_label
        if field_name == "status_string":
            return _("Status")
        return super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        rules = self.model.snippet_viewset.get_form_class().rule_fields
        if field_name in rules:
            value = rule_text(self.object.source, field_name)
        elif getattr(self.object, field_name, "") is None:
            value = None  # Wagtail says “None” of an image that isn't there
        else:
            value = super().get_field_display_value(field_name, field)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if field_name == "status_string":
            return capfirst(value)
        return "-" if value is None or value == "" else value


class DefinitionReorderView(snippets.ReorderView):
    """Numbers the definitions anew, so that none share a place.

    Wagtail's own moves numbers about, which changes nothing as long as all are 0.
    """

    http_method_names = ["post"]

    def get_queryset(self) -> Any:
        originals = self.model._default_manager.originals()
        return originals.order_by(self.sort_order_field, "name", "pk")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            queryset = self.get_queryset().select_for_update()
            definitions = list(queryset)
            moved = get_object_or_404(queryset, pk=unquote(str(kwargs["pk"])))
            definitions.remove(moved)
            definitions.insert(self._position(len(definitions)), moved)
            self._number(definitions)
            # An update in bulk tells nobody.
            catalogue.drop()
            log(instance=moved, action="wagtail.reorder", user=request.user)
        return JsonResponse({"success": True})

    def _position(self, end: int) -> int:
        """Give the place in the list, the end where none is given."""
        try:
            position = int(self.request.GET.get("position", ""))
        except ValueError:
            return end
        return position if 0 <= position <= end else end

    def _number(self, definitions: list[Any]) -> None:
        changed = {}
        for number, definition in enumerate(definitions, start=1):
            if definition.sort_order != number:
                definition.sort_order = number
                changed[definition.pk] = definition
        translations = list(self.model._default_manager.filter(original__in=changed))
        for translation in translations:
            translation.sort_order = changed[translation.original_id].sort_order
        # In bulk: nothing else about them is touched, drafts least of all.
        self.model._default_manager.bulk_update(
            [*changed.values(), *translations], ["sort_order"], batch_size=200
        )
