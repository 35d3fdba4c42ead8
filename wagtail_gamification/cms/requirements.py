"""The rows of a badge's requirements, and what is decided about publishing them.

Which fields a kind needs is shown by Wagtail's ``w-rules``: each field names the kinds,
and where it matters the events and the ways of counting, with which it is seen.
"""

from __future__ import annotations

import json
from typing import Any

from django.forms import Media
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import TextFieldComparison
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    Panel,
)
from wagtail.admin.panels.base import get_form_for_model

from wagtail_gamification.models.requirements import Counting
from wagtail_gamification.requirements import registered_kinds

from .objects import object_events, page_events
from .reach import complaints, sentence
from .requirement_forms import RequirementForm, RequirementFormSet

MEDIA = Media(css={"all": ["wagtail_gamification/css/editor.css"]})
# What makes Wagtail's rules apply within a form.
RULES = {"data-controller": "w-rules", "data-action": "change->w-rules#resolve"}


# Rows that a badge can have, those that were deleted in the form included.
MOST_ROWS = 100

# Ends a rule for Wagtail's script for new rows: it puts the row's number in place of
# the first “__prefix__” before each quote, and takes the quotes of JSON for none. What
# names no field says in Wagtail 7.4 how the rules go together, in 8.0 nothing.
_END = ["", ["all", "'"]]


def _shown_with(rules: dict[str, list[str]], is_shown: bool) -> dict[str, Any]:
    """Give the attributes of what shows while each field has one of its values."""
    return {
        "data-w-rules-target": "show",
        "data-w-rules": json.dumps(
            [entry for rule in rules.items() for entry in (rule, _END)]
        ),
        # As it begins: nothing jumps while the page is loading.
        "hidden": not is_shown,
    }


class RequirementFieldPanel(FieldPanel):
    """A field of a requirement, seen with the kinds that read it.

    ``stored_in`` names the field of the model that it fills, where it isn't its own.
    """

    def __init__(self, *args: Any, stored_in: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored_in = stored_in

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "stored_in": self.stored_in}

    def rules(self, current_event: str = "") -> dict[str, list[str]]:
        """Give the values of other fields with which this one is seen."""
        if self.field_name == "kind":
            return {}
        name = self.stored_in or self.field_name
        kinds = [kind for kind in registered_kinds() if name in kind.fields]
        rules = {"kind": [kind.code for kind in kinds]}
        depends_on_counting = all("counting" in kind.fields for kind in kinds)
        if self.field_name == "within_days" and depends_on_counting:
            rules["counting"] = [how.value for how in Counting if not how.is_streak]
        if self.field_name == "allows_rest_days" and depends_on_counting:
            rules["counting"] = [Counting.DAYS_IN_A_ROW.value]
        if self.field_name in ("page", "is_below"):
            rules["event"] = page_events()
        if self.field_name == "object_key":
            codes = [code for found in object_events().values() for code in found]
            rules["event"] = [*codes, *filter(None, [current_event])]
        return rules

    class BoundPanel(FieldPanel.BoundPanel):
        def get_comparison(self) -> list[Any]:
            # The sentence says it.
            return []

        @property
        def attrs(self) -> dict[str, Any]:
            form = self.form
            has_object = bool(form.initial.get("object_key"))
            rules = self.panel.rules(form.instance.event if has_object else "")
            if not rules:
                return self.panel.attrs
            is_shown = all(
                str(form[name].value() or "") in values
                for name, values in rules.items()
            )
            prefixed = {form.add_prefix(name): rules[name] for name in rules}
            return {**self.panel.attrs, **_shown_with(prefixed, is_shown)}

        def is_required(self) -> bool:
            # The form doesn't know: a field is needed where a kind that shows it says
            # so. One star stands for all of these kinds.
            shown = [
                kind for kind in registered_kinds() if self.field_name in kind.fields
            ]
            return self.field_name in ("kind", "target") or (
                bool(shown) and all(self.field_name in kind.required for kind in shown)
            )


