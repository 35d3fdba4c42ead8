"""The rows in which editors say what a badge asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminPageChooser

from wagtail_gamification.events import (
    event_choices,
    object_key_of,
    registered_events,
)
from wagtail_gamification.events.objects import model_key_of
from wagtail_gamification.models import BadgeDefinition, Category, Level
from wagtail_gamification.models.requirements import Counting
from wagtail_gamification.requirements import (
    RequirementKind,
    kind_choices,
    registered_kinds,
)

from .objects import (
    ObjectGroup,
    ObjectSelect,
    group_of_one,
    is_about_pages,
    model_of_event,
    object_groups,
    page_of,
)
from .widgets import OriginalChooser

# What every requirement has, whatever its kind reads.
ALWAYS = ("kind", "group")


class RequirementForm(WagtailAdminModelForm):
    """One requirement. What its kind doesn't read is neither checked nor kept.

    The one object that counts is chosen in ``page`` or in ``object_key``, whichever
    goes with the event, and stored in ``object_key``.
    """

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    event = forms.ChoiceField(label=gettext_lazy("Event"), required=False)
    page = forms.ModelChoiceField(
        label=gettext_lazy("Only this page"), queryset=None, required=False
    )
    object_key = forms.ChoiceField(
        label=gettext_lazy("Only this one"), required=False, widget=ObjectSelect
    )

    def __init__(
        self,
        *args: Any,
        objects: Callable[[], Iterable[ObjectGroup]] = object_groups,
        badge_pk: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._objects = objects
        # Which badge it is decides what would go round in a circle.
        self.instance.badge_definition_id = badge_pk
        self._offer_kinds_and_events()
        self._offer_objects()
        for name, model in (
            ("badge", BadgeDefinition),
            ("category", Category),
            ("level", Level),
        ):
            self._offer_originals(name, model)
        # Kinds that don't read it leave it empty.
        self.fields["target"].required = False

    def _offer_kinds_and_events(self) -> None:
        kinds = kind_choices()
        stored = self.instance.kind
        if stored not in dict(kinds):
            kinds.append((stored, _("Unknown kind (%(kind)s)") % {"kind": stored}))
        self.fields["kind"].choices = kinds
        choices = event_choices(self._known_or_unknown_event())
        self.fields["event"].choices = [("", "---------"), *choices]

    def _known_or_unknown_event(self) -> str:
        """Give the event to offer besides: the stored one, or one that is no more.

        An event that isn't known is refused later, by that name.
        """
        value = self["event"].value() or ""
        known = {event.code for event in registered_events()}
        return self.instance.event if value in known else value

    def _offer_objects(self) -> None:
        from wagtail.models import Page

        key = self.instance.object_key
        page = self.fields["page"]
        page.queryset = Page.objects.all()
        page.widget = AdminPageChooser(
            choose_one_text=_("Choose a page"),
            choose_another_text=_("Choose another page"),
        )
        self.initial["page"] = page_of(key) or None
        self.initial["object_key"] = "" if page_of(key) else key
        # Read when they are looked at, once for all rows.
        self.fields["object_key"].choices = self._object_choices
        self.fields["object_key"].widget.groups = self._object_groups

    def _object_groups(self) -> list[ObjectGroup]:
        groups = list(self._objects())
        key = self.initial["object_key"]
        known = {known for group in groups for known, _label in group.choices}
        if key and key not in known:
            groups.append(group_of_one(key, self.instance.event))
        return groups

    def _object_choices(self) -> list[Any]:
        groups = self._object_groups()
        return [("", "---------"), *((group.label, group.choices) for group in groups)]

    def _offer_originals(self, name: str, model: Any) -> None:
        field = self.fields[name]
        own = self.instance.badge_definition_id if name == "badge" else None
        field.queryset = model.objects.originals().exclude(pk=own)
        field.widget = OriginalChooser(model, exclude=own)
        field.error_messages["invalid_choice"] = _(
            "Choose another one: neither this badge itself nor a translation."
        )

    @property
    def _kind(self) -> RequirementKind | None:
        """The kind that was chosen, None for one that isn't registered."""
        value = self["kind"].value()
        return next((kind for kind in registered_kinds() if kind.code == value), None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (kind := self._kind) is None:
            return cleaned
        self._forget_unread(kind)
        self._want_target(kind, cleaned)
        if "counting" in kind.fields:
            self._forget_what_counting_hides(cleaned)
        if "object_key" in kind.fields:
            self._take_object(cleaned)
        return cleaned

    def _want_target(self, kind: RequirementKind, cleaned: dict[str, Any]) -> None:
        is_empty = "target" not in self._errors and cleaned.get("target") is None
        if is_empty and "target" in kind.fields:
            message = self.fields["target"].error_messages["required"]
            self.add_error("target", ValidationError(message, code="required"))

    def _forget_unread(self, kind: RequirementKind) -> None:
        """Empty what the editor doesn't see: it was set for another kind."""
        read = {*ALWAYS, *kind.fields}
        if "object_key" in read:
            read.add("page")
        for name in self.fields.keys() - read:
            if name in self._meta.fields:
                self._forget(name)

    def _forget_what_counting_hides(self, cleaned: dict[str, Any]) -> None:
        how = cleaned.get("counting")
        if how and Counting(how).is_streak:
            self._forget("within_days")
        if how and how != Counting.DAYS_IN_A_ROW:
            self._forget("allows_rest_days")

    def _forget(self, name: str) -> None:
        self._errors.pop(name, None)
        default = None
        if name != "page":
            default = self.instance._meta.get_field(name).get_default()
        self.cleaned_data[name] = default

    def _take_object(self, cleaned: dict[str, Any]) -> None:
        """Store what was chosen where the event's objects are chosen."""
        event = cleaned.get("event") or ""
        if is_about_pages(event):
            self._errors.pop("object_key", None)
            page = cleaned.get("page")
            cleaned["object_key"] = object_key_of(page) if page else ""
            return
        self._forget("page")
        self._forget("is_below")
        key = cleaned.get("object_key")
        model = model_of_event(event)
        if model is None and key != self.initial["object_key"]:
            self._forget("object_key")
        elif key and model and not key.startswith(f"{model_key_of(model)}:"):
            self.add_error(
                "object_key",
                ValidationError(
                    _("This can't happen with that one. Choose another, or none."),
                    code="other_model",
                ),
            )

    def add_error(self, field: str | None, error: Any) -> None:
        """Put what is said of the object beside the field in which it is chosen.

        What the model says of a field that is wrong already would only confuse: it
        knows nothing of what was sent for it.
        """
        if hasattr(error, "error_dict"):
            errors = dict(error.error_dict)
            if is_about_pages(self.instance.event) and "object_key" in errors:
                errors["page"] = errors.pop("object_key")
            errors = {
                name: found
                for name, found in errors.items()
                if name not in self._errors
            }
            if not errors:
                return
            error = ValidationError(errors)
        super().add_error(field, error)


class RequirementFormSet(BaseChildFormSet):
    """All requirements of a badge, held against those of other badges."""

    @cached_property
    def _objects(self) -> list[ObjectGroup]:
        return object_groups()

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        kwargs["badge_pk"] = self.instance.pk
        return {**kwargs, "objects": lambda: self._objects}

    @property
    def asked(self) -> list[Any]:
        """The requirements as they stand in the form, saved or not, in their order."""
        forms = self.ordered_forms if self.can_order else self.forms
        return [form.instance for form in forms if form not in self.deleted_forms]

    def clean(self) -> None:
        super().clean()
        self._refuse_circles_of_drafts()

    def _refuse_circles_of_drafts(self) -> None:
        forms = [
            form
            for form in self.forms
            if form.is_valid() and form.instance.badge_id and self.instance.pk
        ]
        drafted = _needed_in_drafts() if forms else {}
        for form in forms:
            if form not in self.deleted_forms:
                try:
                    form.instance.refuse_circle(drafted)
                except ValidationError as error:
                    form.add_error(None, error)


def _needed_in_drafts() -> dict[int, list[int]]:
    """Give which badges need which others in what isn't published yet."""
    drafts = BadgeDefinition.objects.originals().filter(has_unpublished_changes=True)
    contents = drafts.values_list("pk", "latest_revision__content")
    return {
        pk: [
            row["badge"]
            for row in content.get("requirements", ())
            if row.get("kind") == "badge" and row.get("badge")
        ]
        for pk, content in contents
        if content
    }
