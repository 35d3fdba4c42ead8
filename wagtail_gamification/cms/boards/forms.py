"""The form that leaderboards are edited with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.cms.forms import DefinitionForm
from wagtail_gamification.events import event_choices
from wagtail_gamification.models import GamificationInterface


class LeaderboardForm(DefinitionForm):
    rule_fields = (
        "measure",
        "event",
        "window",
        "starts_on",
        "ends_on",
        "audience",
        "group",
        "team",
        "size",
    )
    text_fields: tuple[str, ...] = ("name", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if event := self.fields.get("event"):
            # Made here, not when the class is made: events depend on the language.
            self.fields["event"] = forms.ChoiceField(
                label=event.label,
                choices=[("", "—"), *event_choices(self.instance.event)],
                required=False,
                help_text=event.help_text,
            )
        if group := self.fields.get("group"):
            group.queryset = group.queryset.order_by("name")
        if team := self.fields.get("team"):
            teams = GamificationInterface.objects.filter(user=None).exclude(name="")
            team.queryset = teams.order_by("name")
            team.error_messages["invalid_choice"] = _("There is no such team.")
