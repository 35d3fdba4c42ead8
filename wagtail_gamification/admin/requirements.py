"""What a badge asks for, as rows below it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from wagtail_gamification.events import event_choices
from wagtail_gamification.models import BadgeDefinition, Requirement
from wagtail_gamification.requirements.registry import kind_choices


class RequirementForm(forms.ModelForm):
    """Kinds and events out of their registries; which fields count, the kind says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {"kind": kind_choices(), "event": event_choices(self.instance.event)}
        choices["event"] = [("", "---------"), *choices["event"]]
        known = {code for code, _label in choices["kind"]}
        if self.instance.kind not in known:
            choices["kind"].append((self.instance.kind, self.instance.kind))
        for name, offered in choices.items():
            if name in self.fields:
                self.fields[name] = forms.ChoiceField(
                    label=self.fields[name].label,
                    choices=offered,
                    required=self.fields[name].required,
                    initial=self.fields[name].initial,
                )


class RequirementInline(admin.StackedInline):
    """Whoever may change a badge may change what it asks for."""

    model = Requirement
    form = RequirementForm
    extra = 0
    raw_id_fields = ["badge", "category", "level"]
    fk_name = "badge_definition"
    fields = [
        "kind",
        "event",
        ("badge", "category", "level"),
        ("target", "counting", "within_days", "allows_rest_days"),
        ("object_key", "is_below"),
        "group",
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        related = ("badge", "category", "level")
        return super().get_queryset(request).select_related(*related)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", "change")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "add", "change")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change")

    def _may(self, request: HttpRequest, *actions: str) -> bool:
        label, name = BadgeDefinition._meta.app_label, BadgeDefinition._meta.model_name
        return any(
            request.user.has_perm(f"{label}.{action}_{name}") for action in actions
        )
