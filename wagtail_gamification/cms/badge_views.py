"""The screens of a badge, where requirements make them differ from the others'."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views import snippets

from .claims.menu import badge_buttons
from .earners.base import url_of
from .earners.buttons import earner_buttons
from .players.base import may_see_players
from .qualifying import QualifyingSidePanel
from .reach import complaints, sentence
from .reporting.columns import grouped
from .views import DefinitionCopyView, DefinitionCreateView, DefinitionInspectView


class RequirementsViewMixin:
    """Offers to count who qualifies, and warns of what nobody can meet."""

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        badge = self.form.instance
        permission = "change" if badge.pk else "add"
        may_count = self.permission_policy.user_has_permission(
            self.request.user, permission
        )
        if badge.original_id or not may_count or self.expects_json_response:
            return panels
        args = [quote(badge.pk)] if badge.pk else []
        name = self.model.snippet_viewset.get_url_name("qualifying")
        panel = QualifyingSidePanel(badge, self.request, url=reverse(name, args=args))
        return MediaContainer([*panels, panel])

    def save_action(self) -> HttpResponse:
        response = super().save_action()
        badge = self.object
        if not self.expects_json_response and not badge.original_id:
            for complaint in complaints(list(badge.requirements.all())):
                messages.warning(self.request, complaint)
        return response


class BadgeCreateView(RequirementsViewMixin, DefinitionCreateView):
    """Makes a badge, with what it asks for."""


class BadgeEditView(RequirementsViewMixin, snippets.EditView):
    """Changes a badge, and what it asks for from now on."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [
            *super().header_more_buttons,
            *earner_buttons(self.request.user, self.object),
            *badge_buttons(self.request.user, self.object),
        ]


class BadgeCopyView(RequirementsViewMixin, DefinitionCopyView):
    """Begins with what the copied badge asks for."""

    def get_initial_form_instance(self) -> Any:
        copy = super().get_initial_form_instance()
        source = self.get_object().source.get_latest_revision_as_object()
        copy.requirements = [
            type(asked)(
                **{
                    field.attname: getattr(asked, field.attname)
                    for field in asked._meta.concrete_fields
                    if field.name not in ("id", "badge_definition")
                }
            )
            for asked in source.requirements.all()
        ]
        return copy


class BadgeInspectView(DefinitionInspectView):
    """Shows what the badge asks for, in words, and leads to who earned it."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [
            *super().header_more_buttons,
            *earner_buttons(self.request.user, self.object),
        ]

    def get_players_display_value(self) -> Any:
        number = super().get_players_display_value()
        if not may_see_players(self.request.user):
            return number
        url = url_of("earners", self.object.state_id)
        return format_html('<a href="{}">{}</a>', url, grouped(number))

    def get_requirements_display_value(self) -> str:
        asked = self.object.source.requirements.all()
        return "; ".join(sentence(each) for each in asked)

    def get_field_label(self, field_name: str, field: Any) -> str:
        # Django makes the label of what belongs to others from its name.
        if field_name == "requirements":
            return _("Requirements")
        return super().get_field_label(field_name, field)