class SentenceComparison(TextFieldComparison):
    """Two revisions of a requirement in words: its fields are codes and keys."""

    def __init__(self, obj_a: Any, obj_b: Any) -> None:
        self.val_a, self.val_b = sentence(obj_a), sentence(obj_b)

    def field_label(self) -> str:
        return _("Requirement")


class SentencePanel(Panel):
    """A saved requirement in words, and what is wrong with it now."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_gamification/cms/requirements/sentence.html"

        def is_shown(self) -> bool:
            form = self.form
            is_new = form is None or form.empty_permitted
            return not is_new and not (form.is_bound and form.errors)

        def get_context_data(self, parent_context: Any = None) -> Any:
            context = super().get_context_data(parent_context)
            context["sentence"] = sentence(self.instance)
            context["complaints"] = complaints([self.instance])
            return context

        def get_comparison(self) -> list[Any]:
            return [SentenceComparison]


class RequirementsPanel(InlinePanel):
    """The requirements of an original. A translation has none of its own."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("relation_name", "requirements")
        kwargs.setdefault("panels", requirement_panels)
        kwargs.setdefault("label", _("Requirement"))
        kwargs.setdefault("heading", _("Requirements"))
        kwargs.setdefault("icon", "tasks")
        kwargs.setdefault("max_num", MOST_ROWS)
        kwargs.setdefault(
            "help_text",
            _(
                "All of these have to be met. Of those that share a group number, one "
                "is enough. Without any, the badge is awarded by hand or by code."
            ),
        )
        super().__init__(**kwargs)

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        formset = options["formsets"][self.relation_name]
        formset["form"] = get_form_for_model(
            self.db_field.related_model,
            form_class=RequirementForm,
            fields=formset["fields"],
        )
        formset["formset"] = RequirementFormSet
        return options

    class BoundPanel(InlinePanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            form = kwargs["form"]
            self.is_missing = form is not None and "requirements" not in form.formsets
            if self.is_missing:
                Panel.BoundPanel.__init__(self, **kwargs)
            else:
                super().__init__(**kwargs)

        def is_shown(self) -> bool:
            return not self.is_missing

        @property
        def media(self) -> Media:
            return super().media + MEDIA


class PublicationFieldPanel(FieldPanel):
    """A choice for the publication, seen where there is something to choose."""

    def __init__(self, *args: Any, after: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.after = after

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "after": self.after}

    class BoundPanel(FieldPanel.BoundPanel):
        @property
        def attrs(self) -> dict[str, Any]:
            form = self.form
            if after := self.panel.after:
                is_shown = bool(form[after].value())
                return _shown_with({form.add_prefix(after): ["on"]}, is_shown)
            return self.panel.attrs


class PublicationPanel(MultiFieldPanel):
    """What publishing the requirements does; nothing where there are none."""

    def __init__(self, children: Any = None, **kwargs: Any) -> None:
        children = children or [
            PublicationFieldPanel("awards_retroactively"),
            PublicationFieldPanel("tells_retroactively", after="awards_retroactively"),
        ]
        kwargs.setdefault("heading", _("When it is published"))
        kwargs.setdefault("icon", "group")
        super().__init__(children, **kwargs)

    class BoundPanel(MultiFieldPanel.BoundPanel):
        @property
        def attrs(self) -> dict[str, Any]:
            rows = self.form.formsets["requirements"]
            number = f"{rows.management_form.prefix}-TOTAL_FORMS"
            # Wagtail 7.4 has no rule for what must not be.
            some = list(map(str, range(1, MOST_ROWS + 1)))
            return _shown_with({number: some}, rows.total_form_count() > 0)


requirement_panels = [
    SentencePanel(),
    RequirementFieldPanel("kind"),
    RequirementFieldPanel("event"),
    RequirementFieldPanel("level"),
    RequirementFieldPanel("badge"),
    RequirementFieldPanel("category"),
    RequirementFieldPanel("target"),
    RequirementFieldPanel("counting"),
    RequirementFieldPanel("within_days"),
    RequirementFieldPanel("allows_rest_days"),
    RequirementFieldPanel("page", stored_in="object_key"),
    RequirementFieldPanel("is_below", heading=_("Pages below this page")),
    RequirementFieldPanel("object_key"),
    FieldPanel("group"),
]
