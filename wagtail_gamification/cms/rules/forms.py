"""The forms that point rules and campaigns are edited with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from wagtail_gamification.events import event_choices, registered_events


class RuleForm(WagtailAdminModelForm):
    """A name, a slug that nothing else has, and an event out of the registry."""

    empty_event_label = _("Choose…")
    is_event_required = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if event := self.fields.get("event"):
            # Made here, not when the class is made: events depend on the language.
            self.fields["event"] = self._event_field(event)

    def clean_slug(self) -> str:
        """Keep the slug where it was emptied, and refuse one that is taken.

        Drafts count too, or two of them would meet when they are published.
        """
        slug = self.cleaned_data.get("slug") or self.instance.slug
        others = type(self.instance)._default_manager.exclude(pk=self.instance.pk)
        is_theirs = Q(slug=slug) | Q(latest_revision__content__slug=slug)
        if slug and others.filter(is_theirs).exists():
            raise ValidationError(
                _("Another one has this slug already."), code="unique"
            )
        return slug

    def _event_field(self, field: Any) -> forms.ChoiceField:
        current = self.instance.event
        choices = [("", self.empty_event_label), *event_choices(current)]
        known = {event.code for event in registered_events()}
        help_text = field.help_text
        if current and current not in known:
            help_text = _(
                "The event “%(event)s” is not known any more, so nothing happens here "
                "now. Choose another."
            ) % {"event": current}
        return forms.ChoiceField(
            label=field.label,
            choices=choices,
            required=self.is_event_required,
            help_text=help_text,
            error_messages={"required": _("Choose what is paid for.")},
        )


class PointRuleForm(RuleForm):
    def clean(self) -> dict[str, Any]:
        """Refuse limits that contradict each other."""
        data = super().clean()
        daily, total = data.get("daily_limit"), data.get("total_limit")
        if daily and total and daily > total:
            self.add_error(
                "total_limit",
                _("The total limit can't be lower than the daily limit."),
            )
        return data


class CampaignForm(RuleForm):
    empty_event_label = _("All point rules")
    is_event_required = False
